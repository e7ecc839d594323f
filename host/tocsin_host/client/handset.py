"""A handset in a session."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from tocsin_host import wire
from tocsin_host.client.activation import Activation
from tocsin_host.client.asking import Asking
from tocsin_host.client.clock import Clock
from tocsin_host.client.config import Configuration
from tocsin_host.client.journal import Journal
from tocsin_host.client.provisioning import Provisioning
from tocsin_host.client.transfers import Transfers
from tocsin_host.client.updates import Updates
from tocsin_host.conversation import Hooks, Keys, Opening
from tocsin_host.link import Link
from tocsin_host.transport import open_transport

DEFAULT_TIMEOUT_S = 5.0
_SELF_TEST_S = 60.0  # a receiver that says nothing is waited for for half a minute
_SIGN_OF_LIFE_S = 120.0  # a handset that hears nothing for ten minutes ends the session


class HandsetClient:
    """A handset that has proved who it is; close it, or use it in a `with` statement.

    Every method, here and in the areas, raises DisconnectedError, ChannelClosedError, AuthError,
    ResponseTimeoutError, ProtocolError or DeviceRefusedError besides what it names.
    """

    def __init__(self, link: Link, opening: Opening, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Wait for the session. Raises what `Link.wait_open` does."""
        link.wait_open(timeout_s)
        assert opening.reply is not None
        assert opening.credential is not None
        self.hello = opening.reply
        self.warning = opening.warning  # a line for the user, or empty
        self.is_unclaimed = opening.credential.is_unclaimed
        self._link = link
        self._asking = Asking(link, timeout_s)
        self.activation = Activation(self._asking)
        self.clock = Clock(self._asking)
        self.config = Configuration(self._asking)
        self.journal = Journal(self._asking)
        self.provisioning = Provisioning(self._asking)
        self.transfers = Transfers(self._asking)
        self.updates = Updates(self._asking)

    @classmethod
    def open(
        cls,
        address: str,
        keys: Keys,
        role: wire.Role = wire.Role.TECHNICIAN,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        hooks: Hooks | None = None,
    ) -> HandsetClient:
        """Open a session with the handset at `address`. Raises what `open_transport` does too."""
        opening = Opening(role, keys)
        link = Link(open_transport(address), opening, hooks)
        try:
            return cls(link, opening, timeout_s)
        except BaseException:
            link.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session and let go of the handset."""
        self._link.close()

    def info(self) -> wire.Info:
        """Return what the handset says of itself."""
        return self._asking.ask(wire.InfoGet(), wire.Info)

    def status(self) -> wire.Status:
        """Return how the handset is: battery, network, position, what is open, what failed."""
        return self._asking.ask(wire.StatusGet(), wire.Status)

    def self_test(self) -> list[wire.SelfTestFinding]:
        """Have the handset test itself, which takes up to a minute; refused during an alarm."""
        return self._asking.ask(wire.SelfTestRun(), wire.SelfTestResult, _SELF_TEST_S).findings

    def restart(self) -> None:
        """Restart the handset, which ends the session; it refuses while an activation is open."""
        self._asking.ask(wire.Restart(), wire.Restarting)

    def trace_subscribe(self, on: bool) -> int:
        """Have trace events sent to the hook, or no longer; return how many were lost so far."""
        return self._asking.ask(wire.TraceSubscribe(int(on)), wire.TraceSubscribed).dropped

    def wait(self, seconds: float) -> None:
        """Let events come for so long, and the handset know that somebody listens."""
        end_s = time.monotonic() + seconds
        while (left_s := end_s - time.monotonic()) > 0:
            quiet_s = self._asking.asked_s + _SIGN_OF_LIFE_S - time.monotonic()
            if quiet_s <= 0:
                self.info()
            else:
                self._link.wait(min(left_s, quiet_s))
