"""A server of the Simple Management Protocol that takes files: MCUmgr over a serial line.

Answers two requests: the transport's parameters (group OS) and an upload (group FS). Frames are as
Zephyr's "SMP over console": lines of base64 behind a start or continue delimiter, which hold a
length, a message and its CRC-16 (XMODEM).

`python -m tests.bench.transfer.smp_server PORT FILE BUFFER_BYTES`
"""

import base64
import binascii
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import cbor2
import serial

_START, _CONTINUE = b"\x06\x09", b"\x04\x14"
_LINE_BYTES = 124  # of base64: with delimiter and line feed no line is longer than 127
_HEADER = struct.Struct(">BBHHBB")  # operation, flags, length, group, sequence, command
_OS, _FS = 0, 8
_PARAMETERS, _UPLOAD = 6, 0
_NOT_SUPPORTED = 8  # MGMT_ERR_ENOTSUP
_READ = 0
_VERSION_AND_OPERATION = 0x1F


class Uploads:
    """Answers requests; what comes goes into `target`."""

    def __init__(self, target: Path, buffer_bytes: int) -> None:
        self._target = target
        self._buffer_bytes = buffer_bytes

    def answer(self, message: bytes) -> bytes:
        """The whole reply to a whole request."""
        operation, _, _, group, sequence, command = _HEADER.unpack_from(message)
        body: bytes = cbor2.dumps(self._body(group, command, cbor2.loads(message[_HEADER.size :])))
        reply = (operation & _VERSION_AND_OPERATION) + 1
        return _HEADER.pack(reply, 0, len(body), group, sequence, command) + body

    def _body(self, group: int, command: int, request: dict[str, object]) -> dict[str, object]:
        if (group, command) == (_OS, _PARAMETERS):
            return {"buf_size": self._buffer_bytes, "buf_count": 4}
        if (group, command) == (_FS, _UPLOAD):
            return {"off": self._keep(request["off"], request["data"])}
        return {"rc": _NOT_SUPPORTED}

    def _keep(self, offset: object, data: object) -> int:
        assert isinstance(offset, int)
        assert isinstance(data, bytes)
        with self._target.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.write(data)
        return offset + len(data)


def messages(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Whole messages out of lines; what is damaged is left out."""
    frame = b""
    for line in lines:
        if line.startswith(_START):
            frame = b""
        frame += base64.b64decode(line[len(_START) :])
        length = int.from_bytes(frame[:2], "big")
        if len(frame) >= 2 + length and not binascii.crc_hqx(frame[2:], 0):
            yield frame[2:-2]


def framed(message: bytes) -> bytes:
    """The lines of a message."""
    crc = binascii.crc_hqx(message, 0).to_bytes(2, "big")
    text = base64.b64encode((len(message) + 2).to_bytes(2, "big") + message + crc)
    parts = [text[at : at + _LINE_BYTES] for at in range(0, len(text), _LINE_BYTES)]
    return b"".join(
        (_CONTINUE if number else _START) + part + b"\n" for number, part in enumerate(parts)
    )


def _lines(port: serial.Serial) -> Iterator[bytes]:
    rest = b""
    while data := port.read(max(1, port.in_waiting)):
        *lines, rest = (rest + data).split(b"\n")
        yield from lines


def main() -> None:
    """Serve until ended from outside."""
    path, target, buffer_bytes = sys.argv[1:]
    uploads = Uploads(Path(target), int(buffer_bytes))
    with serial.Serial(path) as port:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for message in messages(_lines(port)):
            port.write(framed(uploads.answer(message)))


if __name__ == "__main__":
    main()
