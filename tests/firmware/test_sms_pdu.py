"""SMS PDUs against a published decoder and published vectors."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portable_cases.pdu_cases import DELIVERED
from smspdudecoder.fields import SMSSubmit

from tocsin.modem.pdu import PduError, deliver_data, submit_data, submit_text

NUMBERS = st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True)
TEXTS = st.text(
    "\n\r !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    max_size=160,
)


def decoded(pdu: bytes) -> dict[str, Any]:
    submit: dict[str, Any] = SMSSubmit.decode(StringIO(pdu.decode()))
    return submit


def vectors(shared_data: Path, kind: str) -> list[dict[str, Any]]:
    every = json.loads((shared_data / "pdu/sms_pdu_vectors.json").read_text())["vectors"]
    return [vector for vector in every if vector["kind"] == kind]


@given(NUMBERS, TEXTS)
def test_published_decoder_reads_any_text(number: str, text: str) -> None:
    pdu, length = submit_text(number, text.encode())
    submit = decoded(pdu)
    assert "+" + submit["recipient"]["number"] == number
    assert submit["recipient"]["toa"]["ton"] == "international"
    assert submit["user_data"]["data"] == text
    assert len(pdu) == 2 + 2 * length


@given(NUMBERS, st.binary(max_size=133), st.integers(0, 65535))
def test_published_decoder_reads_any_data(number: str, payload: bytes, port: int) -> None:
    pdu, length = submit_data(number, payload, port)
    submit = decoded(pdu)
    assert submit["user_data"]["data"] == payload
    assert submit["user_data"]["header"]["elements"] == [
        {"iei": 5, "length": 4, "data": f"{port:04X}0000"}
    ]
    assert len(pdu) == 2 + 2 * length


@given(
    st.from_regex(r"\+?[0-9]{1,15}", fullmatch=True), st.binary(max_size=133), st.integers(0, 65535)
)
def test_data_that_was_submitted_is_delivered(number: str, payload: bytes, port: int) -> None:
    pdu, _ = submit_data(number, payload, port)
    # A network turns SUBMIT into DELIVER: no reference, and a time stamp before the length.
    tpdu = bytes.fromhex(pdu.decode())[1:]
    address_end = 3 + 1 + (tpdu[2] + 1) // 2
    coding_end = address_end + 2
    deliver = b"\x00\x40" + tpdu[2:coding_end] + bytes(7) + tpdu[coding_end:]
    assert deliver_data(deliver.hex().encode()) == (number, port, payload)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+447700900123", b"a" * 161), ("+447700900123", b"price $5"), ("+447700900123", b"a@b"),
        ("+447700900123", b"\xc2\xa35"), ("", b"x"), ("+", b"x"), ("+44 7700", b"x"),
        ("+" + "1" * 21, b"x"), ("+44\uff17", b"x"),
    ],
)  # fmt: skip
def test_text_that_does_not_fit_is_refused(number: str, text: bytes) -> None:
    with pytest.raises(PduError):
        submit_text(number, text)


@pytest.mark.parametrize(("size", "port"), [(134, 1), (0, -1), (0, 65536)])
def test_data_that_does_not_fit_is_refused(size: int, port: int) -> None:
    with pytest.raises(PduError):
        submit_data("+447700900123", bytes(size), port)


def test_septets_are_packed_as_published(shared_data: Path) -> None:
    compared = 0
    for vector in vectors(shared_data, "gsm7"):
        if not vector["text"].isascii() or not vector["text"].replace(" ", "a").isalnum():
            continue
        pdu, _ = submit_text("1", vector["text"].encode())
        assert pdu.decode().endswith(vector["expect"]["packed"])
        compared += 1
    assert compared >= 2


def test_published_submit_comes_out_byte_for_byte() -> None:
    # python-gsmmodem, test_encodeSmsSubmit.
    expected = b"0001000B917228001011F100000CC8329BFD065DDF72363904"
    assert submit_text("+27820001111", b"Hello World!")[0] == expected


def test_published_messages_are_told_apart(shared_data: Path) -> None:
    delivered = {}
    for vector in vectors(shared_data, "decode") + vectors(shared_data, "invalid"):
        result = deliver_data(vector["pdu"].encode())
        if result is not None:
            delivered[vector["id"]] = result[:2]
            assert result[2].hex() == vector["decoded"]["data"]
    assert delivered == {"pdu-197": ("33707520030", 2948), "pdu-203": ("+11476124010", 2948)}


# The firmware writes one message of plain text, or of octets to a port; it reads the latter only.
# Out of its scope, so that nothing is compared: UCS-2, characters beyond ASCII's place, messages in
# parts, numbers of letters, stamps and validity, which it never writes.
COMPARED = {"decode", "invalid", "gsm7", "encode-submit", "encode-gammu", "address", "semi-octets"}
BEYOND = {"split", "ucs2", "timestamp", "relative-validity"}
PLAIN = re.compile("[ -#%-?A-Za-z\n\r]*")


def test_every_kind_of_vector_is_compared_or_out_of_scope(shared_data: Path) -> None:
    every = json.loads((shared_data / "pdu/sms_pdu_vectors.json").read_text())["vectors"]
    assert len(every) == 107
    assert {vector["kind"] for vector in every} == COMPARED | BEYOND


def is_plain(vector: dict[str, Any]) -> bool:
    """Whether a vector is one message of plain text."""
    decoded = vector["decoded"]
    return decoded["encoding"] == "7bit" and bool(PLAIN.fullmatch(decoded["text"]))


def test_published_texts_come_out_with_the_same_number_and_septets(shared_data: Path) -> None:
    compared = []
    for vector in vectors(shared_data, "encode-submit") + vectors(shared_data, "encode-gammu"):
        decoded = vector["decoded"]
        start = 2 + 2 * int(vector["pdu"][:2], 16)
        has_header = int(vector["pdu"][start : start + 2], 16) & 0x40
        if has_header or not is_plain(vector):
            continue
        ours, _ = submit_text(decoded["number"], decoded["text"].encode())
        address_end = 6 + 2 + 2 + 2 * ((len(decoded["number"].removeprefix("+")) + 1) // 2)
        address = ours[6:address_end].decode()
        user_data = ours[address_end + 4 :].decode()
        assert address in vector["pdu"], vector["id"]
        assert vector["pdu"].endswith(user_data), vector["id"]
        compared.append(vector["id"])
    assert len(compared) >= 12, compared


def test_published_addresses_come_out_byte_for_byte(shared_data: Path) -> None:
    compared = 0
    for vector in vectors(shared_data, "address") + vectors(shared_data, "semi-octets"):
        if not vector["text"].removeprefix("+").isdigit():
            continue
        hex_pdu = submit_text(vector["text"], b"")[0].decode()
        expected = vector["expect"]["hex"]
        # A service centre's address counts octets, a recipient's digits: from the type on the same.
        is_centre = vector.get("smsc_field")
        assert (expected[2:] if is_centre else expected) in hex_pdu
        compared += 1
    assert compared == 6


@given(st.binary(max_size=200))
def test_no_bytes_make_delivery_raise(noise: bytes) -> None:
    deliver_data(noise)
    deliver_data(noise.hex().encode())


@given(st.data())
def test_no_damage_makes_delivery_raise(data: st.DataObject) -> None:
    pdu = bytearray(data.draw(st.sampled_from(DELIVERED))[1])
    if pdu:
        pdu[data.draw(st.integers(0, len(pdu) - 1))] = data.draw(
            st.sampled_from(b"0123456789ABCDEF")
        )
    deliver_data(bytes(pdu[: data.draw(st.integers(0, len(pdu)))]))
