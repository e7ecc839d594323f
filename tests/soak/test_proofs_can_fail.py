"""Each damage to the line breaks an end that does not see to it, and the proofs tell."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from cobs import cobs
from tests.soak.line import imported

from tocsin_host.channel import ChannelClosedError
from tocsin_host.channel.arq import Receiver as HostReceiver
from tocsin_host.channel.arq import Sender as HostSender
from tocsin_protocol import frame as host_frame
from tocsin_protocol.errors import FrameError

arq = imported("tocsin.link.arq")
deframe = imported("tocsin.link.deframe")
channel_cases = imported("portable_cases.channel_cases")
impaired_line = imported("portable_cases.impaired_line")
resync_cases = imported("portable_cases.resync_cases")
host_end = imported("host_end")

BYTES = 60_000
DELIMITER = b"\x00"
Method = Callable[..., Any]


def host_ends() -> list[Any]:
    return [host_end.HostEnd(), channel_cases.HandsetEnd()]


def exchange(ends: list[Any], *faults: str) -> None:
    course = channel_cases.Exchange(1, ends, faults)
    course.run_until(BYTES)
    course.finish()


def believes_all(healthy: Method) -> Method:
    return lambda *arguments: True


def takes_any_crc(healthy: Method) -> Method:
    def decode(frame: bytes) -> bytes:
        try:
            content: bytes = cobs.decode(frame)
        except cobs.DecodeError as error:
            raise FrameError("is not COBS") from error
        return content[:-4]

    return decode


def takes_repeats(healthy: Method) -> Method:
    def accept(self: Any, sequence: int, *data: Any) -> Any:
        if self.is_ahead(sequence):
            return healthy(self, sequence, *data)
        expected, self.expected = self.expected, sequence
        healthy(self, sequence, *data)
        self.expected = expected
        return True

    return accept


def takes_any_order(healthy: Method) -> Method:
    def accept(self: Any, sequence: int, *data: Any) -> Any:
        if self.is_ahead(sequence):
            self.expected = sequence
        return healthy(self, sequence, *data)

    return accept


def does_nothing(healthy: Method) -> Method:
    return lambda *arguments: None


def forgets_halves(healthy: Method) -> Method:
    def feed(self: Any, data: bytes, *size: int) -> Any:
        return healthy(self, data, *size) if data.endswith(DELIMITER) else []

    return feed


def reads_one_frame_a_piece(healthy: Method) -> Method:
    def feed(self: Any, data: bytes, *size: int) -> Any:
        end = data.find(DELIMITER) + 1 or len(data)
        return healthy(self, data[:end], *([end] if size else []))

    return feed


def stays_out_of_step(healthy: Method) -> Method:
    def end_frame(self: Any) -> Any:
        rejected = self.rejected
        found = healthy(self)
        if self.rejected > rejected:
            self._take(b"rest") if hasattr(self, "_take") else setattr(self, "_size", 4)
        return found

    return end_frame


def keeps_everything(healthy: Method) -> Method:
    kept: list[bytes] = []

    def feed(self: Any, data: bytes, *size: int) -> Any:
        kept.append(bytes(data))
        return healthy(self, data, *size)

    return feed


HANDSET_SABOTAGE = [
    ("flip", deframe.FrameDecoder, "_crc_right", believes_all),
    ("repeat", arq.Receiver, "accept", takes_repeats),
    ("delay", arq.Receiver, "accept", takes_any_order),
    ("loss", arq.Sender, "expire go_back", does_nothing),
    ("noise", deframe.FrameDecoder, "_end_frame", stays_out_of_step),
    ("gap", deframe.FrameDecoder, "_end_frame", stays_out_of_step),
]
HOST_SABOTAGE = [
    ("flip", host_frame, "decode_frame", takes_any_crc),
    ("repeat", HostReceiver, "accept", takes_repeats),
    ("delay", HostReceiver, "accept", takes_any_order),
    ("loss", HostSender, "expire go_back", does_nothing),
    ("noise", host_frame.FrameDecoder, "_finish", stays_out_of_step),
    ("gap", host_frame.FrameDecoder, "_finish", stays_out_of_step),
]


def break_it(patch: pytest.MonkeyPatch, owner: Any, attributes: str, broken: Method) -> None:
    for name in attributes.split():
        patch.setattr(owner, name, broken(getattr(owner, name)))


def names(sabotage: Any) -> str:
    return sabotage.__name__ if callable(sabotage) else str(sabotage)


@pytest.mark.parametrize("fault", impaired_line.FAULTS)
@pytest.mark.parametrize("ends", [host_ends, channel_cases.handset_ends])
def test_sound_ends_withstand_each_fault_alone(ends: Method, fault: str) -> None:
    both = ends()
    exchange(both, fault)
    damages = fault in ("noise", "flip", "gap")
    assert any(end.decoder.rejected for end in both) == damages


@pytest.mark.parametrize(("fault", "owner", "name", "broken"), HANDSET_SABOTAGE, ids=names)
def test_broken_handset_fails_by_the_fault_alone(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Method
) -> None:
    break_it(monkeypatch, owner, name, broken)
    with pytest.raises(AssertionError):
        exchange(channel_cases.handset_ends(), fault)


@pytest.mark.parametrize(("fault", "owner", "name", "broken"), HOST_SABOTAGE, ids=names)
def test_broken_host_fails_by_the_fault_alone(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Method
) -> None:
    break_it(monkeypatch, owner, name, broken)
    with pytest.raises((AssertionError, ChannelClosedError)):
        exchange(host_ends(), fault)


@pytest.mark.parametrize("make_frames", [resync_cases.HandsetFrames, host_frame.FrameDecoder])
@pytest.mark.parametrize("broken", [forgets_halves, reads_one_frame_a_piece, stays_out_of_step])
def test_broken_decoder_does_not_read_the_next_frame(
    monkeypatch: pytest.MonkeyPatch, make_frames: Method, broken: Method
) -> None:
    is_host = make_frames is host_frame.FrameDecoder
    owner = make_frames if is_host else deframe.FrameDecoder
    end_frame = "_finish" if is_host else "_end_frame"
    break_it(monkeypatch, owner, end_frame if broken is stays_out_of_step else "feed", broken)
    with pytest.raises(AssertionError, match="not in step"):
        resync_cases.the_next_frame_is_read(1, BYTES, make_frames())


def test_memory_that_grows_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch, deframe.FrameDecoder, "feed", keeps_everything)
    tracemalloc.start()
    try:
        with pytest.raises(AssertionError, match="memory grows"):
            channel_cases.everything_arrives_and_memory_is_flat(
                1, BYTES, host_ends(), lambda: tracemalloc.get_traced_memory()[0]
            )
    finally:
        tracemalloc.stop()
