"""The parts of the interface document that no table can say."""

OPENING = """\
# The tocsin wire protocol {version}

Generated from the protocol's schema (`tocsin protocol generate`): do not edit.

Handset and host talk over a serial line; handset and answer point over binary short messages.
Both carry the same messages, encoded the same way. `vectors.json` beside this page holds bytes,
values and refusals to test an implementation with; `tocsin.lua` shows captures in Wireshark.

## Values

Numbers are little-endian and of fixed width: `u8`, `u16`, `u32` unsigned, `i32` two's complement.
A `text` is one octet n and n octets of UTF-8; a `blob` is one octet n and n octets; a `long blob`
is a `u16` n and n octets; `octets` are as many as said, without a length; an `array` is one octet n
and n records. A number outside its range, a length above its limit and text that is not UTF-8 are
refused, on encoding and on decoding.

## Compatibility

Ids, numbers of enumerations and configuration keys are never used again for something else, and
fields are only ever appended. A decoder ignores octets after the fields it knows: a newer minor
version has appended them. A body may end before the fields of any version later than the message
itself ("since" in its table): an older peer sent it, and they hold their default, which is zero,
nothing, or the first name of an enumeration. A different major version is refused.

No end sends what the other's minor version does not have: a message, or a number of an enumeration.
To a host of 1.0 a handset says UNKNOWN_MESSAGE in place of a newer failure code.
"""

AIR = """\
## Over the air

A binary short message to the answer point, or back, is one octet id (always that of Sealed, 0x42)
and the body of Sealed: at most 133 octets, so that it fits one message beside an application port
header (3GPP TS 23.040 clause 9.2.3.24.4).

The `box` is ChaCha20-Poly1305 (RFC 8439) under the handset's 32-octet report key. Plaintext: one
octet id and the body of the inner message. Nonce, 12 octets: the way (0x00 from the handset, 0x01
from the answer point), three octets 0x00, the counter as eight octets little-endian. Associated
data: handset and counter, each u32 little-endian, as they stand in Sealed. The 16 octets of tag
follow the ciphertext.

A handset's counters rise, below 2^30, as long as its flash keeps count. When it does not, they go
on from a place of chance from 2^30 up, which may be above or below any before. The answer point
drops a report whose counter it has seen. Of those below 2^30 it remembers the newest 64, and drops
what is further down; of those from 2^30 up it remembers the last 65,536 that came.

A TagReport whose `duress` is 1 follows a cancel that was forced: the holder was made to press, and
pressed another number of times than cancels. The handset pretends to have ended the alarm. Whoever
answers sends help, and neither rings back nor says anything that could be overheard.
"""

CONFIGURATION = """\
## Configuration

A value travels by its kind: true or false as one octet 1 or 0; a whole number as u32; text as
UTF-8; octets as they are. Empty text and octets mean "not set". A secret key can be written and
never read back. A key that the role may not set is refused with READ_ONLY.
"""
