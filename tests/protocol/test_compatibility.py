"""What a schema may change since its last release, and what it may not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tocsin_protocol import schema, versions
from tocsin_protocol.compatibility import breaks
from tocsin_protocol.errors import SchemaError
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.release import describe, version_of
from tocsin_protocol.vocabulary import Field, u8

Change = Callable[[Any], object]

NEXT = f"{schema.MAJOR}.{schema.MINOR + 1}"
NEW_FIELD = {"name": "more", "kind": "u8", "since": NEXT, "minimum": 0, "maximum": 255}
NEW_MESSAGE = {"id": 0x7E, "direction": "host to handset", "since": NEXT, "fields": []}


def after(change: Change) -> list[str]:
    """What a schema breaks that is the next minor version and so changed."""
    current = copy.deepcopy(describe())
    current["version"] = NEXT
    change(current)
    return breaks(describe(), current)


def fields(current: Any, message: str) -> Any:
    return current["messages"][message]["fields"]


@pytest.mark.parametrize(
    "change",
    [
        lambda c: None,
        lambda c: fields(c, "Hello").append(NEW_FIELD),
        lambda c: c["messages"].update(Ping=NEW_MESSAGE),
        lambda c: c["names"]["FailureCode"].update(TIRED=99),
        lambda c: c["names"].update(Mood={"FINE": 1}),
        lambda c: c["config"].update({"99": {"name": "mood", "kind": "bool"}}),
        lambda c: fields(c, "Info")[1].update(maximum=32),
        lambda c: (c["messages"].pop("Restart"), c.update(removed_ids=[0x14])),
    ],
    ids=["nothing", "field", "message", "member", "names", "key", "wider limit", "listed removal"],
)
def test_additions_break_nothing(change: Change) -> None:
    assert after(change) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda c: c["messages"].update(Hi=c["messages"].pop("Hello")),
            "0x01 was Hello and is re",
        ),
        (lambda c: c["messages"].pop("Restart"), "Restart is gone, but its id 0x14 is not listed"),
        (lambda c: c["messages"]["Info"].update(id=0x55), "Info had id 0x04 and has another"),
        (lambda c: c["messages"]["Info"].update(direction="host to handset"), "goes host to hand"),
        (lambda c: c["messages"]["Info"].update(since="1.1"), "which cannot become 1.1"),
        (lambda c: fields(c, "Hello").pop(), "Hello.role is removed"),
        (lambda c: fields(c, "Hello").reverse(), "the order of Hello's fields changed"),
        (lambda c: fields(c, "Hello").insert(0, NEW_FIELD), "the order of Hello's fields changed"),
        (lambda c: fields(c, "Hello")[0].update(kind="u16"), "Hello.major was u8 and is u16"),
        (lambda c: fields(c, "Hello")[0].update(maximum=9), "maximum was 255 and is 9"),
        (lambda c: fields(c, "Hello")[0].update(minimum=1), "minimum was 0 and is 1"),
        (lambda c: fields(c, "Info")[1].update(maximum=8), "Info.board is narrowed"),
        (lambda c: fields(c, "Hello").append({**NEW_FIELD, "since": "1.0"}), "since must be later"),
        (lambda c: c["messages"].update(Ping={**NEW_MESSAGE, "since": "1.0"}), "must be later"),
        (lambda c: c["records"]["ConfigEntry"].append(NEW_FIELD), "ConfigEntry has grown"),
        (lambda c: c["records"].clear(), "record ConfigEntry is removed"),
        (lambda c: c["names"]["Stage"].pop("PRESSED"), "Stage.PRESSED is removed"),
        (lambda c: c["names"]["Stage"].update(PRESSED=99), "Stage.PRESSED was 1 and is 99"),
        (lambda c: c["names"].pop("Stage"), "enumeration Stage is removed"),
        (lambda c: c["config"].pop("8"), "configuration key 8 (hold_ms) is removed"),
        (lambda c: c["config"]["8"].update(name="x"), "key 8 was hold_ms and is x"),
        (lambda c: c["config"]["8"].update(maximum=2000), "hold_ms is narrowed"),
        (lambda c: c.update(version="0.9"), "version 0.9 is older than"),
    ],
)
def test_a_broken_promise_is_told_in_words(change: Change, reason: str) -> None:
    found = after(change)
    assert [each for each in found if reason in each], found


def test_the_id_of_a_removed_message_stays_taken() -> None:
    released = {**describe(), "removed_ids": [0x7E]}
    assert breaks(released, describe()) == [  # type: ignore[arg-type]
        "id 0x7e was removed and is no longer listed in REMOVED_IDS"
    ]
    reused = {**copy.deepcopy(released), "version": NEXT}
    reused["messages"]["Ping"] = NEW_MESSAGE  # type: ignore[index]
    assert breaks(released, reused) == [  # type: ignore[arg-type]
        "id 0x7e was removed and is reused for Ping"
    ]


def test_another_major_version_may_change_anything() -> None:
    major, _ = version_of(NEXT)
    assert after(lambda c: (c["messages"].clear(), c.update(version=f"{major + 1}.0"))) == []


@pytest.mark.parametrize(
    ("since", "fault"),
    [
        (((1, 1), (1, 0)), "M.b is older than a"),
        (((1, 0), (1, 2)), "the schema is (1, 1): raise MINOR"),
    ],
)
def test_a_tail_in_the_wrong_order_or_from_the_future_is_refused(
    since: tuple[tuple[int, int], ...], fault: str
) -> None:
    both = tuple(Field(name, u8(), "", version) for name, version in zip("ab", since, strict=True))
    with pytest.raises(SchemaError) as refusal:
        versions.check([Message("M", 1, Direction.TO_HOST, "", both)], (1, 1))
    assert fault in str(refusal.value)


def test_fields_of_a_message_from_a_later_version_are_no_tail() -> None:
    both = (Field("a", u8(), ""), Field("b", u8(), "", (1, 1)), Field("c", u8(), ""))
    versions.check([Message("M", 1, Direction.TO_HOST, "", both, since=(1, 1))], (1, 1))
