"""The dial guard on spellings nobody thought of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portable_cases.guard_cases import EMERGENCY, PERMITTED

from tocsin.guard import DialGuard

EMERGENCIES = st.sampled_from(EMERGENCY)
FILLING = st.text(" -.()/*#pwPW,;:+\t\r\n\u00a0\u200b\uff0b", max_size=4)
ZEROS = st.integers(0, 12).map(lambda count: "0" * count)
PREFIXES = st.sampled_from(["", "141", "1470", "*31#", "#31#", "tel:", "ATD"])
COUNTRIES = st.from_regex(r"\+?[0-9]{0,3}", fullmatch=True)


def permits(number: str, *, release: bool = False, issued: bool = True) -> bool:
    """Whether a number goes out when the configuration lists it."""
    return DialGuard(release).permits(number, issued, [number])


@given(COUNTRIES, ZEROS, PREFIXES, ZEROS, EMERGENCIES, FILLING)
def test_no_prefix_hides_an_emergency_number(
    country: str, zeros: str, prefix: str, inner_zeros: str, emergency: str, tail: str
) -> None:
    assert not permits(country + zeros + prefix + inner_zeros + emergency + tail)


@given(EMERGENCIES, st.lists(FILLING, min_size=6, max_size=6))
def test_no_filling_hides_an_emergency_number(emergency: str, filling: list[str]) -> None:
    spelled = "".join(a + b for a, b in zip(filling, emergency, strict=False)) + filling[-1]
    assert not permits(spelled)


@given(EMERGENCIES, st.integers(0, 9))
def test_digits_of_other_scripts_are_not_digits(emergency: str, script: int) -> None:
    zero = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7F6)
    foreign = "".join(chr(zero[script] + int(digit)) for digit in emergency)
    assert not permits(foreign)
    assert not permits(foreign, release=True)
    assert not permits("+4477009001" + foreign)


@given(st.text(max_size=20))
def test_only_plain_international_numbers_leave_a_test_build(number: str) -> None:
    if permits(number):
        assert number[0] == "+"
        assert number[1:].isascii()
        assert number[1:].isdigit()
        assert 8 <= len(number) - 1 <= 15


@given(st.from_regex(r"\+44(20|7[0-9]|1[2-9])[0-9]{4}[1-9]{4}", fullmatch=True))
def test_subscriber_numbers_pass_and_only_as_listed_and_issued(number: str) -> None:
    guard = DialGuard(release_build=False)
    assert guard.permits(number, True, ["+15550100", number])
    assert not guard.permits(number, True, ["+15550100", number[:-1]])
    assert not guard.permits(number, False, [number])


@pytest.mark.parametrize("number", EMERGENCY)
def test_emergency_number_leaves_only_a_release_build_that_is_issued_and_lists_it(
    number: str,
) -> None:
    assert permits(number, release=True)
    assert not permits(number, release=True, issued=False)
    assert not permits(number)
    assert not DialGuard(release_build=True).permits(number, True, list(PERMITTED))


@given(EMERGENCIES, COUNTRIES.filter(bool), ZEROS)
def test_release_build_takes_the_plain_spelling_only(
    emergency: str, country: str, zeros: str
) -> None:
    number = country + zeros + emergency
    assert permits(number, release=True) == (number in EMERGENCY)
