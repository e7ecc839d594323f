"""What a host can ask of a handset, one method a question."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from tocsin_host import wire
from tocsin_host.config_keys import Value, config_field
from tocsin_host.errors import (
    ConfigError,
    DeviceRefusedError,
    ProtocolError,
    ResponseTimeoutError,
    TocsinError,
    VersionMismatchError,
)
from tocsin_host.link import EventHandler, Link
from tocsin_host.printable import printable
from tocsin_host.transport import open_transport

DEFAULT_TIMEOUT_S = 5.0
_HELLO_PERIOD_S = 0.5  # opening a port may reset the board: ask again until it has booted

_M = TypeVar("_M", bound=wire.Message)

_CONFIG_FAILURES = {
    wire.FailureCode.UNKNOWN_KEY: "the handset's firmware is older than this tocsin",
    wire.FailureCode.OUT_OF_RANGE: "nothing was changed; correct the value",
    wire.FailureCode.READ_ONLY: "nothing was changed; this key cannot be set",
    wire.FailureCode.SECRET: "this key can be set, never read",
}
_OTHER_FAILURES = {
    wire.FailureCode.BUSY: "wait until the activation has ended",
    wire.FailureCode.STORAGE: "the handset's flash is failing: take it out of service",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One configuration value read from a handset; a secret one has no value."""

    name: str
    value: Value | None
    is_default: bool
    is_secret: bool = False


class HandsetClient:
    """A handset that has said hello; close it, or use it in a `with` statement.

    Every method raises DisconnectedError, ResponseTimeoutError, ProtocolError or
    DeviceRefusedError besides what it names. `warning` is a line for the user, or empty.
    """

    def __init__(self, link: Link, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        self._link = link
        self._timeout_s = timeout_s
        self.warning = ""
        self.hello = self._say_hello()

    @classmethod
    def open(
        cls,
        address: str,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        on_event: EventHandler | None = None,
    ) -> HandsetClient:
        """Connect to the handset at `address`. Raises what `open_transport` does as well."""
        link = Link(open_transport(address), on_event)
        try:
            return cls(link, timeout_s)
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
        """Let go of the handset."""
        self._link.close()

    def info(self) -> wire.Info:
        """Return what the handset says of itself."""
        return self._ask(wire.InfoGet(), wire.Info)

    def config_get(self, name: str) -> Setting:
        """Return one setting. Raises ConfigError for an unknown key."""
        field = config_field(name)
        if field.secret:
            return Setting(name, None, is_default=False, is_secret=True)
        reply = self._ask(wire.ConfigGet(key=field.key), wire.ConfigValue)
        try:
            value = field.decode(reply.value)
        except wire.WireValueError as error:
            raise ProtocolError(f"the handset holds an invalid {error}", "set it again") from error
        return Setting(name, value, bool(reply.is_default))

    def config_set(self, values: Mapping[str, Value]) -> int:
        """Set all `values` or none; return the configuration's new generation.

        Raises ConfigError when a key or value is invalid, by our or the handset's judgement.
        """
        entries = [_entry(name, value) for name, value in values.items()]
        return self._ask(wire.ConfigSet(entries=entries), wire.ConfigApplied).generation

    def restart(self) -> None:
        """Restart the handset; it refuses while an activation is open."""
        self._ask(wire.Restart(), wire.Restarting)

    def _say_hello(self) -> wire.HelloReply:
        deadline = time.monotonic() + self._timeout_s
        ours = wire.Hello(major=wire.PROTOCOL_MAJOR, minor=wire.PROTOCOL_MINOR)
        while True:
            left_s = deadline - time.monotonic()
            try:
                reply = self._ask(ours, wire.HelloReply, max(0.01, min(_HELLO_PERIOD_S, left_s)))
            except ResponseTimeoutError as error:
                if left_s <= _HELLO_PERIOD_S:
                    raise ResponseTimeoutError(
                        f"no handset answered within {self._timeout_s:g} s", error.hint
                    ) from error
            else:
                self._judge_version(reply)
                return reply

    def _judge_version(self, reply: wire.HelloReply) -> None:
        theirs, ours = f"{reply.major}.{reply.minor}", _OUR_VERSION
        if reply.major != wire.PROTOCOL_MAJOR:
            raise _version_mismatch(theirs)
        if reply.minor > wire.PROTOCOL_MINOR:
            self.warning = f"the handset speaks protocol {theirs}, newer than {ours}: update tocsin"

    def _ask(self, message: wire.Message, expected: type[_M], timeout_s: float = 0) -> _M:
        reply = self._link.request(message, timeout_s or self._timeout_s)
        if isinstance(reply, wire.Failure):
            raise _refusal(reply)
        if not isinstance(reply, expected):
            raise ProtocolError(
                f"the handset answered {type(message).__name__} with {type(reply).__name__}",
                "update tocsin or the handset",
            )
        return reply


_OUR_VERSION = f"{wire.PROTOCOL_MAJOR}.{wire.PROTOCOL_MINOR}"


def _version_mismatch(theirs: str) -> VersionMismatchError:
    return VersionMismatchError(
        f"the handset speaks protocol {theirs}, this tocsin speaks {_OUR_VERSION}",
        "install the tocsin release that belongs to the handset's firmware",
    )


def _entry(name: str, value: Value) -> wire.ConfigEntry:
    field = config_field(name)
    try:
        return wire.ConfigEntry(key=field.key, value=field.encode(value))
    except wire.WireValueError as error:
        raise ConfigError(str(error), "nothing was changed") from error


def _refusal(failure: wire.Failure) -> TocsinError:
    code = wire.FailureCode(failure.code)
    message = f"the handset refused: {printable(failure.detail) or code.name.lower()}"
    if code is wire.FailureCode.VERSION:
        return _version_mismatch(printable(failure.detail) or "another version")
    if code in _CONFIG_FAILURES:
        return ConfigError(message, _CONFIG_FAILURES[code])
    return DeviceRefusedError(message, code, _OTHER_FAILURES.get(code, "update the handset"))
