"""The loader: chooses which firmware starts, one of two slots or what was flashed beside it.

A slot is a file that holds an update as it came (interface document, "Updates"); its modules are
imported from it as from a folder. New firmware starts on trial: unless it confirms itself, the
next start goes back. No update replaces this file, so firmware of every version calls it by these
names, and it reads no more of an update than it must.
"""

import binascii
import hashlib
import io
import os
import struct
import sys

from micropython import const

FLASHED = const(0)
SLOT_A = const(1)
SLOT_B = const(2)

# How far the last update came: numbers of the protocol's UpdateStep.
NONE = const(0)
INSTALLED = const(1)
CONFIRMED = const(2)
UNPROVEN = const(3)
DAMAGED = const(4)

_FOLDER = "/data"
_MOUNT = "/slot"
_FIRST_MODULE = "/board.mpy"  # what main.py imports
# Slot confirmed, slot on trial, whether that has started, last step, whether untold, counter.
_RECORD = "<BBBBBL"
_RECORD_BYTES = const(9)
_CRC_BYTES = const(4)

_MAGIC = b"tocsin 1"
_HEAD_BYTES = const(10)  # magic and length of the manifest
_MANIFEST_MAX_BYTES = const(512)
_NUMBERS_AT = const(32)  # in the manifest, after the hash
_SIGNATURE_BYTES = const(384)
_BLOCK_BYTES = const(1024)

_FOLDER_STAT = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_FILE_STAT = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_MODULE = ".mpy"
_SOURCE = ".py"
_MISSING = OSError(2)  # ENOENT
_GET_BUFFER_SIZE = const(11)
_READ_BYTES = const(255)


class Slots:
    """Which firmware is `running`, whether on trial, and how far the `last` update came.

    `is_news` is set until the firmware has told of a step back. An update with a counter below
    `security_counter` is not to be installed.
    """

    def __init__(self, folder: str = _FOLDER) -> None:
        self.running = FLASHED
        self.is_trial = False
        self.last = NONE
        self.is_news = False
        self.security_counter = 0
        self._folder = folder
        self._confirmed = FLASHED
        self._trial = FLASHED
        self._has_started = 0
        self._image: Image | None = None

    # -- for boot.py

    def choose(self) -> None:
        """Put the firmware that is to run first on sys.path; what cannot be read is passed over."""
        self._load()
        if self._trial:
            self._try()
        if self.is_trial or not self._confirmed or self._start(self._confirmed):
            return
        if self.last != DAMAGED:
            self._go_back(DAMAGED)

    def _try(self) -> None:
        """Start what is on trial, once: flash knows that it has started before it does."""
        if self._has_started:
            self._go_back(UNPROVEN)
            return
        self._has_started = 1
        if not self._save():
            return
        self.is_trial = self._start(self._trial)
        if not self.is_trial:
            self._go_back(DAMAGED)

    def _go_back(self, step: int) -> None:
        self._trial = FLASHED
        self.last = step
        self.is_news = True
        self._save()

    def _start(self, slot: int) -> bool:
        import vfs

        try:
            self._image = image = Image(self.path(slot))
            image.stat(_FIRST_MODULE)
            vfs.mount(image, _MOUNT)
        except (OSError, ValueError):
            return False
        sys.path.insert(0, _MOUNT)
        self.running = slot
        return True

    # -- for the firmware

    def path(self, slot: int) -> str:
        """The file of a slot."""
        return self._folder + ("/slot.a" if slot == SLOT_A else "/slot.b")

    def install(self, path: str) -> None:
        """Move an update, checked already, into the slot not running; it starts next, on trial.

        Raises OSError when flash refuses; then what runs now stays.
        """
        slot = SLOT_B if self.running == SLOT_A else SLOT_A
        os.rename(path, self.path(slot))
        self._write((self.running, slot, 0, INSTALLED, False), self.security_counter)

    def confirm(self) -> None:
        """Keep what runs on trial, and its security counter from now on. Raises OSError."""
        counter = self.security_counter
        if self._image is not None:
            counter = max(counter, self._image.security_counter)
        self._write((self.running, FLASHED, 0, CONFIRMED, False), counter)
        self.is_trial = False

    def told(self) -> None:
        """The firmware has told of the step back: it is news no longer."""
        self.is_news = False
        self._save()

    # -- the record of all that

    def _load(self) -> None:
        try:
            with open(self._folder + "/slots", "rb") as file:
                record = file.read()
        except OSError:
            return
        content = record[:-_CRC_BYTES]
        if len(content) == _RECORD_BYTES and record[-_CRC_BYTES:] == _crc(content):
            self._take(content)

    def _take(self, content: bytes) -> None:
        (
            self._confirmed,
            self._trial,
            self._has_started,
            self.last,
            is_news,
            self.security_counter,
        ) = struct.unpack(_RECORD, content)
        self.is_news = is_news == 1

    def _save(self) -> bool:
        state = (self._confirmed, self._trial, self._has_started, self.last, self.is_news)
        try:
            self._write(state, self.security_counter)
        except OSError:
            return False
        return True

    def _write(self, state: "tuple[int, int, int, int, bool]", counter: int) -> None:
        content = struct.pack(_RECORD, *(state + (counter,)))
        path = self._folder + "/slots"
        with open(path + ".new", "wb") as file:
            file.write(content + _crc(content))
        os.rename(path + ".new", path)
        self._take(content)


def _crc(content: bytes) -> bytes:
    return struct.pack("<L", binascii.crc32(content))


class Image:
    """The modules of an update, as a read-only file system (MicroPython's vfs interface).

    Raises ValueError for what is no update or has another hash than it says, or OSError.
    """

    def __init__(self, path: str) -> None:
        # Open until unmounted: opened for each piece, it would leave the heap in pieces as well.
        self._file = open(path, "rb")  # noqa: SIM115
        try:
            self._read(self._file)
        except (OSError, ValueError):
            self._file.close()
            raise

    def _read(self, file: "io.BufferedReader") -> None:
        head = _take(file, _HEAD_BYTES)
        (manifest_bytes,) = struct.unpack_from("<H", head, len(_MAGIC))
        if head[: len(_MAGIC)] != _MAGIC or manifest_bytes > _MANIFEST_MAX_BYTES:
            raise ValueError("no update")
        manifest = _take(file, manifest_bytes)
        size, self.security_counter = struct.unpack_from("<LL", manifest, _NUMBERS_AT)
        self._start = _HEAD_BYTES + manifest_bytes + _SIGNATURE_BYTES
        file.seek(self._start)
        if _hash(file, size) != manifest[:_NUMBERS_AT]:
            raise ValueError("modules of another hash")
        file.seek(self._start)
        (index_bytes,) = struct.unpack("<L", _take(file, 4))
        # "\n/path offset size" for each file; text, so that to look one up leaves little garbage.
        self._index = _take(file, index_bytes).decode()

    def mount(self, readonly: bool, mkfs: bool) -> None:
        """Nothing to be done: the interface wants it."""

    def umount(self) -> None:
        """Let go of the file."""
        self._file.close()

    def stat(self, path: str) -> "tuple[int, ...]":
        """What os.stat tells of the kind; raises OSError without such a file or folder.

        An import asks for NAME, NAME.py and NAME.mpy of every module: little garbage is much.
        """
        if path.endswith(_MODULE):
            self._find(path)
            return _FILE_STAT
        if path != "/" and (path.endswith(_SOURCE) or self._index.find("\n%s/" % path) < 0):
            raise _MISSING
        return _FOLDER_STAT

    def open(self, path: str, mode: str) -> "Module":
        """The file to be read; raises OSError without such a file."""
        at = self._find(path)
        offset, size = self._index[at : self._index.find("\n", at)].split()
        return Module(self._file, self._start + int(offset), int(size))

    def _find(self, path: str) -> int:
        """Where the path's entry goes on after it."""
        at = self._index.find("\n%s " % path)
        if at < 0:
            raise _MISSING
        return at + len(path) + 2


class Module(io.IOBase):
    """A file of an image, for the import to read: in pieces, and without leaving garbage."""

    def __init__(self, file: "io.BufferedReader", start: int, size: int) -> None:
        self._file = file
        self._at = start
        self._end = start + size

    def readinto(self, buf: "bytearray | memoryview") -> int:
        """Fill `buf`, less at the end alone: an import takes that for a sign; returns how much."""
        n = min(len(buf), self._end - self._at)
        self._file.seek(self._at)
        self._file.readinto(buf if n == len(buf) else memoryview(buf)[:n])
        self._at += n
        return n

    def ioctl(self, request: int, argument: int) -> int:
        """Answer how much to read at once; closing is no work."""
        return _READ_BYTES if request == _GET_BUFFER_SIZE else 0


def _take(file: "io.BufferedReader", n: int) -> bytes:
    """The next n octets; raises ValueError where there are fewer."""
    data: bytes = file.read(n)
    if len(data) < n:
        raise ValueError("cut short")
    return data


def _hash(file: "io.BufferedReader", size: int) -> bytes:
    """SHA-256 of the next `size` octets of a file, which must be its last."""
    digest = hashlib.sha256()
    block = bytearray(_BLOCK_BYTES)
    n = file.readinto(block)
    while n:
        digest.update(memoryview(block)[:n])
        size -= n
        n = file.readinto(block)
    return digest.digest() if not size else b""


chosen = Slots()
