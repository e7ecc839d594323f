"""The stages of one activation, and who may report each (architecture section 1)."""

from tocsin_protocol.vocabulary import Member, names

FIXTURE = "fixture"
FIRMWARE = "firmware"
FAR_END = "far end"
ANSWER_POINT = "answer point"

REPORTERS = (FIXTURE, FIRMWARE, FAR_END, ANSWER_POINT)


def _stage(name: str, value: int, meaning: str, *reporters: str) -> Member:
    return Member(name, value, meaning, {"reporters": reporters})


STAGE = names(
    "Stage",
    "STAGE",
    "A point on the way from press to answered call.",
    _stage("PRESSED", 1, "first electrical edge of the press", FIXTURE, FIRMWARE),
    _stage("RECOGNISED", 2, "gesture qualified", FIRMWARE),
    _stage("ACKNOWLEDGED", 3, "haptic started", FIRMWARE, FIXTURE),
    _stage("DIALLED", 4, "dial command fully written to the modem", FIRMWARE),
    _stage("ALERTING", 5, "far end rings", FAR_END),
    _stage("ANSWERED", 6, "far end is off-hook: the only answer", FAR_END),
    _stage("MODEM_CONNECTED", 7, "modem claims a connected call: never the answer", FIRMWARE),
    _stage("ANSWER_CONFIRMED", 8, "sealed answer acknowledgement reached the handset", FIRMWARE),
    _stage("FIX_ACQUIRED", 9, "first fix good enough to send", FIRMWARE),
    _stage("LOCATION_SENT", 10, "location text accepted by the network", FIRMWARE),
    _stage("LOCATION_RECEIVED", 11, "location text decoded at the answer point", ANSWER_POINT),
    _stage("TAG_SENT", 12, "tag report accepted by the network", FIRMWARE),
    _stage("TAG_RECEIVED", 13, "tag report decrypted at the answer point", ANSWER_POINT),
    _stage("TAG_SHOWN", 14, "call flagged on the queue", ANSWER_POINT),
    _stage("CLOSED", 15, "activation ended, with its outcome", FIRMWARE),
)
