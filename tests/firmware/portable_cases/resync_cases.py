"""Rubbish before, between and inside frames: the next whole frame is read, and nothing made up."""

from portable_cases.channel_cases import FLAT_BYTES, MAX_PAYLOAD, HandsetEnd, memory_bytes
from portable_cases.impaired_line import Dice
from tocsin.link.deframe import FrameDecoder
from tocsin.link.frame import FrameEncoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LONGEST_RUBBISH = 1500  # more than any decoder keeps


class HandsetFrames:
    """A handset's decoder with the face of the host's."""

    def __init__(self) -> None:
        self._payloads: "list[bytes]" = []
        self._decoder = FrameDecoder(MAX_PAYLOAD, self._on_frame)

    @property
    def rejected(self) -> int:
        return self._decoder.rejected

    def feed(self, data: bytes) -> "list[bytes]":
        self._decoder.feed(bytearray(data), len(data))
        payloads, self._payloads = self._payloads, []
        return payloads

    def _on_frame(self, payload: memoryview, n: int) -> None:
        self._payloads.append(bytes(payload[:n]))


class Rubbish:
    """Stretches of what a line may bring that is no frame, or half of one."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._encoder = FrameEncoder(MAX_PAYLOAD)
        self._kinds = (self._noise, self._zeros, self._endless, self._cut, self._merged)

    def frame(self, payload: bytes) -> bytes:
        self._encoder.payload[: len(payload)] = payload
        return bytes(self._encoder.encode(len(payload)))

    def stretch(self) -> bytes:
        return self._kinds[self._dice.below(len(self._kinds))]()

    def _size(self) -> int:
        return self._dice.below(_LONGEST_RUBBISH >> self._dice.below(8))

    def _noise(self) -> bytes:
        return self._dice.octets(self._size())

    def _zeros(self) -> bytes:
        dice = self._dice
        return bytes(dice.below(256) if dice.falls(60) else 0 for _ in range(self._size()))

    def _endless(self) -> bytes:
        return bytes([1 + self._dice.below(255)]) * self._size()

    def _cut(self) -> bytes:
        frame = self.frame(self._dice.octets(self._dice.below(40)))
        return frame[: self._dice.below(len(frame))]

    def _merged(self) -> bytes:
        return self._cut() + self._cut()


class Resync:
    """Two frames after each stretch of rubbish: at worst the one that it runs into is lost."""

    def __init__(self, seed: int, frames: "Any") -> None:
        self.carried_bytes = 0
        self.count = 0
        self.lost = 0
        self._dice = Dice(seed)
        self._rubbish = Rubbish(self._dice)
        self._frames = frames

    def run_until(self, carried_bytes: int) -> None:
        while self.carried_bytes < carried_bytes:
            self._step()

    def _step(self) -> None:
        before = self._rubbish.stretch()
        payloads = [self._payload(), self._payload()]
        data = before + b"".join([self._rubbish.frame(each) for each in payloads])
        got = self._fed(data)
        if got != payloads:
            assert got == payloads[1:], "not in step at the next frame"
            assert before[-1:] != b"\x00", "a frame is lost to rubbish that had ended"
            self.lost += 1
        self.carried_bytes += len(data)

    def _payload(self) -> bytes:
        self.count += 1
        return self.count.to_bytes(4, "little") + self._dice.octets(8) * self._dice.below(63)

    def _fed(self, data: bytes) -> "list[bytes]":
        got: "list[bytes]" = []
        start = 0
        while start < len(data):
            end = start + 1 + self._dice.below((len(data) >> self._dice.below(8)) + 1)
            got += self._frames.feed(data[start:end])
            start = end
        return got


def the_next_frame_is_read(
    seed: int, carried_bytes: int, frames: "Any", live_bytes: "Callable[[], int]" = memory_bytes
) -> "dict[str, int]":
    resync = Resync(seed, frames)
    resync.run_until(carried_bytes // 4)
    first_bytes = live_bytes()
    resync.run_until(carried_bytes)
    last_bytes = live_bytes()
    assert resync.lost
    assert last_bytes - first_bytes < FLAT_BYTES, "memory grows"
    return {
        "bytes": resync.carried_bytes,
        "frames": resync.count,
        "frames lost to what they follow": resync.lost,
        "frames rejected": frames.rejected,
        "memory first": first_bytes,
        "memory last": last_bytes,
    }


def any_payload_is_taken(seed: int, carried_bytes: int, end: "Any") -> None:
    """Frames whose CRC is right and whose content is random raise nothing in a channel."""
    dice = Dice(seed)
    rubbish = Rubbish(dice)
    carried = 0
    while carried < carried_bytes:
        payload = bytes([dice.below(6) << 4 | dice.below(3)]) + dice.octets(dice.below(20))
        frame = rubbish.frame(payload[dice.below(2) :])
        end.send(payload, dice.below(2))
        end.feed(frame, carried)
        while end.next_frame(carried):
            pass
        for lane in end.got:
            del lane[:]
        carried += len(frame)


def run(carried_bytes: str = "100000", seed: str = "1") -> "dict[str, int]":
    end = HandsetEnd()
    end.connect()
    any_payload_is_taken(int(seed), int(carried_bytes) // 10, end)
    return the_next_frame_is_read(int(seed), int(carried_bytes), HandsetFrames())
