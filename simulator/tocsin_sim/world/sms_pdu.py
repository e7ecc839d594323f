"""SMS transfer PDUs as the network sees them (3GPP TS 23.040): reads SUBMIT, builds DELIVER."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from smspdudecoder.elements import Date, Number
from smspdudecoder.fields import SMSSubmit

_PORT_16_BIT = 0x05  # application port addressing, clause 9.2.3.24.4
_MAX_USER_DATA = 140
_PORT_HEADER_BYTES = 7
MAX_PAYLOAD_BYTES = _MAX_USER_DATA - _PORT_HEADER_BYTES

logging.getLogger("smspdudecoder").setLevel(logging.ERROR)


class PduError(ValueError):
    """Not a PDU the network would carry."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Application ports of a binary message."""

    destination: int
    source: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """A message as submitted: `content` is text, or octets for 8-bit data."""

    number: str
    content: str | bytes
    ports: Ports | None


def read_submit(hex_pdu: str, tpdu_bytes: int) -> Submitted:
    """Read an SMS-SUBMIT with its service centre prefix, as given to AT+CMGS=`tpdu_bytes`.

    Raises PduError when the lengths disagree or the PDU cannot be read.
    """
    try:
        pdu = bytes.fromhex(hex_pdu)
        fields = SMSSubmit.decode(StringIO(hex_pdu))
    except Exception as error:
        raise PduError(f"unreadable PDU: {error}") from error
    if len(pdu) - 1 - pdu[0] != tpdu_bytes or fields["header"]["mti"] != "submit":
        raise PduError("not a SUBMIT of the stated length")
    recipient, data = fields["recipient"], fields["user_data"]
    _check_length(pdu, fields)
    plus = "+" if recipient["toa"]["ton"] == "international" else ""
    return Submitted(plus + recipient["number"], data["data"], _ports(data["header"]))


def _check_length(pdu: bytes, fields: Mapping[str, Any]) -> None:
    """Refuse user data cut short, which the decoder takes in silence."""
    address_bytes = (fields["recipient"]["length"] + 1) // 2
    validity_bytes = {0: 0, 2: 1}.get(fields["header"]["vpf"], 7)
    at = 1 + pdu[0] + 2 + 2 + address_bytes + 2 + validity_bytes
    length = pdu[at]
    octets = (length * 7 + 7) // 8 if fields["dcs"]["encoding"] == "gsm" else length
    if len(pdu) - at - 1 != octets or octets > _MAX_USER_DATA:
        raise PduError(f"user data length says {octets} octets, {len(pdu) - at - 1} are there")


def _ports(header: Mapping[str, Any] | None) -> Ports | None:
    for element in header["elements"] if header else ():
        if element["iei"] == _PORT_16_BIT:
            return Ports(int(element["data"][:4], 16), int(element["data"][4:], 16))
    return None


def deliver_data(sender: str, payload: bytes, ports: Ports, sent: datetime) -> tuple[str, int]:
    """Build an 8-bit SMS-DELIVER; `sender` is E.164, `payload` at most 133 octets.

    Returns the hex PDU with an empty service centre, and its length in octets without that.
    """
    digits = sender.removeprefix("+")
    header = f"060504{ports.destination:04X}{ports.source:04X}"
    user_data = header + payload.hex()
    tpdu = (
        "44"  # DELIVER, no more to send, with a user data header
        f"{len(digits):02X}91{Number.encode(digits)}"
        "0004"  # protocol 0, 8-bit data
        f"{Date.encode(sent)}{len(user_data) // 2:02X}{user_data}"
    ).upper()
    return "00" + tpdu, len(tpdu) // 2
