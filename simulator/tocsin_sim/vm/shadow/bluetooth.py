"""What the firmware imports as `bluetooth`: the GATT server's side, on a radio of the simulator's.

It differs by port as modbluetooth does: NimBLE on the ESP32, BTstack on rp2. It lies on the
handset's search path, so it takes memory only once it is imported.
"""
# ruff: noqa: D102 # MicroPython documents what module bluetooth does

import struct

import machine
from micropython import const
from shim import kinds
from shim.entropy import urandom
from shim.link import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FLAG_READ = 0x0002
FLAG_WRITE_NO_RESPONSE = 0x0004
FLAG_WRITE = 0x0008
FLAG_NOTIFY = 0x0010
FLAG_INDICATE = 0x0020

_ENODEV = const(19)
_EINVAL = const(22)
_ENOMEM = const(12)
_ENOTCONN = const(128)
_CONNECT = const(1)
_DISCONNECT = const(2)
_WRITE = const(3)
_MTU_EXCHANGED = const(21)

_IS_BTSTACK = machine.__name__ == "shim.rp2"
_PUBLIC, _STATIC, _RPA, _NRPA = range(4)
_TOP_BITS = {_STATIC: 0xC0, _RPA: 0x40, _NRPA: 0x00}
_DEFAULT_BYTES = const(20)
_DEFAULT_MTU = const(23)
_ATT_HEADER_BYTES = const(3)
_LONGEST_ADVERTISED = const(31)
_FIRST_HANDLE = const(10)
# What the call takes on a chip, nothing else running meanwhile: estimates, none is published.
_ON_US = const(150_000)
_OFF_US = const(50_000)
_OFF_CONNECTED_US = const(500_000)  # it waits for the host to be gone
_PIECE_US = const(2_500)  # on the air, with its acknowledgement
# A port's ring has 128 octets, which hold about as many; what comes when it is full is lost.
_WAITING_EVENTS = const(32)
_QUEUED_PIECES = const(12)  # NimBLE's buffers, as MicroPython configures it


class UUID:
    """A UUID, little-endian as on the air."""

    def __init__(self, value: "int | str") -> None:
        if isinstance(value, int):
            self._octets = struct.pack("<H", value)
        else:
            digits = value.replace("-", "")
            if len(digits) != 32:
                raise ValueError("invalid UUID")
            self._octets = bytes(int(digits[i : i + 2], 16) for i in range(30, -2, -2))

    def __len__(self) -> int:
        return len(self._octets)

    def __iter__(self) -> "Any":
        return iter(self._octets)


class _Stack:
    """The one stack there is; what it does is told in records, and faults come in them."""

    def __init__(self) -> None:
        self.is_active = False
        self.handler: "Callable | None" = None
        self.mode = _PUBLIC
        self.address = b""
        self.connection = -1
        self.mtu = _DEFAULT_MTU
        self.preferred_mtu = 256
        self.values: dict = {}
        self.rooms: dict = {}
        self.appending: set = set()
        self.faults: dict = {}
        self.is_silent = False
        self.air_free_us = 0
        self._events: list = []
        self._deliver = self._deliver_events
        link.receivers[kinds.RADIO] = self._receive

    def check(self, operation: int, needs_active: bool = True) -> None:
        """Fail as the world says, or as the port does."""
        error = self.faults.get(operation)
        if error is not None:
            self.tell(kinds.RADIO_FAULT, bytes([operation]))
            if error:
                raise OSError(error)
            raise RuntimeError("the simulator lets this fail")
        if needs_active and not self.is_active:
            raise OSError(_ENODEV)

    def tell(self, what: int, data: bytes = b"") -> None:
        """Have the world know, and hear at once what it says."""
        link.emit(kinds.RADIO, what, data)
        link.sync(link.now_us)

    def _receive(self, what: int, buffer: bytearray, start: int, end: int) -> None:
        data = bytes(buffer[start:end])
        if what == kinds.RADIO_FAULT:
            self._take_fault(data[0], data[1])
        elif not self.is_active or self.is_silent:
            pass
        elif what == kinds.RADIO_CONNECT:
            self.connection = data[0]
            self.mtu = _DEFAULT_MTU
            self._event(_CONNECT, (data[0], 1, data[1:]))
        elif what == kinds.RADIO_DISCONNECT:
            if self.connection >= 0:
                gone, self.connection = self.connection, -1
                self._event(_DISCONNECT, (gone, 1, b"\0\0\0\0\0\0"))
        elif what == kinds.RADIO_MTU:
            self.mtu = min(struct.unpack("<H", data)[0], self.preferred_mtu)
            link.emit(kinds.RADIO, kinds.RADIO_MTU, struct.pack("<H", self.mtu))
            self._event(_MTU_EXCHANGED, (self.connection, self.mtu))
        elif what == kinds.RADIO_WRITE:
            self._write(data[0], data[1:])
        elif what == kinds.RADIO_EVENT:
            self._event(data[0], (self.connection, data[1]))

    def _take_fault(self, operation: int, error: int) -> None:
        if operation == kinds.RADIO_SILENCE:
            self.is_silent = True
        else:
            self.faults[operation] = error if error != kinds.RADIO_NOT_OSERROR else 0

    def _write(self, handle: int, data: bytes) -> None:
        kept = self.values[handle] if handle in self.appending else b""
        self.values[handle] = (kept + data)[: self.rooms[handle]]
        self._event(_WRITE, (self.connection, handle))

    def _event(self, event: int, data: tuple) -> None:
        if len(self._events) < _WAITING_EVENTS:
            self._events.append((event, data))
        link.call_soon(self._deliver, None)

    def _deliver_events(self, _: object) -> None:
        while self._events:
            event, data = self._events.pop(0)
            if self.handler:
                self.handler(event, data)


_stack = _Stack()


class BLE:
    """As in modbluetooth: there is but one."""

    def active(self, on: "bool | None" = None) -> "bool | None":
        stack = _stack
        if on is None:
            return stack.is_active
        if on == stack.is_active:
            return None
        stack.faults, stack.is_silent = {}, False
        stack.tell(kinds.RADIO_ACTIVE)
        duration_us = _ON_US if on else _OFF_US if stack.connection < 0 else _OFF_CONNECTED_US
        link.wait_until(link.now_us + duration_us)
        stack.check(kinds.RADIO_ACTIVE, needs_active=False)
        stack.is_active = on
        stack.connection = -1
        stack.mode = _PUBLIC
        stack.values, stack.rooms = {}, {}
        stack.appending.clear()
        stack.tell(kinds.RADIO_IS, bytes([on]))
        return None

    def irq(self, handler: "Callable | None") -> None:
        _stack.handler = handler

    def config(self, **values: "Any") -> None:
        stack = _stack
        stack.check(kinds.RADIO_CONFIG)
        for name, value in values.items():
            if name == "gap_name":
                stack.tell(kinds.RADIO_NAME, value.encode())
            elif name == "mtu":
                stack.preferred_mtu = value
            elif name == "addr_mode":
                self._set_mode(value)
            elif name not in ("bond", "mitm", "io", "le_secure"):
                raise ValueError("unknown config param")

    def _set_mode(self, mode: int) -> None:
        if mode in (_RPA, _NRPA) and _IS_BTSTACK:
            raise OSError(_EINVAL)
        _stack.mode = mode
        if mode != _PUBLIC:
            drawn = urandom(6)
            _stack.address = bytes([drawn[0] & 0x3F | _TOP_BITS[mode]]) + drawn[1:]

    def gap_advertise(
        self,
        interval_us: "int | None",
        adv_data: bytes = b"",
        *,
        resp_data: bytes = b"",
        connectable: bool = True,
    ) -> None:
        stack = _stack
        stack.check(kinds.RADIO_ADVERTISE)
        if interval_us is None:
            stack.tell(kinds.RADIO_ADVERTISE)
            return
        if max(len(adv_data), len(resp_data)) > _LONGEST_ADVERTISED:
            raise OSError(_EINVAL)
        address = machine.unique_id()[:6] if stack.mode == _PUBLIC else stack.address
        head = struct.pack("<BB", stack.mode, len(adv_data))
        stack.tell(kinds.RADIO_ADVERTISE, head + address + adv_data + resp_data)

    def gap_disconnect(self, connection: int) -> bool:
        stack = _stack
        stack.check(kinds.RADIO_DISCONNECT)
        if connection != stack.connection:
            return False
        stack.tell(kinds.RADIO_DISCONNECT)
        return True

    def gatts_register_services(self, services: tuple) -> tuple:
        stack = _stack
        stack.check(kinds.RADIO_SERVICES)
        handle = _FIRST_HANDLE
        handles = []
        for service, characteristics in services:
            told = bytes(service)
            ours = []
            for uuid, flags in characteristics:
                handle += 2
                ours.append(handle)
                stack.values[handle], stack.rooms[handle] = b"", _DEFAULT_BYTES
                told += struct.pack("<BB", handle, flags) + bytes(uuid)
            stack.tell(kinds.RADIO_SERVICES, told)
            handles.append(tuple(ours))
        return tuple(handles)

    def gatts_set_buffer(self, handle: int, size: int, append: bool = False) -> None:
        _stack.check(kinds.RADIO_SERVICES)
        _stack.rooms[handle] = size
        if append:
            _stack.appending.add(handle)

    def gatts_read(self, handle: int) -> bytes:
        _stack.check(kinds.RADIO_READ)
        value = _stack.values[handle]
        if handle in _stack.appending:
            _stack.values[handle] = b""
        return bytes(value)

    def gatts_notify(self, connection: int, handle: int, data: "bytes | memoryview") -> None:
        stack = _stack
        stack.check(kinds.RADIO_NOTIFY)
        if connection != stack.connection or connection < 0:
            raise OSError(_ENOTCONN)
        begin_us = max(stack.air_free_us, link.now_us)
        if begin_us >= link.now_us + _QUEUED_PIECES * _PIECE_US:
            raise OSError(_ENOMEM)
        stack.air_free_us = begin_us + _PIECE_US
        link.emit(
            kinds.RADIO,
            kinds.RADIO_NOTIFY,
            bytes([handle]) + bytes(data[: stack.mtu - _ATT_HEADER_BYTES]),
        )
