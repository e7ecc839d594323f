"""What a setting takes, and how it says no."""

from datetime import datetime
from typing import Any

import pytest

from tocsin_host.errors import ExitCode
from tocsin_sim.world.errors import SettingError
from tocsin_sim.world.setting import Numbers, Position, Setting


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"press_at_s": -1}, "press at is out of range: -1"),
        ({"hold_ms": 0}, "hold_ms is out of range: 0"),
        ({"talk_s": 0}, "talk_s is out of range"),
        ({"refuse_calls": -1}, "refuse_calls is out of range"),
        ({"identity": 2**32}, "identity is out of range"),
        ({"ring_limit_s": float("nan")}, "ring_limit_s is out of range"),
        ({"sms_accept_min_s": 3, "sms_accept_max_s": 2}, "sms_accept_max_s is below"),
        ({"utc": datetime(2026, 1, 1)}, "utc has no time zone"),  # noqa: DTZ001
    ],
)
def test_a_value_out_of_range_is_refused_and_says_what_would_do(
    wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingError, match=said) as refusal:
        Setting(**wrong)
    assert refusal.value.hint
    assert refusal.value.exit_code is ExitCode.CONFIG


@pytest.mark.parametrize(
    "number", ["999", "+44999", "+447700901000", "07700900001", "+4477009000\uff101"]
)
def test_a_number_outside_the_drama_range_is_refused(number: str) -> None:
    with pytest.raises(SettingError, match="outside the drama range"):
        Numbers(call=number)


@pytest.mark.parametrize("place", [(90.1, 0), (-91, 0), (0, 180.5), (float("nan"), 0)])
def test_a_position_off_the_globe_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(SettingError, match="out of range"):
        Position(*place)
