"""What the world reports while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin_host.wire import Notice, Stage

FIXTURE = "fixture"
FAR_END = "far end"
ANSWER_POINT = "answer point"


@dataclass(slots=True)
class Events:
    """Callbacks of one run; all times are virtual, microseconds.

    `stage(stage, t_us, reporter, detail)`: a stage as somebody outside the handset saw it.
    `notice(notice, t_us)`: pulses the person felt from `t_us`; None when they meant nothing.
    """

    stage: Callable[[Stage, int, str, str], None]
    notice: Callable[[Notice | None, int], None]

    def from_answer_point(self, stage: Stage, t_us: int, detail: str) -> None:
        """Report a stage the answer point brought about: its `on_stage`."""
        self.stage(stage, t_us, ANSWER_POINT, detail)
