"""A counter that never gives a number twice, at one flash write for many numbers."""

import os
import struct

from micropython import const

from tocsin.storage import atomic

_FIRST = const(1)
_UNKNOWN_PAST = 1 << 30  # from here up the answer point does not expect numbers to rise
_WITHOUT_LEASE = const(65_536)


class CounterLease:
    """Leases numbers in blocks: what a power cut leaves unused of a block is never used."""

    def __init__(self, path: str, block: int = 256) -> None:
        self._path = path
        self._block = block
        self._next = _FIRST
        self._limit = _FIRST

    def open(self) -> None:
        """Lease a fresh block: one file replaced. Raises OSError when flash refuses."""
        self._next = self._limit = self._stored_limit()
        self._lease()

    def go_without(self) -> None:
        """Give numbers though flash refuses a lease: from a place of chance, far past all leases.

        Better one chance in millions to repeat a number than a handset that cannot raise an alarm.
        """
        self._next = _place_of_chance()
        self._limit = self._next + _WITHOUT_LEASE

    def take(self) -> int:
        """The next number, u32; writes to flash only when the lease is used up."""
        if self._next >= self._limit:
            try:
                self._lease()
            except OSError:
                self.go_without()
        number = self._next
        self._next += 1
        return number

    def renew_if_low(self) -> None:
        """Lease another block when half is used; to be called when a flash write may wait."""
        if self._limit - self._next <= self._block // 2:
            self._lease()

    def _lease(self) -> None:
        limit = self._limit + self._block
        atomic.replace(self._path, struct.pack("<I", limit), 4)
        self._limit = limit

    def _stored_limit(self) -> int:
        content = atomic.load(self._path)
        if content is not None and len(content) == 4:
            (limit,) = struct.unpack("<I", content)
            return int(limit)
        if atomic.is_missing(self._path):
            return _FIRST
        # Damaged, or out of reach, so what was given out is not known: go on far past it.
        return _place_of_chance()


def _place_of_chance() -> int:
    return _UNKNOWN_PAST + (int.from_bytes(os.urandom(3), "little") << 6)
