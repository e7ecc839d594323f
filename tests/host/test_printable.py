from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host.printable import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("handset 7001", "handset 7001"),
        ("Zürich 東京", "Zürich 東京"),
        ("\x1b[31mred\r\n", r"\x1b[31mred\x0d\x0a"),
        ("abc\u202ecba", r"abc\u202ecba"),
        (b"\xff ok", r"\xff ok"),
    ],
)
def test_only_what_could_harm_is_escaped(text: str | bytes, expected: str) -> None:
    assert printable(text) == expected


@given(st.text() | st.binary())
def test_the_result_never_holds_a_control_or_format_character(text: str | bytes) -> None:
    shown = printable(text)
    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
