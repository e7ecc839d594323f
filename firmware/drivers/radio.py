"""The link's GATT service over `bluetooth`, as protocol/INTERFACE.md has it."""

import asyncio

from bluetooth import BLE, FLAG_NOTIFY, FLAG_WRITE, FLAG_WRITE_NO_RESPONSE, UUID
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

# 1: the service, 2: written by the host, 3: notified.
_UUID = "0f47000%d-cca9-4b74-a7c1-8e69e4473ab6"
# Flags (general discoverable, LE only), then all UUIDs of 128 bits: no name.
_ADVERTISED = (
    b"\x02\x01\x06\x11\x07\xb6\x3a\x47\xe4\x69\x8e\xc1\xa7\x74\x4b\xa9\xcc\x01\x00\x47\x0f"
)
_INTERVAL_US = const(100_000)
_MTU = const(247)
_LEAST_ROOM = const(20)  # of a value, at the MTU of 23 that holds until another is agreed
_ATT_HEADER_BYTES = const(3)
_BUFFER_BYTES = const(2_048)
_NOBODY = const(-1)
_RETRY_MS = const(10)
_MAX_TRIES = const(100)

_CENTRAL_CONNECT = const(1)
_CENTRAL_DISCONNECT = const(2)
_MTU_EXCHANGED = const(21)


class Radio:
    """One host at a time; silent until `open` and `advertise`.

    Events store a number at most: what is written collects in the stack's own buffer. Anything
    here may raise OSError, whatever the stack says.
    """

    def __init__(self, address_mode: int) -> None:
        self.buffer = b""
        self._address_mode = address_mode
        self._ble: Any = BLE()
        self._connection = _NOBODY
        self._room = _LEAST_ROOM
        self._unsent: "bytes | memoryview" = b""

    @property
    def is_connected(self) -> bool:
        """Whether a host is there."""
        return self._connection != _NOBODY

    def open(self) -> None:
        """Switch the radio on, with the link's service and no name."""
        ble = self._ble
        ble.irq(self._on_event)
        ble.active(True)
        ble.config(gap_name="", mtu=_MTU)
        service = (
            UUID(_UUID % 1),
            (
                (UUID(_UUID % 2), FLAG_WRITE | FLAG_WRITE_NO_RESPONSE),
                (UUID(_UUID % 3), FLAG_NOTIFY),
            ),
        )
        ((self._to_handset, self._to_host),) = ble.gatts_register_services((service,))
        ble.gatts_set_buffer(self._to_handset, _BUFFER_BYTES, True)

    def advertise(self) -> None:
        """Be there to be connected to, under an address never used before."""
        self.read()
        self._ble.config(addr_mode=self._address_mode)
        self._ble.gap_advertise(_INTERVAL_US, _ADVERTISED)

    def hang_up(self) -> None:
        """Let go of the host, if there is one."""
        if self.is_connected:
            self._ble.gap_disconnect(self._connection)

    def hush(self) -> None:
        """Send nothing any more."""
        try:
            self._ble.gap_advertise(None)
        finally:
            self.hang_up()

    def close(self) -> None:
        """Switch the radio off; that waits, for up to 2 s, for a host that is still there."""
        self._connection = _NOBODY
        try:
            self._ble.active(False)
        finally:
            self._ble.irq(None)

    # Called between any two bytecodes: allocates nothing and waits for nothing.
    def _on_event(self, event: int, data: "Any") -> None:
        if event == _CENTRAL_CONNECT:
            self._room = _LEAST_ROOM
            self._connection = data[0]
        elif event == _CENTRAL_DISCONNECT:
            self._connection = _NOBODY
        elif event == _MTU_EXCHANGED:
            self._room = data[1] - _ATT_HEADER_BYTES

    # -- a port

    def read(self) -> int:
        """Take what the host has written into `buffer`; how many octets."""
        self.buffer = self._ble.gatts_read(self._to_handset)
        return len(self.buffer)

    def write(self, data: "bytes | memoryview") -> None:
        """Send bytes, which must stay as they are until `sent` returns."""
        self._unsent = data

    async def sent(self) -> None:
        """Hand over what was written, piece by piece; what the stack never takes is dropped."""
        tries = 0
        while self._unsent and self.is_connected and tries < _MAX_TRIES:
            room = self._room
            try:
                self._ble.gatts_notify(self._connection, self._to_host, self._unsent[:room])
                self._unsent = self._unsent[room:]
                await asyncio.sleep_ms(0)
            except OSError:  # for want of buffers: one is free again after a connection event
                tries += 1
                await asyncio.sleep_ms(_RETRY_MS)
        self._unsent = b""
