"""The one-time authenticator of RFC 8439 section 2.5, in steps that let a press through."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_BLOCK_BYTES = const(16)
_PRIME = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


async def tag(key: bytes, message: bytes, pause: "Pause") -> bytes:
    """16 bytes; key 32 bytes and never used twice, the message whole blocks of 16."""
    r = int.from_bytes(key[:16], "little") & _CLAMP
    s = int.from_bytes(key[16:], "little")
    accumulator = 0
    for start in range(0, len(message), _BLOCK_BYTES):
        number = int.from_bytes(message[start : start + _BLOCK_BYTES], "little") + (1 << 128)
        accumulator = (accumulator + number) * r % _PRIME
        await pause()
    return ((accumulator + s) & ((1 << 128) - 1)).to_bytes(16, "little")
