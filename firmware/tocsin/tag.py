"""Reports to the answer point, sealed, in one SMS each: who raises an alarm, how a handset is.

Sealed as schema message `Sealed` says: ChaCha20-Poly1305 (RFC 8439) under the handset's report key,
nonce = direction, three zero octets, counter; the counter never repeats.
"""

import struct

from micropython import const

from tocsin import wire
from tocsin.crypto import chacha20poly1305
from tocsin.modem import pdu

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.health.wire import HealthReport
    from tocsin.parts import Pause
    from tocsin.storage.config import Config

    Report = wire.TagReport | HealthReport

_FROM_HANDSET = const(0)
_FROM_ANSWER_POINT = const(1)
_KEY_BYTES = const(32)
_DATA_PORT = const(16_744)


def has_key(config: "Config") -> bool:
    """Whether the handset holds a report key at all."""
    return len(config.get("report_key")) == _KEY_BYTES


async def message(
    report: "Report", config: "Config", counter: int, pause: "Pause"
) -> "tuple[bytes, int]":
    """The report as an SMS to the answer point: its PDU and the length of that."""
    sms = await seal(report, config, counter, pause)
    return pdu.submit_data(config.get("report_number"), sms, _DATA_PORT)


async def seal(report: "Report", config: "Config", counter: int, pause: "Pause") -> bytes:
    """The octets of the SMS: message id and a Sealed body holding the report."""
    handset = config.get("identity")
    body = bytearray(1 + report.MAX_BYTES)
    body[0] = report.ID
    end = report.encode_into(body, 1)
    box = await chacha20poly1305.seal(
        config.get("report_key"),
        _nonce(_FROM_HANDSET, counter),
        struct.pack("<II", handset, counter),
        bytes(memoryview(body)[:end]),
        pause,
    )
    sealed = wire.Sealed(handset, counter, box)
    sms = bytearray(1 + wire.Sealed.MAX_BYTES)
    sms[0] = wire.Sealed.ID
    end = sealed.encode_into(sms, 1)
    return bytes(memoryview(sms)[:end])


async def open_answer(payload: bytes, config: "Config", pause: "Pause") -> int:
    """The activation an SMS payload authentically acknowledges; -1 when it does no such thing."""
    try:
        if not payload or payload[0] != wire.Sealed.ID or not has_key(config):
            return -1
        sealed = wire.Sealed().decode_from(memoryview(payload), 1, len(payload))
        if sealed.handset != config.get("identity"):
            return -1
        plain = await chacha20poly1305.open_box(
            config.get("report_key"),
            _nonce(_FROM_ANSWER_POINT, sealed.counter),
            struct.pack("<II", sealed.handset, sealed.counter),
            sealed.box,
            pause,
        )
        if plain is None or plain[0] != wire.AnswerAck.ID:
            return -1
        return wire.AnswerAck().decode_from(memoryview(plain), 1, len(plain)).activation
    except wire.DecodeError:
        return -1


def _nonce(direction: int, counter: int) -> bytes:
    return struct.pack("<B3xII", direction, counter, 0)
