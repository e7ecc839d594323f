"""Where a recorder taps the link."""

from __future__ import annotations

from typing import Protocol


class Tap(Protocol):
    """Hears every frame's payload, each way; on any thread, so that it must be quick and safe."""

    def sealed(self, plain: bytes, box: bytes) -> None:
        """A message of the session has been sealed: `box` is what will be sent of it."""

    def sent(self, payload: bytes) -> None:
        """A frame with this payload goes out: data, acknowledgement or reset, repeats as well."""

    def received(self, payload: bytes, plain: bytes | None) -> None:
        """A frame with this payload came in; `plain` is the message of the session it delivered."""
