"""Exchanges of messages: which schemas are refused, and why."""

from dataclasses import replace

import pytest

from tocsin_host import wire as host_wire
from tocsin_protocol import graph, schema
from tocsin_protocol.errors import SchemaError
from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.message import Direction, Message

ASK = Message(
    "Ask", 1, Direction.TO_HANDSET, "", flow=Flow.STARTS, replies=("Tell",), roles=("FIXTURE",)
)
TELL = Message("Tell", 2, Direction.TO_HOST, "", flow=Flow.ENDS, roles=("FACTORY", "FIXTURE"))
MORE = Message("More", 3, Direction.TO_HOST, "", flow=Flow.CONTINUES, replies=("Again",))
AGAIN = Message("Again", 4, Direction.TO_HANDSET, "", flow=Flow.CONTINUES, replies=("More",))


def test_the_schema_itself_holds() -> None:
    graph.check(schema.MESSAGES)


def test_an_exchange_may_go_round_as_long_as_it_can_end() -> None:
    ask = replace(ASK, replies=("More",))
    more = replace(MORE, roles=("FIXTURE",))
    again = replace(AGAIN, replies=("More", "Tell"), roles=("FIXTURE",))
    graph.check([ask, more, again, TELL])


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        ([replace(ASK, replies=())], "Ask starts an exchange, but nothing answers it"),
        ([replace(TELL, replies=("Tell",))], "Tell ends an exchange, but has replies"),
        ([ASK], "Ask is answered by Tell, which is no message"),
        ([ASK, replace(TELL, flow=Flow.EVENT)], "Ask is answered by Tell, which stands alone"),
        ([ASK, replace(TELL, direction=Direction.TO_HANDSET)], "goes the wrong way"),
        ([replace(ASK, roles=("TECHNICIAN",)), TELL], "Tell, which fewer roles may exchange"),
        ([replace(ASK, roles=()), TELL], "Tell, which fewer roles may exchange"),
        ([TELL], "Tell ends an exchange, but answers nothing"),
        ([MORE, AGAIN], "Again cannot be reached from any message that starts"),
        ([replace(ASK, replies=("More",)), MORE, AGAIN], "Ask starts an exchange that has no end"),
    ],
)
def test_an_exchange_that_cannot_work_is_refused(messages: list[Message], fault: str) -> None:
    with pytest.raises(SchemaError) as refusal:
        graph.check(messages)
    assert fault in str(refusal.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SchemaError) as refusal:
        graph.check([replace(ASK, replies=()), replace(TELL, replies=("Tell",))])
    assert len(refusal.value.faults) > 1


def test_the_host_knows_how_each_message_may_be_used() -> None:
    ids = {each.name: each.id for each in schema.MESSAGES}
    for message in schema.MESSAGES:
        made = host_wire.MESSAGES[message.id]
        assert made.FLOW is message.flow
        assert {ids[name] for name in message.replies} == made.REPLIES
        assert {host_wire.Role[name] for name in message.roles} == made.ROLES
        assert (message.lane, message.since) == (made.LANE, made.SINCE)


def test_the_handset_knows_which_roles_may_send_what() -> None:
    from tocsin.wire_dialogue import ALLOWED

    assert set(ALLOWED) == set(host_wire.Role)
    for message in schema.MESSAGES:
        if message.direction is Direction.TO_HANDSET:
            allowed = {role for role in host_wire.Role if message.id in ALLOWED[role]}
            assert allowed == host_wire.MESSAGES[message.id].ROLES


def test_alarm_events_take_the_urgent_lane_on_both_sides() -> None:
    from tocsin import wire

    assert host_wire.TraceEvent.LANE is Lane.URGENT
    assert wire.TraceEvent.LANE == Lane.URGENT


def test_only_opening_the_link_needs_no_session() -> None:
    free = {each.name for each in schema.MESSAGES if each.direction.is_link and not each.roles}
    assert free == {"Hello", "HelloReply", "HandshakeStart", "HandshakeAnswer", "Failure"}
