"""A slot's file as a file system that modules are imported from; part of the loader.

The file is an update as it came, laid out as the interface document says under "Updates". Only
what never changes of that is read: an update made by any later version must be started by this.
"""

import hashlib
import io
import struct

from micropython import const

_MAGIC = b"tocsin 1"
_HEAD_BYTES = const(10)  # magic and length of the manifest
_MANIFEST_MAX_BYTES = const(512)
_HASH_BYTES = const(32)  # at the manifest's beginning; the size of what is hashed follows
_SIGNATURE_BYTES = const(384)
_BLOCK_BYTES = const(1024)

_FOLDER_STAT = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_FILE_STAT = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_MODULE = ".mpy"
_SOURCE = ".py"
_MISSING = OSError(2)  # ENOENT
_GET_BUFFER_SIZE = const(11)
_READ_BYTES = const(255)


class Image:
    """The modules of an update, read-only (MicroPython's vfs interface).

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
        (size,) = struct.unpack_from("<L", manifest, _HASH_BYTES)
        self._start = _HEAD_BYTES + manifest_bytes + _SIGNATURE_BYTES
        file.seek(self._start)
        if _hash(file, size) != manifest[:_HASH_BYTES]:
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
