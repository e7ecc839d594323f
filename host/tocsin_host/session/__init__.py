"""The secured session: who speaks to the handset, and how nobody else can.

Sans-I/O: bytes of channel messages in, bytes out. Loads a cryptographic library, so it is
imported only when a session begins.
"""

from tocsin_host.credential import UNCLAIMED_KEY, Credential, Role, key_check
from tocsin_host.session.handshake import Handshake
from tocsin_host.session.lanes import Lane, SealedLanes

__all__ = [
    "UNCLAIMED_KEY",
    "Credential",
    "Handshake",
    "Lane",
    "Role",
    "SealedLanes",
    "key_check",
]
