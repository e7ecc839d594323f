"""The interface document's part on the layers: from octets on a line to messages in a session."""

from collections.abc import Sequence

from tocsin_protocol import ble
from tocsin_protocol.frame import MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES
from tocsin_protocol.generator.diagram import Cell, diagram

HEADER_BYTES = 4
MESSAGE_HEAD_BYTES = 2
TAG_BYTES = 16

_MAX_DATA_BYTES = MAX_PAYLOAD_BYTES - HEADER_BYTES

_FRAME: Sequence[Cell] = (
    ("COBS of payload and CRC-32", f"6 to {MAX_FRAME_BYTES}"),
    ("0x00", "1"),
)
_PAYLOAD: Sequence[Cell] = (
    ("kind, lane", "1"),
    ("sequence", "1"),
    ("next normal", "1"),
    ("next urgent", "1"),
    ("data", f"0 to {_MAX_DATA_BYTES}"),
)
_MESSAGE: Sequence[Cell] = (
    ("id", "1"),
    ("request", "1"),
    ("body", f"0 to {_MAX_DATA_BYTES - MESSAGE_HEAD_BYTES}"),
)
_SEALED: Sequence[Cell] = (
    ("id, request, body, encrypted", f"2 to {_MAX_DATA_BYTES - TAG_BYTES}"),
    ("tag", f"{TAG_BYTES}"),
)
_BOX: Sequence[Cell] = (("ephemeral public key", "32"), ("tag", f"{TAG_BYTES}"))
_NONCE: Sequence[Cell] = (("zeros", "4"), ("lane << 63 + counter", "8"))
_NOTE: Sequence[Cell] = (
    ("0x50", "1"),
    ("zeros", "3"),
    ("id", "1"),
    ("0", "1"),
    ("body of TraceEvent", "13"),
)
_RECORD: Sequence[Cell] = (
    ("version", "1"),
    ("way", "1"),
    ("form", "1"),
    ("redacted", "1"),
    ("channel header", "4"),
    ("data", f"0 to {_MAX_DATA_BYTES}"),
)


def render() -> str:
    """Sections of Markdown, one a layer."""
    sections = (_frame, _radio, _channel, _message, _greeting, _handshake, _session, _notes)
    return "\n\n".join(section().strip() for section in (_overview, *sections, _transfer, _trace))


def _overview() -> str:
    return """
## Layers

Octets of the line make frames; a frame's payload belongs to the channel, which delivers messages
in order and once; they are in clear until a handshake, and sealed in the session that follows.
Over the diagrams stand numbers of octets."""


def _frame() -> str:
    return f"""
## Frame

{diagram(_FRAME)}

The CRC-32 is that of zlib (ISO 3309) over the payload, four octets, little-endian. COBS is
consistent overhead byte stuffing (Cheshire and Baker 1999), so 0x00 occurs only as the delimiter,
and a receiver is in step again after the next one. A payload has 1 to {MAX_PAYLOAD_BYTES} octets.
Frames that do not check are dropped without a word, for the channel sends again; empty ones mean
nothing, so a sender may put a delimiter first to end whatever came before."""


def _radio() -> str:
    return f"""
## Bluetooth LE

In service mode a handset with a radio offers one GATT service; the same frames go both ways.

| what | UUID | use |
| --- | --- | --- |
| service | `{ble.SERVICE}` | advertised, and nothing else |
| to the handset | `{ble.TO_HANDSET}` | write with or without response |
| to the host | `{ble.TO_HOST}` | notifications |

Each value is a piece of the stream of frames: of 1 octet to the MTU less 3, cut anywhere, for
delimiters tell frames apart. The host asks for an MTU of {ble.MTU}; with none asked for it is 23.
Flow is the channel's: what finds no room is dropped, does not check, and is sent again.

Advertisements hold the flags and the service's UUID: no name, no address that was used before. The
radio is on in service mode only, which a gesture at the handset begins. It ends after 10 minutes,
after 60 seconds without a session, and when the button is touched. A connection without a session
is closed after 15 seconds; after any connection the handset advertises anew. No pairing is asked
for and none is relied on: the session proves both ends. One host is served at a time, by cable or
by radio."""


def _channel() -> str:
    return f"""
## Channel

{diagram(_PAYLOAD)}

The first octet is `kind << 4 | lane`. Lane 0 is the normal one, lane 1 the urgent one: what waits
in it goes first, so an urgent message waits for one frame of another at most. `next normal` and
`next urgent` are cumulative acknowledgements, in every frame: the number of the message that its
sender expects next on each lane. All numbers count modulo 256.

| kind | name | sequence | data | meaning |
| --- | --- | --- | --- | --- |
| 0 | data | of this message on its lane | one message | from 0 on after a reset |
| 1 | ack | 0 | none | nothing but the acknowledgements |
| 2 | reset | 0 | u32 connection | the host begins: both lanes start anew |
| 3 | reset ack | 0 | u32 connection | the handset has; with 0: it knows of no connection |
| 4 | reject | expected on the lane | none | one is missing: send again from there on |
| 5 | note | 0 | one message | in clear, never acknowledged: see Notes |

The host opens the channel: it chooses a connection number other than 0 and repeats the reset until
the same number comes back. Each lane is go-back-N as in HDLC (ISO/IEC 13239): a receiver takes
messages in their order only, acknowledges after two of them or after 5 ms, at once when one comes
again, and rejects once when one is missing. A sender sends everything unacknowledged again when
its time is up: the measured round trip and its variance (RFC 6298) within 200 ms to 2 s, 500 ms
before the first measurement, doubled each time; after 10 times the channel is over. It has at most
so many messages of a lane on the way as the other end's window says; the host one until
HelloReply has told the handset's windows."""


def _message() -> str:
    return f"""
## Message

{diagram(_MESSAGE)}

`id` says which message it is, and so what its body holds: the fields in order, without gaps.
`request` is a number chosen by the host, 1 to 255; the reply repeats it; 0 marks an event.

A message starts an exchange, continues it, ends it, or stands alone; one that does not end it
gets exactly one of the replies named in the table below. A reply takes the lane of its request."""


def _greeting() -> str:
    return """
## Greeting

After the reset the host says [Hello](#hello) with the role it will prove, in clear and on the
normal lane; the handset answers [HelloReply](#helloreply), or [Failure](#failure) VERSION for
another major version and NO_KEY when it holds no key of that role.

`salt` is random each time. `key_check` is the first 4 octets of HMAC-SHA256 (RFC 2104) under the
role's key over `tocsin hello` and the salt. So a host that holds the keys of many handsets finds
the right one, or learns that it holds none, and nothing on the line tells one handset from
another.

A handset that has no factory key is unclaimed: it takes the role FACTORY with SHA-256 of
`tocsin unclaimed handset` as its key, and only to be claimed, asked what and how it is, and wiped.
The factory may change its key; only a wipe takes it away. A handset whose stored settings are
damaged is not unclaimed: it does not know whose it is, and answers NO_KEY."""


def _handshake() -> str:
    return f"""
## Handshake

[HandshakeStart](#handshakestart) and [HandshakeAnswer](#handshakeanswer), in clear, carry the two
messages of `Noise_NNpsk0_25519_ChaChaPoly_SHA256` (Noise protocol framework, revision 34), the
host being the initiator, with empty payloads:

{diagram(_BOX)}

The pre-shared key is the role's. The prologue is `tocsin`, then for Hello and for HelloReply the
number of octets of the body as u16 and the body as it was sent: who changes the greeting on its
way breaks the handshake. A HandshakeStart that does not open is answered with Failure
AUTHENTICATION. Any other message before the handshake is answered with Failure NO_SESSION."""


def _session() -> str:
    return f"""
## Session

From HandshakeAnswer on every message, both ways, is one Noise transport message in the channel's
data:

{diagram(_SEALED)}

There are two keys, one a way, as Noise splits them. Lanes deliver each by itself, so each way of
each lane is a cipher of its own that begins with its way's key. The nonce of ChaCha20-Poly1305
(RFC 8439) is never sent; its 8 octets are little-endian, the counter starts at 0 on each lane:

{diagram(_NONCE)}

There is no associated data. After each 65,536 messages of a lane and way, its key is replaced as
Noise's `rekey` says, and the counter goes on.

A message that does not open was altered, repeated, lost or never sealed: it ends the session, for
there is no going back to plain text. The handset forgets the keys and sends a reset ack with
connection 0; the host begins again with a reset. A session is open for one role: a message that
the table does not give to that role is answered with Failure NOT_ALLOWED, and the session stays.
[SessionEnd](#sessionend) ends it in good order; so does a new reset."""


def _notes() -> str:
    return f"""
## Notes

{diagram(_NOTE)}

While no session is subscribed to the trace, firmware of a test build writes its trace events as
frames of kind 5, in clear and unasked, so that a console sees them. A release build sends nothing
unasked. A host may show notes and must not act on them."""


def _transfer() -> str:
    return """
## Transfer

What is larger than a message goes to the handset in a session by offset:

```text
host                                        handset
TransferOpen   kind, size, SHA-256    --->
                                      <---  TransferReady   offset, chunk_bytes
TransferChunk  offset, data           --->
TransferChunk  offset + n, data       --->  (no reply)
...
TransferEnd                           --->
                                      <---  TransferDone    SHA-256
                                            or TransferWanted offset: go on from there
```

Opening the same kind, size and hash again, in a later session too, goes on where the handset has
kept everything before `offset`; opening anything else begins anew. A chunk that does not begin
where the last ended is passed over, and TransferWanted tells where to go on. The whole is taken
only when its hash is the announced one; otherwise it is deleted and Failure WRONG_HASH says so.
A refused chunk is answered with Failure once."""


def _trace() -> str:
    return f"""
## Trace files

`tocsin trace record` writes pcapng (draft-ietf-opsawg-pcapng) of link type USER1, 148: each packet
is one frame's payload behind four octets.

{diagram(_RECORD)}

`version` is 1. `way` is 1 to the host, 2 to the handset. `form` is 0 for data as it was sent in
clear, 1 for a message that was sent sealed and stands there opened, without its tag, 2 for data
that is still sealed. `redacted` is 1 when zeros stand for the octets of a key or another secret,
or of what might be one. Captures of the line itself have link type USER0, 147, in packets cut
anywhere; `tocsin.lua` reads both."""
