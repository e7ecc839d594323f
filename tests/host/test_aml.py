from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host.answerpoint import AmlError, AmlLocation, parse_aml

if TYPE_CHECKING:
    from pathlib import Path

_BODY = (
    'A"ML=1;lt=+54.76397;lg=-0.18305;rd=50;top=20130717141935;lc=90;pm=W;'
    "si=123456789012345;ei=1234567890123456;mcc=234;mnc=30"
)
_EXAMPLE = f"{_BODY};ml=128"
_MEANING = AmlLocation(
    version=1,
    lat_deg=54.76397,
    lon_deg=-0.18305,
    radius_m=50,
    time=datetime(2013, 7, 17, 14, 19, 35, tzinfo=UTC),
    confidence_pct=90,
    method="W",
    imsi="123456789012345",
    imei="1234567890123456",
    mcc="234",
    mnc="30",
)


def _meant(text: str) -> AmlLocation:
    """The meaning without its problems."""
    return replace(parse_aml(text), problems=())


def test_the_standards_example_is_read_without_a_problem() -> None:
    assert parse_aml(_EXAMPLE) == _MEANING


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('A"ML', "AML", "quote"),
        ("ml=128", "ml=10", "ml is '10'"),
        ("lc=90;", "", "lc is missing"),
        ("pm=W", "pm=w", ""),
        ("lt=+54.76397", "lt=54.76397", ""),
        ("rd=50", "rd=50.0", ""),
        (";rd=50", ";;;rd=50", "is empty"),
        ("mnc=30", "mnc=30;ci=77", ""),
        (";lt=+54.76397", ";lt=+1.00000;lt=+54.76397", "lt occurs twice"),
        ("ml=128", "ml=128 \r\n", ""),
    ],
)
def test_what_is_bearable_is_kept_and_noted(old: str, new: str, problem: str) -> None:
    text = _EXAMPLE.replace(old, new)
    assert replace(_meant(text), confidence_pct=90) == _MEANING
    assert any(problem in each for each in parse_aml(text).problems) or not problem


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+54.76397", "+90.00001"),
        ("-0.18305", "-180.1"),
        ("+54.76397", "+g4.7d397"),
        ("20130717141935", "20130717"),
        ("20130717141935", "20130231141935"),
        ('A"ML=1', 'A"ML=3'),
        ('A"ML=1;', ""),
        ("+54.76397", "٥٤.٧٦"),
    ],
)
def test_what_would_mislead_is_refused(old: str, new: str) -> None:
    with pytest.raises(AmlError):
        parse_aml(_EXAMPLE.replace(old, new))


def test_no_fix_is_no_position_though_zeros_are_sent() -> None:
    text = (
        'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;'
        "si=234159000000000;ei=123456789012345;mcc=234;mnc=15;ml=127"
    )
    location = parse_aml(text)
    assert not location.has_position
    assert location.radius_m is None
    assert location.summary == "no position"
    assert location.problems == ()


def test_version_2_gives_the_fix_relative_to_the_call() -> None:
    location = parse_aml(
        'A"ML=2;en=+15555555555;et=1593187189;lo=-37.42175,-122.08461,2000.1;lt=-9999;lc=68;'
        "lz=-100.1,100.1;ls=G;ei=358239059042542;nc=310260;hc=310260;lg=en-US"
    )
    assert (location.lat_deg, location.lon_deg) == (-37.42175, -122.08461)
    assert location.time == datetime(2020, 6, 26, 13, 13, 10, tzinfo=UTC)
    assert (location.mcc, location.mnc) == ("310", "260")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(AmlError):
        parse_aml(text)


@given(st.data())
def test_any_damage_to_a_message_is_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(_EXAMPLE)))
    until = data.draw(st.integers(at, len(_EXAMPLE)))
    middle = data.draw(st.text(alphabet='A"ML=;+-.0123456789N', max_size=20))
    with suppress(AmlError):
        location = parse_aml(_EXAMPLE[:at] + middle + _EXAMPLE[until:])
        assert location.lat_deg is None or -90 <= location.lat_deg <= 90
        assert location.lon_deg is None or -180 <= location.lon_deg <= 180
        assert location.radius_m is None or location.radius_m >= 0
        assert location.confidence_pct is None or 0 <= location.confidence_pct <= 100


@given(
    st.integers(-9_000_000, 9_000_000),
    st.integers(-18_000_000, 18_000_000),
    st.integers(0, 99_999),
    st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001 Hypothesis wants it
)
def test_what_is_written_is_read_back(lat: int, lon: int, radius_m: int, at: datetime) -> None:
    at = at.replace(microsecond=0, tzinfo=UTC)
    text = (
        _EXAMPLE.replace("+54.76397", f"{lat / 1e5:+.5f}")
        .replace("-0.18305", f"{lon / 1e5:+.5f}")
        .replace("rd=50", f"rd={radius_m}")
        .replace("20130717141935", f"{at:%Y%m%d%H%M%S}")
    )
    expected = replace(_MEANING, lat_deg=lat / 1e5, lon_deg=lon / 1e5, radius_m=radius_m, time=at)
    assert _meant(text) == expected


def test_published_messages_are_read_as_their_sources_say(shared_data: Path) -> None:
    lines = (shared_data / "aml" / "aml_messages.jsonl").read_text().splitlines()
    messages = [json.loads(line) for line in lines]
    texts = [each for each in messages if each["kind"].startswith("sms-")]
    assert len(texts) >= 12
    for message in texts:
        _assert_read_as_published(message)


def _assert_read_as_published(message: dict[str, Any]) -> None:
    if not message["valid"]:
        with suppress(AmlError):
            assert parse_aml(message["text"]).problems, message["id"]
        return
    location = parse_aml(message["text"])
    assert location.problems == (), message["id"]
    names = {"lat": "lat_deg", "lon": "lon_deg", "accuracy_m": "radius_m"}
    for name, expected in message["expect"].items():
        found = getattr(location, names.get(name, name), None)
        if name == "time":
            assert found == datetime.fromisoformat(expected), message["id"]
        elif hasattr(location, names.get(name, name)):
            assert found == expected, (message["id"], name)
