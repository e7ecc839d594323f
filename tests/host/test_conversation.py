"""A conversation in time of its own: nothing here waits, and the line may lose what it likes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from handset_end import HandsetEnd

from tocsin_host import wire
from tocsin_host.channel import Channel, ChannelClosedError, Kind
from tocsin_host.conversation import Conversation, Hooks, Opening
from tocsin_host.errors import AuthError
from tocsin_host.session import Role
from tocsin_protocol.frame import FrameDecoder, encode_frame

if TYPE_CHECKING:
    from tocsin_host.conversation.requests import Answer
    from tocsin_host.keys import KeyStore

EVENT = wire.TraceEvent(sequence=7, kind=wire.TraceKind.STAGE, code=4)


class Line:
    """Both ends and the line between, which loses or spoils so many frames in a hundred."""

    def __init__(self, keys: KeyStore, hooks: Hooks | None = None) -> None:
        self.handset = HandsetEnd(self._answer)
        self.host = Conversation(Opening(Role.TECHNICIAN, keys), 1, hooks)
        self.now_ms = 0
        self.percent = 0
        self._dice = random.Random(5)

    def _answer(self, message: wire.Message, request: int) -> None:
        assert isinstance(message, wire.ConfigGet)
        self.handset.reply(wire.ConfigValue(key=message.key), request)

    def run(self, duration_ms: int) -> None:
        for _ in range(duration_ms):
            self.now_ms += 1
            while frame := self.host.next_frame(self.now_ms * 1000):
                self.handset.feed(self._carried(frame), self.now_ms)
            while frame := self.handset.next_frame(self.now_ms):
                self.host.feed(self._carried(frame), self.now_ms * 1000)

    def _carried(self, frame: bytes) -> bytes:
        if self._dice.randrange(100) >= self.percent:
            return frame
        return self._dice.choice([b"", frame[:-3], frame + frame, b"\xff" + frame])

    def ask(self, key: int) -> list[Answer]:
        answers: list[Answer] = []
        assert self.host.ask(wire.ConfigGet(key), answers.append)
        return answers


@pytest.mark.parametrize("percent", [0, 10, 30])
def test_session_opens_and_answers_over_a_line_that_loses(keys: KeyStore, percent: int) -> None:
    line = Line(keys)
    line.percent = percent
    line.run(20_000)
    assert line.host.is_open
    for key in range(1, 40):
        answers = line.ask(key % 14 + 1)
        while not answers and line.host.failure is None:
            line.run(50)
        assert answers == [wire.ConfigValue(key=key % 14 + 1)]
    assert line.now_ms < 120_000


def test_nothing_is_due_while_nothing_is_under_way(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(200)
    assert line.host.is_idle
    assert line.host.next_deadline_us is None


def test_many_questions_at_once_are_answered_each_by_its_own(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    asked = [line.ask(key) for key in range(1, 15)]
    line.run(200)
    assert asked == [[wire.ConfigValue(key=key)] for key in range(1, 15)]


def test_question_without_room_is_not_taken(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    numbers = [line.host.ask(wire.ConfigGet(1), lambda _: None) for _ in range(30)]
    assert 0 in numbers
    assert len(set(numbers) - {0}) == numbers.index(0)


def test_events_are_told_and_notes_apart_from_them(keys: KeyStore) -> None:
    events, notes = list[wire.Message](), list[wire.Message]()
    line = Line(keys, Hooks(on_event=events.append, on_note=notes.append))
    note = bytes((0x50, 0, 0, 0, wire.TraceEvent.ID, 0)) + EVENT.encode()
    line.host.feed(encode_frame(note), 0)
    line.run(100)
    line.handset.reply(EVENT, 0)
    line.run(100)
    assert (events, notes) == ([EVENT], [EVENT])


def test_end_answers_every_question_with_its_reason(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    answers = line.ask(1) + line.ask(2)
    waiting = [line.ask(1), line.ask(2)]
    line.handset.restart()
    line.run(3000)
    assert answers == []
    for (error,) in waiting:
        assert isinstance(error, ChannelClosedError)
    with pytest.raises(ChannelClosedError):
        line.ask(3)
    assert line.host.next_frame(line.now_ms * 1000) is None
    assert line.host.next_deadline_us is None


def test_message_that_was_tampered_with_ends_the_session(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    line.handset.reply(EVENT, 0)
    (payload,) = FrameDecoder().feed(line.handset.next_frame(line.now_ms))
    spoilt = payload[:-1] + bytes([payload[-1] ^ 1])
    line.host.feed(encode_frame(spoilt), line.now_ms * 1000)
    assert isinstance(line.host.failure, AuthError)


def test_session_that_the_host_ends_for_what_arrived_does_not_stand_on(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    assert line.host.is_open
    line.handset.reply(EVENT, 0)
    (payload,) = FrameDecoder().feed(line.handset.next_frame(line.now_ms))
    line.host.feed(encode_frame(payload[:-1] + bytes([payload[-1] ^ 1])), line.now_ms * 1000)
    line.run(10)
    assert line.handset.lanes is None
    assert line.host.is_idle
    assert line.host.next_frame(line.now_ms * 1000) is None


def test_session_ends_on_the_handset_though_the_farewell_is_lost_twice(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    line.host.fail(AuthError("it is another", "look"))
    for _ in range(2):
        assert line.host.next_frame(line.now_ms * 1000) is not None
        assert line.host.next_deadline_us is not None
        line.now_ms = line.host.next_deadline_us // 1000
    assert not line.host.is_idle
    line.run(10)
    assert line.handset.lanes is None
    assert line.host.is_idle


def test_farewell_to_a_handset_that_is_gone_has_an_end(keys: KeyStore) -> None:
    line = Line(keys)
    line.run(100)
    line.host.fail(AuthError("it is another", "look"))
    frames = 0
    for _ in range(1000):
        line.now_ms += 1
        frames += line.host.next_frame(line.now_ms * 1000) is not None
    assert frames == 3
    assert line.host.is_idle
    assert line.host.next_deadline_us is None


@pytest.mark.parametrize("connection", [1, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_farewell_names_another_connection_which_is_one(connection: int) -> None:
    frame = Channel(connection).farewell()
    assert frame[0] >> 4 == Kind.RESET
    assert int.from_bytes(frame[4:], "little") not in (0, connection)


def test_tap_hears_every_frame_with_what_was_in_it(keys: KeyStore) -> None:
    sealed, sent, received = dict[bytes, bytes](), list[bytes](), list[bytes | None]()

    class Tap:
        def sealed(self, plain: bytes, box: bytes) -> None:
            sealed[box] = plain

        def sent(self, payload: bytes) -> None:
            sent.append(payload)

        def received(self, payload: bytes, plain: bytes | None) -> None:
            received.append(plain)

    line = Line(keys, Hooks(tap=Tap()))
    line.run(100)
    assert not sealed
    line.ask(4)
    line.run(100)
    (box,) = sealed
    assert sealed[box][0] == wire.ConfigGet.ID
    assert any(payload[4:] == box for payload in sent)
    assert [plain[0] for plain in received if plain] == [wire.ConfigValue.ID]
