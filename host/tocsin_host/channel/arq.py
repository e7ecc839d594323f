"""One lane of a channel: go-back-N ARQ as in HDLC (ISO/IEC 13239), numbers modulo 256."""

from __future__ import annotations

from collections import deque

from tocsin_host.channel.round_trip import RoundTrip

MODULUS = 256


class Sender:
    """Messages on their way out, until they are acknowledged.

    The first `_sent` of the queue are in flight; those up to `_reached` have been sent at least
    once: going back lowers the one and not the other.
    """

    def __init__(self, window: int, queue_limit: int, round_trip: RoundTrip) -> None:
        self.deadline_ms: int | None = None
        self.tries = 0
        self.window = window
        self._queue_limit = queue_limit
        self._round_trip = round_trip
        self._queue: deque[bytes] = deque()
        self._base = 0  # sequence number of the queue's first message
        self._sent = 0
        self._reached = 0
        self._timed = -1  # place in the queue of the frame whose round trip is being measured
        self._timed_since_ms = 0
        self._is_doubtful = False  # sent again: an acknowledgement may be of either transmission

    @property
    def is_idle(self) -> bool:
        """Whether everything has been acknowledged."""
        return not self._queue

    @property
    def count(self) -> int:
        """How many messages wait for their acknowledgement."""
        return len(self._queue)

    @property
    def has_room(self) -> bool:
        """Whether one more message can be queued."""
        return len(self._queue) < self._queue_limit

    def offer(self, data: bytes) -> bool:
        """Queue a message, or say that there is no room."""
        if not self.has_room:
            return False
        self._queue.append(data)
        return True

    def next_frame(self, now_ms: int) -> tuple[int, bytes] | None:
        """Sequence number and data of the frame to transmit now."""
        place = self._sent
        if place >= min(len(self._queue), self.window):
            return None
        self._sent += 1
        if place == self._reached:
            self._reached += 1
            if self._timed < 0:
                self._timed, self._timed_since_ms = place, now_ms
                self._is_doubtful = False
        if self.deadline_ms is None:
            self.deadline_ms = now_ms + self._round_trip.timeout_ms
        return (self._base + place) % MODULUS, self._queue[place]

    def acknowledge(self, next_sequence: int, now_ms: int) -> bool:
        """Let go of what the peer has, as told by the next number it expects; whether it is new."""
        count = (next_sequence - self._base) % MODULUS
        if not 1 <= count <= self._reached:
            return False  # nothing new, or a frame that was overtaken
        for _ in range(count):
            self._queue.popleft()
        self._base = next_sequence
        self._sent = max(0, self._sent - count)
        self._reached -= count
        self._measure(count, now_ms)
        self.tries = 0
        self._round_trip.recover()
        self.deadline_ms = now_ms + self._round_trip.timeout_ms if self._reached else None
        return True

    def had_arrived(self) -> None:
        """The peer has had before what was sent again: it is there, and only slow to take it.

        So the time it takes may be learnt after all (the use of RFC 3708's duplicate reports).
        """
        self.tries = 0
        self._is_doubtful = False

    def _measure(self, count: int, now_ms: int) -> None:
        if 0 <= self._timed < count:
            # Karn's rule: what is sent twice tells nothing (RFC 6298 clause 3).
            if not self._is_doubtful:
                self._round_trip.sample(now_ms - self._timed_since_ms)
            self._is_doubtful = False
        self._timed = max(-1, self._timed - count)

    def go_back(self, sequence: int) -> None:
        """Send again from a frame on: the peer misses it."""
        place = (sequence - self._base) % MODULUS
        if place < self._sent:
            self._sent = place
            self._is_doubtful = True

    def expire(self, now_ms: int) -> None:
        """Send everything in flight again once its time is up."""
        if self.deadline_ms is not None and now_ms >= self.deadline_ms:
            self.tries += 1
            self._round_trip.back_off()
            self.deadline_ms = now_ms + self._round_trip.timeout_ms
            self._sent = 0
            self._is_doubtful = True


class Receiver:
    """Takes frames in their order only, and tells of each gap."""

    def __init__(self) -> None:
        self.expected = 0
        self.reject_due = False
        self._farthest = MODULUS  # how far ahead the last frame beyond a gap lay

    def accept(self, sequence: int) -> bool:
        """Whether this is the frame whose turn it is."""
        ahead = (sequence - self.expected) % MODULUS
        if not ahead:
            self.expected = (self.expected + 1) % MODULUS
            self._farthest = MODULUS
            self.reject_due = False
        elif self.is_ahead(sequence):
            # Frames come in rising order: a step back means that the sender has gone back, and
            # that the frame it went back to is lost again.
            self.reject_due |= ahead <= self._farthest
            self._farthest = ahead
        return not ahead

    def is_ahead(self, sequence: int) -> bool:
        """Whether a frame is one to come, rather than one already had."""
        return (sequence - self.expected) % MODULUS < MODULUS // 2
