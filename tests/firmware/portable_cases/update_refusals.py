"""Updates that are not to be installed, each for one reason; files made by the host's tools.

A file's name begins with the failure code it must be refused with, or with 0 for a good one.
"""

import asyncio
import os

import slots
from portable_cases.untouched import open_gate
from tocsin import wire, wire_dialogue
from tocsin.history import History
from tocsin.refusal import Refusal
from tocsin.storage.journal import Journal
from tocsin.update.installer import Installer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

BOARD = "lilygo_t_a7670"
COUNTER = 7


class Clock:
    """It is always the same time."""

    def ticks_ms(self) -> int:
        return 5

    def ticks_add(self, ticks: int, delta: int) -> int:
        raise NotImplementedError

    def ticks_diff(self, end: int, start: int) -> int:
        raise NotImplementedError

    def unix_s(self) -> int:
        return 6


class Depot:
    """A handset's folder with an update that was transferred, and who installs it."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.slots = slots.Slots(folder)
        self.slots.security_counter = COUNTER
        clock: Any = Clock()
        self._journal = Journal(folder)
        self._journal.open()
        self.history = History(self._journal, clock, clock, open_gate())
        self.path = folder + "/update"
        self.pauses = 0
        with open(name, "rb") as file:  # noqa: PTH123 - no port has pathlib
            self.content = file.read()
        for path in (self.path, self.path + ".head"):
            with open(path, "wb") as file:  # noqa: PTH123
                file.write(self.content)

    async def pause(self) -> None:
        self.pauses += 1

    def install(self, pause: "Callable[[], Any]") -> int:
        """The code it is refused with, or 0."""
        installer = Installer(lambda: self.slots, BOARD, self.path, self.history, pause)
        try:
            asyncio.run(installer.install())
        except Refusal as refusal:
            assert refusal.detail
            return refusal.code
        return 0

    def entries(self) -> "list[tuple[int, int]]":
        self.history.flush()
        return [(each.kind, each.code) for each in self._journal.entries()]

    def names(self) -> "list[str]":
        names = os.listdir(self.folder)  # noqa: PTH208
        return sorted(name for name in names if not name.startswith("journal"))

    def clear(self) -> None:
        for name in os.listdir(self.folder):  # noqa: PTH208
            os.remove(self.folder + "/" + name)  # noqa: PTH107


def refused(folder: str, name: str, code: int) -> None:
    """Nothing is left of it, nothing is changed, and the journal says why."""
    depot = Depot(folder, name)
    assert depot.install(depot.pause) == code, name
    assert depot.names() == [], name
    assert depot.entries() == [(wire.JOURNAL_UPDATE_REFUSED, code)], name
    assert not slots.Slots(folder).is_trial
    depot.clear()


def installed(folder: str, name: str) -> None:
    depot = Depot(folder, name)
    assert depot.install(depot.pause) == 0
    assert depot.pauses > 150
    assert depot.names() == ["slot.a", "slots"]
    with open(folder + "/slot.a", "rb") as file:  # noqa: PTH123
        assert file.read() == depot.content
    assert depot.entries() == [(wire.JOURNAL_UPDATE, slots.INSTALLED)]
    assert depot.slots.last == slots.INSTALLED
    depot.clear()


def put_off(folder: str, name: str) -> None:
    """A press at any pause leaves everything to be tried again."""
    depot = Depot(folder, name)
    pauses = left = 0

    async def press() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Refusal(wire_dialogue.FAILURE_BUSY, "an activation is open")

    while True:
        pauses += 1
        left = pauses
        code = depot.install(press)
        if code == 0:
            break
        assert code == wire_dialogue.FAILURE_BUSY
        assert depot.names() == ["update", "update.head"]
    assert pauses > 150
    assert depot.names() == ["slot.a", "slots"]
    depot.clear()


def put_off_on_trial(folder: str, name: str) -> None:
    depot = Depot(folder, name)
    depot.slots.running = depot.slots._trial = slots.SLOT_A
    assert depot.install(depot.pause) == wire_dialogue.FAILURE_ON_TRIAL
    assert depot.names() == ["update", "update.head"]
    depot.clear()


def nothing_there(folder: str, name: str) -> None:
    depot = Depot(folder, name)
    depot.clear()
    assert depot.install(depot.pause) == wire_dialogue.FAILURE_NOT_OPEN
    depot.clear()


def run(folder: str, *files: str) -> None:
    codes = {name: int(name[name.rfind("/") + 1 :].split("-")[0]) for name in files}
    for name in files:
        if codes[name]:
            refused(folder, name, codes[name])
        else:
            installed(folder, name)
    good = files[0]
    put_off(folder, good)
    put_off_on_trial(folder, good)
    nothing_there(folder, good)
