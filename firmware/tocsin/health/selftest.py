"""The self-test: all that can be looked at without a sound, each check by itself."""

import asyncio
import os

from micropython import const

from tocsin.modem import answers, at
from tocsin.storage import atomic

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tocsin.handset import Handset

    Verdict = tuple[int, int]  # and the figure that belongs to it
    Finding = tuple[int, int, int]

# Numbers of the protocol's SelfCheck and SelfVerdict.
_STORAGE = const(1)
_BATTERY = const(2)
_BUTTON = const(3)
_HAPTIC = const(4)
_MODEM = const(5)
_SIM = const(6)
_NETWORK = const(7)
_GNSS = const(8)
_CLOCK = const(9)
_CONFIG = const(10)
_IMS = const(11)
_KEYS = const(12)
_PASSED = const(0)
_SKIPPED = (2, 0)

_COMMAND_MS = const(2_000)
_GIVE_WAY_MS = const(10)
# What is sent to a modem not yet awake is lost.
_WAKE_MS = const(100)
# A receiver is ready some 15 s after it is switched on.
_GNSS_LOOKS = const(60)
_LOOK_MS = const(500)
_THIS_TIME = const(-1)
# What is below is kept for calls, as in module warmth.
_ENOUGH_PCT = const(30)
_TAKES_CALLS = (1, 5, 9, 10)
_PROBE = bytes(range(64))
_NEEDED = (("identity", 2), ("call_number", 3), ("text_number", 5), ("report_number", 6))
_KEYS_NEEDED = (("report_key", 7), ("technician_key", 12))


class NeededError(Exception):
    """Somebody presses, or is in an alarm: all else waits."""


async def pause(handset: "Handset") -> None:
    """Let every other task run; raises NeededError."""
    await asyncio.sleep_ms(_GIVE_WAY_MS)
    if not handset.is_quiet():
        raise NeededError


async def run(handset: "Handset", heard: int = _THIS_TIME) -> "list[Finding] | None":
    """Each check, its verdict and its figure; None when an alarm came.

    The receiver is left off if it has told of itself since `handset.sentences` was `heard`.
    """
    test = SelfTest(handset, heard)
    found = []
    try:
        for number, check in test.checks():
            await pause(handset)
            verdict, value = await check()
            found.append((number, verdict, value))
    except NeededError:
        return None
    return found


class SelfTest:
    """The checks, each a method that returns its verdict and its figure."""

    def __init__(self, handset: "Handset", heard: int) -> None:
        self._handset = handset
        self._heard = heard
        self._is_up = False  # whether the modem answers

    def checks(self) -> "tuple[tuple[int, Callable[[], Awaitable[Verdict]]], ...]":
        """In the order in which they are made."""
        return (
            (_STORAGE, self._storage),
            (_BATTERY, self._battery),
            (_BUTTON, self._button),
            (_HAPTIC, self._haptic),
            (_CLOCK, self._clock),
            (_CONFIG, self._config),
            (_KEYS, self._keys),
            (_MODEM, self._modem),
            (_SIM, self._sim),
            (_NETWORK, self._network),
            (_IMS, self._ims),
            (_GNSS, self._gnss),
        )

    async def _storage(self) -> "Verdict":
        folder = self._handset.board.data_dir
        await self._handset.gate.opened()
        try:
            with self._handset.gate:
                atomic.replace_proven(folder + "/probe", _PROBE, len(_PROBE))
                os.remove(folder + "/probe")
            flash = os.statvfs(folder)
        except OSError:
            return (1, 0)
        return (_PASSED, flash[1] * flash[3])

    async def _battery(self) -> "Verdict":
        battery = self._handset.battery
        return (int(battery.percent() < _ENOUGH_PCT), battery.read_mv())

    async def _button(self) -> "Verdict":
        is_down = self._handset.board.button.is_down()
        return (int(is_down), int(not is_down))

    async def _haptic(self) -> "Verdict":
        return _SKIPPED  # a motor that runs is heard, and no board measures its current

    async def _clock(self) -> "Verdict":
        utc = self._handset.utc
        return (int(not utc.is_known), utc.source)

    async def _config(self) -> "Verdict":
        missing = self._missing(_NEEDED)
        return (int(self._handset.config.is_damaged or missing > 0), missing)

    async def _keys(self) -> "Verdict":
        missing = self._missing(_KEYS_NEEDED)
        return (int(missing > 0), missing)

    def _missing(self, needed: "tuple[tuple[str, int], ...]") -> int:
        """The first key that is not set, 0 when all are."""
        for name, key in needed:
            if not self._handset.config.get(name):
                return key
        return 0

    # -- what only the modem knows

    async def _modem(self) -> "Verdict":
        self._is_up = self._handset.modem.is_ready and await self._ask(b"AT", b"AT") is not None
        return (int(not self._is_up), 0)

    async def _sim(self) -> "Verdict":
        line = await self._ask(b"AT+CPIN?", b"+CPIN:")
        if line is None:
            return (1, 0) if self._is_up else _SKIPPED
        state = answers.parse_sim(line)
        return (int(state != answers.SIM_READY), state)

    async def _network(self) -> "Verdict":
        if not self._is_up:
            return _SKIPPED
        modem = self._handset.modem
        await self._wake()
        await modem.ask_registration()
        state = modem.registration
        return (int(state not in _TAKES_CALLS), max(state, 0))

    async def _ims(self) -> "Verdict":
        """By +CIREG (27.007 clause 8.71), or Quectel's +QCFG, whose third field is of VoLTE."""
        line = await self._ask(b"AT+CIREG?", b"+CIREG:") or await self._ask(
            b'AT+QCFG="ims"', b"+QCFG:"
        )
        values = answers.fields(line) if line else []
        if len(values) < 2:
            return _SKIPPED
        is_registered = values[-1 if values[0] == b"ims" else 1] == b"1"
        return (int(not is_registered), int(is_registered))

    async def _gnss(self) -> "Verdict":
        handset, modem = self._handset, self._handset.modem
        heard = handset.sentences if self._heard == _THIS_TIME else self._heard
        if handset.sentences == heard:
            is_worth_it = self._is_up and handset.battery.percent() >= _ENOUGH_PCT
            if not (is_worth_it and modem.has_gnss):
                return _SKIPPED
            await self._listen(heard)
        heard = handset.sentences - heard
        return (int(not heard), heard)

    async def _listen(self, heard: int) -> None:
        """Have the receiver on until it tells of itself, or an alarm needs it."""
        handset, modem = self._handset, self._handset.modem
        was_on = modem.is_gnss_on
        await self._wake()
        try:
            for _ in range(_GNSS_LOOKS):
                if modem.is_gnss_due():
                    await modem.keep_gnss_on()
                await asyncio.sleep_ms(_LOOK_MS)
                await pause(handset)
                if handset.sentences != heard:
                    return
        finally:
            if not was_on and handset.activation.is_idle:
                await modem.gnss_off()

    async def _ask(self, line: bytes, expects: bytes) -> "bytes | None":
        """The line of the answer that starts so, empty without one; None if the modem refuses."""
        status, info = await self._command(line, expects)
        if status == at.TIMED_OUT:  # who lets the modem sleep may do so just as it is asked
            status, info = await self._command(line, expects)
        return (info[0] if info else b"") if status == at.OK else None

    async def _command(self, line: bytes, expects: bytes) -> "tuple[int, list[bytes]]":
        await self._wake()
        return await self._handset.modem.engine.command(line, _COMMAND_MS, expects)

    async def _wake(self) -> None:
        self._handset.modem.wake()
        await asyncio.sleep_ms(_WAKE_MS)
