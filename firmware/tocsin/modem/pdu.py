"""SMS PDUs: submit and deliver of 3GPP TS 23.040, packing of TS 23.038."""

import binascii
import struct

from micropython import const

_SUBMIT = const(0x01)  # SMS-SUBMIT, no validity period
_MESSAGE_TYPE_MASK = const(0x03)
_HAS_HEADER = const(0x40)
_DEFAULT_SMSC = b"\x00"
_GSM7 = const(0x00)
_EIGHT_BIT = const(0x04)

_INTERNATIONAL = const(0x91)
_UNKNOWN_NUMBERING = const(0x81)
_NUMBER_TYPE_MASK = const(0x70)
_TYPE_INTERNATIONAL = const(0x10)
_TYPE_ALPHANUMERIC = const(0x50)
_SEMI_OCTETS = "0123456789*#abc"
_MAX_DIGITS = const(20)

_PORTS_16_BIT = const(0x05)
_PORTS_8_BIT = const(0x04)
_PARTS_8_BIT = const(0x00)
_PARTS_16_BIT = const(0x08)
_MAX_SEPTETS = const(160)
_MAX_PORT_PAYLOAD = const(133)

_LF = const(0x0A)
_CR = const(0x0D)
_DOLLAR = const(0x24)
_AT = const(0x40)


class PduError(ValueError):
    """A message that cannot be put into one SMS."""


def submit_text(number: str, text: bytes) -> "tuple[bytes, int]":
    """Hex PDU and length for AT+CMGS of one text of at most 160 characters.

    Raises PduError for a number, a length or a character that does not fit.
    """
    if len(text) > _MAX_SEPTETS:
        raise PduError("text of %d characters, one SMS holds %d" % (len(text), _MAX_SEPTETS))
    for char in text:
        if not _is_same_as_ascii(char):
            raise PduError("character 0x%02x is not sent in GSM 7-bit text" % char)
    head = bytes((_SUBMIT, 0)) + _address(number) + bytes((0, _GSM7, len(text)))
    return _submit(head + _pack_septets(text))


def submit_data(number: str, payload: bytes, port: int) -> "tuple[bytes, int]":
    """Hex PDU and length for AT+CMGS of at most 133 octets to an application port.

    Raises PduError for a number, a port or a payload that does not fit.
    """
    if len(payload) > _MAX_PORT_PAYLOAD:
        raise PduError("payload of %d octets, limit %d" % (len(payload), _MAX_PORT_PAYLOAD))
    if not 0 <= port <= 0xFFFF:
        raise PduError("port %d is not 0 .. 65535" % port)
    header = struct.pack(">BBBHH", 6, _PORTS_16_BIT, 4, port, 0)
    head = bytes((_SUBMIT | _HAS_HEADER, 0)) + _address(number)
    head += bytes((0, _EIGHT_BIT, len(header) + len(payload)))
    return _submit(head + header + payload)


def deliver_data(hex_pdu: bytes) -> "tuple[str, int, bytes] | None":
    """Sender, destination port and payload of an 8-bit SMS-DELIVER with a port header.

    None for anything else, whatever the bytes. An alphanumeric sender reads as "".
    """
    try:
        return _deliver(binascii.unhexlify(hex_pdu.strip()))
    except (ValueError, IndexError):
        return None


def _is_same_as_ascii(char: int) -> bool:
    """Whether a character stands at its ASCII place in the GSM 7-bit default alphabet."""
    if 0x20 <= char <= 0x5A:  # space to Z
        return char != _DOLLAR and char != _AT
    return 0x61 <= char <= 0x7A or char == _LF or char == _CR  # a to z


def _submit(tpdu: bytes) -> "tuple[bytes, int]":
    return binascii.hexlify(_DEFAULT_SMSC + tpdu).upper(), len(tpdu)


def _address(number: str) -> bytes:
    international = number[:1] == "+"
    digits = number[1 if international else 0 :]
    if not 1 <= len(digits) <= _MAX_DIGITS:
        raise PduError("number of %d digits, limit %d" % (len(digits), _MAX_DIGITS))
    octets = bytearray((len(digits), _INTERNATIONAL if international else _UNKNOWN_NUMBERING))
    for index in range(0, len(digits), 2):
        pair = digits[index : index + 2]
        high = _semi_octet(pair[1]) if len(pair) == 2 else 0xF
        octets.append(high << 4 | _semi_octet(pair[0]))
    return bytes(octets)


def _semi_octet(char: str) -> int:
    place = _SEMI_OCTETS.find(char)
    if place < 0:
        raise PduError("%r cannot stand in a number" % char)
    return place


def _pack_septets(text: bytes) -> bytes:
    packed = bytearray()
    held = bits = 0
    for septet in text:
        held |= septet << bits
        bits += 7
        if bits >= 8:
            packed.append(held & 0xFF)
            held >>= 8
            bits -= 8
    if bits:
        packed.append(held)
    return bytes(packed)


def _deliver(pdu: bytes) -> "tuple[str, int, bytes] | None":
    at = 1 + pdu[0]
    first = pdu[at]
    if first & _MESSAGE_TYPE_MASK or not first & _HAS_HEADER:
        return None
    digits, kind = pdu[at + 1], pdu[at + 2]
    at += 3
    sender = _sender(kind, digits, pdu[at : at + (digits + 1) // 2])
    at += (digits + 1) // 2 + 1
    if not _is_eight_bit(pdu[at]):
        return None
    at += 1 + 7  # past the service centre's time stamp
    size = pdu[at]
    user_data = pdu[at + 1 : at + 1 + size]
    if len(user_data) < size:
        return None
    header_end = 1 + user_data[0]
    if header_end > size:
        return None
    port = _destination_port(user_data[1:header_end])
    return None if port is None else (sender, port, user_data[header_end:])


def _sender(kind: int, digits: int, octets: bytes) -> str:
    if kind & _NUMBER_TYPE_MASK == _TYPE_ALPHANUMERIC:
        return ""
    sender = "+" if kind & _NUMBER_TYPE_MASK == _TYPE_INTERNATIONAL else ""
    for index in range(digits):
        sender += _SEMI_OCTETS[octets[index // 2] >> (4 * (index % 2)) & 0xF]
    return sender


def _is_eight_bit(coding: int) -> bool:
    """Whether a data coding scheme means uncompressed 8-bit data: TS 23.038 clause 4."""
    if coding & 0xF0 == 0xF0:
        return bool(coding & 0x04)
    return coding & 0xAC == 0x04


def _destination_port(header: bytes) -> "int | None":
    """Port named by a user data header; None without one, or for a part of a longer message."""
    port = None
    at = 0
    while at < len(header):
        element, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        at += 2 + size
        if at > len(header) or element in (_PARTS_8_BIT, _PARTS_16_BIT):
            return None
        if element == _PORTS_16_BIT and size == 4:
            port = value[0] << 8 | value[1]
        elif element == _PORTS_8_BIT and size == 2:
            port = value[0]
    return port
