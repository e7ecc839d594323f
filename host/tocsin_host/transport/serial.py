"""Serial ports and ptys, through pyserial."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import serial

from tocsin_host.errors import (
    DisconnectedError,
    NotFoundError,
    PortBusyError,
    PortPermissionError,
    ResponseTimeoutError,
    TransportError,
)
from tocsin_host.transport.port_owner import port_owner

_WRITE_TIMEOUT_S = 5.0
_BITS_PER_BYTE = 10  # 8 data, start, stop
_BUSY = (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK)


class SerialTransport:
    """One exclusively opened serial port.

    Raises NotFoundError, PortBusyError, PortPermissionError or TransportError on opening.
    """

    def __init__(self, port: str, baud: int) -> None:
        self.address = f"serial:{port}"
        self._port = port
        self._interrupted = False
        try:
            self._serial = serial.Serial(port, baud, exclusive=True, write_timeout=_WRITE_TIMEOUT_S)
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise _open_error(port, error) from error

    def read(self) -> bytes:
        """Block for the next bytes; b"" once interrupted. Raises DisconnectedError."""
        try:
            data = bytes(self._serial.read(max(1, self._serial.in_waiting)))
        except OSError as error:
            raise self._gone() from error
        return b"" if self._interrupted else data

    def write(self, data: bytes) -> None:
        """Write all of `data`.

        Raises DisconnectedError, or ResponseTimeoutError when nothing drains it.
        """
        try:
            self._serial.write(data)
        except serial.SerialTimeoutException as error:
            raise ResponseTimeoutError(
                f"{self._port} took no bytes for {_WRITE_TIMEOUT_S:.0f} s",
                "check the cable and that the handset is switched on",
            ) from error
        except OSError as error:
            raise self._gone() from error

    def unsent_s(self) -> float:
        """Return how long what was written still needs to leave; 0 where that is not known."""
        try:
            unsent_bytes: int = self._serial.out_waiting
        except OSError:  # gone: the next read or write says so
            return 0.0
        return unsent_bytes * _BITS_PER_BYTE / self._serial.baudrate

    def interrupt(self) -> None:
        """Wake a blocked `read` or `write`, now and from now on."""
        self._interrupted = True
        self._serial.cancel_read()
        self._serial.cancel_write()

    def close(self) -> None:
        """Give the port back to the system; nobody may be reading."""
        self._serial.close()

    def _gone(self) -> DisconnectedError:
        return DisconnectedError(
            f"{self._port} was disconnected", "plug the handset in again and repeat the command"
        )


def _open_error(port: str, error: Exception) -> NotFoundError | TransportError:
    code = _errno(error)
    if code == errno.ENOENT or not Path(port).exists():
        return NotFoundError(
            f"there is no port {port}",
            "plug the handset in; `python -m serial.tools.list_ports` lists the ports",
        )
    if code in (errno.EACCES, errno.EPERM):
        return PortPermissionError(f"no permission to open {port}", _permission_hint(port))
    if code in _BUSY:
        owner = port_owner(port) or "another program"
        return PortBusyError(f"{port} is in use by {owner}", "close that program and try again")
    reason = os.strerror(code) if code else str(error)
    return TransportError(
        f"{port} could not be opened as a serial port: {reason}", "check the address"
    )


def _errno(error: Exception) -> int:
    """Find the number, which pyserial drops when it wraps what termios refuses."""
    cause = error.__context__
    number = getattr(error, "errno", None) or (cause.args[0] if cause and cause.args else 0)
    return number if isinstance(number, int) else 0


def _permission_hint(port: str) -> str:
    try:
        group = Path(port).group()
    except (OSError, KeyError, NotImplementedError):
        return "ask the owner of the port for access"
    return f"run `sudo usermod -aG {group} $USER` (the port's group), then log in again"
