"""One lane of a channel: go-back-N ARQ as in HDLC (ISO/IEC 13239), numbers modulo 256."""

from micropython import const

from tocsin.link.ring import Ring

_MODULUS = const(256)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.link.round_trip import RoundTrip
    from tocsin.parts import Clock, Ticks


class Sender:
    """Messages on their way out, until they are acknowledged.

    The first `_sent` of the queue are in flight; those up to `_reached` have been sent at least
    once: going back lowers the one and not the other.
    """

    def __init__(
        self, window: int, slot_bytes: int, round_trip: "RoundTrip", clock: "Clock"
    ) -> None:
        self.is_timing = False
        self.deadline: Ticks = 0
        self.queue = Ring(window, slot_bytes)
        self._round_trip = round_trip
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next message has sequence number 0."""
        self.queue.clear()
        self.is_timing = False
        self.tries = 0
        self.sequence = 0  # of the frame `put_next` wrote
        self._base = 0  # sequence number of the queue's first message
        self._sent = 0
        self._reached = 0
        self._timed = -1  # place in the queue of the frame whose round trip is being measured
        self._timed_since: Ticks = 0

    def put_next(self, now: "Ticks", buf: "bytearray | memoryview", offset: int) -> int:
        """Write the data of the frame to transmit now; the offset after it, or 0 for none."""
        place = self._sent
        if place >= self.queue.count:
            return 0
        self._sent += 1
        if place == self._reached:
            self._reached += 1
            if self._timed < 0:
                self._timed, self._timed_since = place, now
        if not self.is_timing:
            self._start_timer(now)
        self.sequence = (self._base + place) & 0xFF
        return self.queue.copy_into(place, buf, offset)

    def acknowledge(self, next_sequence: int, now: "Ticks") -> None:
        """Let go of what the peer has, as told by the next number it expects."""
        count = (next_sequence - self._base) & 0xFF
        if not 1 <= count <= self._reached:
            return  # nothing new, or a frame that was overtaken
        self.queue.drop(count)
        self._base = next_sequence
        self._sent = max(0, self._sent - count)
        self._reached -= count
        self._measure(count, now)
        self.tries = 0
        self._round_trip.recover()
        self.is_timing = False
        if self._reached:
            self._start_timer(now)

    def _measure(self, count: int, now: "Ticks") -> None:
        if 0 <= self._timed < count:
            self._round_trip.sample(self._clock.ticks_diff(now, self._timed_since))
        self._timed = max(-1, self._timed - count)

    def go_back(self, sequence: int) -> None:
        """Send again from a frame on: the peer misses it."""
        place = (sequence - self._base) & 0xFF
        if place < self._sent:
            self._sent = place
            self._timed = -1  # Karn's rule: what is sent twice tells nothing (RFC 6298 clause 3)

    def expire(self, now: "Ticks") -> None:
        """Send everything in flight again once its time is up."""
        if self.is_timing and self._clock.ticks_diff(now, self.deadline) >= 0:
            self.tries += 1
            self._round_trip.back_off()
            self._start_timer(now)
            self._sent = 0
            self._timed = -1

    def _start_timer(self, now: "Ticks") -> None:
        self.is_timing = True
        self.deadline = self._clock.ticks_add(now, self._round_trip.timeout_ms)


class Receiver:
    """Takes frames in their order only and keeps them until they are taken.

    Acknowledged is what has been taken, so a sender whose window is no larger than the queue
    never overruns it. Tells of each gap.
    """

    def __init__(self, window: int, slot_bytes: int) -> None:
        self.queue = Ring(window, slot_bytes)
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next message has sequence number 0."""
        self.queue.clear()
        self.expected = 0
        self.reject_due = False
        self._farthest = _MODULUS  # how far ahead the last frame beyond a gap lay

    @property
    def acknowledged(self) -> int:
        """The sequence number after the last message taken."""
        return (self.expected - self.queue.count) & 0xFF

    def accept(self, sequence: int, data: "bytearray | memoryview", start: int, end: int) -> bool:
        """Keep data[start:end] if this is the frame whose turn it is and there is room."""
        ahead = (sequence - self.expected) & 0xFF
        if not ahead:
            return self._keep(data, start, end)
        if self.is_ahead(sequence):
            # Frames come in rising order: a step back means that the sender has gone back, and
            # that the frame it went back to is lost again.
            self.reject_due = self.reject_due or ahead <= self._farthest
            self._farthest = ahead
        return False

    def is_ahead(self, sequence: int) -> bool:
        """Whether a frame is one to come, rather than one already had."""
        return (sequence - self.expected) & 0x80 == 0

    def _keep(self, data: "bytearray | memoryview", start: int, end: int) -> bool:
        if not self.queue.push(data, start, end):
            return False
        self.expected = (self.expected + 1) & 0xFF
        self._farthest = _MODULUS
        self.reject_due = False
        return True
