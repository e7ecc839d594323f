"""Measuring a run: stages, record, verdict, timeline and report; simulator and rig share it."""

from tocsin_host.measure.record import (
    AcknowledgementSent,
    AtLine,
    CallReleased,
    LinkMessage,
    NoticeMark,
    RunRecord,
    TagMark,
    TextMark,
)
from tocsin_host.measure.stages import Splits, StageMark, split
from tocsin_host.measure.timeline import timeline
from tocsin_host.measure.verdict import Verdict, judge

__all__ = [
    "AcknowledgementSent",
    "AtLine",
    "CallReleased",
    "LinkMessage",
    "NoticeMark",
    "RunRecord",
    "Splits",
    "StageMark",
    "TagMark",
    "TextMark",
    "Verdict",
    "judge",
    "split",
    "timeline",
]
