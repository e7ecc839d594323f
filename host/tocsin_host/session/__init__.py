"""The secured session: who speaks to the handset, and how nobody else can.

Sans-I/O: bytes of channel messages in, bytes out. Loads a cryptographic library, so it is
imported only when a session begins.
"""

from tocsin_host.session.handshake import Handshake
from tocsin_host.session.lanes import Lane, SealedLanes
from tocsin_host.session.roles import Credential, Role

__all__ = ["Credential", "Handshake", "Lane", "Role", "SealedLanes"]
