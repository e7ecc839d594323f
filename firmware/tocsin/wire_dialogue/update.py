"""The wire codec of area update. Generated from the protocol's schema: do not edit."""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError, put, take
from tocsin.wire_dialogue import read_text, take_octets

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

SLOT_FLASHED = 0
SLOT_A = 1
SLOT_B = 2

UPDATE_NONE = 0
UPDATE_INSTALLED = 1
UPDATE_CONFIRMED = 2
UPDATE_UNPROVEN = 3
UPDATE_DAMAGED = 4


class UpdateApply:
    """Checks the update that was transferred and restarts into it, on trial."""

    ID = 0x24
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class UpdateAccepted:
    """The update is in its slot; the handset restarts into it as soon as it is not needed."""

    ID = 0x25
    MAX_BYTES = 21

    def __init__(self, version: str = "", security_counter: int = 0) -> None:
        self.version = version
        self.security_counter = security_counter

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        offset = put(buf, offset, self.version.encode(), 16, "version")
        if self.security_counter >> 31:
            raise EncodeError("security_counter")
        pack_into("<L", buf, offset, self.security_counter)
        return offset + 4


class UpdateGet:
    """Asks which firmware runs and what became of the last update."""

    ID = 0x26
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class UpdateStatus:
    """Which firmware runs and what became of the last update."""

    ID = 0x27
    MAX_BYTES = 24

    def __init__(
        self,
        running: int = SLOT_FLASHED,
        is_trial: int = 0,
        version: str = "",
        security_counter: int = 0,
        last: int = UPDATE_NONE,
    ) -> None:
        self.running = running
        self.is_trial = is_trial
        self.version = version
        self.security_counter = security_counter
        self.last = last

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if not 0 <= self.running <= 2:
            raise EncodeError("running")
        if self.is_trial >> 1:
            raise EncodeError("is_trial")
        pack_into("<BB", buf, offset, self.running, self.is_trial)
        offset += 2
        offset = put(buf, offset, self.version.encode(), 16, "version")
        if self.security_counter >> 31:
            raise EncodeError("security_counter")
        if not 0 <= self.last <= 4:
            raise EncodeError("last")
        pack_into("<LB", buf, offset, self.security_counter, self.last)
        return offset + 5


class UpdateManifest:
    """What an update is and for which handsets; covered by the signature that follows it."""

    ID = 0x63
    MAX_BYTES = 99

    sha256: bytes
    size: int
    security_counter: int
    board: str
    version: str
    minimum_version: str

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        self.sha256 = take_octets(buf, offset, end, 32, "sha256")
        offset += 32
        if end - offset < 8:
            raise DecodeError("size")
        self.size, self.security_counter = unpack_from("<LL", buf, offset)
        if self.security_counter >> 31:
            raise DecodeError("security_counter")
        offset += 8
        data = take(buf, offset, end, 24, "board")
        self.board = read_text(data, "board")
        offset += 1 + len(data)
        data = take(buf, offset, end, 16, "version")
        self.version = read_text(data, "version")
        offset += 1 + len(data)
        data = take(buf, offset, end, 16, "minimum_version")
        self.minimum_version = read_text(data, "minimum_version")
        return self
