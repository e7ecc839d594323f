"""What the schema says about a message besides its fields."""

from dataclasses import dataclass
from enum import Enum

from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.vocabulary import Field


class Direction(Enum):
    """Who sends a message to whom; the value is the phrase in the interface document."""

    TO_HANDSET = "host to handset"
    TO_HOST = "handset to host"
    TO_ANSWER_POINT = "handset to answer point"
    FROM_ANSWER_POINT = "answer point to handset"
    EITHER_AIR = "handset to answer point and back"
    STORED = "stored on the handset"
    IN_UPDATE = "inside an update"

    @property
    def back(self) -> "Direction":
        """The way an answer goes; a message that goes both ways is answered likewise."""
        return _BACK.get(self, self)

    @property
    def is_link(self) -> bool:
        """Whether the message travels in a link frame, so must fit into one payload."""
        return self in (Direction.TO_HANDSET, Direction.TO_HOST)

    @property
    def leaves_handset(self) -> bool:
        """Whether the handset must encode it."""
        return self not in _ONLY_TO_HANDSET

    @property
    def reaches_handset(self) -> bool:
        """Whether the handset must decode it."""
        return self not in (Direction.TO_HOST, Direction.TO_ANSWER_POINT)


_ONLY_TO_HANDSET = (Direction.TO_HANDSET, Direction.FROM_ANSWER_POINT, Direction.IN_UPDATE)

_BACK = {
    Direction.TO_HANDSET: Direction.TO_HOST,
    Direction.TO_HOST: Direction.TO_HANDSET,
    Direction.TO_ANSWER_POINT: Direction.FROM_ANSWER_POINT,
    Direction.FROM_ANSWER_POINT: Direction.TO_ANSWER_POINT,
}


@dataclass(frozen=True)
class Message:
    """One message: its number (never used again), way, fields, and how it may be used.

    `replies` names the messages that may answer it. `roles` names who may exchange it with the
    handset in a session; with none of them it needs no session. `since` is the version of the
    protocol that brought it. A handset that nobody has claimed takes only what is `of_unclaimed`.
    """

    name: str
    id: int
    direction: Direction
    doc: str
    fields: tuple[Field, ...] = ()
    flow: Flow = Flow.APART
    replies: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    lane: Lane = Lane.NORMAL
    since: tuple[int, int] = (1, 0)
    of_unclaimed: bool = False

    @property
    def parts(self) -> list[tuple[Field, ...]]:
        """The fields it came with, then those of each later version: its optional tail."""
        by_version: dict[tuple[int, int], tuple[Field, ...]] = {self.since: ()}
        for each in self.fields:
            version = max(each.since, self.since)
            by_version[version] = (*by_version.get(version, ()), each)
        return list(by_version.values())

    @property
    def tail(self) -> tuple[Field, ...]:
        """The fields an older peer leaves out."""
        return tuple(each for part in self.parts[1:] for each in part)

    @property
    def is_dialogue(self) -> bool:
        """Whether the handset loads its codec only when it comes to that, as no alarm ever does."""
        if self.direction is Direction.IN_UPDATE or self.is_routine:
            return True
        asked = self.direction is Direction.TO_HANDSET or self.flow is not Flow.EVENT
        return self.direction.is_link and asked

    @property
    def is_routine(self) -> bool:
        """Whether the handset sends it over the air unasked and without an alarm."""
        return self.direction is Direction.TO_ANSWER_POINT and self.flow is Flow.EVENT

    @property
    def max_bytes(self) -> int:
        """The largest body in octets; the id is not part of the body."""
        return sum(each.word.max_bytes for each in self.fields)
