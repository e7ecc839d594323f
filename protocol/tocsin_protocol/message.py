"""What the schema says about a message besides its fields."""

from dataclasses import dataclass
from enum import Enum

from tocsin_protocol.vocabulary import Field


class Direction(Enum):
    """Who sends a message to whom; the value is the phrase in the interface document."""

    TO_HANDSET = "host to handset"
    TO_HOST = "handset to host"
    TO_ANSWER_POINT = "handset to answer point"
    FROM_ANSWER_POINT = "answer point to handset"
    EITHER_AIR = "handset to answer point and back"
    STORED = "stored on the handset"

    @property
    def is_link(self) -> bool:
        """Whether the message travels in a link frame, so must fit into one payload."""
        return self in (Direction.TO_HANDSET, Direction.TO_HOST)

    @property
    def leaves_handset(self) -> bool:
        """Whether the handset must encode it."""
        return self not in (Direction.TO_HANDSET, Direction.FROM_ANSWER_POINT)

    @property
    def reaches_handset(self) -> bool:
        """Whether the handset must decode it."""
        return self not in (Direction.TO_HOST, Direction.TO_ANSWER_POINT)


@dataclass(frozen=True)
class Message:
    """One message: its number (never used again), way, fields, and the name of its reply.

    The handset sends an `unasked` message of its own accord, whether a host is there or not.
    """

    name: str
    id: int
    direction: Direction
    doc: str
    fields: tuple[Field, ...] = ()
    reply: str = ""
    since: tuple[int, int] = (1, 0)
    unasked: bool = False

    @property
    def is_dialogue(self) -> bool:
        """Whether the handset needs its codec only once a host has spoken."""
        return self.direction.is_link and not self.unasked

    @property
    def max_bytes(self) -> int:
        """The largest body in octets; the id is not part of the body."""
        return sum(each.word.max_bytes for each in self.fields)
