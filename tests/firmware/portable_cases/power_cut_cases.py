"""Storage on littlefs when the power fails at any flash operation, torn writes included.

Runs on the VM only: it mounts VfsLfs2 on a flash in RAM.
"""

import vfs  # type: ignore[import-not-found]

from tocsin import wire
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.config_editor import ConfigEditor, ConfigError
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal

BLOCK_BYTES = 512
BLOCKS = 48
NEVER = 1 << 29
HOLD_MS = 8
ROUNDS = 3
EIO = -5
EMPTY = bytearray(b"\xff" * (BLOCK_BYTES * BLOCKS))


class Flash:
    """A block device whose supply fails at one chosen program or erase operation, for good.

    Answers like a driver in C, by error numbers: files left open are closed by the collector,
    where nothing may be allocated.
    """

    def __init__(self, data: bytearray, operations_left: int, torn_bytes: int) -> None:
        self.data = data
        self._operations_left = operations_left
        self._torn_bytes = torn_bytes

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> int:
        if self._operations_left < 0:
            return EIO
        start = block * BLOCK_BYTES + offset
        buf[:] = self.data[start : start + len(buf)]
        return 0

    def writeblocks(self, block: int, buf: bytearray, offset: int = 0) -> int:
        start = block * BLOCK_BYTES + offset
        if self._operates():
            self.data[start : start + len(buf)] = buf
            return 0
        if self._torn_bytes:
            self.data[start : start + self._torn_bytes] = buf[: self._torn_bytes]
            self._torn_bytes = 0
        return EIO

    def ioctl(self, operation: int, _argument: int) -> int:
        if operation == 4:
            return BLOCKS
        if operation == 5:
            return BLOCK_BYTES
        return 0 if operation != 6 or self._operates() else EIO

    def _operates(self) -> bool:
        if self._operations_left >= 0:
            self._operations_left -= 1
        return self._operations_left >= 0


class Witness:
    """What the handset had been told was stored when its supply failed."""

    def __init__(self) -> None:
        self.taken: "list[int]" = []
        self.noted = 0
        self.hold_ms = 1000
        self.next_hold_ms = 1000
        self.marked = 0
        self.next_marked = 0


def work(witness: Witness) -> None:
    """Boot and use every kind of storage, three times over."""
    for step in range(1, ROUNDS + 1):
        config, lease, journal, record = booted()
        witness.next_hold_ms = 600 + step
        ConfigEditor(config).apply([(HOLD_MS, (600 + step).to_bytes(4, "little"))])
        witness.hold_ms = 600 + step
        for _ in range(3):
            witness.taken.append(lease.take())
            lease.renew_if_low()
            journal.append(wire.JOURNAL_DIALLED, 0, witness.noted + 1, 0, 0)
            witness.noted += 1
        witness.next_marked = step
        record.mark(step, step)
        witness.marked = step


def booted() -> "tuple[Config, CounterLease, Journal, OpenActivation]":
    config = Config("/cut")
    config.load()
    lease = CounterLease("/cut/counter", 4)
    lease.open()
    journal = Journal("/cut", 4)
    journal.open()
    record = OpenActivation("/cut/activation")
    record.load()
    return config, lease, journal, record


def check(witness: Witness) -> None:
    """After the next boot everything told to be stored is there, and nothing half done."""
    config, lease, journal, record = booted()
    assert config.get("hold_ms") in (witness.hold_ms, witness.next_hold_ms)
    assert lease.take() > max(witness.taken or [0])
    noted = [entry.value for entry in journal.entries()]
    assert noted in (
        expected_values(witness.noted),
        expected_values(witness.noted + 1),
        expected_values(witness.noted)[4:],  # the older file was emptied for an entry then lost
    )
    journal.append(wire.JOURNAL_BOOT, 0, -1, 0, 0)
    assert [entry.value for entry in journal.entries()][-1] == -1
    assert record.activation in (witness.marked, witness.next_marked)
    assert record.is_open == (record.activation != 0)


def expected_values(noted: int) -> "list[int]":
    held = noted if noted <= 8 else 5 + (noted - 1) % 4
    return list(range(noted - held + 1, noted + 1))


def cut_at(operation: int, torn_bytes: int) -> bool:
    """Run the work with a cut; False when it ended before the cut came."""
    flash = Flash(bytearray(EMPTY), operation, torn_bytes)
    witness = Witness()
    cut = False
    vfs.mount(vfs.VfsLfs2(flash, mtime=False), "/cut")
    try:
        work(witness)
    except (OSError, ConfigError):
        cut = True
    vfs.umount("/cut")
    vfs.mount(vfs.VfsLfs2(Flash(bytearray(flash.data), NEVER, 0), mtime=False), "/cut")
    check(witness)
    vfs.umount("/cut")
    return cut


def run() -> None:
    vfs.VfsLfs2.mkfs(Flash(EMPTY, NEVER, 0))
    for torn_bytes in (0, 1, 17):
        operation = 0
        while cut_at(operation, torn_bytes):
            operation += 1
        assert operation > 50, operation
