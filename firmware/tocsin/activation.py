"""The activation: from a qualified press to its end, and what the person is told on the way.

idle -> active (call, location and tag run beside each other) -> idle. It ends when a confirmed call
ends, at its limit, on an empty battery, when an authorised host cancels it or, inside the cancel
window where there is one, by as many short presses as cancel; every other failure leads to a retry.

Another number of short presses inside that window is a cancel under duress. Whoever holds the
handset cannot tell it from a cancel: it tells CLOSED at the same moment, is silent from then on,
and pressed again tells RAISED. But the call goes on, and a tag report says duress.
"""

import asyncio

from micropython import const

from tocsin import wire

_MAX_ATTEMPT = const(255)
# Codes of JOURNAL_PRESSED.
_BEGAN = const(0)
_AGAIN = const(1)
_BY_HOST = const(2)
# Codes of JOURNAL_GESTURE_REJECTED.
_SHORT = const(0)
_STUCK = const(1)
_UNSTUCK = const(2)
# Codes of JOURNAL_CANCEL.
_EARNEST = const(1)
_DURESS = const(2)
# The setting `gesture` has this bit where a double press raises the alarm.
_DOUBLE = const(2)
# Who has just felt that the alarm is raised may be pressing still, in fear.
_CALM_MS = const(2_000)
# Presses in a pocket, all day long, are not to fill the journal.
_SHORT_EVERY_MS = const(60_000)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.call import Call
    from tocsin.feedback import Feedback
    from tocsin.gate import Gate
    from tocsin.history import History
    from tocsin.parts import Clock
    from tocsin.storage.activation import OpenActivation
    from tocsin.storage.config import Config
    from tocsin.storage.counter import CounterLease
    from tocsin.trace import Trace


class Activation:
    """The one activation a handset can be in. `started` is set while it is open."""

    def __init__(
        self,
        clock: "Clock",
        trace: "Trace",
        feedback: "Feedback",
        history: "History",
        config: "Config",
        counter: "CounterLease",
        record: "OpenActivation",
        gate: "Gate",
    ) -> None:
        self._clock = clock
        self._trace = trace
        self._feedback = feedback
        self._history = history
        self._config = config
        self._counter = counter
        self._record = record
        self._gate = gate
        self.started = asyncio.Event()
        self._unsaved = asyncio.Event()
        self.is_open = False
        self.is_confirmed = False
        self.is_duress = False
        self._is_silent = False
        self.is_stuck = False
        self.priority = wire.PRIORITY_EMERGENCY
        self.number = counter.take()
        self.latest = 0  # number of the one last begun since the handset started
        self.attempt = 0
        self.opened_ticks = 0
        self._raised_ticks = 0
        self._short_ticks: int | None = None
        self._test_limit_s = 0
        self._test_alternate = False
        self._call: Call | None = None

    def attach(self, call: "Call") -> None:
        """Give the activation the call it pursues."""
        self._call = call

    # -- what begins one

    def press(self, pressed_ticks: int) -> None:
        """A qualified press: raise the alarm. Nothing here allocates or waits."""
        if self.is_open and self.priority == wire.PRIORITY_TEST:
            self.close(wire.OUTCOME_CANCELLED)  # its call, if it is up, becomes the alarm's
        if self.is_open:
            self._press_again(pressed_ticks)
            return
        self._trace.stage_at(wire.STAGE_PRESSED, pressed_ticks)
        self._trace.stage(wire.STAGE_RECOGNISED)
        if self._call is None or not self._call.can_dial():
            self._refuse()
            return
        self._history.note(wire.JOURNAL_PRESSED, _BEGAN, 0)
        self._raise(self._call, pressed_ticks, wire.PRIORITY_EMERGENCY)

    def _press_again(self, pressed_ticks: int) -> None:
        self._trace.add(wire.TRACE_STAGE, wire.STAGE_PRESSED, self.attempt, _AGAIN, pressed_ticks)
        self._history.note(wire.JOURNAL_PRESSED, _AGAIN, 0)
        if self._is_silent:
            self._is_silent = False
            self._raised_ticks = self._clock.ticks_ms()
            self._feedback.raised()
        else:
            self._feedback.tell(wire.NOTICE_ALREADY_RAISED)

    def test(self, limit_s: int, alternate: bool) -> bool:
        """Begin an activation that says it is a test, unless one is open or none can be dialled."""
        if self.is_open or self._call is None or not self._call.can_dial():
            return False
        self._test_limit_s = limit_s
        self._test_alternate = alternate
        self._history.note(wire.JOURNAL_PRESSED, _BY_HOST, limit_s)
        self._raise(self._call, self._clock.ticks_ms(), wire.PRIORITY_TEST)
        return True

    def _raise(self, call: "Call", pressed_ticks: int, priority: int) -> None:
        self._feedback.raised()
        self._trace.stage(wire.STAGE_ACKNOWLEDGED)
        self.is_duress = False
        self._open(pressed_ticks, 1, priority)
        call.start()
        self._unsaved.set()

    def short(self, held_ms: int) -> None:
        """A press let go before it qualified: recorded, one a minute, nothing else."""
        now = self._clock.ticks_ms()
        last = self._short_ticks
        if last is None or not 0 <= self._clock.ticks_diff(now, last) < _SHORT_EVERY_MS:
            self._short_ticks = now
            self._history.note(wire.JOURNAL_GESTURE_REJECTED, _SHORT, held_ms)

    def stuck(self, is_stuck: bool) -> None:
        """The button does not come back, or has: recorded, also for after a restart."""
        self.is_stuck = is_stuck
        self._history.note(wire.JOURNAL_GESTURE_REJECTED, _STUCK if is_stuck else _UNSTUCK, 0)
        if is_stuck and not self.is_open:
            self._feedback.tell(wire.NOTICE_STUCK)
        self._unsaved.set()

    def resume(self) -> None:
        """Go on with the activation that a restart interrupted, if one was open."""
        record = self._record
        self.is_stuck = record.is_stuck
        if not record.is_open or self._call is None:
            return
        if not self._call.can_dial():
            self._refuse()
            self._unsaved.set()
            return
        self.number = record.activation
        self.is_duress = record.is_duress
        opened_ticks = self._clock.ticks_add(self._clock.ticks_ms(), -record.age_ms)
        self._open(opened_ticks, record.attempt + 1, wire.PRIORITY_EMERGENCY)
        self._history.note(wire.JOURNAL_RESUMED, self.attempt, self.number)
        self.tell(wire.NOTICE_RETRYING)
        self._call.wake()
        self._unsaved.set()

    def _refuse(self) -> None:
        self._history.note(wire.JOURNAL_REFUSED, 0, 0)
        self._feedback.tell(wire.NOTICE_NOT_READY)

    def _open(self, opened_ticks: int, attempt: int, priority: int) -> None:
        self.is_open = True
        self.priority = priority
        self.latest = self.number
        self.is_confirmed = False
        self.attempt = min(attempt, _MAX_ATTEMPT)
        self.opened_ticks = opened_ticks
        self._raised_ticks = self._clock.ticks_ms()
        self._is_silent = self.is_duress
        self.started.set()

    def tell(self, notice: int) -> None:
        """Tell the person, unless they were made to cancel."""
        if not self._is_silent:
            self._feedback.tell(notice)

    # -- what the call reports

    @property
    def is_idle(self) -> bool:
        """Whether no alarm is open and no call is up: a call may outlive its activation."""
        return not self.is_open and (self._call is None or not self._call.is_up)

    @property
    def wants_call(self) -> bool:
        """Whether a call is to be up or dialled."""
        return self.is_open

    @property
    def prefers_alternate(self) -> bool:
        """Whether the alternate number is to be called first."""
        return self.priority == wire.PRIORITY_TEST and self._test_alternate

    def dialled(self) -> None:
        """The dial command has left. Allocates nothing."""
        self._trace.stage(wire.STAGE_DIALLED, self.attempt)
        self._history.note(wire.JOURNAL_DIALLED, self.attempt, self.number)
        self._unsaved.set()

    def connected(self) -> None:
        """The modem claims that the call is up: the person hears of that, and of no answer."""
        self._trace.stage(wire.STAGE_MODEM_CONNECTED, self.attempt)
        self._history.note(wire.JOURNAL_MODEM_CONNECTED, self.attempt, self.number)
        if not self.is_confirmed:
            self.tell(wire.NOTICE_CONNECTED)

    def call_over(self, was_connected: bool) -> bool:
        """The call has ended; True when another is wanted."""
        if not self.is_open:
            return False
        if self.is_confirmed:
            self.close(wire.OUTCOME_ANSWERED)
            return False
        self._history.note(wire.JOURNAL_CALL_FAILED, self.attempt, int(was_connected))
        self.tell(wire.NOTICE_RETRYING)
        self.attempt = min(self.attempt + 1, _MAX_ATTEMPT)
        return True

    # -- what ends one

    def confirm(self, activation: int) -> None:
        """An authentic AnswerAck came: now, and only now, the person hears of an answer."""
        if not self.is_open or self.is_confirmed or activation != self.number:
            return
        self.is_confirmed = True
        self._trace.stage(wire.STAGE_ANSWER_CONFIRMED, self.attempt, activation)
        self._history.note(wire.JOURNAL_ANSWER_CONFIRMED, self.attempt, activation)
        self.tell(wire.NOTICE_ANSWERED)
        if self._call is not None and not self._call.is_up:
            self.close(wire.OUTCOME_ANSWERED)

    def close(self, outcome: int) -> None:
        """End the activation with its outcome (wire.OUTCOME_*)."""
        self.is_open = False
        self.started.clear()
        self._unsaved.set()
        self._trace.stage(wire.STAGE_CLOSED, self.attempt, outcome)
        self._history.note(wire.JOURNAL_CLOSED, outcome, self.number)
        self.tell(wire.NOTICE_CLOSED)
        if self.is_stuck:
            self.tell(wire.NOTICE_STUCK)
        self.number = self._counter.take()

    @property
    def is_cancellable(self) -> bool:
        """Whether short presses may cancel: inside the window, once the alarm was felt raised."""
        if not self.is_open or self._is_silent or self.priority == wire.PRIORITY_TEST:
            return False
        age_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._raised_ticks) - _CALM_MS
        window_ms: int = self._config.get("cancel_window_s") * 1000
        return 0 <= age_ms < window_ms

    def presses(self, count: int, pressed_ticks: int) -> None:
        """So many short presses, the first of them inside the window, the last a second ago."""
        if not self.is_open:  # it closed meanwhile: what would have raised an alarm does
            if count > 1 and self._config.get("gesture") & _DOUBLE:
                self.press(pressed_ticks)
        elif count == self._config.get("cancel_presses"):
            self._history.note(wire.JOURNAL_CANCEL, _EARNEST, count)
            self.end(wire.OUTCOME_CANCELLED)
        elif count > 1:
            self._history.note(wire.JOURNAL_CANCEL, _DURESS, count)
            self.tell(wire.NOTICE_CLOSED)
            self.is_duress = self._is_silent = True
            self._unsaved.set()

    def end(self, outcome: int) -> None:
        """End the activation, and its call unless that is connected."""
        self.close(outcome)
        if self._call is not None:
            self._call.drop()

    async def keep(self) -> None:
        """Write the open mark once the dial command has left, and after each change; for ever.

        A test has none: it does not go on after a restart.
        """
        while True:
            await self._unsaved.wait()
            await self._gate.opened()
            with self._gate:
                if self.is_open and self.priority == wire.PRIORITY_EMERGENCY:
                    self._record.mark(
                        self.number, self.attempt, self.age_ms(), self.is_duress, self.is_stuck
                    )
                else:
                    self._record.clear(self.is_stuck)
                    self._counter.renew_if_low()
            # Only now: what flash refuses is written when this task is started again.
            self._unsaved.clear()

    def age_ms(self) -> int:
        """Milliseconds since the press, less what passed from the last mark to a restart."""
        return self._clock.ticks_diff(self._clock.ticks_ms(), self.opened_ticks)

    def check_limit(self) -> None:
        """Close an activation that is older than its configured limit, or the test's own."""
        if not self.is_open:
            return
        if self.priority == wire.PRIORITY_TEST:
            if self.age_ms() >= self._test_limit_s * 1000:
                self.end(wire.OUTCOME_LIMIT)
        elif self.age_ms() >= self._config.get("activation_limit_s") * 1000:
            self.close(wire.OUTCOME_LIMIT)
