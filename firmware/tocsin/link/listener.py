"""Waits for a host to speak: one whole frame, and the link's service part is loaded."""

import sys

from micropython import const

from tocsin.link.deframe import FrameDecoder
from tocsin.link.loading import load, unload
from tocsin.wire import MAX_PAYLOAD_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.serial import SerialLink
    from tocsin.link.service import Service

_MODULES = (
    "tocsin.wire_dialogue",
    "tocsin.link.ring",
    "tocsin.link.round_trip",
    "tocsin.link.arq",
    "tocsin.link.channel",
    "tocsin.link.lanes",
    "tocsin.refusal",
    "tocsin.link.old_host",
    "tocsin.link.handlers",
    "tocsin.link.dispatch",
    "tocsin.link.session",
    "tocsin.link.service",
)


class Listener:
    """Takes the bytes of one port; `resident` names the modules that stay when the host is gone."""

    def __init__(self, handset: "Handset", link: "SerialLink", resident: "set[str]") -> None:
        self._handset = handset
        self._link = link
        self._resident = resident
        self._decoder = FrameDecoder(MAX_PAYLOAD_BYTES, self._on_frame)
        self._first: bytes | None = None
        self._service: Service | None = None

    async def take(self, buf: bytearray, n: int) -> None:
        """Take buf[:n]."""
        self._decoder.feed(buf, n)
        if self._first is not None and self._service is None:
            await self._begin(self._first)

    def _on_frame(self, payload: memoryview, n: int) -> None:
        if self._service is not None:
            self._service.receive(payload, n)
        elif not self._handset.is_restarting():  # then the host asks until it is heard again
            self._first = bytes(payload)

    async def _begin(self, frame: bytes) -> None:
        try:
            await load(_MODULES, self._handset.gate)
            from tocsin.link.service import Service

            self._service = Service(self._handset, self._link, self._end)
        except Exception:
            self._end()
            raise
        self._service.receive(memoryview(frame), len(frame))

    def _end(self) -> None:
        """Let go of all that only a host needs; it is collected at the next quiet moment."""
        self._service = None
        self._link.release()
        unload([each for each in sys.modules if self._is_ours(each)])

    def _is_ours(self, name: str) -> bool:
        return name.startswith("tocsin.") and name not in self._resident
