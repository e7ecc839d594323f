"""What the person is told by haptics: each notice only when it is true."""

from dataclasses import replace

from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Member, names


def _notice(name: str, value: int, meaning: str, *pattern_ms: int) -> Member:
    return Member(name, value, meaning, {"pattern": pattern_ms})


def _notice_1_1(name: str, value: int, meaning: str, *pattern_ms: int) -> Member:
    return replace(_notice(name, value, meaning, *pattern_ms), since=V1_1)


NOTICE = names(
    "Notice",
    "NOTICE",
    "What the person is told by haptics; the pattern alternates on and off in milliseconds.",
    _notice("RAISED", 1, "the alarm is raised", 600),
    _notice("RETRYING", 2, "the call did not get through and is tried again", 120, 120, 120),
    _notice("CONNECTED", 3, "the call is connected, nobody is known to listen", *[120] * 5),
    _notice("ANSWERED", 4, "the answer point has confirmed its answer", 500, 300, 500),
    _notice("NOT_READY", 5, "nobody can be called: not issued, no usable SIM, no modem", *[60] * 9),
    _notice("CLOSED", 6, "the activation has ended", 1200),
    _notice("ALREADY_RAISED", 7, "the alarm was already raised", 120, 120, 600),
    _notice_1_1("SERVICE", 8, "service mode has begun, by the gesture for it", 600, 120, 120),
    _notice_1_1("STUCK", 9, "the button is stuck: no press counts", *[120, 120] * 3, 600),
)
