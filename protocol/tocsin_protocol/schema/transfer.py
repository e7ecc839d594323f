"""Messages that carry something large to the handset, resumable after any cut."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import TRANSFER_KIND
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Blob, Choice, Field, Octets, u16, u32

CHUNK_MAX_BYTES = 480
_HASH_BYTES = 32

OPEN = Message(
    "TransferOpen",
    0x30,
    Direction.TO_HANDSET,
    "Begins a transfer, or goes on with one of the same kind, size and hash.",
    (
        Field("kind", Choice(TRANSFER_KIND), "what it is"),
        Field("size", u32(), "octets of the whole"),
        Field("sha256", Octets(_HASH_BYTES), "SHA-256 of the whole"),
    ),
    flow=Flow.STARTS,
    replies=("TransferReady", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
)

READY = Message(
    "TransferReady",
    0x31,
    Direction.TO_HOST,
    "Says where to go on.",
    (
        Field("offset", u32(), "octets the handset has"),
        Field("chunk_bytes", u16(), "largest chunk it takes"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

CHUNK = Message(
    "TransferChunk",
    0x32,
    Direction.TO_HANDSET,
    "A part of the whole; one that does not begin where the last ended is passed over.",
    (
        Field("offset", u32(), "where it begins"),
        Field("data", Blob(CHUNK_MAX_BYTES), "the octets"),
    ),
    flow=Flow.EVENT,
    roles=EVERY_ROLE,
    since=V1_1,
)

END = Message(
    "TransferEnd",
    0x33,
    Direction.TO_HANDSET,
    "Everything is sent: asks what has become of it.",
    flow=Flow.STARTS,
    replies=("TransferDone", "TransferWanted", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
)

DONE = Message(
    "TransferDone",
    0x34,
    Direction.TO_HOST,
    "The whole is there, stored, and has the hash it should have.",
    (Field("sha256", Octets(_HASH_BYTES), "SHA-256 of what is there"),),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

WANTED = Message(
    "TransferWanted",
    0x35,
    Direction.TO_HOST,
    "Not everything is there: go on at this offset.",
    (Field("offset", u32(), "octets the handset has"),),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

ABORT = Message(
    "TransferAbort",
    0x36,
    Direction.TO_HANDSET,
    "Gives the transfer up; what has arrived is deleted.",
    flow=Flow.EVENT,
    roles=EVERY_ROLE,
    since=V1_1,
)

MESSAGES = (OPEN, READY, CHUNK, END, DONE, WANTED, ABORT)
