"""The channel layer: messages arrive in order and once, urgent ones first.

A frame's payload is `kind << 4 | lane`, a sequence number, the next number expected on the normal
and on the urgent lane (a cumulative acknowledgement), then data. Nothing here waits or reads a
clock: the caller says what time it is.
"""

from tocsin_host.channel.channel import (
    HEADER_BYTES,
    NORMAL,
    URGENT,
    Channel,
    ChannelClosedError,
    Kind,
    Received,
    is_heard,
)

__all__ = [
    "HEADER_BYTES",
    "NORMAL",
    "URGENT",
    "Channel",
    "ChannelClosedError",
    "Kind",
    "Received",
    "is_heard",
]
