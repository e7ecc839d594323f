"""The receiving end of a transfer: by offset, resumable after any cut, whole only by its hash."""

import hashlib

from micropython import const

from tocsin import wire_dialogue as wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause, Sink

_HASHED_BLOCK_BYTES = const(512)


class TransferError(Exception):
    """What is transferred cannot be taken; `code` is a failure code of the protocol."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class TransferReceiver:
    """One transfer at a time into `sink`; `offset` is how much of it is there.

    Every method may raise TransferError, and what the sink raises.
    """

    def __init__(self, sink: "Sink", pause: "Pause") -> None:
        self.offset = 0
        self._sink = sink
        self._pause = pause
        self._transfer: tuple[int, int, bytes] | None = None
        self._hash = hashlib.sha256()

    async def open(self, kind: int, size: int, sha256: bytes) -> int:
        """Begin, or resume what has the same kind, size and hash; returns where to go on."""
        transfer = (kind, size, sha256)
        if transfer != self._transfer:
            self._transfer = None
            self.offset = self._sink.begin(kind, size, sha256)
            await self._hash_kept()
            self._transfer = transfer
        return self.offset

    async def _hash_kept(self) -> None:
        """Hash what an earlier run has left: no port can store a hash half done."""
        self._hash = hashlib.sha256()
        block = bytearray(_HASHED_BLOCK_BYTES)
        done = 0
        while done < self.offset:
            n = min(self._sink.read_into(done, block), self.offset - done)
            if not n:
                raise TransferError(wire.FAILURE_STORAGE, "cannot read at %d" % done)
            self._hash.update(memoryview(block)[:n])
            done += n
            await self._pause()

    async def chunk(self, offset: int, data: "bytes | memoryview") -> None:
        """Take data if it goes on where the last ended; else pass it over, to be asked for."""
        size = self._opened()[1]
        if offset + len(data) > size:
            raise TransferError(wire.FAILURE_OUT_OF_RANGE, "chunk past the end, %d" % size)
        if offset == self.offset:
            self._sink.write(offset, data)
            await self._pause()
            self._hash.update(data)
            self.offset += len(data)

    async def end(self) -> bool:
        """Accept the whole; False when the sender must be told to go on at `self.offset`.

        Refuses, and forgets, what has another hash than announced.
        """
        _, size, announced = self._opened()
        if self.offset < size:
            return False
        self._transfer = None
        if self._hash.digest() != announced:
            self._sink.discard()
            raise TransferError(wire.FAILURE_STORAGE, "the whole has another hash")
        self._sink.finish()
        await self._pause()
        return True

    def _opened(self) -> "tuple[int, int, bytes]":
        if self._transfer is None:
            raise TransferError(wire.FAILURE_OUT_OF_RANGE, "no transfer is open")
        return self._transfer
