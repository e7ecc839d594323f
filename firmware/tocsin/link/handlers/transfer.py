"""Files that a host sends."""

from micropython import const

from tocsin.link.transfer import TransferReceiver
from tocsin.refusal import Refusal
from tocsin.storage.transfer_file import TransferFile
from tocsin.wire_dialogue import FAILURE_STORAGE
from tocsin.wire_dialogue.transfer import (
    TransferAbort,
    TransferChunk,
    TransferDone,
    TransferEnd,
    TransferOpen,
    TransferReady,
    TransferWanted,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table

_CHUNK_BYTES = const(480)
_RESERVE_BYTES = const(32_768)


def make(handset: "Handset", quiet: "Quiet") -> "TransferArea":
    """The area for one connection."""
    return TransferArea(handset.board.data_dir, quiet)


class TransferArea:
    """Answers TransferOpen, TransferChunk, TransferEnd and TransferAbort.

    The first chunk that cannot be taken is answered with a Failure, and so is the end then.
    """

    def __init__(self, directory: str, quiet: "Quiet") -> None:
        self._quiet = quiet
        sink = TransferFile(directory, quiet.turn_to_flash, _RESERVE_BYTES)
        self._receiver = TransferReceiver(sink, quiet.turn_to_flash)
        self._sha256 = b""
        self._refusal: Refusal | None = None

    def table(self) -> "Table":
        """Which message is answered how."""
        return {
            TransferOpen.ID: (TransferOpen, self.open),
            TransferChunk.ID: (TransferChunk, self.chunk),
            TransferEnd.ID: (TransferEnd, self.end),
            TransferAbort.ID: (TransferAbort, self.abort),
        }

    async def open(self, request: TransferOpen, _session: "Session") -> TransferReady:
        """Begin or resume."""
        await self._quiet.turn_to_flash()
        self._refusal = None
        self._sha256 = request.sha256
        offset = await self._receiver.open(request.kind, request.size, request.sha256)
        return TransferReady(offset, _CHUNK_BYTES)

    async def chunk(self, request: TransferChunk, _session: "Session") -> None:
        """Take a part; says nothing unless it is the first that cannot be taken."""
        if self._refusal is not None:
            return
        try:
            await self._receiver.chunk(request.offset, request.data)
        except Refusal as error:
            self._refusal = error
            raise
        except OSError as error:
            self._refusal = Refusal(FAILURE_STORAGE, "flash: %s" % error)
            raise self._refusal  # noqa: B904 - ports chain none

    async def end(
        self, _request: TransferEnd, _session: "Session"
    ) -> "TransferDone | TransferWanted":
        """Accept the whole, or say where to go on."""
        if self._refusal is not None:
            raise self._refusal
        await self._quiet.turn_to_flash()
        if await self._receiver.end():
            return TransferDone(self._sha256)
        return TransferWanted(self._receiver.offset)

    async def abort(self, _request: TransferAbort, _session: "Session") -> None:
        """Give it up."""
        await self._quiet.turn_to_flash()
        await self._receiver.abort()
