"""Configuration values: from a person's words to the wire and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host.wire import CONFIG, WireValueError

HOLD = CONFIG["hold_ms"]
NUMBER = CONFIG["call_number"]
KEY = CONFIG["report_key"]
ISSUED = CONFIG["issued"]


@given(st.integers(-(2**33), 2**33))
def test_whole_numbers_within_limits_and_no_others_travel(value: int) -> None:
    if HOLD.minimum <= value <= HOLD.maximum:
        assert HOLD.decode(HOLD.encode(value)) == value == HOLD.parse(str(value))
    else:
        with pytest.raises(WireValueError, match=r"hold_ms .* from 500 to 3000"):
            HOLD.parse(str(value))


@given(st.from_regex(r"\+[0-9]{8,15}", fullmatch=True))
def test_numbers_in_international_form_travel(number: str) -> None:
    assert NUMBER.decode(NUMBER.encode(NUMBER.parse(number))) == number


@pytest.mark.parametrize(
    "number",
    ["999", "+1234567", "+1234567890123456", "+44 7700900123", "07700900123", "+٤٤٧٧٠٠٩٠٠١٢", " "],
)
def test_other_numbers_are_refused(number: str) -> None:
    with pytest.raises(WireValueError, match=r"call_number .* \+ and 8 to 15 digits"):
        NUMBER.parse(number)


def test_nothing_means_not_set() -> None:
    assert NUMBER.encode(NUMBER.parse("")) == b""
    assert KEY.encode(KEY.parse("")) == b""


@given(st.binary(max_size=40))
def test_a_key_has_thirty_two_octets_or_none(key: bytes) -> None:
    if len(key) in (0, 32):
        assert KEY.decode(KEY.encode(KEY.parse(key.hex()))) == key
    else:
        with pytest.raises(WireValueError, match="32 octets"):
            KEY.parse(key.hex())


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(WireValueError) as refusal:
        KEY.parse("c0ffee")
    assert "c0ffee" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("No", False), ("on", True), ("0", False)]
)
def test_yes_and_no_have_many_words(text: str, value: bool) -> None:
    assert ISSUED.decode(ISSUED.encode(ISSUED.parse(text))) is value


@pytest.mark.parametrize("text", ["", "maybe", "2"])
def test_other_words_are_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(WireValueError, match=r"issued cannot be .* true or false"):
        ISSUED.parse(text)


@pytest.mark.parametrize(
    ("name", "data"),
    [("issued", b"\x02"), ("issued", b""), ("hold_ms", b"\xe8\x03"), ("hold_ms", bytes(4)),
     ("call_number", b"\xff"), ("call_number", b"999"), ("report_key", bytes(31))],
)  # fmt: skip
def test_wire_values_that_are_not_allowed_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(WireValueError, match=name):
        CONFIG[name].decode(data)
