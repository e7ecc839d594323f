"""The tables of a scenario file: which keys each has, and which values those take."""

from __future__ import annotations

from tocsin_sim.scenario.actions import ACTIONS
from tocsin_sim.scenario.parameters import Choice, Count, Flag, Number, Parameters
from tocsin_sim.scenario.texts import Anything, Maybe, Text, Waiting, When, Words

_NAME = Text(r"^[a-z][a-z0-9_]*$", "small letters, digits and _")
_WORDS = Text(r"\S", "some words")
_EVENT = Text(r"^[a-z0-9_.:T]+$", "an event's name, such as mark:dialled")
_DRAMA = Text(r"^\+447700900[0-9]{3}$", "a number from +447700900000 to +447700900999")

SCENARIO: Parameters = {
    "schema": Choice(("scenario/1",)),
    "name": _NAME,
    "title": _WORDS,
    "tags": Words(),
    "seed": Count(0, 2**31 - 1, 1),
    "limit_s": Number(1, 86_400, 240),
    "ends": Choice(("closed", "limit"), "closed"),
    "modems": Words(("a7670", "sim7600", "eg25")),
    "targets": Words(("sim", "rig"), ("sim",)),
}
"""`ends` is when a run is over: some seconds after the activation closed, or at the limit."""

DUT: Parameters = {
    "state": Choice(("asleep", "starting"), "asleep"),
    "battery_pct": Number(0, 100, 82),
    "issued": Flag(default=True),
    "blank": Flag(default=False),
    "config": Maybe(Anything()),
}
"""The handset; `config` holds settings by the names of `tocsin config`."""

SECOND: Parameters = {
    "identity": Count(1, 2**32 - 1, 7002),
    "number": Text(_DRAMA.pattern, _DRAMA.what, "+447700900702"),
    "registered": Flag(default=True),
}
"""A second handset at the same answer point; not `registered`, nobody there knows of it."""

GNSS: Parameters = {
    "start": Maybe(Choice(("hot", "warm", "cold"))),
    "first_fix_s": Maybe(Number(0.1, 3600)),
    "sky": Choice(("open", "urban", "none"), "open"),
    "log": Maybe(_WORDS),
}

NETWORK: Parameters = {
    "bearer": Choice(("volte", "cs", "csfb"), "volte"),
    "setup_s": Maybe(Number(0.1, 60)),
    "service": Choice(("home", "limited", "none"), "home"),
    "ring_limit_s": Number(1, 600, 30),
    "sms_delay_s": Number(0.1, 600, 3),
}

ANSWER: Parameters = {
    "answer": Maybe(Waiting()),
    "transfer": Maybe(Waiting()),
    "nobody": Flag(default=False),
    "talk_s": Number(0.1, 86_400, 45),
}
"""`transfer` is how long an operator who answers takes to reach the answer point."""

SECTIONS: dict[str, Parameters] = {
    "dut": DUT,
    "gnss": GNSS,
    "network": NETWORK,
    "answer": ANSWER,
    "second": SECOND,
}

STEP: Parameters = {
    "t": Maybe(When()),
    "on": Maybe(_EVENT),
    "has": Maybe(Anything()),
    "nth": Count(1, 1000, 1),
    "after": Maybe(When()),
    "device": Count(1, 2, 1),
    "do": Choice(tuple(ACTIONS)),
}
"""Every step; the rest of its keys are parameters of what it does."""

_WINDOW: Parameters = {
    "id": Text(r"^\w+$", "letters and digits"),
    "device": Count(1, 2, 1),
    "from": Text(_EVENT.pattern, _EVENT.what, "T0"),
}

EXPECTATIONS: dict[str, Parameters] = {
    "to": {**_WINDOW, "to": _EVENT, "within": When()},
    "event": {
        **_WINDOW,
        "event": _EVENT,
        "has": Maybe(Anything()),
        "times": Maybe(Count(1, 100_000)),
        "at_least": Maybe(Count(1, 100_000)),
        "within": When(),
    },
    "eventually": {
        **_WINDOW,
        "eventually": _EVENT,
        "has": Maybe(Anything()),
        "times": Maybe(Count(1, 100_000)),
        "at_least": Maybe(Count(1, 100_000)),
    },
    "never": {
        **_WINDOW,
        "never": _EVENT,
        "has": Maybe(Anything()),
        "until": Maybe(_EVENT),
        "within": Maybe(When()),
    },
}
"""The kinds of expectation, each by the key that only it has."""
