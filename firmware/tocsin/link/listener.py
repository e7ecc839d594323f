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
    from tocsin.parts import Radio

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

# Loaded with `lanes`, and only once: no collector gets back where the ESP32's port keeps it.
_MACHINE_CODE = "tocsin.crypto.viper"
_OF_RADIO = "tocsin.link.service_mode"
# What the radio's hosts come through, too.
_STAY = (__name__, "tocsin.link.deframe", "tocsin.link.loading", _OF_RADIO)


class Listener:
    """Takes the bytes of every port, and has one host served at a time.

    `resident` names the modules that stay when nobody is listened to any more.
    """

    def __init__(self, handset: "Handset", link: "SerialLink", resident: "set[str]") -> None:
        self.is_service_mode = False
        self._handset = handset
        self._link = link
        self._resident = resident
        self._decoder = FrameDecoder(MAX_PAYLOAD_BYTES, self._on_frame)
        self._radio: Radio | None = None  # whose bytes are taken; None: the cable's
        self._first: bytes | None = None
        self._service: Service | None = None

    async def take(self, radio: "Radio | None", buf: "bytes | bytearray", n: int) -> None:
        """Take buf[:n] of the radio or, with None, of the cable; lost while the other's is served.

        After an error nobody is served.
        """
        if radio is not self._radio:
            if self._first is not None:
                return
            self._radio = radio
            self._decoder.feed(b"\x00", 1)
        self._decoder.feed(buf, n)
        if self._first is not None and self._service is None:
            await self._begin(self._first)

    def _on_frame(self, payload: memoryview, n: int) -> None:
        if self._service is not None:
            self._service.receive(payload, n)
        else:
            self._first = bytes(payload)
            self._link.is_serving = True

    async def _begin(self, frame: bytes) -> None:
        try:
            await load(_MODULES, self._handset.gate)
            from tocsin.link.service import Service

            self._service = Service(self._handset, self._link, self._radio, self._end)
        except Exception:
            self._end()
            raise
        self._service.receive(memoryview(frame), len(frame))

    # -- by radio

    def serves(self, radio: "Radio") -> bool:
        """Whether that is where the host is."""
        return self._service is not None and self._radio is radio

    def is_proven(self, radio: "Radio") -> bool:
        """Whether the host there has a session."""
        service = self._service
        return service is not None and self._radio is radio and service.is_proven

    def stop(self, radio: "Radio") -> None:
        """Have the host there, if any, be served no longer."""
        if self._service is not None and self._radio is radio:
            self._service.stop()

    async def serve_radio(self) -> None:
        """Service mode, to its end; nothing happens without a radio, or if it is on already."""
        if self.is_service_mode:
            return
        self.is_service_mode = True
        try:
            await load((_OF_RADIO,), self._handset.gate)
            radio = self._handset.board.radio()
            if radio is not None:
                from tocsin.link.service_mode import ServiceMode

                await ServiceMode(self._handset, self, radio).run()
        finally:
            self.is_service_mode = False
            if self._first is None:
                self._end()

    # -- what is let go of

    def _end(self) -> None:
        """Let go of all that nobody needs now; it is collected at the next quiet moment."""
        self._service = self._first = self._radio = None
        self._link.is_serving = False
        if not self.is_service_mode:
            self._link.release()
        unload([each for each in sys.modules if self._is_ours(each)])

    def _is_ours(self, name: str) -> bool:
        if name.startswith("tocsin.health") and self._handset.heartbeat.is_busy:
            return False
        if name in self._resident or _MACHINE_CODE.startswith(name):
            return False
        return name.startswith("tocsin.") and not (self.is_service_mode and name in _STAY)
