"""The whole handset, put together from what a board provides."""

import asyncio
import gc
import sys

from micropython import const

from tocsin import build, tag, wire
from tocsin.activation import Activation
from tocsin.button import Button
from tocsin.call import Call
from tocsin.feedback import Feedback
from tocsin.gate import Gate
from tocsin.guard import DialGuard
from tocsin.heartbeat import Heartbeat
from tocsin.history import History
from tocsin.link.loading import unload
from tocsin.link.serial import SerialLink
from tocsin.location.fix import Fix
from tocsin.location.locator import Locator
from tocsin.location.plausible import Plausibility
from tocsin.location.warmth import Warmth
from tocsin.power import Battery
from tocsin.reports import Reports
from tocsin.storage import atomic
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal
from tocsin.supervisor import Supervisor
from tocsin.trace import Trace
from tocsin.upkeep import Upkeep
from tocsin.utc import UtcClock

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import Board

    MakeModem = Callable[..., CellularModem]

_OF_THE_START = (
    "tocsin.storage.config_file",
    "tocsin.storage.wire",
    "tocsin.storage.journal_file",
)
_RESTART_MS = const(500)
_MAX_UNOPENED = const(4)
# Code of JOURNAL_FAULT, beside those of the modem.
_SETTINGS_DAMAGED = const(3)
# Code of JOURNAL_GESTURE_REJECTED, beside those of the activation.
_SERVICE = const(3)


class Handset:
    """Builds every part once and runs them; `make_modem` is the board's modem family."""

    def __init__(self, board: "Board", make_modem: "MakeModem") -> None:
        clock = board.clock
        self.board = board
        self.faults = 0  # since the handset started
        self._restarting: asyncio.Task[None] | None = None
        self.sentences = 0  # of the receiver, with a position or without
        self._announced = asyncio.Event()
        self._answers: list[bytes] = []
        self._answered = asyncio.Event()
        self.trace = Trace(clock, self._announced.set)
        self.utc = UtcClock(clock)
        self.config = Config(board.data_dir)
        self.counter = CounterLease(board.data_dir + "/counter")
        self.record = OpenActivation(board.data_dir + "/activation")
        self.journal = Journal(board.data_dir)
        self._open_storage()
        self.battery = Battery(board.battery_mv)
        self.feedback = Feedback(board.haptic, self.trace)
        self.fix = Fix()
        self._plausibility = Plausibility(self.utc)
        self.locator = Locator(self.fix, clock, self.config, self.trace)
        self.modem = make_modem(
            board.modem_port,
            board.modem_power,
            clock,
            DialGuard(build.RELEASE),
            self._on_data,
            self._on_sentence,
        )
        self.modem.on_trouble = self._on_trouble
        self._positions = self.modem.PARSER(self.fix, clock)
        self.gate = Gate(board.button, self.modem.engine, self._is_pressing, self.feedback)
        self.history = History(self.journal, clock, self.utc, self.gate)
        self.activation = Activation(
            clock,
            self.trace,
            self.feedback,
            self.history,
            self.config,
            self.counter,
            self.record,
            self.gate,
        )
        self.call = Call(self.modem, clock, self.activation)
        self.activation.attach(self.call)
        self.button = Button(
            board.button,
            clock,
            self.config,
            self.activation,
            self._on_edge,
            self._on_service,
        )
        self.heartbeat = Heartbeat(self)
        self.link = SerialLink(self, board.link_port, self._announced)
        self.take_config()

    def _open_storage(self) -> None:
        """Open all there is; flash that takes no more costs memory, not the alarm."""
        self.config.load()
        self.record.load()
        try:
            self.counter.open()
        except OSError:
            self.counter.go_without()
        try:
            self.journal.open()
        except OSError as error:
            sys.print_exception(error)
        unload(_OF_THE_START)

    def take_config(self) -> None:
        """Have every part go by the settings as they are now."""
        config = self.config
        numbers = [config.get("call_number"), config.get("alternate_number")]
        self.modem.prepare(numbers, config.get("issued"), [n for n in numbers if n])

    # -- what runs

    def start(self) -> Supervisor:
        """Start every task; the supervisor's `run` is to be awaited for ever."""
        board = self.board
        supervisor = Supervisor(board.feed_watchdog, self._restart_now, self.on_fault)
        reports = self._reports()
        upkeep = Upkeep(self.activation, self.modem, self.utc, self.locator, self.gate)
        supervisor.vital("button", self.button.run, board.button.wake)
        supervisor.vital("call", self.call.run, self.call.wake)
        supervisor.vital("reports", reports.run, reports.wake)
        supervisor.minor("modem line", self.modem.engine.run)
        supervisor.minor("modem", self.modem.keep)
        receiver = board.receiver(self.fix, self._on_fix)
        if receiver is not None:
            self.modem.uses_gnss = False
            supervisor.minor("receiver", receiver.run)
        supervisor.minor("feedback", self.feedback.run)
        supervisor.minor("open mark", self.activation.keep)
        supervisor.minor("journal", self.history.run)
        supervisor.minor("answers", self._open_answers)
        supervisor.minor("link", self.link.receive)
        supervisor.minor("trace", self._announce)
        supervisor.minor("upkeep", upkeep.run)
        warmth = Warmth(self.modem, self.locator, self.activation, self.battery.percent)
        supervisor.minor("warmth", warmth.run)
        supervisor.minor("heartbeat", self.heartbeat.run)
        slots = board.slots()
        if slots.is_trial or slots.is_news or slots.is_waiting:
            from tocsin.update.trial import Trial

            supervisor.minor("trial", Trial(self, slots, supervisor).run)
        if not atomic.is_missing(board.data_dir + "/erasing"):
            from tocsin.storage.erase import erase

            supervisor.minor("erase", lambda: erase(board.data_dir, self.gate))
        self.history.note(wire.JOURNAL_BOOT, board.reset_cause, 0)
        if self.config.is_damaged:
            self.history.note(wire.JOURNAL_FAULT, _SETTINGS_DAMAGED, 0)
        self.trace.add(wire.TRACE_BOOT, board.reset_cause, 0, 0, board.clock.ticks_ms())
        self.activation.resume()
        self._let_go(supervisor, reports, upkeep, warmth)
        return supervisor

    def _let_go(self, supervisor: Supervisor, *parts: object) -> None:
        """Free what was needed for the start alone."""
        from tocsin.started import let_go

        let_go(self, supervisor, parts)
        folder = "boards." + self.board.name
        unload(("tocsin.started", folder + ".facts", folder, "boards"))

    def _reports(self) -> Reports:
        return Reports(
            self.activation,
            self.call,
            self.modem,
            self.locator,
            self.battery,
            self.config,
            self.counter,
            self.utc,
            self.trace,
            self.history,
            self._pause,
            self.on_fault,
        )

    async def _announce(self) -> None:
        await self.link.announce(self.trace)

    async def _open_answers(self) -> None:
        while True:
            await self._answered.wait()
            self._answered.clear()
            while self._answers:
                payload = self._answers.pop(0)
                self.activation.confirm(await tag.open_answer(payload, self.config, self._pause))

    def _on_edge(self) -> None:
        """A press may be on its way: have all ready for it."""
        self.modem.wake()
        # Whoever allocates until it has dialled then finds room, and causes no collection.
        with self.gate:
            gc.collect()

    def _is_pressing(self) -> bool:
        """Whether a press is on its way that may raise the alarm."""
        return self.button.is_judging and not self.activation.is_open

    async def _pause(self) -> None:
        await asyncio.sleep_ms(0)

    # -- what comes in

    def _on_data(self, _sender: str, _port: int, payload: bytes) -> None:
        if len(self._answers) < _MAX_UNOPENED:
            self._answers.append(payload)
            self._answered.set()

    def _on_sentence(self, buf: "bytes | bytearray", start: int, end: int) -> None:
        self.sentences += 1
        if self._positions.feed_line(buf, start, end):
            self._on_fix()

    def _on_fix(self) -> None:
        if self._plausibility.accepts(self.fix):
            self.locator.on_fix()

    def _on_service(self) -> None:
        self.history.note(wire.JOURNAL_GESTURE_REJECTED, _SERVICE, 0)
        self.begin_service_mode()

    def begin_service_mode(self) -> None:
        """Let a host come by radio for a while, if the board has one; not during an alarm."""
        self._service_mode = asyncio.create_task(self.link.serve_radio())

    def _on_trouble(self, code: int, value: int) -> None:
        self.history.note(wire.JOURNAL_FAULT, code, value)
        # Under duress nobody is to feel that an alarm goes on.
        owner = self.feedback if self.activation.is_idle else self.activation
        owner.tell(wire.NOTICE_NOT_READY)

    def on_fault(self, name: str, error: BaseException) -> None:
        """Note that something failed which should not have."""
        self.faults += 1
        sys.stdout.write("fault in " + name + "\n")
        sys.print_exception(error)
        self.history.fault(name, error)
        if self.activation.is_idle:
            self.history.flush(to_the_end=False)

    def is_quiet(self) -> bool:
        """Whether there is no alarm, and no press that may become one."""
        return self.activation.is_idle and self.gate.is_open

    def _restart_now(self) -> None:
        try:
            self.history.flush()
        finally:
            self.board.reset()

    def restart_soon(self) -> None:
        """Start the handset again in a moment, but not while it is needed."""
        self._restarting = asyncio.create_task(self._restart())

    def is_restarting(self) -> bool:
        """Whether it starts again in a moment: it takes up nothing new."""
        return self._restarting is not None and self.is_quiet()

    async def _restart(self) -> None:
        is_time = False
        while not is_time:
            await self.gate.opened()
            try:
                self.history.flush()
            except OSError:
                pass  # flash that takes no more is no reason to stay
            await asyncio.sleep_ms(_RESTART_MS)
            is_time = self.is_restarting()
        self.board.reset()
