"""A host of 1.0: it knows no channel, no session and no failure code after BUSY."""

from micropython import const

from tocsin import wire_dialogue as wire

# What this firmware speaks, for people.
VERSION = "%d.%d" % (wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR)

_HELLO = const(0x01)
_REQUESTS = b"\x01\x03\x10\x12\x14"
_HEADER = const(2)  # id and request
_CHANNEL_HEADER = const(4)
_LANES = const(2)
_LAST_CODE = const(9)


def is_request(payload: memoryview, n: int) -> bool:
    """Whether payload[:n] is a request of 1.0: what no frame of the channel ever looks like."""
    if n < _HEADER or payload[0] not in _REQUESTS:
        return False
    if n < _CHANNEL_HEADER or payload[0] & 0x0F >= _LANES:
        return True
    return payload[0] == _HELLO and n == _CHANNEL_HEADER  # or data without a message in it


def refuse(payload: memoryview, out: bytearray) -> int:
    """Write into `out` what tells such a host that it is too old; its length."""
    out[0] = wire.Failure.ID
    out[1] = payload[1]
    return wire.Failure(wire.FAILURE_VERSION, VERSION).encode_into(out, _HEADER)


def known_code(code: int) -> int:
    """The failure code, or what stands for it to a host of 1.0."""
    return code if code <= _LAST_CODE else wire.FAILURE_UNKNOWN_MESSAGE
