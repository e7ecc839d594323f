"""Byte streams to a handset, opened by address (`serial:/dev/ttyACM0?baud=115200`)."""

from __future__ import annotations

from typing import Protocol

from tocsin_host.transport.address import Address, parse_address


class Transport(Protocol):
    """A byte stream to one handset; read from one thread, written from another."""

    address: str

    def read(self) -> bytes:
        """Block for the next bytes; b"" once interrupted. Raises DisconnectedError."""

    def write(self, data: bytes) -> None:
        """Write all of `data`. Raises DisconnectedError or ResponseTimeoutError."""

    def unsent_s(self) -> float:
        """Return how long what was written still needs to leave; 0 where that is not known."""

    def interrupt(self) -> None:
        """Wake a blocked `read` or `write`, now and from now on."""

    def close(self) -> None:
        """Release the port; nobody may be reading."""


def open_transport(address: str) -> Transport:
    """Open the stream `address` names.

    Raises UsageError for an address that cannot be read, NotFoundError, PortBusyError or
    PortPermissionError.
    """
    return _open(parse_address(address))


def _open(address: Address) -> Transport:
    from tocsin_host.transport.serial import SerialTransport

    return SerialTransport(address.target, address.baud)
