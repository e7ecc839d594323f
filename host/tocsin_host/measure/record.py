"""Everything one run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from tocsin_host.answerpoint.aml import AmlLocation
from tocsin_host.measure.stages import StageMark, split
from tocsin_host.wire import JournalEntry, Notice, Outcome, TagReport

JSON_FORMAT = 1
"""Version of `RunRecord.to_json`: raised when a key is removed or changes its meaning."""


@dataclass(frozen=True, slots=True)
class NoticeMark:
    """Something the person was told: felt (decoded from haptic pulses) or claimed by firmware."""

    notice: Notice
    t_us: int


@dataclass(frozen=True, slots=True)
class TextMark:
    """A text that reached the answer point; `problem` says why `location` is None."""

    t_us: int
    sender: str
    raw: str
    location: AmlLocation | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TagMark:
    """An authentic tag report that reached the answer point."""

    t_us: int
    sender: str
    identity: int
    counter: int
    report: TagReport


@dataclass(frozen=True, slots=True)
class AcknowledgementSent:
    """The answer point really sent an AnswerAck to `number`."""

    t_us: int
    number: str


@dataclass(frozen=True, slots=True)
class CallReleased:
    """A call the far end heard ring is over; `cause` as 3GPP TS 24.008 clause 10.5.4.11 numbers."""

    t_us: int
    attempt: int
    cause: int


@dataclass(frozen=True, slots=True)
class AtLine:
    """One line on the modem's UART."""

    t_us: int
    from_handset: bool
    text: str


@dataclass(frozen=True, slots=True)
class LinkMessage:
    """One protocol message on the host link: its name and its fields as text."""

    t_us: int
    from_handset: bool
    name: str
    text: str


@dataclass(slots=True)
class RunRecord:
    """One run; all `t_us` are microseconds after scenario zero, negative during settling.

    `digest` is SHA-256 (hex) over everything that crossed the handset's pins; `scenario` is a
    line for people; `dialled_numbers` and `texted_numbers` are all the handset tried, allowed or
    not; `problems` is what the world noticed amiss (a mismatch, a refused report);
    `clock_error_us` is the most a time may be wrong by, where several clocks were related to one.
    """

    board: str
    seed: int
    scenario: str = ""
    vm_version: str = ""
    heap_limit_bytes: int = 0
    heap_peak_bytes: int = 0
    heap_after_boot_bytes: int = 0
    digest: str = ""
    virtual_s: float = 0.0
    wall_s: float = 0.0
    clock_error_us: int = 0
    outcome: Outcome | None = None
    crash_text: str = ""
    marks: list[StageMark] = field(default_factory=list)
    notices_felt: list[NoticeMark] = field(default_factory=list)
    notices_claimed: list[NoticeMark] = field(default_factory=list)
    allowed_numbers: list[str] = field(default_factory=list)
    dialled_numbers: list[str] = field(default_factory=list)
    texted_numbers: list[str] = field(default_factory=list)
    texts: list[TextMark] = field(default_factory=list)
    tags: list[TagMark] = field(default_factory=list)
    acknowledgements: list[AcknowledgementSent] = field(default_factory=list)
    releases: list[CallReleased] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    at_transcript: list[AtLine] = field(default_factory=list)
    link_transcript: list[LinkMessage] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values, with stable keys.

        The keys are the field names of the record and of what it holds, in their order, preceded
        by `format` (1) and followed by `splits` (see Splits). Enumerations are their names
        (stages `PRESSED`, reporters `far end`), times without a unit in their name ISO 8601 UTC,
        octets hexadecimal, what is unknown null.
        """
        data = {name: _plain(getattr(self, name)) for name in self.__slots__}
        return {"format": JSON_FORMAT, **data, "splits": split(self.marks).to_json()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value if isinstance(value, str) else value.name
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value
