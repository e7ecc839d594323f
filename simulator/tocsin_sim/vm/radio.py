"""The handset's Bluetooth radio as the world holds it: heard by nobody unless somebody listens."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from tocsin_sim.kernel import Kernel
from tocsin_sim.vm.shim import kinds

_ADDRESS_BYTES = 6
_UUID_BYTES = 16
_CONNECTION = 1
_PEER_ADDRESS = bytes.fromhex("c40000000001")
_LINK_LOSS_US = 30_000  # from either side's wish to part until both know
_PIECE_US = 2_500  # on the air, with its acknowledgement
_DEFAULT_MTU = 23
_ATT_HEADER_BYTES = 3
_FLAG_NOTIFY = 0x10
_UNKNOWN_EVENT = 99


class AddressMode(IntEnum):
    """As `BLE.config(addr_mode=)` numbers them."""

    PUBLIC = 0
    STATIC = 1
    RESOLVABLE = 2
    NON_RESOLVABLE = 3


class Operation(IntEnum):
    """What the stack can be made to refuse."""

    ACTIVE = kinds.RADIO_ACTIVE
    CONFIG = kinds.RADIO_CONFIG
    SERVICES = kinds.RADIO_SERVICES
    ADVERTISE = kinds.RADIO_ADVERTISE
    NOTIFY = kinds.RADIO_NOTIFY
    READ = kinds.RADIO_READ
    DISCONNECT = kinds.RADIO_DISCONNECT


@dataclass(frozen=True, slots=True)
class Advert:
    """What is advertised since `t_us`, with its scan response."""

    t_us: int
    mode: AddressMode
    address: bytes
    data: bytes
    response: bytes


class Radio:
    """At most one host is connected, which writes and is notified.

    `adverts` are all there were, `history` when it was switched on and off, `uuids` those of its
    service and of the characteristics.
    """

    def __init__(self, kernel: Kernel, deliver: Callable[[int, int, bytes], None]) -> None:
        self.adverts: list[Advert] = []
        self.history: list[tuple[int, bool]] = []
        self.name = b""
        self.uuids: list[bytes] = []
        self.mtu = _DEFAULT_MTU
        self.is_active = False
        self.is_advertising = False
        self.is_connected = False
        self._kernel = kernel
        self._deliver = deliver
        self._faults: dict[Operation, int] = {}
        self._handles: dict[bool, int] = {}
        self._is_silent = False
        self._connections = 0
        self._listeners: list[Callable[[str, dict[str, object]], object]] = []
        self._free_us = 0
        self._on_value: Callable[[bytes], object] | None = None
        self._on_gone: Callable[[], object] | None = None

    def listen(self, callback: Callable[[str, dict[str, object]], object]) -> None:
        """Call `callback` with "switched" and is_on, and with "failed" and what."""
        self._listeners.append(callback)

    def _say(self, event: str, **told: object) -> None:
        for callback in self._listeners:
            callback(event, told)

    # -- a host

    def connect(self, on_value: Callable[[bytes], object], on_gone: Callable[[], object]) -> None:
        """Connect, and be notified; on_gone() tells of the end. Raises ConnectionError."""
        if not self.is_advertising:
            raise ConnectionError("nobody advertises")
        self.is_advertising = False
        self.is_connected = True
        self._connections += 1
        self.mtu = _DEFAULT_MTU
        self._on_value, self._on_gone = on_value, on_gone
        self._tell(kinds.RADIO_CONNECT, bytes([_CONNECTION]) + _PEER_ADDRESS)

    def exchange_mtu(self, mtu: int) -> None:
        """Ask for values of up to `mtu` less 3 octets; what comes of it is in `mtu`."""
        self._tell(kinds.RADIO_MTU, struct.pack("<H", mtu))

    def write(self, data: bytes) -> None:
        """Write to the handset without response, in pieces that fit; lost once it has gone."""
        room = self.mtu - _ATT_HEADER_BYTES
        for begin in range(0, len(data), room):
            self._free_us = max(self._free_us, self._kernel.now_us) + _PIECE_US
            piece = data[begin : begin + room]
            self._kernel.at(self._free_us, self._write, piece, self._connections)

    def _write(self, value: bytes, connection: int) -> None:
        if self.is_connected and connection == self._connections:
            self._tell(kinds.RADIO_WRITE, bytes([self._handles[False]]) + value)

    def disconnect(self) -> None:
        """Part, or be out of range."""
        if self.is_connected:
            self._kernel.after(_LINK_LOSS_US, self._part)

    def _part(self) -> None:
        if self.is_connected:
            self.is_connected = False
            self._tell(kinds.RADIO_DISCONNECT, b"")
            if self._on_gone is not None:
                self._on_gone()

    # -- faults

    def fail(self, operation: Operation, error: int | None) -> None:
        """Have it raise OSError with that number from now on; with None a RuntimeError."""
        self._faults[operation] = kinds.RADIO_NOT_OSERROR if error is None else error
        self._tell_faults_if_active()

    def fall_silent(self) -> None:
        """Have the stack call nobody back any more."""
        self._is_silent = True
        self._tell_faults_if_active()
        if self.is_active:
            self._say("failed", what="silent")

    def recover(self) -> None:
        """Have nothing fail from the next time it is switched on."""
        self._faults.clear()
        self._is_silent = False

    def flood(self, count: int, every_us: int = 100) -> None:
        """Have the stack, if it is on, tell of so many events that nobody knows."""
        if not self.is_active:
            return
        self._say("failed", what="flood")
        for i in range(count):
            self._kernel.after(
                i * every_us, self._tell, kinds.RADIO_EVENT, bytes([_UNKNOWN_EVENT, i & 0xFF])
            )

    def _tell_faults_if_active(self) -> None:
        if self.is_active:
            self._tell_faults()

    def _tell_faults(self) -> None:
        for operation, error in self._faults.items():
            self._deliver(kinds.RADIO, kinds.RADIO_FAULT, bytes([operation, error]))
        if self._is_silent:
            self._deliver(kinds.RADIO, kinds.RADIO_FAULT, bytes([kinds.RADIO_SILENCE, 0]))

    def _tell(self, what: int, data: bytes) -> None:
        if self.is_active:
            self._deliver(kinds.RADIO, what, data)

    # -- the handset

    def take(self, what: int, data: bytes) -> None:
        """Take what the stack tells."""
        if what == kinds.RADIO_ACTIVE:
            self._tell_faults()
        elif what == kinds.RADIO_IS:
            self._switched(bool(data[0]))
        elif what == kinds.RADIO_NAME:
            self.name = data
        elif what == kinds.RADIO_SERVICES:
            self._serve(data)
        elif what == kinds.RADIO_ADVERTISE:
            self._advertise(data)
        elif what == kinds.RADIO_NOTIFY:
            self._notified(data[1:])
        elif what == kinds.RADIO_DISCONNECT:
            self.disconnect()
        elif what == kinds.RADIO_FAULT:
            self._say("failed", what=Operation(data[0]).name.lower())
        elif what == kinds.RADIO_MTU:
            (self.mtu,) = struct.unpack("<H", data)

    def _switched(self, on: bool) -> None:
        if on:
            self.is_active = True
            self.history.append((self._kernel.now_us, True))
            self._say("switched", is_on=True)
        else:
            self.lose_power()

    def _serve(self, data: bytes) -> None:
        self.uuids = [data[:_UUID_BYTES][::-1]]
        for at in range(_UUID_BYTES, len(data), 2 + _UUID_BYTES):
            handle, flags = data[at : at + 2]
            self._handles[bool(flags & _FLAG_NOTIFY)] = handle
            self.uuids.append(data[at + 2 : at + 2 + _UUID_BYTES][::-1])

    def _advertise(self, data: bytes) -> None:
        self.is_advertising = bool(data)
        if data:
            address, rest = data[2 : 2 + _ADDRESS_BYTES], data[2 + _ADDRESS_BYTES :]
            advert = Advert(
                self._kernel.now_us,
                AddressMode(data[0]),
                address,
                rest[: data[1]],
                rest[data[1] :],
            )
            self.adverts.append(advert)

    def _notified(self, value: bytes) -> None:
        self._free_us = max(self._free_us, self._kernel.now_us) + _PIECE_US
        self._kernel.at(self._free_us, self._arrive, value, self._connections)

    def _arrive(self, value: bytes, connection: int) -> None:
        is_current = self.is_connected and connection == self._connections
        if is_current and self._on_value is not None:
            self._on_value(value)

    def lose_power(self) -> None:
        """It is off: nothing goes out, and whoever was connected finds nobody."""
        if self.is_active:
            self.history.append((self._kernel.now_us, False))
            self._say("switched", is_on=False)
        self.is_active = self.is_advertising = False
        if self.is_connected:
            self.is_connected = False
            if self._on_gone is not None:
                self._on_gone()
