"""Sealed messages between handset and answer point (architecture section 3, 'Over the air').

ChaCha20-Poly1305 (RFC 8439) under the handset's report key; the nonce is the direction octet,
three zero octets and the counter as u64; identity and counter are authenticated.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tocsin_host import wire
from tocsin_host.answerpoint.register import Register
from tocsin_host.answerpoint.replay import UsedCounters

FROM_HANDSET, FROM_ANSWER_POINT = 0, 1
_REPORTS: dict[bytes, type[wire.TagReport | wire.HealthReport]] = {
    bytes((each.ID,)): each for each in (wire.TagReport, wire.HealthReport)
}


class TagError(ValueError):
    """The payload is not a report to believe; says why."""


Report = wire.TagReport | wire.HealthReport


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report that was really sealed by the handset `identity`."""

    identity: int
    counter: int
    report: Report


class ReportOpener:
    """Opens sealed reports and refuses forged and repeated ones (see UsedCounters)."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._used: dict[int, UsedCounters] = {}

    def open(self, payload: bytes) -> OpenedReport:
        """Open one data text's payload. Raises TagError."""
        sealed = _sealed(payload)
        key = self._register.key_of(sealed.handset)
        if key is None:
            raise TagError(f"no handset {sealed.handset} is registered")
        report = _report(unseal(key, FROM_HANDSET, sealed))
        if not self._used.setdefault(sealed.handset, UsedCounters()).take(sealed.counter):
            raise TagError(f"handset {sealed.handset} repeats counter {sealed.counter}")
        return OpenedReport(sealed.handset, sealed.counter, report)


def seal(key: bytes, direction: int, handset: int, counter: int, message: wire.Message) -> bytes:
    """Return `message` sealed: id and body of a Sealed, one data text's payload."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    plain = bytes((message.ID,)) + message.encode()
    box = ChaCha20Poly1305(key).encrypt(_nonce(direction, counter), plain, _bound(handset, counter))
    sealed = wire.Sealed(handset=handset, counter=counter, box=box)
    return bytes((sealed.ID,)) + sealed.encode()


def unseal(key: bytes, direction: int, sealed: wire.Sealed) -> bytes:
    """Return the message id and body inside `sealed`. Raises TagError when forged or damaged."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    bound = _bound(sealed.handset, sealed.counter)
    try:
        return ChaCha20Poly1305(key).decrypt(_nonce(direction, sealed.counter), sealed.box, bound)
    except InvalidTag:
        raise TagError(f"a report in the name of handset {sealed.handset} is forged") from None


def _nonce(direction: int, counter: int) -> bytes:
    return struct.pack("<B3xQ", direction, counter)


def _bound(handset: int, counter: int) -> bytes:
    return struct.pack("<II", handset, counter)


def _sealed(payload: bytes) -> wire.Sealed:
    if payload[:1] != bytes((wire.Sealed.ID,)):
        raise TagError("the payload is not a sealed message")
    try:
        return wire.Sealed.decode(payload[1:])
    except wire.DecodeError as error:
        raise TagError(f"the payload is cut or damaged: {error}") from error


def _report(plain: bytes) -> Report:
    kind = _REPORTS.get(plain[:1])
    if kind is None:
        raise TagError("the sealed message is no report")
    try:
        return kind.decode(plain[1:])
    except wire.DecodeError as error:
        raise TagError(f"the {kind.__name__} does not decode: {error}") from error
