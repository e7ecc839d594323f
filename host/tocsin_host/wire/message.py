"""What every message offers. Generated from the protocol's schema: do not edit."""

from typing import ClassVar, Protocol, Self

from tocsin_protocol.flow import Flow, Lane

from .names import Role


class Message(Protocol):
    """What all messages have in common.

    FLOW is the place in an exchange and REPLIES the ids of possible answers; ROLES are those who
    may exchange it in a session, none when it needs no session; SINCE is (major, minor).
    """

    ID: ClassVar[int]
    MAX_BYTES: ClassVar[int]
    FLOW: ClassVar[Flow]
    REPLIES: ClassVar[frozenset[int]]
    ROLES: ClassVar[frozenset[Role]]
    LANE: ClassVar[Lane]
    SINCE: ClassVar[tuple[int, int]]

    def encode(self) -> bytes:
        """The body. Raises EncodeError."""
        ...

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """The message in a body. Raises DecodeError."""
        ...
