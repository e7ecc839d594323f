"""AML texts read back by a strict parser written from the format's description alone."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portable_cases import aml_cases
from portable_cases.aml_cases import fix_at

from tocsin.location.aml import aml_text

KEYS = ['A"ML', "lt", "lg", "rd", "top", "lc", "pm", "si", "ei", "mcc", "mnc", "ml"]
PATTERNS = {
    'A"ML': "1", "lt": r"[+-]\d{1,2}\.\d{5}", "lg": r"[+-]\d{1,3}\.\d{5}", "rd": r"[1-9]\d{0,4}|N",
    "top": r"\d{14}", "lc": r"\d{1,2}", "pm": "[GN]", "si": r"\d{15}", "ei": r"\d{15}",
    "mcc": r"\d{3}", "mnc": r"\d{2,3}", "ml": r"\d{3}",
}  # fmt: skip


def parse(text: bytes) -> dict[str, str]:
    """Fields of an AML version 1 text; raises AssertionError for the least departure."""
    assert len(text) <= 160
    pairs = [part.split("=") for part in text.decode("ascii").split(";")]
    assert [pair[0] for pair in pairs] == KEYS
    fields = dict(pairs)
    for key, value in fields.items():
        assert re.fullmatch(PATTERNS[key], value), (key, value)
    assert int(fields["ml"]) == len(text)
    datetime.strptime(fields["top"] + "Z", "%Y%m%d%H%M%S%z")
    if fields["pm"] == "N":
        assert (fields["lt"], fields["lg"]) == ("+00.00000", "+000.00000")
        assert (fields["rd"], fields["lc"]) == ("N", "0")
    else:
        assert abs(float(fields["lt"])) <= 90
        assert abs(float(fields["lg"])) <= 180
    return fields


DIGITS = st.text("0123456789", min_size=15, max_size=15)


@given(
    st.integers(-900_000_000, 900_000_000),
    st.integers(-1_800_000_000, 1_800_000_000),
    st.integers(1, 65_535),
    DIGITS,
    DIGITS,
)
def test_any_fix_is_told_to_a_metre_in_one_message(
    lat: int, lon: int, radius_m: int, imsi: str, imei: str
) -> None:
    fields = parse(aml_text(fix_at(lat, lon, radius_m), aml_cases.LATER, imsi, imei, "234", "10"))
    assert abs(float(fields["lt"]) * 1e7 - lat) <= 51
    assert abs(float(fields["lg"]) * 1e7 - lon) <= 51
    assert (fields["rd"], fields["lc"], fields["pm"]) == (str(radius_m), "68", "G")
    assert fields["top"] == "20260314092653"
    assert fields["ei"] == imei


@given(st.sampled_from(["", aml_cases.IMSI]), st.sampled_from(["", aml_cases.IMEI]))
def test_text_without_fix_or_identities_still_parses(imsi: str, imei: str) -> None:
    invalid = fix_at(1, 1, 1)
    invalid.valid = False
    for fix in (None, invalid):
        fields = parse(aml_text(fix, aml_cases.LATER, imsi, imei, "", ""))
        assert fields["pm"] == "N"
        assert fields["top"] == "20260314092713"
        assert (fields["mcc"], fields["mnc"]) == ("000", "00")


@pytest.mark.parametrize(
    ("imsi", "mcc", "mnc", "told"),
    [
        ("234159176307582", "234", "15", "234150000000000"),
        ("310260123456789", "310", "410", "310260000000000"),
        ("310260123456789", "234", "15", "310260000000000"),
        ("", "234", "15", "000000000000000"),
    ],
)
def test_subscriber_number_is_left_out_of_the_imsi(
    imsi: str, mcc: str, mnc: str, told: str
) -> None:
    assert parse(aml_text(None, aml_cases.LATER, imsi, "", mcc, mnc))["si"] == told


def test_hemispheres_and_rounding_keep_their_signs() -> None:
    fields = parse(aml_text(fix_at(-49, -51, 5), aml_cases.LATER, "", "", "", ""))
    assert (fields["lt"], fields["lg"]) == ("+0.00000", "-0.00001")


def test_leap_second_is_told_as_the_second_before() -> None:
    fix = fix_at(1, 1, 1)
    fix.hour, fix.minute, fix.second = 23, 59, 60
    assert parse(aml_text(fix, aml_cases.LATER, "", "", "", ""))["top"] == "20260314235959"


# Valid of their kind, and yet not what this firmware may write.
STRICTER = {
    "aml-01": "a position by Wi-Fi, and an identity of 16 digits",
    "aml-19": "a latitude without its sign",
    "aml-21": "version 2",
}
# What may be changed in the valid example of the specification's authors so that it is ours.
AS_OURS = (("pm=W", "pm=G"), ("ei=1234567890123456", "ei=123456789012345"))


def test_strict_parser_agrees_with_published_messages(shared_data: Path) -> None:
    lines = (shared_data / "aml/aml_messages.jsonl").read_text().splitlines()
    messages = {message["id"]: message for message in map(json.loads, lines)}
    texts = {name: each for name, each in messages.items() if each["kind"].startswith("sms-v")}
    assert len(texts) == 13
    for name, message in texts.items():
        assert is_ours(message["text"]) == (message["valid"] and name not in STRICTER), name
    assert parse(messages["aml-26"]["text"].encode())["pm"] == "N"


def test_strict_parser_refuses_a_published_message_for_its_own_fault(shared_data: Path) -> None:
    lines = (shared_data / "aml/aml_messages.jsonl").read_text().splitlines()
    messages = {message["id"]: message for message in map(json.loads, lines)}
    for name in ("aml-01", "aml-04", "aml-06", "aml-08", "aml-10", "aml-12", "aml-14"):
        text = messages[name]["text"]
        for theirs, ours in AS_OURS:
            text = text.replace(theirs, ours)
        text = f"{text[:-3]}{len(text):03d}"
        assert is_ours(text) == messages[name]["valid"], name


def is_ours(text: str) -> bool:
    try:
        parse(text.encode())
    except (AssertionError, ValueError):
        return False
    return True
