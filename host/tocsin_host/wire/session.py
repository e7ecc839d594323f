"""The messages of area session. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from typing import ClassVar, Self

from tocsin_protocol.codec import put_octets, take_octets
from tocsin_protocol.flow import Flow, Lane

from .names import Role


@dataclass(slots=True)
class HandshakeStart:
    """The host's half of the handshake (see Handshake)."""

    ID: ClassVar[int] = 0x05
    MAX_BYTES: ClassVar[int] = 48
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x06, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    box: bytes = bytes(48)

    def encode(self) -> bytes:
        return put_octets("box", self.box, 48)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        box, _ = take_octets("box", body, 0, 48)
        return cls(box)


@dataclass(slots=True)
class HandshakeAnswer:
    """The handset's half of the handshake; whatever follows, both ways, is sealed."""

    ID: ClassVar[int] = 0x06
    MAX_BYTES: ClassVar[int] = 48
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    box: bytes = bytes(48)

    def encode(self) -> bytes:
        return put_octets("box", self.box, 48)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        box, _ = take_octets("box", body, 0, 48)
        return cls(box)


@dataclass(slots=True)
class SessionEnd:
    """The host is done: the handset forgets the session and leaves service mode."""

    ID: ClassVar[int] = 0x07
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.EVENT
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()
