"""The greeting: which protocol, which role, and how the host tells whose key it needs."""

import hashlib
import os

from micropython import const

from tocsin import wire_dialogue as wire
from tocsin.crypto.hkdf import hmac_sha256
from tocsin.link.channel import NORMAL_WINDOW, URGENT_WINDOW
from tocsin.link.old_host import VERSION
from tocsin.refusal import Refusal
from tocsin.wire import MAX_PAYLOAD_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.storage.config import Config

_SALT_BYTES = const(8)
_CHECK_BYTES = const(4)
_KEYS = {
    wire.ROLE_TECHNICIAN: "technician_key",
    wire.ROLE_FACTORY: "factory_key",
    wire.ROLE_FIXTURE: "fixture_key",
}


class Greeting:
    """What follows from a Hello; raises Refusal when this handset has no session for it.

    `key` is the role's pre-shared key, 32 bytes: of an unclaimed handset a published one.
    """

    def __init__(self, hello: "wire.Hello", config: "Config") -> None:
        if hello.major != wire.PROTOCOL_MAJOR:
            raise Refusal(wire.FAILURE_VERSION, VERSION)
        self.role = hello.role
        if config.is_damaged:
            raise Refusal(wire.FAILURE_NO_KEY, "the settings are damaged")
        self.is_unclaimed = self.role == wire.ROLE_FACTORY and not config.get("factory_key")
        if self.is_unclaimed:
            self.key: bytes = hashlib.sha256(b"tocsin unclaimed handset").digest()
        else:
            self.key = config.get(_KEYS[self.role])
        if not self.key:
            raise Refusal(wire.FAILURE_NO_KEY, "no key for this role")

    def reply(self, capabilities: int) -> "wire.HelloReply":
        """What the handset answers: nothing in it is the same twice and tells which one it is."""
        salt = os.urandom(_SALT_BYTES)
        reply = wire.HelloReply()
        reply.major = wire.PROTOCOL_MAJOR
        reply.minor = wire.PROTOCOL_MINOR
        reply.max_payload_bytes = MAX_PAYLOAD_BYTES
        reply.capabilities = capabilities
        reply.salt = salt
        reply.key_check = hmac_sha256(self.key, b"tocsin hello" + salt)[:_CHECK_BYTES]
        reply.normal_window = NORMAL_WINDOW
        reply.urgent_window = URGENT_WINDOW
        return reply
