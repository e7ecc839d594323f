"""How a session begins on a real pty, and every way it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from handset_end import KEYS, Character, HandsetEnd
from pty_handset import DeafEnd, PtyHandset

from tocsin_host import wire
from tocsin_host.channel import ChannelClosedError
from tocsin_host.client import HandsetClient
from tocsin_host.errors import (
    AuthError,
    ConfigError,
    DisconnectedError,
    ResponseTimeoutError,
    VersionMismatchError,
)
from tocsin_host.session import UNCLAIMED_KEY, Role
from tocsin_protocol.frame import FrameDecoder, encode_frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.host.conftest import Script, ScriptedHandset, StartHandset

    from tocsin_host.keys import KeyStore


class Filtered:
    """An end whose incoming octets pass `hear` first; what it sends is its own."""

    def __init__(self, end: HandsetEnd, hear: Callable[[bytes], bytes]) -> None:
        self._end = end
        self._hear = hear
        self.next_frame = end.next_frame
        self.wait_ms = end.wait_ms

    def feed(self, data: bytes, now_ms: int) -> None:
        self._end.feed(self._hear(data), now_ms)


class OldEnd:
    """A handset of protocol 1.0: no channel; a message it does not know is refused as it is."""

    def __init__(self) -> None:
        self._decoder = FrameDecoder()
        self._frames: list[bytes] = []

    def feed(self, data: bytes, now_ms: int) -> None:
        refusal = wire.Failure(wire.FailureCode.UNKNOWN_MESSAGE, "id 32").encode()
        for payload in self._decoder.feed(data):
            self._frames.append(encode_frame(bytes((wire.Failure.ID, payload[1])) + refusal))

    def next_frame(self, now_ms: int) -> bytes:
        return self._frames.pop(0) if self._frames else b""

    def wait_ms(self, now_ms: int) -> int:
        return -1


@pytest.fixture
def handset_pty() -> Iterator[PtyHandset]:
    pty = PtyHandset()
    yield pty
    pty.stop()


def informed(character: Character | None = None) -> HandsetEnd:
    """Return an end that answers everything with Info."""
    end = HandsetEnd(lambda _, number: end.reply(wire.Info(identity=7001), number), character)
    return end


def test_every_role_opens_with_its_own_key(handset: ScriptedHandset, keys: KeyStore) -> None:
    for role in Role:
        with HandsetClient.open(handset.address, keys, role) as client:
            assert client.info().identity == 7001
            assert not client.is_unclaimed


def test_handset_that_is_still_booting_is_asked_again(
    handset_pty: PtyHandset, keys: KeyStore
) -> None:
    heard: list[bytes] = []

    def sleepy(data: bytes) -> bytes:
        heard.append(data)
        return data if len(heard) > 2 else b""

    handset_pty.live(Filtered(informed(), sleepy))
    with HandsetClient.open(handset_pty.address, keys) as client:
        assert client.info().identity == 7001


def test_garbage_before_the_greeting_is_passed_over(
    handset_pty: PtyHandset, keys: KeyStore
) -> None:
    handset_pty.send(b"rst:0x1 (POWERON)\r\n\x00\x00\xff\xff" + encode_frame(b"\x50\0\0\0\x20\0"))
    handset_pty.live(informed())
    with HandsetClient.open(handset_pty.address, keys) as client:
        assert client.info().identity == 7001


def test_handset_whose_key_nobody_has_is_refused_before_any_handshake(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    stranger = start_handset(lambda *_: None, Character(keys={Role.TECHNICIAN: bytes(32)}))
    with pytest.raises(AuthError, match="no technician key for this handset in") as caught:
        HandsetClient.open(stranger.address, keys)
    assert keys.place in str(caught.value)
    assert "--keys" in caught.value.hint
    assert [type(message) for message in stranger.end.heard] == [wire.Hello]


def test_handset_that_only_claims_to_hold_the_key_is_found_out(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    proof = dict.fromkeys(Role, bytes(32))
    handset = start_handset(lambda *_: None, Character(proof=proof))
    with pytest.raises(AuthError, match="wrong key"):
        HandsetClient.open(handset.address, keys)


def test_role_the_handset_has_no_key_for_is_refused_by_it(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    handset = start_handset(lambda *_: None, Character(keys={Role.FACTORY: UNCLAIMED_KEY}))
    with pytest.raises(AuthError, match="has no technician key") as caught:
        HandsetClient.open(handset.address, keys)
    assert "claim" in caught.value.hint


def test_handset_that_nobody_has_claimed_opens_to_every_factory(
    start_handset: StartHandset, obedient: Script, keys: KeyStore
) -> None:
    handset = start_handset(obedient, Character(keys={Role.FACTORY: UNCLAIMED_KEY}))
    with HandsetClient.open(handset.address, keys, Role.FACTORY) as client:
        assert client.is_unclaimed


def test_key_file_that_is_none_is_named(
    handset: ScriptedHandset, keys: KeyStore, tmp_path: Path
) -> None:
    path = tmp_path / "keys" / "1.toml"
    path.touch(0o600)
    path.write_text("identity = 1\ntechnician = 'beef'\n")
    with pytest.raises(ConfigError, match=r"1\.toml is no key file: the technician key is not 32"):
        HandsetClient.open(handset.address, keys)


@pytest.mark.parametrize("version", [(wire.PROTOCOL_MAJOR + 1, 0), (wire.PROTOCOL_MAJOR, 0)])
def test_another_major_version_and_one_without_sessions_are_refused(
    start_handset: StartHandset, keys: KeyStore, version: tuple[int, int]
) -> None:
    handset = start_handset(lambda *_: None, Character(version=version))
    with pytest.raises(VersionMismatchError, match=rf"protocol {version[0]}\.{version[1]}"):
        HandsetClient.open(handset.address, keys)


def test_a_newer_minor_version_only_warns(
    start_handset: StartHandset, obedient: Script, keys: KeyStore
) -> None:
    newer = Character(version=(wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR + 1))
    with HandsetClient.open(start_handset(obedient, newer).address, keys) as client:
        assert "update tocsin" in client.warning
        assert client.info().identity == 7001


def test_handset_of_the_first_protocol_is_named_at_once(
    handset_pty: PtyHandset, keys: KeyStore
) -> None:
    handset_pty.live(OldEnd())
    with pytest.raises(VersionMismatchError, match=r"speaks protocol 1\.0"):
        HandsetClient.open(handset_pty.address, keys, timeout_s=30)


def test_nobody_there_is_a_timeout_that_names_the_limit(
    handset_pty: PtyHandset, keys: KeyStore
) -> None:
    handset_pty.live(DeafEnd())
    with pytest.raises(ResponseTimeoutError, match=r"within 0\.2 s"):
        HandsetClient.open(handset_pty.address, keys, timeout_s=0.2)


def test_slow_handshake_outlasts_a_short_timeout(
    start_handset: StartHandset, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    shake_hands = HandsetEnd._shake_hands

    def slowly(end: HandsetEnd, start: wire.HandshakeStart, request: int) -> None:
        time.sleep(3.0)
        shake_hands(end, start, request)

    monkeypatch.setattr(HandsetEnd, "_shake_hands", slowly)
    handset = start_handset(lambda handset, _, request: handset.reply(wire.Info(), request))
    with HandsetClient.open(handset.address, keys, timeout_s=2.0) as client:
        client.info()


def test_unplugging_during_the_handshake_says_disconnected(
    handset_pty: PtyHandset, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HandsetEnd, "_shake_hands", lambda *_: handset_pty.unplug())
    handset_pty.live(informed())
    with pytest.raises(DisconnectedError, match="was disconnected"):
        HandsetClient.open(handset_pty.address, keys)


def test_handset_that_restarts_in_a_session_is_told_from_a_silent_one(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    handset = start_handset(lambda handset, *_: handset.end.restart())
    with HandsetClient.open(handset.address, keys, timeout_s=30) as client:
        with pytest.raises(ChannelClosedError, match="started anew") as caught:
            client.info()
        assert caught.value.hint == "connect again"


def test_plain_text_in_a_session_ends_it(start_handset: StartHandset, keys: KeyStore) -> None:
    def downgraded(handset: ScriptedHandset, _: wire.Message, request: int) -> None:
        handset.end.send_plain(bytes((wire.Info.ID, request)) + wire.Info().encode())

    handset = start_handset(downgraded)
    with HandsetClient.open(handset.address, keys) as client:
        with pytest.raises(AuthError, match="altered, repeated or lost"):
            client.info()
        with pytest.raises(AuthError):
            client.info()


def test_windows_are_the_handsets(start_handset: StartHandset, keys: KeyStore) -> None:
    got: list[int] = []

    def keep(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        if isinstance(message, wire.TransferChunk):
            got.append(message.offset)
        else:
            handset.reply(wire.Info(), request)

    handset = start_handset(keep, Character(windows=(2, 1)))
    with HandsetClient.open(handset.address, keys) as client:
        for offset in range(60):
            client._link.tell(wire.TransferChunk(offset, bytes(100)), 5)
        client.info()
    assert got == list(range(60))


def test_keys_are_told_apart_by_their_check_alone(handset: ScriptedHandset, keys: KeyStore) -> None:
    from tocsin_host.keys import HandsetKeys

    for identity in range(50):
        keys.save(HandsetKeys.fresh(identity))
    with HandsetClient.open(handset.address, keys) as client:
        assert client.info().identity == 7001
    assert KEYS[Role.TECHNICIAN] != HandsetKeys.fresh(1).by_role[Role.TECHNICIAN]
