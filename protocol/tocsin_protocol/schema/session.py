"""Messages that open and end a session."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Field, Octets

_BOX_BYTES = 48  # a public key and the tag of an empty payload

HANDSHAKE_START = Message(
    "HandshakeStart",
    0x05,
    Direction.TO_HANDSET,
    "The host's half of the handshake (see Handshake).",
    (Field("box", Octets(_BOX_BYTES), "Noise's message 1: `psk, e`, empty payload"),),
    flow=Flow.STARTS,
    replies=("HandshakeAnswer", "Failure"),
    since=V1_1,
)

HANDSHAKE_ANSWER = Message(
    "HandshakeAnswer",
    0x06,
    Direction.TO_HOST,
    "The handset's half of the handshake; whatever follows, both ways, is sealed.",
    (Field("box", Octets(_BOX_BYTES), "Noise's message 2: `e, ee`, empty payload"),),
    flow=Flow.ENDS,
    since=V1_1,
)

SESSION_END = Message(
    "SessionEnd",
    0x07,
    Direction.TO_HANDSET,
    "The host is done: the handset forgets the session and leaves service mode.",
    flow=Flow.EVENT,
    roles=EVERY_ROLE,
    since=V1_1,
)

MESSAGES = (HANDSHAKE_START, HANDSHAKE_ANSWER, SESSION_END)
