"""A transfer into files on littlefs, the power failing at any flash operation; VM only."""

import hashlib
import os

from portable_cases.failing_flash import (
    NEVER,
    PLACE,
    content,
    cut_everywhere,
    empty,
    mounted,
    names,
)
from portable_cases.impaired_line import Dice
from portable_cases.transfer_cases import Pauses, finish, refused
from tocsin import wire_dialogue as wire
from tocsin.link.transfer import TransferReceiver
from tocsin.refusal import Refusal
from tocsin.storage.transfer_file import TransferFile

AIDING = 2
UPDATE = 1
CHUNK_BYTES = 480
RESERVE_BYTES = 4096
KEPT_BACK_BYTES = 4320  # the chunks after which it is written

WHOLE = Dice(1).octets(9_000)
OTHER = Dice(2).octets(5_000)


def receiver_of() -> TransferReceiver:
    pauses = Pauses()
    return TransferReceiver(TransferFile(PLACE, pauses, RESERVE_BYTES), pauses)


def opened(receiver: TransferReceiver, kind: int, data: bytes) -> int:
    return int(finish(receiver.open(kind, len(data), hashlib.sha256(data).digest())))


def send(receiver: TransferReceiver, kind: int, data: bytes, stop: int = NEVER) -> bool:
    offset = opened(receiver, kind, data)
    while offset < min(stop, len(data)):
        piece = data[offset : offset + CHUNK_BYTES]
        finish(receiver.chunk(offset, piece))
        offset += len(piece)
    return stop >= len(data) and finish(receiver.end())


class Sent:
    """What the host had been told when the supply failed."""

    def __init__(self) -> None:
        self.is_done = False


def send_whole(sent: Sent) -> None:
    sent.is_done = send(receiver_of(), UPDATE, WHOLE)


def whole_is_resumed(sent: Sent) -> None:
    whole, part = content("update"), content("update.part")
    assert whole in ((WHOLE,) if sent.is_done else (WHOLE, None))
    assert part is None or WHOLE.startswith(part)
    kept = len(whole if whole is not None else part or b"")
    assert opened(receiver_of(), UPDATE, WHOLE) == kept
    assert send(receiver_of(), UPDATE, WHOLE)
    assert content("update") == WHOLE
    assert content("update.part") is None


def send_other_after_whole(sent: Sent) -> None:
    sent.is_done = send(receiver_of(), UPDATE, OTHER)


def other_or_whole_is_resumed(sent: Sent) -> None:
    assert content("update") in ((OTHER,) if sent.is_done else (OTHER, WHOLE, None))
    assert send(receiver_of(), UPDATE, OTHER)
    assert content("update") == OTHER


def give_up(sent: Sent) -> None:
    receiver = receiver_of()
    opened(receiver, UPDATE, WHOLE)
    finish(receiver.abort())
    sent.is_done = True


def given_up_or_resumed(sent: Sent) -> None:
    if sent.is_done:
        assert names() == []
    assert send(receiver_of(), UPDATE, WHOLE)
    assert content("update") == WHOLE


def flash_after(data: bytes, stop: int) -> bytearray:
    flash = mounted(empty())
    send(receiver_of(), UPDATE, data, stop)
    return flash.data


def what_is_kept_grows_by_what_is_worth_an_operation() -> None:
    mounted(empty())
    send(receiver_of(), UPDATE, WHOLE, 8_900)
    assert opened(receiver_of(), UPDATE, WHOLE) == 8_900 // KEPT_BACK_BYTES * KEPT_BACK_BYTES


def kinds_do_not_touch_each_other() -> None:
    mounted(empty(64))
    send(receiver_of(), UPDATE, WHOLE, 5_000)
    assert send(receiver_of(), AIDING, OTHER)
    assert opened(receiver_of(), UPDATE, WHOLE) == KEPT_BACK_BYTES
    assert content("aiding") == OTHER
    receiver = receiver_of()
    assert refused(receiver.open(9, 1, bytes(32)))[0] == wire.FAILURE_OUT_OF_RANGE


def what_has_another_hash_is_deleted() -> None:
    mounted(empty())
    receiver = receiver_of()
    finish(receiver.open(UPDATE, 3, bytes(32)))
    finish(receiver.chunk(0, b"abc"))
    assert refused(receiver.end())[0] == wire.FAILURE_WRONG_HASH
    assert names() == []


def what_does_not_fit_is_refused_at_once() -> None:
    mounted(empty())
    status = os.statvfs(PLACE)
    free_bytes = status[1] * status[3]
    assert send(receiver_of(), UPDATE, OTHER)
    for size in (free_bytes, 1 << 29):
        assert refused(receiver_of().open(UPDATE, size, bytes(32)))[0] == wire.FAILURE_NO_SPACE
    assert content("update") == OTHER, "a refused transfer costs nothing"
    assert opened(receiver_of(), UPDATE, bytes(free_bytes - RESERVE_BYTES - 3 * 512)) == 0


def nothing_is_written_while_busy() -> None:
    flash = mounted(empty())

    class Busy(Pauses):
        async def __call__(self) -> None:
            before.append(bytes(flash.data))
            raise Refusal(wire.FAILURE_BUSY, "an alarm")

    before: "list[bytes]" = []
    receiver = receiver_of()
    opened(receiver, UPDATE, WHOLE)
    for offset in range(0, KEPT_BACK_BYTES - CHUNK_BYTES, CHUNK_BYTES):
        finish(receiver.chunk(offset, WHOLE[offset : offset + CHUNK_BYTES]))
    receiver._pause = Busy()
    assert refused(receiver.chunk(receiver.offset, WHOLE[3_840:4_320]))[0] == wire.FAILURE_BUSY
    assert bytes(flash.data) == before[0]
    assert send(receiver_of(), UPDATE, WHOLE)
    assert content("update") == WHOLE


def nothing_at_all_is_a_file_too() -> None:
    mounted(empty())
    assert send(receiver_of(), UPDATE, b"")
    assert content("update") == b""
    assert send(receiver_of(), UPDATE, b"")


def run() -> None:
    what_is_kept_grows_by_what_is_worth_an_operation()
    kinds_do_not_touch_each_other()
    what_has_another_hash_is_deleted()
    what_does_not_fit_is_refused_at_once()
    nothing_is_written_while_busy()
    nothing_at_all_is_a_file_too()
    cut_everywhere(Sent, send_whole, whole_is_resumed, 50)
    half = flash_after(WHOLE, 5_000)
    cut_everywhere(Sent, send_whole, whole_is_resumed, 20, half)
    cut_everywhere(Sent, send_other_after_whole, other_or_whole_is_resumed, 30, half)
    cut_everywhere(Sent, give_up, given_up_or_resumed, 1, half)
    done = flash_after(WHOLE, NEVER)
    cut_everywhere(Sent, send_other_after_whole, other_or_whole_is_resumed, 30, done)
