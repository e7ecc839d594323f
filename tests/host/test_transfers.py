"""A transfer through the client, to a handset that keeps what it is sent."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tocsin_host import wire
from tocsin_host.client import HandsetClient
from tocsin_host.errors import DeviceRefusedError, DisconnectedError, ProtocolError, UpdateError

if TYPE_CHECKING:
    from tests.host.conftest import ScriptedHandset, StartHandset

    from tocsin_host.keys import KeyStore

DATA = bytes(range(256)) * 200
CHUNK_BYTES = 480
DIAGNOSTIC = wire.TransferKind.DIAGNOSTIC


class Store:
    """A script that keeps chunks in `kept`, drops one, unplugs or refuses where it is told to."""

    def __init__(self, *, drop_at: int = -1, unplug_at: int = -1, refuse_at: int = -1) -> None:
        self.kept = bytearray()
        self.offsets: list[int] = []
        self._drop_at = drop_at
        self.unplug_at = unplug_at
        self._refuse_at = refuse_at

    def __call__(self, handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        match message:
            case wire.TransferOpen():
                handset.reply(wire.TransferReady(len(self.kept), CHUNK_BYTES), request)
            case wire.TransferChunk(offset=offset, data=data):
                self._chunk(handset, offset, data, request)
            case wire.TransferEnd() if len(self.kept) < len(DATA):
                handset.reply(wire.TransferWanted(len(self.kept)), request)
            case wire.TransferEnd():
                handset.reply(wire.TransferDone(hashlib.sha256(self.kept).digest()), request)

    def _chunk(self, handset: ScriptedHandset, offset: int, data: bytes, request: int) -> None:
        self.offsets.append(offset)
        number = len(self.offsets)
        if number == self.unplug_at:
            handset.unplug()
        elif number == self._refuse_at:
            handset.reply(wire.Failure(wire.FailureCode.BUSY, "an alarm"), request)
        elif number != self._drop_at and offset == len(self.kept):
            self.kept += data


def test_progress_is_what_the_handset_has_and_ends_with_the_whole(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    store, progress = Store(), list[int]()
    with HandsetClient.open(start_handset(store).address, keys) as client:
        client.transfers.send(DIAGNOSTIC, DATA, lambda done, _: progress.append(done))
    assert store.kept == DATA
    assert progress == sorted(progress)
    assert progress[-1] == len(DATA)


def test_lost_chunk_is_sent_again_with_what_followed(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    store = Store(drop_at=7)
    with HandsetClient.open(start_handset(store).address, keys) as client:
        client.transfers.send(DIAGNOSTIC, DATA)
    assert store.kept == DATA


def test_cut_transfer_goes_on_in_another_session(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    store = Store(unplug_at=50)
    with (
        HandsetClient.open(start_handset(store).address, keys) as client,
        pytest.raises(DisconnectedError),
    ):
        client.transfers.send(DIAGNOSTIC, DATA)
    kept_bytes = len(store.kept)
    store.offsets.clear()
    store.unplug_at = -1
    with HandsetClient.open(start_handset(store).address, keys) as client:
        client.transfers.send(DIAGNOSTIC, DATA)
    assert store.kept == DATA
    assert store.offsets[0] == kept_bytes > 0


def test_refused_chunk_ends_the_transfer_before_its_end(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    store = Store(refuse_at=10)
    with (
        HandsetClient.open(start_handset(store).address, keys) as client,
        pytest.raises(DeviceRefusedError, match="an alarm"),
    ):
        client.transfers.send(DIAGNOSTIC, DATA * 10)
    assert len(store.offsets) < 200


def test_other_hash_than_was_sent_is_an_update_error(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    store = Store()
    store.kept += b"\xff" * CHUNK_BYTES  # left of another one
    with (
        HandsetClient.open(start_handset(store).address, keys) as client,
        pytest.raises(UpdateError, match="another hash"),
    ):
        client.transfers.send(DIAGNOSTIC, DATA)


def test_handset_that_wants_the_same_part_for_ever_is_given_up_on(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    store = Store(drop_at=1)

    def forgetful(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        store(handset, message, request)
        store.kept.clear()

    with (
        HandsetClient.open(start_handset(forgetful).address, keys) as client,
        pytest.raises(ProtocolError, match="octet 0 again and again"),
    ):
        client.transfers.send(DIAGNOSTIC, DATA[:1000])
    assert len(store.offsets) <= 15


@pytest.mark.parametrize("chunk_bytes", [0, 481, 65535])
def test_chunks_no_message_holds_are_a_protocol_error(
    start_handset: StartHandset, keys: KeyStore, chunk_bytes: int
) -> None:
    def greedy(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        handset.reply(wire.TransferReady(0, chunk_bytes), request)

    with (
        HandsetClient.open(start_handset(greedy).address, keys) as client,
        pytest.raises(ProtocolError, match=f"chunks of {chunk_bytes} octets, not 1 to 480"),
    ):
        client.transfers.send(DIAGNOSTIC, DATA)
