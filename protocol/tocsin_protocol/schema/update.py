"""Messages that put new firmware in place, and the manifest at the head of its image."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import SLOT, UPDATE_STEP
from tocsin_protocol.schema.roles import FACTORY, TECHNICIAN
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Choice, Field, Octets, Text, u8, u32

# An update's file begins so; the signature stands after the manifest.
MAGIC = b"tocsin 1"
SIGNATURE_BYTES = 384

_UPDATERS = (TECHNICIAN, FACTORY)
_HASH_BYTES = 32
_VERSION = Text(16)
_COUNTER = u32(0, 0x7FFFFFFF)  # so that the journal can hold it

APPLY = Message(
    "UpdateApply",
    0x24,
    Direction.TO_HANDSET,
    "Checks the update that was transferred and restarts into it, on trial.",
    flow=Flow.STARTS,
    replies=("UpdateAccepted", "Failure"),
    roles=_UPDATERS,
    since=V1_1,
)

ACCEPTED = Message(
    "UpdateAccepted",
    0x25,
    Direction.TO_HOST,
    "The update is in its slot; the handset restarts into it as soon as it is not needed.",
    (
        Field("version", _VERSION, "firmware version it brings"),
        Field("security_counter", _COUNTER, "its security counter"),
    ),
    flow=Flow.ENDS,
    roles=_UPDATERS,
    since=V1_1,
)

GET = Message(
    "UpdateGet",
    0x26,
    Direction.TO_HANDSET,
    "Asks which firmware runs and what became of the last update.",
    flow=Flow.STARTS,
    replies=("UpdateStatus", "Failure"),
    roles=_UPDATERS,
    since=V1_1,
)

STATUS = Message(
    "UpdateStatus",
    0x27,
    Direction.TO_HOST,
    "Which firmware runs and what became of the last update.",
    (
        Field("running", Choice(SLOT), "where the running firmware is"),
        Field("is_trial", u8(0, 1), "1 while it has not proved itself: a restart goes back"),
        Field("version", _VERSION, "its firmware version"),
        Field("security_counter", _COUNTER, "an update with a lower one is refused"),
        Field("last", Choice(UPDATE_STEP), "how far the last update came"),
    ),
    flow=Flow.ENDS,
    roles=_UPDATERS,
    since=V1_1,
)

MANIFEST = Message(
    "UpdateManifest",
    0x63,
    Direction.IN_UPDATE,
    "What an update is and for which handsets; covered by the signature that follows it.",
    (
        # The handset's loader, which no update replaces, knows where these two are.
        Field("sha256", Octets(_HASH_BYTES), "SHA-256 of the modules"),
        Field("size", u32(), "octets of the modules"),
        Field("security_counter", _COUNTER, "rises when an older version must not come back"),
        Field("board", Text(24), "board it is made for"),
        Field("version", _VERSION, "firmware version it brings"),
        Field("minimum_version", _VERSION, "oldest firmware version that can install it"),
    ),
    since=V1_1,
)

MESSAGES = (APPLY, ACCEPTED, GET, STATUS, MANIFEST)
