"""From a fresh channel to a session: greeting, choice of the key, handshake."""

from __future__ import annotations

from typing import Protocol

from tocsin_host import wire
from tocsin_host.conversation.payload import HEADER_BYTES, message_of, payload_of
from tocsin_host.errors import AuthError, ProtocolError, TocsinError
from tocsin_host.refusal import refusal, version_mismatch
from tocsin_host.session import Credential, Handshake, SealedLanes

_REQUEST = 1
_SECURED_SINCE = wire.HandshakeStart.SINCE
_VERSION = f"{wire.PROTOCOL_MAJOR}.{wire.PROTOCOL_MINOR}"


class Keys(Protocol):
    """Where the keys of handsets are kept."""

    @property
    def place(self) -> str:
        """Where that is, for people."""

    def find(self, role: wire.Role, salt: bytes, check: bytes) -> Credential | None:
        """Return the key that `check` tells of, as HelloReply does. Raises ConfigError."""


class Opening:
    """Opens one session as `role`; `credential` and `lanes` are known once it is open.

    `warning` is a line for the user, or empty.
    """

    def __init__(self, role: wire.Role, keys: Keys) -> None:
        self.warning = ""
        self.reply: wire.HelloReply | None = None
        self.credential: Credential | None = None
        self.lanes: SealedLanes | None = None
        self._role = role
        self._keys = keys
        self._hello = wire.Hello(wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR, role)
        self._handshake: Handshake | None = None

    def first(self) -> bytes:
        """Return the payload that begins."""
        return payload_of(self._hello, _REQUEST)

    def take(self, payload: bytes) -> bytes | None:
        """Take the handset's answer; return the next payload, None once the session is open.

        Raises VersionMismatchError, AuthError, ProtocolError or DeviceRefusedError.
        """
        message = message_of(payload)
        if isinstance(message, wire.Failure):
            raise self._refusal(message)
        if isinstance(message, wire.HelloReply) and self._handshake is None:
            self.reply = message
            return self._greeted(message, payload[HEADER_BYTES:])
        if isinstance(message, wire.HandshakeAnswer) and self._handshake is not None:
            self.lanes = self._handshake.finish(message.box)
            return None
        raise ProtocolError(
            f"the handset sent {type(message).__name__} while the session was being opened",
            "update tocsin or the handset",
        )

    def _greeted(self, reply: wire.HelloReply, body: bytes) -> bytes:
        self._judge_version(reply)
        self.credential = self._credential(reply)
        self._handshake = Handshake(self.credential, self._hello.encode(), body)
        return payload_of(wire.HandshakeStart(self._handshake.first_message()), _REQUEST)

    def _judge_version(self, reply: wire.HelloReply) -> None:
        theirs = f"{reply.major}.{reply.minor}"
        if reply.major != wire.PROTOCOL_MAJOR or (reply.major, reply.minor) < _SECURED_SINCE:
            raise version_mismatch(theirs)
        if reply.minor > wire.PROTOCOL_MINOR:
            self.warning = (
                f"the handset speaks protocol {theirs}, newer than {_VERSION}: update tocsin"
            )

    def _credential(self, reply: wire.HelloReply) -> Credential:
        found = self._keys.find(self._role, reply.salt, reply.key_check)
        if found is None:
            raise AuthError(
                f"no {self._name} key for this handset in {self._keys.place}",
                "name the folder of its keys with --keys, or another role with --role",
            )
        return found

    def _refusal(self, failure: wire.Failure) -> TocsinError:
        if failure.code == wire.FailureCode.NO_KEY:
            return AuthError(
                f"the handset has no {self._name} key",
                "claim it with `tocsin claim NUMBER`, or name another role with --role",
            )
        return refusal(failure)

    @property
    def _name(self) -> str:
        return self._role.name.lower()
