"""A pseudo-terminal that stands for a serial port."""

import os
import pty
import tty


class Pty:
    """A pseudo-terminal in raw mode; a client opens `path`, this process holds the other end."""

    def __init__(self) -> None:
        self.fd, self._client_fd = pty.openpty()
        tty.setraw(self._client_fd)
        os.set_blocking(self.fd, False)
        self.path = os.ttyname(self._client_fd)

    def read(self, limit: int) -> bytes:
        """Return at most `limit` bytes of what the client wrote, b"" when there is nothing."""
        try:
            return os.read(self.fd, limit)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> int:
        """Send to the client; returns how many bytes the terminal's buffer had room for."""
        try:
            return os.write(self.fd, data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        """Hang up: the client reads the end of the line."""
        os.close(self._client_fd)
        os.close(self.fd)
