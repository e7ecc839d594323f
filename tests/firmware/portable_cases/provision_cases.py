"""Claim and return on littlefs, the power failing at any flash operation; VM only."""

import asyncio

from portable_cases.failing_flash import PLACE, content, cut_everywhere, empty, mounted, names
from portable_cases.untouched import open_gate
from tocsin import wire
from tocsin.link.handlers.provision import ProvisionArea
from tocsin.link.handlers.quiet import Quiet
from tocsin.refusal import Refusal
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal
from tocsin.wire_dialogue import (
    FAILURE_BUSY,
    FAILURE_CLAIMED,
    FAILURE_WRONG_IDENTITY,
    ROLE_FACTORY,
)
from tocsin.wire_dialogue.provision import Claim, Wipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IDENTITY = 7001
KEYS = {"factory_key": b"f" * 32, "technician_key": b"t" * 32, "fixture_key": b"x" * 32}


class Idle:
    """An activation that is not open, for so many looks; no clock."""

    def __init__(self) -> None:
        self.looks_left = 1 << 20
        self.is_open = False

    @property
    def is_idle(self) -> bool:
        self.looks_left -= 1
        return self.looks_left >= 0

    def ticks_ms(self) -> int:
        return 0

    def ticks_diff(self, _end: int, _start: int) -> int:
        return 0


class Handset:
    """A handset's storage, as after a start, and what is done to the rest of it."""

    def __init__(self) -> None:
        self.board = self
        self.data_dir = PLACE
        self.config = Config(PLACE)
        self.config.load()
        self.counter = CounterLease(PLACE + "/counter")
        self.counter.open()
        self.journal = Journal(PLACE)
        self.journal.open()
        self.record = OpenActivation(PLACE + "/activation")
        self.record.load()
        self.history = self
        self.done: "list[str]" = []
        self.idle = Idle()
        self.area = ProvisionArea(self, Quiet(self.idle, open_gate(), self.idle))  # type: ignore[arg-type]

    def use(self) -> int:
        """Leave something in every file; returns a number given out."""
        self.journal.append(wire.JOURNAL_DIALLED, 0, 1, 0, 0)
        self.record.mark(1, 1, 0)
        return self.counter.take()

    def take_config(self) -> None:
        self.done.append("take config")

    def note(self, _kind: int, _code: int, _value: int) -> None:
        self.done.append("note")

    def forget(self) -> None:
        self.done.append("forget")

    def restart_soon(self) -> None:
        self.done.append("restart")


class Session:
    """A session as factory."""

    role = ROLE_FACTORY

    def subscribe(self, _on: bool) -> None:
        raise AssertionError


def claim(handset: Handset) -> None:
    request = Claim()
    request.identity = IDENTITY
    request.factory_key = KEYS["factory_key"]
    request.technician_key = KEYS["technician_key"]
    request.fixture_key = KEYS["fixture_key"]
    asyncio.run(handset.area.claim(request, Session()))


def wipe(handset: Handset, identity: int = IDENTITY) -> None:
    request = Wipe()
    request.identity = identity
    asyncio.run(handset.area.wipe(request, Session()))


def is_claimed(handset: Handset) -> bool:
    """Whether it has all there is to a claim; fails when it has a part."""
    config = handset.config
    found = [config.get("identity") == IDENTITY] + [config.get(k) == KEYS[k] for k in KEYS]
    assert found in ([True] * 4, [False] * 4), found
    return all(found)


def refused(handset: Handset, ask: "Any", *arguments: int) -> int:
    try:
        ask(handset, *arguments)
    except Refusal as error:
        return error.code
    raise AssertionError("was not refused")


class Told:
    """What the host had been told when the supply failed."""

    def __init__(self) -> None:
        self.is_done = False
        self.number = 0


def be_claimed(told: Told) -> None:
    claim(Handset())
    told.is_done = True


def all_of_it_or_nothing(told: Told) -> None:
    handset = Handset()
    if is_claimed(handset):
        assert refused(handset, claim) == FAILURE_CLAIMED
    else:
        assert not told.is_done
        claim(handset)
    assert is_claimed(Handset())


def be_returned(told: Told) -> None:
    handset = Handset()
    told.number = handset.use()
    wipe(handset)
    told.is_done = True


def keys_go_last_and_numbers_never_come_back(told: Told) -> None:
    handset = Handset()
    assert handset.counter.take() > told.number
    if is_claimed(handset):
        assert not told.is_done
        wipe(handset)
        handset = Handset()
    assert not is_claimed(handset)
    assert set(names()) == {"counter", "erasing"}
    assert content("counter") is not None
    claim(handset)


def a_claimed_handset() -> bytearray:
    flash = mounted(empty())
    handset = Handset()
    claim(handset)
    handset.use()
    assert handset.done == ["take config", "note"]
    return flash.data


def a_return_is_for_the_handset_meant_and_stops_for_an_alarm() -> None:
    mounted(a_claimed_handset())
    firmware = ["slot.a", "slot.b", "slots"]
    for name in firmware:
        with open(PLACE + "/" + name, "wb") as file:  # noqa: PTH123 - no port has pathlib
            file.write(b"firmware")
    handset = Handset()
    assert refused(handset, wipe, IDENTITY + 1) == FAILURE_WRONG_IDENTITY
    handset.idle.looks_left = 2  # an alarm begins when some of it is deleted
    assert refused(handset, wipe) == FAILURE_BUSY
    assert is_claimed(Handset())
    assert handset.done == []
    handset.idle.looks_left = 99
    wipe(handset)
    assert handset.done == ["take config", "forget", "restart"]
    assert not is_claimed(handset)
    assert set(names()) == {"counter", "erasing"} | set(firmware)


def run() -> None:
    a_return_is_for_the_handset_meant_and_stops_for_an_alarm()
    cut_everywhere(Told, be_claimed, all_of_it_or_nothing, 3)
    cut_everywhere(
        Told, be_returned, keys_go_last_and_numbers_never_come_back, 8, a_claimed_handset()
    )
