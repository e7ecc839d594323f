"""What befalls one handset, drawn from a seed: its board, its people, its alarms, their faults."""

from dataclasses import dataclass
from random import Random

from tests.soak.alarms.faults import TASK_FAILS, Strike, drawn, names

from tocsin_host.firmware_tree import board_names

MAX_ALARMS = 6
MIN_LIMIT_S = 600  # the least the configuration allows
_HORIZON_S = 240.0
_AFTER_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """One press, `rest_s` after the alarm before was over, and what happens to it.

    It is watched for `horizon_s`; `again_at_s` and `cancel_at_s` are when the person presses once
    more and when somebody with the right key ends it.
    """

    rest_s: float
    hold_ms: int
    horizon_s: float
    strikes: tuple[Strike, ...]
    again_at_s: float | None
    cancel_at_s: float | None


@dataclass(frozen=True, slots=True)
class Episode:
    """One handset and its alarms; `seed` and `number` give the same one again."""

    seed: int
    number: int
    board: str
    has_alternate: bool
    limit_s: int
    begin_at_ringback: bool
    setup_median_s: float
    answer_mean_s: float
    talk_s: float
    alarms: tuple[Alarm, ...]

    @property
    def has_failing_task(self) -> bool:
        """Whether a task of the handset is to fail."""
        return any(s.fault == TASK_FAILS for alarm in self.alarms for s in alarm.strikes)

    @property
    def world_seed(self) -> int:
        """Return the seed of its kernel."""
        return self.seed * 1_000_003 + self.number


def episode(seed: int, number: int) -> Episode:
    """Return the episode of this number in the course of this seed."""
    draw = Random(f"{seed}/{number}")
    boards = board_names()
    is_short = draw.random() < 0.04
    limit_s = MIN_LIMIT_S if is_short else 14_400
    count = 1 if is_short else draw.randint(1, MAX_ALARMS)
    return Episode(
        seed,
        number,
        boards[number % len(boards)],
        has_alternate=draw.random() < 0.5,
        limit_s=limit_s,
        begin_at_ringback=draw.random() < 0.6,
        setup_median_s=draw.choice((2.0, 5.0, 7.0)),
        answer_mean_s=draw.choice((1.67, 8.0)),
        talk_s=round(draw.uniform(5.0, 60.0), 1),
        alarms=tuple(_alarm(draw, is_short, boards[number % len(boards)]) for _ in range(count)),
    )


def _alarm(draw: Random, is_short: bool, board: str) -> Alarm:
    count = draw.choice((0, 1, 1, 1, 2, 2, 3))
    strikes = [drawn(name, draw) for name in draw.sample(names(board), count)]
    horizon_s = _HORIZON_S
    if is_short:
        strikes = [Strike("answer.nobody", -1.0, 2 * MIN_LIMIT_S), *strikes]
        horizon_s = MIN_LIMIT_S + _AFTER_LIMIT_S
    return Alarm(
        rest_s=round(draw.choice((3.0, draw.uniform(10, 40), draw.uniform(40, 200))), 1),
        hold_ms=draw.choice((1_050, 1_500, 4_000)),
        horizon_s=horizon_s,
        strikes=tuple(sorted(strikes, key=lambda strike: strike.at_s)),
        again_at_s=round(draw.uniform(5, 40), 1) if draw.random() < 0.08 else None,
        cancel_at_s=round(draw.uniform(3, 60), 1) if draw.random() < 0.08 else None,
    )
