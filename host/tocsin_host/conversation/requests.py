"""Which answer belongs to which question."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tocsin_host import wire
from tocsin_host.errors import TocsinError

_LAST = 255  # 0 is the number of events

Answer = wire.Message | TocsinError
OnAnswer = Callable[[Answer], None]


class Requests:
    """Questions that wait for their answer, by the number both carry."""

    def __init__(self) -> None:
        self._numbers = itertools.cycle(range(1, _LAST + 1))
        self._waiting: dict[int, OnAnswer] = {}

    @property
    def has_room(self) -> bool:
        """Whether one more question can be asked."""
        return len(self._waiting) < _LAST

    def expect(self, on_answer: OnAnswer) -> int:
        """Return the number of a new question; `on_answer` is called once."""
        number = next(free for free in self._numbers if free not in self._waiting)
        self._waiting[number] = on_answer
        return number

    def forget(self, number: int) -> None:
        """Wait no longer: an answer that still comes is passed over."""
        self._waiting.pop(number, None)

    def answer(self, number: int, answer: Answer) -> None:
        """Hand `answer` to the question that has this number, if it still waits."""
        on_answer = self._waiting.pop(number, None)
        if on_answer is not None:
            on_answer(answer)

    def fail(self, error: TocsinError) -> None:
        """Answer every question with `error`."""
        for number in list(self._waiting):
            self.answer(number, error)
