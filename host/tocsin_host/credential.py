"""The key that proves a role to a handset, and how a handset says which key it holds."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from tocsin_host.errors import ConfigError
from tocsin_host.wire import Role

__all__ = ["CHECK_BYTES", "KEY_BYTES", "UNCLAIMED_KEY", "Credential", "Role", "key_check"]

KEY_BYTES = 32
CHECK_BYTES = 4

# Of the role FACTORY in a handset that nobody has claimed yet; no secret.
UNCLAIMED_KEY = hashlib.sha256(b"tocsin unclaimed handset").digest()


@dataclass(frozen=True, slots=True)
class Credential:
    """One handset's pre-shared key for one role, 32 bytes; raises ConfigError for another size."""

    role: Role
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise ConfigError(
                f"the {self.role.name.lower()} key is {len(self.key)} bytes instead of {KEY_BYTES}",
                "use the key that was made when the handset was provisioned",
            )

    @property
    def is_unclaimed(self) -> bool:
        """Whether it is the published key of handsets that are nobody's yet."""
        return self.key == UNCLAIMED_KEY


def key_check(key: bytes, salt: bytes) -> bytes:
    """Return the 4 octets by which a handset that greets with `salt` tells that it holds `key`."""
    return hmac.digest(key, b"tocsin hello" + salt, "sha256")[:CHECK_BYTES]
