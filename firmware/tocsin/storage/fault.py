"""The last fault: which task failed, where and how, kept across restarts; loaded when needed."""

import io
import struct
import sys

from micropython import const

from tocsin.storage import atomic

# Ahead of the text: uptime and UTC, seconds.
_HEAD = "<II"
_HEAD_BYTES = const(8)
_TEXT_BYTES = const(160)


def keep(directory: str, name: str, error: BaseException, uptime_s: int, utc_s: int) -> None:
    """Store it in the file `fault`; raises OSError when flash refuses."""
    printed = io.StringIO()
    sys.print_exception(error, printed)
    # The traceback's last two lines: the place, and the error itself.
    lines = [name] + [line.strip() for line in printed.getvalue().split("\n") if line][-2:]
    text = "\n".join(lines).encode()[:_TEXT_BYTES]
    content = struct.pack(_HEAD, uptime_s, utc_s) + text
    atomic.replace(_path(directory), content, len(content))


def last(directory: str) -> "tuple[int, int, str]":
    """Uptime and UTC of the last fault, and its text in ASCII; zeros and nothing without one."""
    content = atomic.load(_path(directory)) or bytes(_HEAD_BYTES)
    uptime_s, utc_s = struct.unpack(_HEAD, content[:_HEAD_BYTES])
    text = "".join([chr(each & 0x7F) for each in content[_HEAD_BYTES:]])
    return uptime_s, utc_s, text


def _path(directory: str) -> str:
    return directory + "/fault"
