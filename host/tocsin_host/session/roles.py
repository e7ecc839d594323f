"""The roles in which a host may speak to a handset, and the key that proves one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tocsin_host.errors import ConfigError

KEY_BYTES = 32


class Role(IntEnum):
    """Whose key the session is bound to; the numbers are sent in Hello and never reused."""

    TECHNICIAN = 1
    FACTORY = 2
    FIXTURE = 3


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
