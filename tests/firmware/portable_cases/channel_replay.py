"""A recorded exchange of a handset's channel, done again: the same calls have the same results."""

from portable_cases.channel_cases import HandsetEnd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class RecordedEnd(HandsetEnd):
    """A handset's end that writes down every call with its result, one a line."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: "list[str]" = []

    def send(self, data: bytes, lane: int) -> bool:
        is_taken = super().send(data, lane)
        self._note("send", (data, lane), is_taken)
        return is_taken

    def feed(self, data: bytes, now: int) -> None:
        super().feed(data, now)
        self._note("feed", (data, now), None)

    def next_frame(self, now: int) -> bytes:
        frame = super().next_frame(now)
        self._note("next_frame", (now,), frame)
        return frame

    def next_due(self, now: int) -> int:
        due = super().next_due(now)
        self._note("next_due", (now,), due)
        return due

    def _note(self, name: str, arguments: "tuple[Any, ...]", result: object) -> None:
        self.calls.append(repr((name, arguments, result)))


def run(path: str) -> None:
    end = HandsetEnd()
    with open(path) as calls:  # noqa: PTH123  # no pathlib on the VM
        for line in calls:
            name, arguments, result = eval(line)
            assert getattr(end, name)(*arguments) == result, line
