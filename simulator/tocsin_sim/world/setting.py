"""One run's circumstances: who presses when, what the network does, where the sky is seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from tocsin_sim.world.errors import SettingError
from tocsin_sim.world.laws import Law

_DRAMA_NUMBER = re.compile(r"\+447700900[0-9]{3}")


def _within(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise SettingError(
            f"{name} is out of range: {value:g}",
            f"choose a value from {low:g} to {high:g} {unit}".rstrip(),
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """Telephone numbers, all from Ofcom's drama range +447700900000..999: nobody's real line.

    The answer point is reached at `call`, `alternate`, `text` (location) and `report` (tag).
    """

    handset: str = "+447700900701"
    call: str = "+447700900001"
    alternate: str = "+447700900002"
    text: str = "+447700900003"
    report: str = "+447700900004"

    def __post_init__(self) -> None:
        for each in fields(self):
            number = getattr(self, each.name)
            if not _DRAMA_NUMBER.fullmatch(number):
                raise SettingError(
                    f"{each.name} number {number!r} is outside the drama range",
                    "use +447700900000 to +447700900999",
                )

    @property
    def voice(self) -> tuple[str, str]:
        """Return the numbers that ring at the answer point."""
        return (self.call, self.alternate)

    @property
    def message(self) -> tuple[str, str]:
        """Return the numbers that take messages at the answer point."""
        return (self.text, self.report)


@dataclass(frozen=True, slots=True)
class Position:
    """A place on WGS 84, degrees."""

    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        _within("latitude", self.lat_deg, -90, 90, "degrees")
        _within("longitude", self.lon_deg, -180, 180, "degrees")


LYME_BAY = Position(50.51234, -2.87654)
"""At sea off the south coast of England: nobody's address."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of one run; times count from scenario zero. Raises SettingError.

    Unless `registered`, the answer point knows nothing of the handset. `config` are settings
    besides those a depot always writes. `refuse_calls` attempts fail first. Unless
    `nobody_answers`, a call is answered after an exponential time, or by the law `answer`, and
    hung up by the far end `talk_s` later; the network ends ringing after `ring_limit_s`. With a
    `transfer` an operator answers and puts the call through to the answer point so much later.
    With `begin_at_ringback` the modem claims a connected call when it rings.
    The laws and their defaults are those of the design's stage distributions.
    """

    # the person
    press_at_s: float | None = 0.0
    hold_ms: int = 1500
    # the handset as provisioned, unless it is blank: nobody's yet
    blank: bool = False
    issued: bool = True
    registered: bool = True
    identity: int = 7001
    numbers: Numbers = field(default_factory=Numbers)
    config: Mapping[str, bool | int | str | bytes] = field(default_factory=dict)
    # time
    settle_s: float = 60.0
    utc: datetime = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    # the sky: a recorded log, or a synthetic receiver at a position
    nmea: Path | None = None
    position: Position = LYME_BAY
    ttff_median_s: float = 6.0
    ttff_sigma: float = 0.4
    noise_m: float = 2.5
    hdop: float = 0.9
    # the call
    refuse_calls: int = 0
    setup_median_s: float = 2.0
    setup_sigma: float = 0.40
    begin_at_ringback: bool = True
    nobody_answers: bool = False
    answer_mean_s: float = 1.67
    answer: Law | None = None
    transfer: Law | None = None
    ring_limit_s: float = 30.0
    talk_s: float = 45.0
    # messages
    sms_accept_min_s: float = 0.8
    sms_accept_max_s: float = 2.5
    sms_delay_median_s: float = 3.0
    sms_delay_sigma: float = 0.70

    @property
    def answer_law(self) -> Law:
        """Return how long a call rings before somebody answers it."""
        return self.answer or Law("exponential", (self.answer_mean_s,))

    def __post_init__(self) -> None:
        if self.press_at_s is not None:
            _within("press at", self.press_at_s, 0, 86_400, "s")
        for name, low, high, unit in _LIMITS:
            _within(name, getattr(self, name), low, high, unit)
        if self.sms_accept_max_s < self.sms_accept_min_s:
            raise SettingError("sms_accept_max_s is below sms_accept_min_s", "swap them")
        if self.utc.tzinfo is None:
            raise SettingError("utc has no time zone", "give one, as in 2026-01-01T12:00:00Z")


_LIMITS = (
    ("hold_ms", 10, 600_000, "ms"),
    ("identity", 0, 2**32 - 1, ""),
    ("settle_s", 0, 86_400, "s"),
    ("ttff_median_s", 0.1, 3600, "s"),
    ("ttff_sigma", 0, 3, ""),
    ("noise_m", 0, 1000, "m"),
    ("hdop", 0.5, 99.9, ""),
    ("refuse_calls", 0, 1000, "calls"),
    ("setup_median_s", 0.1, 60, "s"),
    ("setup_sigma", 0, 3, ""),
    ("answer_mean_s", 0.01, 600, "s"),
    ("ring_limit_s", 1, 600, "s"),
    ("talk_s", 0.1, 86_400, "s"),
    ("sms_accept_min_s", 0.01, 60, "s"),
    ("sms_accept_max_s", 0.01, 60, "s"),
    ("sms_delay_median_s", 0.1, 86_400, "s"),
    ("sms_delay_sigma", 0, 3, ""),
)
