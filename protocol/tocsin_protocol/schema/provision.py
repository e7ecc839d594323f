"""Messages that give a handset to its owner, and take it back."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.roles import FACTORY
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Field, Secret, u32

_KEY_BYTES = 32
_FACTORY_ONLY = (FACTORY,)

CLAIM = Message(
    "Claim",
    0x48,
    Direction.TO_HANDSET,
    "Gives the handset its number and keys, all or none; refused with CLAIMED when it has them.",
    (
        Field("identity", u32(1), "handset number printed on the unit"),
        Field("factory_key", Secret(_KEY_BYTES), "key of the role factory"),
        Field("technician_key", Secret(_KEY_BYTES), "key of the role technician"),
        Field("fixture_key", Secret(_KEY_BYTES), "key of the role fixture"),
    ),
    flow=Flow.STARTS,
    replies=("Claimed", "Failure"),
    roles=_FACTORY_ONLY,
    since=V1_1,
    of_unclaimed=True,
)

CLAIMED = Message(
    "Claimed",
    0x49,
    Direction.TO_HOST,
    "The handset has its number and keys; they count from the next session on.",
    (
        Field("identity", u32(1), "the handset's number now"),
        Field("generation", u32(), "the configuration's new generation"),
    ),
    flow=Flow.ENDS,
    roles=_FACTORY_ONLY,
    since=V1_1,
)

WIPE = Message(
    "Wipe",
    0x4A,
    Direction.TO_HANDSET,
    "Takes the handset back: erases configuration, keys and journal, and restarts.",
    (Field("identity", u32(), "its number, lest another one is wiped; 0 when unclaimed"),),
    flow=Flow.STARTS,
    replies=("Wiped", "Failure"),
    roles=_FACTORY_ONLY,
    since=V1_1,
    of_unclaimed=True,
)

WIPED = Message(
    "Wiped",
    0x4B,
    Direction.TO_HOST,
    "Everything is erased; the last word before a restart.",
    flow=Flow.ENDS,
    roles=_FACTORY_ONLY,
    since=V1_1,
)

MESSAGES = (CLAIM, CLAIMED, WIPE, WIPED)
