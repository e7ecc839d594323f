"""X25519 of RFC 7748, in steps that let a press through.

Plain long integers reduced by `%`, which on the VM costs no more than folding by shifts and masks.
The time of a step depends a little on its operands: the keys are ephemeral, used once each.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_PRIME = (1 << 255) - 19
_A24 = 121665  # (486662 - 2) / 4, RFC 7748 section 5
_BASE_POINT = b"\x09" + bytes(31)


async def public_key(private: bytes, pause: "Pause") -> bytes:
    """The 32-byte public key of 32 random bytes; raises ValueError for another size."""
    return await x25519(private, _BASE_POINT, pause)


async def x25519(private: bytes, public: bytes, pause: "Pause") -> bytes:
    """The 32-byte shared secret, all zero for a public point of small order.

    RFC 7748 section 5. Raises ValueError unless both are 32 bytes.
    """
    if len(private) != 32 or len(public) != 32:
        raise ValueError("keys must be 32 bytes, not %d, %d" % (len(private), len(public)))
    x, z = await _ladder(_scalar(private), _coordinate(public), pause)
    shared = x * await _inverse(z, pause) % _PRIME
    return shared.to_bytes(32, "little")


def _scalar(private: bytes) -> int:
    return int.from_bytes(private, "little") & ((1 << 254) - 8) | 1 << 254


def _coordinate(public: bytes) -> int:
    return int.from_bytes(public, "little") & ((1 << 255) - 1)


async def _ladder(scalar: int, x1: int, pause: "Pause") -> "tuple[int, int]":
    """Projective x and z of `scalar` times the point at x1: Montgomery's ladder."""
    x2, z2, x3, z3 = 1, 0, x1, 1
    swapped = 0
    for place in range(254, -1, -1):
        bit = scalar >> place & 1
        if bit != swapped:
            x2, z2, x3, z3 = x3, z3, x2, z2
            swapped = bit
        a = x2 + z2
        b = x2 - z2
        da = (x3 - z3) * a % _PRIME
        cb = (x3 + z3) * b % _PRIME
        aa = a * a % _PRIME
        bb = b * b % _PRIME
        e = aa - bb
        x3 = da + cb
        x3 = x3 * x3 % _PRIME
        z3 = da - cb
        z3 = z3 * z3 % _PRIME * x1 % _PRIME
        x2 = aa * bb % _PRIME
        z2 = e * (aa + _A24 * e) % _PRIME
        await pause()
    return (x3, z3) if swapped else (x2, z2)


async def _inverse(value: int, pause: "Pause") -> int:
    """`value` to the power of p - 2, which is 0 for 0: 254 squarings, 11 multiplications."""
    to_2 = value * value % _PRIME
    to_9 = await _raised(to_2, 2, value, pause)
    to_11 = to_9 * to_2 % _PRIME
    ones_5 = await _raised(to_11, 1, to_9, pause)  # to 2^5 - 1, and so on
    ones_10 = await _raised(ones_5, 5, ones_5, pause)
    ones_20 = await _raised(ones_10, 10, ones_10, pause)
    ones_40 = await _raised(ones_20, 20, ones_20, pause)
    ones_50 = await _raised(ones_40, 10, ones_10, pause)
    ones_100 = await _raised(ones_50, 50, ones_50, pause)
    ones_200 = await _raised(ones_100, 100, ones_100, pause)
    ones_250 = await _raised(ones_200, 50, ones_50, pause)
    return await _raised(ones_250, 5, to_11, pause)


async def _raised(value: int, squarings: int, factor: int, pause: "Pause") -> int:
    """`value` squared so often, times `factor`."""
    for _ in range(squarings):
        value = value * value % _PRIME
        await pause()
    return value * factor % _PRIME
