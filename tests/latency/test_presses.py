"""A press dials in time whatever else the handset is doing; `make bench` presses a thousand times.

Virtual time passes for flash, lines and waits only, so lateness here is theirs: what the
processor takes of its own is told by the number of steps it takes, and measured in the bench.
"""

from __future__ import annotations

import pytest
from tests.latency.conditions import CONDITIONS
from tests.latency.presses import HOLD_US, IS_COUNTED, presses

PRESSES = 4
# From qualification to the dial, shims included, when last noted: whoever needs 5 % more notes the
# new figure, and why. A collection takes a million more.
NOTED = {"silent session": 365_700, "handshake": 275_000, "slow command": 802_300}
LATE_US = 20_000
# By so much a press may be dialled early whose edge was noticed after flash had its time.
EARLY_US = 150_000


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_press_dials_in_time(name: str) -> None:
    condition = CONDITIONS[name]
    for press in presses(condition, PRESSES, seed=len(name)):
        assert press.in_the_way == [], "flash gives way from the first edge until the dial"
        assert -EARLY_US <= press.late_us <= LATE_US
        assert press.dialled_us - press.pressed_us >= HOLD_US - EARLY_US
        # After a call that was hung up the modem is asked whether it has let go of it.
        if condition.waits or not press.is_first:
            assert press.steps_at_the_end <= 6
        else:
            assert len(press.slices) == 1, "one step: nothing is awaited"


def test_a_condition_that_waits_does_wait() -> None:
    [press] = presses(CONDITIONS["slow command"], 1)
    assert press.dialled_us - press.pressed_us > HOLD_US + 300_000
    assert len(press.slices) > 10, "while it waits others go on"


@pytest.mark.skipif(not IS_COUNTED, reason="this machine lets nobody count its instructions")
@pytest.mark.parametrize("name", NOTED)
def test_the_window_takes_no_more_instructions_than_noted(name: str) -> None:
    [press] = presses(CONDITIONS[name], 1)
    assert sum(press.share) <= NOTED[name] * 1.05
