"""The host's half of all that passes on a line: frames, channel, greeting, session, requests.

Sans-I/O: octets and the time in, octets out. A thread drives it over a port (`tocsin_host.link`), a
simulator in virtual time.
"""

from tocsin_host.conversation.conversation import Conversation, Hooks
from tocsin_host.conversation.opening import Keys, Opening

__all__ = ["Conversation", "Hooks", "Keys", "Opening"]
