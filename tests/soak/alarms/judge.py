"""What must hold of every alarm, whatever befell it, judged by what really happened."""

from collections.abc import Iterable, Iterator

from tests.soak.alarms.course import Account, Alarmed

from tocsin_host.measure.record import NoticeMark
from tocsin_host.measure.stages import StageMark
from tocsin_host.wire import Notice, Outcome, Reporter, Stage

_S = 1_000_000
_MS = 1_000
STILL_TRYING = "still trying"
OUT_OF_BATTERY = "out of battery"
_ENDS = {
    Outcome.ANSWERED: "answered",
    Outcome.CANCELLED: "cancelled",
    Outcome.LIMIT: "at its limit",
    Outcome.BATTERY: OUT_OF_BATTERY,
}
ENDS = (*_ENDS.values(), STILL_TRYING)

# Four notices may wait before one, the longest of 1.2 s and a rest of 0.7 s.
_TOLD_WITHIN_US = 9 * _S
_RAISED_WITHIN_US = 60 * _MS
# A pulse that is on is cut off first, and a rest keeps the two apart.
_LONGEST_PULSE_US = 1_260 * _MS
_APART_US = 560 * _MS
# An edge that comes while flash lets no interrupt through is stamped as at its beginning.
_FLASH_US = 60 * _MS
_HOLD_US = 1_000 * _MS
_BOOT_US = 1 * _S
# The longest rung of the retry ladder is 10 s, of the power ladder 30 s and its key's presses.
# A modem that dies in a text is told from one that is busy with it, and may hold a live call, after
# 65 s (domain 5.3) and one more question, of 9 s; a key that does nothing takes 11 s more.
_LOST_WITHIN_US = 80 * _S
_IDLE_US = 90 * _S
_RECOVERY_US = 200 * _S
_LIMIT_LATE_US = 15 * _S
_MOTOR_STOPPED_US = 2 * _S
_STATE = frozenset({Notice.RETRYING, Notice.CONNECTED, Notice.ANSWERED, Notice.NOT_READY})


def outcome_of(alarm: Alarmed) -> str:
    """Return what the alarm came to: one of the five ends."""
    if alarm.outcome is not None:
        return _ENDS[alarm.outcome]
    return STILL_TRYING if alarm.has_supply else OUT_OF_BATTERY


def findings_of(account: Account) -> list[str]:
    """Return everything that must not be, by the second after scenario zero; none is right."""
    return list(_Judge(account).findings())


class _Judge:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._truth = account.truth
        self._felt = account.record.notices_felt
        firmware = [m for m in account.record.marks if m.reporter is Reporter.FIRMWARE]
        self._raised_us = _times(firmware, Stage.RECOGNISED)
        self._closed_us = _times(firmware, Stage.CLOSED)
        self._confirmed_us = _times(firmware, Stage.ANSWER_CONFIRMED)
        self._is_stuck = any(strike.fault == "button.stuck" for strike in account.struck)
        self._acknowledged_us = [each.t_us for each in account.record.acknowledgements]

    def findings(self) -> Iterator[str]:
        """Everything that must not be."""
        yield from self._of_the_handset()
        yield from self._of_notices()
        for alarm in self._account.alarms:
            yield from self._of_an_alarm(alarm)

    # The whole episode

    def _of_the_handset(self) -> Iterator[str]:
        account, truth = self._account, self._truth
        for text in account.crashes:
            yield f"crash: {text.strip().splitlines()[-1:]}"
        if account.restarts:
            yield f"crash: restarted {account.restarts} times"
        failing = {strike.values.get("task") for strike in account.struck}
        for line in account.log.splitlines():
            name = line.partition("fault in ")[2]
            if name and name not in failing:
                yield f"crash: {line}: {account.log[account.log.index(line) :][:600]}"
        for t_us in truth.dials_over_call_us:
            yield f"second dial: while a call is up, {_s(t_us)}"
        for number in filter(self._is_other, truth.forbidden):
            yield f"dialled or texted {number}, which is not allowed"
        counters = truth.tag_counters
        if len(set(counters)) != len(counters):
            yield f"repeated tag counter: {counters}"
        for refused in account.record.problems:
            # One that took longer than sixty others is refused as repeated, which it is not.
            if refused.startswith("refused a report") and "repeats" not in refused:
                yield f"tag: {refused}"

    def _is_other(self, number: str) -> bool:
        """Whether it is more than the head of a dial command that the supply broke off.

        Such a line has no semicolon: a modem takes it for no voice call.
        """
        head = number.partition("AT")[0]
        is_head = any(each.startswith(head) for each in self._account.record.allowed_numbers)
        return not (is_head and "AT" in number and self._truth.outages_us)

    # What was felt, was it true

    def _of_notices(self) -> Iterator[str]:
        for problem in self._account.record.problems:
            if problem.startswith("the motor moved"):
                at_us = round(float(problem.split()[4]) * _S)
                if not self._is_cut_short(at_us):
                    yield f"false notice: {problem}"
        for each in self._felt:
            why = self._untrue(each)
            if why:
                yield f"false notice: {each.notice.name} at {_s(each.t_us)}, {why}"

    def _is_cut_short(self, at_us: int) -> bool:
        """Whether a pattern was broken off: by the supply, or for an alarm just raised."""
        ends_us = [outage[0] for outage in self._truth.outages_us] + self._raised_us
        return any(at_us <= end_us <= at_us + _MOTOR_STOPPED_US for end_us in ends_us)

    def _untrue(self, felt: NoticeMark) -> str:
        since_us = felt.t_us - _TOLD_WITHIN_US
        ends_us = [outage[0] for outage in self._truth.outages_us]
        if _any_in(ends_us, felt.t_us, felt.t_us + _MOTOR_STOPPED_US):
            return ""  # it was not felt to its end
        if felt.notice is Notice.RAISED:
            is_raised = _any_in(self._raised_us, felt.t_us - _S, felt.t_us + _S)
            is_raised = is_raised or self._is_cut_short(felt.t_us)
            return "" if is_raised else "nothing was raised"
        if felt.notice is Notice.CLOSED:
            return "" if _any_in(self._closed_us, since_us, felt.t_us) else "nothing was closed"
        if felt.notice is Notice.ANSWERED:
            return self._untrue_answer(felt.t_us)
        if felt.notice is Notice.CONNECTED:
            spans = self._truth.spans.values()
            seemed = any(span.seemed_connected(since_us, felt.t_us) for span in spans)
            return "" if seemed else "no call is connected"
        if felt.notice is Notice.RETRYING:
            return self._untrue_retry(felt.t_us)
        if felt.notice is Notice.ALREADY_RAISED:
            return self._unless_open(felt.t_us)
        return ""

    def _untrue_retry(self, t_us: int) -> str:
        """A handset that starts again tells of that, before it has looked for its call."""
        since_us = t_us - _TOLD_WITHIN_US
        is_up = any(span.lasted(since_us, t_us) for span in self._truth.spans.values())
        starts_us = [outage[1] for outage in self._truth.outages_us if len(outage) > 1]
        is_deaf = self._is_hung(since_us, t_us)
        if is_up and not is_deaf and not _any_in(starts_us, since_us, t_us):
            return "a call is up all the time"
        return self._unless_open(t_us)

    def _untrue_answer(self, t_us: int) -> str:
        raised_us = max((each for each in self._raised_us if each <= t_us), default=0)
        if not _any_in(self._acknowledged_us, raised_us, t_us):
            return "the answer point acknowledged nothing"
        answered = [span.answered_us for span in self._truth.spans.values()]
        is_answered = any(each is not None and each <= t_us for each in answered)
        return "" if is_answered else "nobody answered"

    def _unless_open(self, t_us: int) -> str:
        """Nothing amiss when an alarm was open just before."""
        raised_us = max((each for each in self._raised_us if each <= t_us), default=None)
        if raised_us is None:
            return "no alarm was raised"
        is_past = _any_in(self._closed_us, raised_us, t_us - _TOLD_WITHIN_US)
        return "no alarm is open" if is_past else ""

    # One alarm

    def _of_an_alarm(self, alarm: Alarmed) -> Iterator[str]:
        if self._had_no_supply(alarm):
            return
        raised_us = self._raise_of(alarm)
        if raised_us is None:
            if not self._is_told_as_another(alarm.pressed_us):
                yield f"late press: {_s(alarm.pressed_us)} was never recognised"
            return
        yield from self._told_of_raise(alarm, raised_us)
        closed_us = next((t_us for t_us in self._closed_us if t_us >= raised_us), None)
        end_us = min(closed_us or alarm.watched_us, self._supply_ended_us())
        yield from self._idle(raised_us, end_us)
        yield from self._wrong_outcome(alarm, raised_us, closed_us)
        if closed_us is not None:
            yield from self._untold(closed_us, Notice.CLOSED, "the end")
        for t_us in self._confirmed_us:
            if raised_us <= t_us <= end_us:
                yield from self._untold(t_us, Notice.ANSWERED, "the answer")
        yield from self._untold_calls(raised_us, end_us)
        if alarm.outcome is None and alarm.has_supply and alarm.recovered_us is None:
            yield f"silently idle: {_s(alarm.pressed_us)} is not answered though nothing is amiss"

    def _had_no_supply(self, alarm: Alarmed) -> bool:
        """Whether the handset could not see the button held for as long as it takes."""
        until_us = alarm.pressed_us + alarm.plan.hold_ms * _MS
        for outage in self._truth.outages_us:
            back_us = outage[1] + _BOOT_US if len(outage) > 1 else until_us
            is_dark = outage[0] <= until_us and back_us >= alarm.pressed_us
            if is_dark and until_us - max(back_us, alarm.pressed_us) < _HOLD_US:
                return True
        return False

    def _raise_of(self, alarm: Alarmed) -> int | None:
        until_us = alarm.pressed_us + alarm.plan.hold_ms * _MS
        found = [t_us for t_us in self._raised_us if alarm.pressed_us <= t_us <= until_us]
        return found[0] if found else None

    def _is_told_as_another(self, pressed_us: int) -> bool:
        """Whether a contact that is stuck had raised an alarm already, and the press was told."""
        raised_us = max((t_us for t_us in self._raised_us if t_us <= pressed_us), default=None)
        if raised_us is None or _any_in(self._closed_us, raised_us, pressed_us):
            return False
        told_us = pressed_us + _HOLD_US + _TOLD_WITHIN_US
        return self._is_felt(Notice.ALREADY_RAISED, pressed_us, told_us)

    def _told_of_raise(self, alarm: Alarmed, raised_us: int) -> Iterator[str]:
        booted = any(
            alarm.pressed_us <= outage[1] + _BOOT_US and outage[0] <= raised_us
            for outage in self._truth.outages_us
            if len(outage) > 1
        )
        late_us = raised_us - alarm.pressed_us - _HOLD_US
        if not booted and not -_FLASH_US <= late_us <= _RAISED_WITHIN_US:
            yield f"late press: {_s(alarm.pressed_us)} recognised at {_s(raised_us)}"
        is_busy = any(0 < raised_us - e.t_us < _LONGEST_PULSE_US for e in self._felt)
        until_us = raised_us + (_APART_US if is_busy else _RAISED_WITHIN_US)
        is_felt = self._is_felt(Notice.RAISED, raised_us - 5 * _MS, until_us)
        if not is_felt and not self._is_disturbed(raised_us, raised_us + _S):
            yield f"not told: the raise at {_s(raised_us)}"
        for t_us in alarm.presses_us[1:]:
            told_us = t_us + _HOLD_US + _TOLD_WITHIN_US
            is_told = self._is_felt(Notice.ALREADY_RAISED, t_us, told_us)
            is_over = self._is_stuck or _any_in(self._closed_us, t_us, told_us)
            if not (is_told or is_over or self._is_disturbed(t_us, told_us)):
                yield f"not told: the second press at {_s(t_us)}"

    def _idle(self, raised_us: int, end_us: int) -> Iterator[str]:
        """Between one effort and the next there is no more than a rung of a ladder."""
        truth = self._truth
        efforts = [(t_us, t_us) for t_us in (*truth.dials_us, *truth.struggles_us)]
        efforts += [(s.placed_us, s.ended_us or end_us) for s in truth.spans.values()]
        efforts += [(each[0], (each[1:] or [end_us])[0] + _BOOT_US) for each in truth.outages_us]
        reached_us = raised_us
        for begin_us, until_us in [*sorted(efforts), (end_us, end_us)]:
            if begin_us > end_us:
                break
            if begin_us - reached_us > _IDLE_US:
                yield f"silently idle: from {_s(reached_us)} to {_s(begin_us)}"
            reached_us = max(reached_us, until_us)

    def _wrong_outcome(
        self, alarm: Alarmed, raised_us: int, closed_us: int | None
    ) -> Iterator[str]:
        outcome = alarm.outcome
        if outcome is None or closed_us is None:
            return
        if outcome is Outcome.ANSWERED and not _any_in(self._confirmed_us, raised_us, closed_us):
            yield f"false end: answered at {_s(closed_us)} without a confirmation"
        if outcome is Outcome.CANCELLED and not alarm.is_cancelled:
            yield f"false end: cancelled at {_s(closed_us)} by nobody"
        if outcome is Outcome.LIMIT:
            late_us = closed_us - alarm.pressed_us - self._account.episode.limit_s * _S
            is_timely = -_MS <= late_us <= _LIMIT_LATE_US
            if not is_timely and not self._is_disturbed(raised_us, closed_us):
                yield f"false end: at its limit {_s(late_us)} late"

    def _untold_calls(self, raised_us: int, end_us: int) -> Iterator[str]:
        """A call that goes on is told of, and so is one that failed."""
        for span in self._truth.spans.values():
            if not raised_us <= span.placed_us <= end_us:
                continue
            answered_us, over_us = span.answered_us, span.ended_us or end_us
            if answered_us is not None and over_us - answered_us > _TOLD_WITHIN_US:
                yield from self._untold_connection(span.ringing_us or answered_us, answered_us)
            if span.ended_us is not None and not self._is_hung(span.placed_us, span.ended_us):
                within_us = _LOST_WITHIN_US if span.is_lost else 2 * _TOLD_WITHIN_US
                yield from self._untold_failure(span.ended_us, within_us, end_us)

    def _untold_connection(self, ringing_us: int, answered_us: int) -> Iterator[str]:
        told_us = answered_us + _TOLD_WITHIN_US
        is_told = self._is_felt(Notice.CONNECTED, ringing_us, told_us)
        since_us = max(t_us for t_us in self._raised_us if t_us <= ringing_us)
        is_told = is_told or self._is_felt(Notice.ANSWERED, since_us, told_us)
        is_deaf = self._is_hung(ringing_us, told_us)
        if not is_told and not is_deaf and not self._is_disturbed(ringing_us, told_us):
            yield f"not told: the connection at {_s(answered_us)}"

    def _untold_failure(self, ended_us: int, within_us: int, end_us: int) -> Iterator[str]:
        if any(t_us <= ended_us for t_us in self._confirmed_us if t_us > ended_us - 3_600 * _S):
            return
        told_us = ended_us + within_us
        is_told = any(
            each.notice in _STATE and ended_us <= each.t_us <= told_us for each in self._felt
        )
        if not is_told and told_us < end_us and not self._is_disturbed(ended_us, told_us):
            yield f"not told: the failure at {_s(ended_us)}"

    def _untold(self, t_us: int, notice: Notice, what: str) -> Iterator[str]:
        told_us = t_us + _TOLD_WITHIN_US
        is_told = self._is_felt(notice, t_us - 5 * _MS, told_us)
        if not is_told and not self._is_disturbed(t_us, told_us):
            yield f"not told: {what} at {_s(t_us)}"

    # What it is judged by

    def _is_felt(self, notice: Notice, from_us: int, until_us: int) -> bool:
        return any(e.notice is notice and from_us <= e.t_us <= until_us for e in self._felt)

    def _is_disturbed(self, from_us: int, until_us: int) -> bool:
        """Whether the supply failed meanwhile, or a new alarm was raised, or the watch ended."""
        is_dark = any(
            outage[0] <= until_us and (len(outage) == 1 or outage[1] + _BOOT_US >= from_us)
            for outage in self._truth.outages_us
        )
        is_new = any(from_us < t_us <= until_us for t_us in self._raised_us)
        last = self._account.alarms[-1]
        ended_us = last.recovered_us or last.watched_us
        return is_dark or is_new or until_us > ended_us + _TOLD_WITHIN_US

    def _is_hung(self, from_us: int, until_us: int) -> bool:
        """Whether the modem may have been unable to say what becomes of its call."""
        return _any_in(self._truth.hangs_us, from_us - _RECOVERY_US, until_us)

    def _supply_ended_us(self) -> int:
        return min((each[0] for each in self._truth.outages_us if len(each) == 1), default=1 << 62)


def _times(marks: Iterable[StageMark], stage: Stage) -> list[int]:
    return [mark.t_us for mark in marks if mark.stage is stage]


def _any_in(times_us: Iterable[int], from_us: int, until_us: int) -> bool:
    return any(from_us <= t_us <= until_us for t_us in times_us)


def _s(t_us: int) -> str:
    return f"{t_us / _S:.3f} s"
