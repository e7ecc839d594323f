"""The loader: chooses which firmware starts, one of two slots or what was flashed beside it.

New firmware starts on trial: unless it confirms itself, the next start goes back. No update
replaces the loader, so firmware of every version calls it by these names.
"""

import binascii
import os
import struct
import sys

from micropython import const

FLASHED = const(0)
SLOT_A = const(1)
SLOT_B = const(2)

# How far the last update came: numbers of the protocol's UpdateStep.
NONE = const(0)
INSTALLED = const(1)
CONFIRMED = const(2)
UNPROVEN = const(3)
DAMAGED = const(4)

_FOLDER = "/data"
_NAMES = ("", "/slot.a", "/slot.b")  # of the file in the folder, and where that is mounted
_FIRST_MODULE = "/board.mpy"  # what main.py imports
# Slot confirmed, slot on trial, whether that has started, last step, whether untold, counter.
_RECORD = "<BBBBBL"
_RECORD_BYTES = const(9)
_CRC_BYTES = const(4)
_IS_OPEN_AT = const(4)  # of an ActivationRecord, after its number


class Slots:
    """Which firmware is `running`, and how far the `last` update came.

    `is_news` is set until the firmware has told of a step back. An update with a counter below
    `security_counter` is not to be installed.
    """

    def __init__(self, folder: str = _FOLDER) -> None:
        self.running = FLASHED
        for slot in (SLOT_A, SLOT_B):
            if _NAMES[slot] in sys.path:
                self.running = slot
        self.last = NONE
        self.is_news = False
        self.security_counter = 0
        self._folder = folder
        self._confirmed = FLASHED
        self._trial = FLASHED
        self._has_started = 0
        self._load()

    @property
    def is_trial(self) -> bool:
        """Whether what runs has not proved itself: a restart goes back."""
        return self.running != FLASHED and self.running == self._trial

    @property
    def is_waiting(self) -> bool:
        """Whether an update is to be tried at the next start without an alarm."""
        return self._trial != FLASHED and self.running != self._trial

    # -- for boot.py

    def choose(self) -> None:
        """Put the firmware that is to run first on sys.path; what cannot be read is passed over.

        An alarm that a restart has interrupted goes on in firmware that has proved itself.
        """
        if self._trial and (self._has_started or not self._has_alarm()):
            self._try()
        if self.is_trial or not self._confirmed or self._start(self._confirmed):
            return
        if self.last != DAMAGED:
            self._go_back(DAMAGED)

    def _try(self) -> None:
        """Start what is on trial, once: flash knows that it has started before it does."""
        if self._has_started:
            self._go_back(UNPROVEN)
            return
        self._has_started = 1
        if self._save() and not self._start(self._trial):
            self._go_back(DAMAGED)

    def _has_alarm(self) -> bool:
        """Whether an activation is open: the protocol's ActivationRecord and its CRC-32."""
        record = _content(self._folder + "/activation")
        return len(record) > _IS_OPEN_AT and record[_IS_OPEN_AT] == 1

    def _go_back(self, step: int) -> None:
        self._trial = FLASHED
        self.last = step
        self.is_news = True
        self._save()

    def _start(self, slot: int) -> bool:
        import vfs

        from slot_image import Image

        try:
            image = Image(self._folder + _NAMES[slot])
            image.stat(_FIRST_MODULE)
            vfs.mount(image, _NAMES[slot])
        except (OSError, ValueError):
            return False
        sys.path.insert(0, _NAMES[slot])
        self.running = slot
        return True

    # -- for the firmware

    def put(self, path: str) -> None:
        """Move an update, checked already, into a slot that is not needed. Raises OSError."""
        os.rename(path, self._folder + _NAMES[self._spare()])

    def try_next(self) -> None:
        """Have what was put there started next, on trial. Raises OSError."""
        self._write((self.running, self._spare(), 0, INSTALLED, False), self.security_counter)

    def _spare(self) -> int:
        # What is put in a confirmed slot, spoilt and so not running, would start without a trial.
        return SLOT_B if SLOT_A in (self.running, self._confirmed) else SLOT_A

    def rewrite(self) -> None:
        """Write the record as it is, to see whether flash takes one. Raises OSError."""
        state = (self._confirmed, self._trial, self._has_started, self.last, self.is_news)
        self._write(state, self.security_counter)

    def confirm(self, security_counter: int) -> None:
        """Keep what runs on trial, and its security counter from now on. Raises OSError."""
        counter = max(self.security_counter, security_counter)
        self._write((self.running, FLASHED, 0, CONFIRMED, False), counter)

    def told(self) -> None:
        """The firmware has told of the step back: it is news no longer."""
        self.is_news = False
        self._save()

    # -- the record of all that

    def _load(self) -> None:
        content = _content(self._folder + "/slots")
        if len(content) == _RECORD_BYTES:
            self._take(content)

    def _take(self, content: bytes) -> None:
        (
            self._confirmed,
            self._trial,
            self._has_started,
            self.last,
            is_news,
            self.security_counter,
        ) = struct.unpack(_RECORD, content)
        self.is_news = is_news == 1

    def _save(self) -> bool:
        try:
            self.rewrite()
        except OSError:
            return False
        return True

    def _write(self, state: "tuple[int, int, int, int, bool]", counter: int) -> None:
        content = struct.pack(_RECORD, *(state + (counter,)))
        path = self._folder + "/slots"
        with open(path + ".new", "wb") as file:
            file.write(content + _crc(content))
        os.rename(path + ".new", path)
        self._take(content)


def _content(path: str) -> bytes:
    """What a file holds before its CRC-32; nothing without an intact one."""
    try:
        with open(path, "rb") as file:
            data: bytes = file.read()
    except OSError:
        return b""
    content = data[:-_CRC_BYTES]
    return content if data[-_CRC_BYTES:] == _crc(content) else b""


def _crc(content: bytes) -> bytes:
    return struct.pack("<L", binascii.crc32(content))
