"""Files that are either as they were or as they should be, whenever the power fails.

A file is its content and the CRC-32 (ISO-HDLC, little-endian) of it.
"""

import binascii
import errno
import os
import struct

from micropython import const

_CRC_BYTES = const(4)


def replace(path: str, buf: "bytes | bytearray | memoryview", n: int) -> None:
    """Make buf[:n] the content of the file in one step; raises OSError when flash refuses."""
    os.rename(_written(path, buf, n), path)


def replace_proven(path: str, buf: "bytes | bytearray | memoryview", n: int) -> None:
    """As `replace`; what does not read back raises OSError, too, and the file stays as it was."""
    fresh = _written(path, buf, n)
    if load(fresh) != bytes(memoryview(buf)[:n]):
        os.remove(fresh)
        raise OSError(errno.EIO)
    os.rename(fresh, path)


def _written(path: str, buf: "bytes | bytearray | memoryview", n: int) -> str:
    content = memoryview(buf)[:n]
    fresh = path + ".new"
    with open(fresh, "wb") as file:
        file.write(content)
        file.write(struct.pack("<I", binascii.crc32(content)))
    return fresh


def load(path: str) -> "bytes | None":
    """The content; None when there is no such file or it is torn."""
    try:
        with open(path, "rb") as file:
            data: bytes = file.read()
    except OSError:
        return None
    content = data[:-_CRC_BYTES]
    if len(data) < _CRC_BYTES or data[-_CRC_BYTES:] != struct.pack("<I", binascii.crc32(content)):
        return None
    return content


def is_missing(path: str) -> bool:
    """Whether there is certainly no such file: not one that flash cannot find its way to."""
    try:
        os.stat(path)
    except OSError as error:
        return error.errno == errno.ENOENT
    return False
