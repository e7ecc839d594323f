"""The flash chip: a file, kept through kills and restarts, with the time its operations take.

The callbacks run inside littlefs, where a garbage collection may crash the VM: none allocates.
"""

from micropython import const
from shim.kinds import POWER_CUT
from shim.link import link

_BLOCK_BYTES = const(4096)
_PROGRAM_US = const(700)  # of one page; W25Q32 class NOR flash, typical
_ERASE_US = const(45000)  # of one sector, likewise

_IOCTL_BLOCK_COUNT = const(4)
_IOCTL_BLOCK_SIZE = const(5)
_IOCTL_ERASE = const(6)


class FileFlash:
    """A block device (MicroPython's extended interface) over a file of whole blocks.

    `cut_at` is the number (from 1) of the program or erase operation during which power
    is lost, 0 for never; `torn_permille` of its bytes still reach the flash.
    """

    def __init__(self, path: str, cut_at: int, torn_permille: int) -> None:
        self._file = open(path, "r+b")  # noqa: SIM115 # for as long as the VM lives
        self._block_count = self._file.seek(0, 2) // _BLOCK_BYTES
        self._erased = b"\xff" * _BLOCK_BYTES
        self._operations_left = cut_at
        self._torn_permille = torn_permille

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        """Fill `buffer` from the flash."""
        self._file.seek(block * _BLOCK_BYTES + offset)
        self._file.readinto(buffer)

    def writeblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        """Program `buffer`, into erased flash."""
        self._file.seek(block * _BLOCK_BYTES + offset)
        self._operate(buffer)
        link.programs += 1
        link.debt_us += _PROGRAM_US

    def ioctl(self, request: int, block: int) -> int:
        """Answer for size, and erase a block."""
        if request == _IOCTL_BLOCK_COUNT:
            return self._block_count
        if request == _IOCTL_BLOCK_SIZE:
            return _BLOCK_BYTES
        if request == _IOCTL_ERASE:
            self._file.seek(block * _BLOCK_BYTES)
            self._operate(self._erased)
            link.erases += 1
            link.debt_us += _ERASE_US
        return 0

    def _operate(self, data: "bytes | bytearray") -> None:
        if self._operations_left:
            if self._operations_left == 1:
                self._lose_power(data)
            self._operations_left -= 1
        self._file.write(data)

    def _lose_power(self, data: "bytes | bytearray") -> None:
        self._file.write(memoryview(data)[: len(data) * self._torn_permille // 1000])
        link.emit(POWER_CUT, 0, b"")
        link.stop()
