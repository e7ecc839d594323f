"""Stage marks of one run, and what they say about where the time went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin_host.wire import Reporter, Stage

CAUSE: dict[Stage, Stage] = {
    Stage.RECOGNISED: Stage.PRESSED,
    Stage.ACKNOWLEDGED: Stage.RECOGNISED,
    Stage.DIALLED: Stage.RECOGNISED,
    Stage.ALERTING: Stage.DIALLED,
    Stage.ANSWERED: Stage.ALERTING,
    Stage.MODEM_CONNECTED: Stage.DIALLED,
    Stage.ANSWER_CONFIRMED: Stage.ANSWERED,
    Stage.FIX_ACQUIRED: Stage.PRESSED,
    Stage.LOCATION_SENT: Stage.PRESSED,
    Stage.LOCATION_RECEIVED: Stage.LOCATION_SENT,
    Stage.TAG_SENT: Stage.DIALLED,
    Stage.TAG_RECEIVED: Stage.TAG_SENT,
    Stage.TAG_SHOWN: Stage.TAG_RECEIVED,
    Stage.CLOSED: Stage.PRESSED,
}
"""What each stage waits for: where its bar in a waterfall begins."""


@dataclass(frozen=True, slots=True)
class StageMark:
    """One stage as one reporter saw it, at `t_us` after scenario zero; attempts count from 1."""

    stage: Stage
    t_us: int
    reporter: Reporter
    detail: str = ""
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Splits:
    """Where the time from press to answer went, in microseconds; None where not reached.

    The four parts add up to `activation_to_answer_us`; `earlier_attempts_us` is the time from
    the first dial command to the one that was answered, 0 when the first was.
    """

    activation_to_answer_us: int | None = None
    device_us: int | None = None
    earlier_attempts_us: int | None = None
    network_us: int | None = None
    answer_us: int | None = None

    def to_json(self) -> dict[str, int | None]:
        """Return the parts by their names here."""
        return {name: getattr(self, name) for name in self.__slots__}


def marks_of(marks: Iterable[StageMark], stage: Stage) -> list[StageMark]:
    """Return the marks of `stage`, in order of time."""
    return sorted((each for each in marks if each.stage is stage), key=lambda mark: mark.t_us)


def press_us(marks: Iterable[StageMark]) -> int | None:
    """Return when the button was pressed: the fixture's edge, else the firmware's."""
    pressed = marks_of(marks, Stage.PRESSED)
    of_fixture = [each for each in pressed if each.reporter is Reporter.FIXTURE]
    return next((each.t_us for each in of_fixture or pressed), None)


def split(marks: Sequence[StageMark]) -> Splits:
    """Split the time from press to answer (architecture section 1)."""
    pressed = press_us(marks)
    first_dialled = _first(marks, Stage.DIALLED)
    answered = _answer(marks)
    alerting = _last_before(marks, Stage.ALERTING, answered)
    dialled = _last_before(marks, Stage.DIALLED, alerting)
    return Splits(
        _between(pressed, answered),
        _between(pressed, first_dialled),
        _between(first_dialled, dialled),
        _between(dialled, alerting),
        _between(alerting, answered),
    )


def _answer(marks: Sequence[StageMark]) -> int | None:
    answers = marks_of(marks, Stage.ANSWERED)
    return next((each.t_us for each in answers if each.reporter is Reporter.FAR_END), None)


def _first(marks: Sequence[StageMark], stage: Stage) -> int | None:
    return next((each.t_us for each in marks_of(marks, stage)), None)


def _last_before(marks: Sequence[StageMark], stage: Stage, limit_us: int | None) -> int | None:
    times = [each.t_us for each in marks_of(marks, stage)]
    return max((t_us for t_us in times if limit_us is None or t_us <= limit_us), default=None)


def _between(start_us: int | None, end_us: int | None) -> int | None:
    return None if start_us is None or end_us is None else end_us - start_us
