"""SUBMIT read and DELIVER built, against published PDUs and a foreign decoder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smspdudecoder.easy import read_incoming_sms

from tocsin_sim.world.sms_pdu import PduError, Ports, deliver_data, read_submit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SENT = datetime(2026, 1, 1, 12, 34, 56, tzinfo=UTC)
PRINTABLE = st.text(st.sampled_from(' !"#%&()*+,-./0123456789:;<=>?ABCXYZabcxyz'), max_size=160)


def tpdu_bytes(pdu: str) -> int:
    return len(pdu) // 2 - 1 - int(pdu[:2], 16)


def test_published_submits_are_read(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "pdu" / "sms_pdu_vectors.json").read_text())["vectors"]
    submits = [each for each in vectors if each["kind"] == "encode-submit"]
    assert len(submits) == 16
    for each in submits:
        message = read_submit(each["pdu"], tpdu_bytes(each["pdu"]))
        assert (message.number, message.content) == (
            each["expect"]["number"],
            each["expect"]["text"],
        )


@given(PRINTABLE)
def test_a_text_comes_out_as_it_went_in(write_text: Callable[[str, str], str], text: str) -> None:
    pdu = write_text("+447700900003", text)
    message = read_submit(pdu, tpdu_bytes(pdu))
    assert (message.number, message.content, message.ports) == ("+447700900003", text, None)


@given(st.binary(max_size=133), st.integers(0, 0xFFFF))
def test_data_comes_out_with_its_port(
    write_data: Callable[[str, bytes, int], str], payload: bytes, port: int
) -> None:
    pdu = write_data("+447700900004", payload, port)
    message = read_submit(pdu, tpdu_bytes(pdu))
    assert (message.content, message.ports) == (payload, Ports(port, 1))


@given(st.data())
def test_a_pdu_cut_anywhere_is_refused(
    write_data: Callable[[str, bytes, int], str], data: st.DataObject
) -> None:
    pdu = write_data("+447700900004", b"0123456789", 16200)
    cut = pdu[: data.draw(st.integers(0, len(pdu) - 1))]
    with pytest.raises(PduError):
        read_submit(cut, max(0, len(cut) // 2 - 1))


@given(st.text(alphabet="0123456789ABCDEFG", max_size=80))
def test_any_other_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(PduError):
        read_submit(text, 999)


@given(st.binary(min_size=1, max_size=133))
def test_a_foreign_decoder_reads_what_is_delivered(payload: bytes) -> None:
    pdu, length = deliver_data("+447700900004", payload, Ports(16200, 16201), SENT)
    assert length == tpdu_bytes(pdu)
    assert "0605043F483F49" in pdu
    message = read_incoming_sms(pdu)
    assert (message["sender"], message["content"]) == ("+447700900004", payload)
    assert message["date"] == SENT
