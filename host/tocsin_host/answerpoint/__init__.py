"""The answer point: joins a call, its location text and its tag report into one incident."""

from tocsin_host.answerpoint.acknowledge import AckCounters, Acknowledgement
from tocsin_host.answerpoint.aml import AmlError, AmlLocation, parse_aml
from tocsin_host.answerpoint.incident import Call, Incident, ReceivedTag, ReceivedText
from tocsin_host.answerpoint.point import AnswerPoint
from tocsin_host.answerpoint.register import RegisterEntry
from tocsin_host.answerpoint.tag import TagError
from tocsin_host.answerpoint.vigil import ReceivedHealth, Silence, Vigil

__all__ = [
    "AckCounters",
    "Acknowledgement",
    "AmlError",
    "AmlLocation",
    "AnswerPoint",
    "Call",
    "Incident",
    "ReceivedHealth",
    "ReceivedTag",
    "ReceivedText",
    "RegisterEntry",
    "Silence",
    "TagError",
    "Vigil",
    "parse_aml",
]
