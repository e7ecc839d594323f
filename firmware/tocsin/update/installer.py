"""Puts a transferred update in its slot, or says why not."""

import os

from micropython import const

from tocsin import build, wire
from tocsin.refusal import Refusal
from tocsin.update.check import check
from tocsin.wire_dialogue import (
    FAILURE_BUSY,
    FAILURE_NOT_OPEN,
    FAILURE_ON_TRIAL,
    FAILURE_STORAGE,
)
from tocsin.wire_dialogue.update import UPDATE_INSTALLED, UpdateStatus

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.history import History
    from tocsin.parts import Pause, Slots
    from tocsin.wire_dialogue.update import UpdateManifest

# What may change by itself: the file is kept to be tried again.
_PASSING = (FAILURE_BUSY, FAILURE_ON_TRIAL, FAILURE_STORAGE)


class Installer:
    """Takes the update in `path`; a refused one is deleted and the refusal goes to the journal.

    `pause` is awaited between steps; what it raises leaves everything as it is, to be tried again.
    `open_slots` returns the loader as it is now: a trial that ends changes it.
    """

    def __init__(
        self,
        open_slots: "Callable[[], Slots]",
        board: str,
        path: str,
        history: "History",
        pause: "Pause",
    ) -> None:
        self._open_slots = open_slots
        self._board = board
        self._path = path
        self._history = history
        self._pause = pause

    def status(self) -> UpdateStatus:
        """Which firmware runs and what became of the last update."""
        slots = self._open_slots()
        is_trial = int(slots.is_trial)
        return UpdateStatus(
            slots.running, is_trial, build.VERSION, _least_counter(slots), slots.last
        )

    async def install(self) -> "UpdateManifest":
        """Check the update and have it start next; raises Refusal, or what `pause` raises."""
        try:
            manifest = await self._checked()
            await self._put()
        except OSError as error:
            await self._refuse(FAILURE_STORAGE)
            raise Refusal(FAILURE_STORAGE, "error %s" % error.errno)  # noqa: B904 - ports chain none
        except Refusal as refusal:
            await self._refuse(refusal.code)
            raise
        self._history.note(wire.JOURNAL_UPDATE, UPDATE_INSTALLED, manifest.security_counter)
        return manifest

    async def _checked(self) -> "UpdateManifest":
        await self._pause()
        slots = self._open_slots()
        if slots.is_trial:
            raise Refusal(FAILURE_ON_TRIAL, "it is not confirmed yet")
        if not _exists(self._path):
            raise Refusal(FAILURE_NOT_OPEN, "no update was transferred")
        return await check(self._path, self._board, _least_counter(slots), self._pause)

    async def _put(self) -> None:
        slots = self._open_slots()
        slots.put(self._path)
        await self._settle()
        slots.try_next()
        await self._settle()
        _remove(self._path + ".head")

    async def _refuse(self, code: int) -> None:
        self._history.note(wire.JOURNAL_UPDATE_REFUSED, code, 0)
        if code not in _PASSING:
            _remove(self._path)
            await self._settle()
            _remove(self._path + ".head")

    async def _settle(self) -> None:
        """Pause between operations on flash of which all must be: an alarm now changes nothing."""
        try:
            await self._pause()
        except Refusal:
            pass


def _least_counter(slots: "Slots") -> int:
    return max(build.SECURITY_COUNTER, slots.security_counter)


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _remove(path: str) -> None:
    """Delete a file; one that stays is overwritten by the next transfer."""
    try:
        os.remove(path)
    except OSError:
        pass
