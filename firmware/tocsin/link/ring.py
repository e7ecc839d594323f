"""A queue of messages in memory that is allocated once."""


class Ring:
    """At most `slots` messages of at most `slot_bytes` octets, first in first out."""

    def __init__(self, slots: int, slot_bytes: int) -> None:
        self.count = 0
        self._first = 0
        self._slots = [bytearray(slot_bytes) for _ in range(slots)]
        self._sizes = [0] * slots

    @property
    def has_room(self) -> bool:
        """Whether one more message can be kept."""
        return self.count < len(self._slots)

    def push(self, data: "bytes | bytearray | memoryview", start: int, end: int) -> bool:
        """Keep data[start:end], or say that there is no room."""
        if not self.has_room or end - start > len(self._slots[0]):
            return False
        place = (self._first + self.count) % len(self._slots)
        self._slots[place][: end - start] = memoryview(data)[start:end]
        self._sizes[place] = end - start
        self.count += 1
        return True

    def copy_into(self, place: int, buf: "bytearray | memoryview", offset: int) -> int:
        """Copy the message at `place` from the front; returns the offset after it."""
        place = (self._first + place) % len(self._slots)
        end = offset + self._sizes[place]
        memoryview(buf)[offset:end] = memoryview(self._slots[place])[: end - offset]
        return end

    def drop(self, count: int) -> None:
        """Let go of the first messages."""
        self._first = (self._first + count) % len(self._slots)
        self.count -= count

    def clear(self) -> None:
        """Let go of everything."""
        self.count = 0
