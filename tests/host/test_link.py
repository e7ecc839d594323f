from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tocsin_host import wire
from tocsin_host.conversation import Hooks, Opening
from tocsin_host.errors import AuthError, DisconnectedError, ProtocolError, ResponseTimeoutError
from tocsin_host.link import Link
from tocsin_host.session import Role
from tocsin_host.transport import open_transport

if TYPE_CHECKING:
    from tests.host.conftest import ScriptedHandset, StartHandset

    from tocsin_host.keys import KeyStore

OpenLink = Callable[..., Link]


@pytest.fixture
def open_link(keys: KeyStore) -> OpenLink:
    """Open a session with a handset."""

    def open_(handset: ScriptedHandset, hooks: Hooks | None = None) -> Link:
        link = Link(open_transport(handset.address), Opening(Role.TECHNICIAN, keys), hooks)
        link.wait_open(5)
        return link

    return open_


def test_a_reply_reaches_its_request_when_replies_come_in_another_order(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    waiting: list[tuple[wire.ConfigGet, int]] = []

    def backwards(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        assert isinstance(message, wire.ConfigGet)
        waiting.append((message, request))
        if len(waiting) == 3:
            for asked, number in reversed(waiting):
                handset.reply(wire.ConfigValue(key=asked.key), number)

    replies: dict[int, wire.Message] = {}
    with open_link(start_handset(backwards)) as link:

        def ask(key: int) -> None:
            replies[key] = link.request(wire.ConfigGet(key=key), 5)

        threads = [threading.Thread(target=ask, args=(key,)) for key in (1, 2, 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
    assert replies == {key: wire.ConfigValue(key=key) for key in (1, 2, 3)}


def test_noise_before_and_between_frames_is_counted_and_skipped(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    def noisy(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        handset.send(b"rst:0x1 (POWERON)\r\n\x00")
        handset.reply(wire.Restarting(), request)

    with open_link(start_handset(noisy)) as link:
        assert link.request(wire.Restart(), 5) == wire.Restarting()
        assert link.rejected_frames == 1


def test_a_late_reply_is_not_taken_for_the_next_one(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    late: list[int] = []

    def slow_once(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        late.append(request)
        if len(late) == 2:
            handset.reply(wire.ConfigApplied(generation=1), late[0])
            handset.reply(wire.ConfigApplied(generation=2), late[1])

    with open_link(start_handset(slow_once)) as link:
        with pytest.raises(ResponseTimeoutError):
            link.request(wire.Restart(), 0.05)
        assert link.request(wire.Restart(), 5) == wire.ConfigApplied(generation=2)


def test_events_arrive_beside_replies(start_handset: StartHandset, open_link: OpenLink) -> None:
    event = wire.TraceEvent(sequence=7, kind=wire.TraceKind.STAGE, code=4)

    def chatty(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        handset.reply(event, 0)
        handset.reply(wire.Restarting(), request)

    events: list[wire.Message] = []
    with open_link(start_handset(chatty), Hooks(on_event=events.append)) as link:
        link.request(wire.Restart(), 5)
    assert events == [event]


@pytest.mark.parametrize(
    ("payload", "words"), [(b"\x04", "broken Info"), (b"\xee", "0xee, which this tocsin")]
)
def test_a_reply_that_is_not_a_message_is_a_protocol_error(
    start_handset: StartHandset, open_link: OpenLink, payload: bytes, words: str
) -> None:
    def broken(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        assert handset.end.lanes is not None
        answer = payload[:1] + bytes((request,)) + payload[1:]
        handset.end.send_plain(handset.end.lanes.seal(answer))

    with (
        open_link(start_handset(broken)) as link,
        pytest.raises(ProtocolError, match=words),
    ):
        link.request(wire.InfoGet(), 5)


def test_a_disconnect_wakes_every_waiter_and_refuses_the_next(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    heard: list[wire.Message] = []

    def gone_at_second(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        heard.append(message)
        if len(heard) == 2:
            handset.unplug()

    failures: list[DisconnectedError] = []
    with open_link(start_handset(gone_at_second)) as link:

        def ask() -> None:
            try:
                link.request(wire.InfoGet(), 30)
            except DisconnectedError as error:
                failures.append(error)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        with pytest.raises(DisconnectedError):
            link.request(wire.InfoGet(), 30)
    assert len(failures) == 2


def test_silence_with_unreadable_frames_hints_at_the_speed(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    handset = start_handset(lambda handset, *_: handset.send(b"\xff\xfe\x00"))
    with open_link(handset) as link, pytest.raises(ResponseTimeoutError) as caught:
        link.request(wire.InfoGet(), 2.0)
    assert "unreadable" in caught.value.hint


def test_closing_ends_the_session_so_that_the_handset_may_rest(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    handset = start_handset(lambda *_: None)
    open_link(handset).close()
    assert isinstance(handset.end.heard[-1], wire.SessionEnd)


def test_waiting_ends_early_when_the_link_does(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    handset = start_handset(lambda handset, *_: handset.unplug())
    with open_link(handset) as link:
        link.wait(0.05)
        link.tell(wire.TransferAbort(), 5)
        with pytest.raises(DisconnectedError):
            link.wait(30)


def test_defect_on_the_reader_thread_ends_the_link_and_wakes_who_waits(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    def broken(message: wire.Message) -> None:
        raise LookupError("no such stage")

    handset = start_handset(lambda handset, *_: handset.reply(wire.TraceEvent(), 0))
    with open_link(handset, Hooks(on_event=broken)) as link:
        with pytest.raises(ProtocolError, match="LookupError: no such stage") as caught:
            link.request(wire.InfoGet(), 5)
        assert isinstance(caught.value.__cause__, LookupError)


def test_defect_on_the_transmitter_thread_ends_the_link_and_wakes_who_waits(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    class Tap:
        is_broken = False

        def sealed(self, plain: bytes, box: bytes) -> None:
            self.is_broken = True

        def sent(self, payload: bytes) -> None:
            if self.is_broken:
                raise LookupError("no such frame")

        def received(self, payload: bytes, plain: bytes | None) -> None: ...

    handset = start_handset(lambda *_: None)
    with (
        open_link(handset, Hooks(tap=Tap())) as link,
        pytest.raises(ProtocolError, match="LookupError: no such frame"),
    ):
        link.request(wire.InfoGet(), 5)


def test_session_with_an_altered_message_is_over_on_the_handset_when_the_link_is_closed(
    start_handset: StartHandset, open_link: OpenLink
) -> None:
    handset = start_handset(lambda handset, *_: handset.end.send_plain(bytes(40)))
    with open_link(handset) as link, pytest.raises(AuthError):
        link.request(wire.InfoGet(), 5)
    deadline_s = time.monotonic() + 5
    while handset.end.lanes is not None and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert handset.end.lanes is None
