"""Messages to the rig's fixture board, which speaks the link in a handset's place.

It presses the button of a handset under test, switches its supply and stamps what its pins do.
"""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import CONTACT, RAIL, SIGNAL
from tocsin_protocol.schema.roles import FIXTURE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Array, Choice, Field, Record, Text, u8, u16, u32

_FIXTURE_ONLY = (FIXTURE,)

EDGE = Record(
    "FixtureEdge",
    "One change of a level, stamped by the board.",
    (
        Field("t_us", u32(), "the board's microsecond counter; wraps at 2^32"),
        Field("signal", Choice(SIGNAL), "what changed"),
        Field("level", u8(0, 1), "1 for high"),
    ),
)

PRESS = Message(
    "FixturePress",
    0x50,
    Direction.TO_HANDSET,
    "Closes a contact of the handset under test for a while.",
    (
        Field("contact", Choice(CONTACT), "which"),
        Field("hold_ms", u16(1, 60000), "for how long"),
        Field("bounces", u8(0, 50), "how often it bounces before it stays closed"),
        Field("bounce_us", u16(), "how long each bounce is open"),
    ),
    flow=Flow.STARTS,
    replies=("FixturePressed", "Failure"),
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

PRESSED = Message(
    "FixturePressed",
    0x51,
    Direction.TO_HOST,
    "The contact closes; told at once, before it opens again.",
    (Field("t_us", u32(), "first edge by the board's microsecond counter; wraps at 2^32"),),
    flow=Flow.ENDS,
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

EDGES_GET = Message(
    "FixtureEdgesGet",
    0x52,
    Direction.TO_HANDSET,
    "Asks for the edges the board has stamped, and forgets those told before.",
    (Field("from_sequence", u32(), "the first to be told"),),
    flow=Flow.STARTS,
    replies=("FixtureEdges", "Failure"),
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

EDGES = Message(
    "FixtureEdges",
    0x53,
    Direction.TO_HOST,
    "Some of the edges asked for; the rest begins at `next_sequence`.",
    (
        Field("edges", Array(EDGE, 64), "oldest first"),
        Field("next_sequence", u32(), "sequence after the last of these"),
        Field("lost", u32(), "edges nobody fetched in time, since the start"),
    ),
    flow=Flow.ENDS,
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

POWER = Message(
    "FixturePower",
    0x54,
    Direction.TO_HANDSET,
    "Switches a supply of the handset under test.",
    (
        Field("rail", Choice(RAIL), "which"),
        Field("on", u8(0, 1), "1 to switch it on"),
    ),
    flow=Flow.STARTS,
    replies=("FixturePowered", "Failure"),
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

POWERED = Message(
    "FixturePowered",
    0x55,
    Direction.TO_HOST,
    "The supply is switched.",
    (
        Field("rail", Choice(RAIL), "which"),
        Field("on", u8(0, 1), "1 when it is on"),
        Field("supply_mv", u16(), "its voltage; 0 when the board cannot measure it"),
        Field("current_ua", u32(), "its current; 0 when the board cannot measure it"),
        Field("t_us", u32(), "the board's microsecond counter; wraps at 2^32"),
    ),
    flow=Flow.ENDS,
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

INFO_GET = Message(
    "FixtureInfoGet",
    0x56,
    Direction.TO_HANDSET,
    "Asks what this fixture board is.",
    flow=Flow.STARTS,
    replies=("FixtureInfo", "Failure"),
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

INFO = Message(
    "FixtureInfo",
    0x57,
    Direction.TO_HOST,
    "What this fixture board is.",
    (
        Field("board", Text(24), "board name"),
        Field("firmware", Text(16), "firmware version"),
        Field("t_us", u32(), "the board's microsecond counter now; wraps at 2^32"),
        Field("resolution_us", u16(), "how finely it stamps edges"),
    ),
    flow=Flow.ENDS,
    roles=_FIXTURE_ONLY,
    since=V1_1,
)

RECORDS = (EDGE,)
MESSAGES = (PRESS, PRESSED, EDGES_GET, EDGES, POWER, POWERED, INFO_GET, INFO)
