"""The handset's end of a channel: messages arrive in order and once, urgent ones first.

A frame's payload is `kind << 4 | lane`, a sequence number, the next number expected on the normal
and on the urgent lane (a cumulative acknowledgement), then data.
"""

from micropython import const

from tocsin.link.arq import Receiver, Sender
from tocsin.link.round_trip import RoundTrip
from tocsin.wire import MAX_PAYLOAD_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock, Ticks

HEADER_BYTES = 4
MAX_DATA_BYTES = MAX_PAYLOAD_BYTES - HEADER_BYTES
NORMAL = 0
URGENT = 1
NORMAL_WINDOW = 12  # half a second at 115,200 baud
URGENT_WINDOW = 4

_DATA = const(0x00)
_ACK = const(0x10)  # carries nothing but the two acknowledgements
_RESET = const(0x20)  # starts both lanes anew; data: the connection's number, 4 octets, not all 0
_RESET_ACK = const(0x30)  # the same number back; all 0: the handset knows of no connection
_REJECT = const(0x40)  # a frame is missing on the lane: send again from `sequence` on (HDLC's REJ)
_LANE = const(0x0F)

_HEADER = const(4)
_NO_CONNECTION = b"\x00\x00\x00\x00"
_CONNECTION_BYTES = const(4)
_ACK_EVERY_FRAMES = const(2)
_ACK_DELAY_MS = const(5)
_MAX_TRIES = const(10)


class Channel:
    """Two lanes to one host, which opens it by a reset; `on_reset` hears of each begin and end.

    Windows are in messages of memory held; the host's must not be larger than `normal_window` and
    `urgent_window`. Call `poll` after everything else and after `wait_ms`.
    """

    def __init__(
        self,
        clock: "Clock",
        max_payload: int,
        on_reset: "Callable[[], None]",
        normal_window: int = NORMAL_WINDOW,
        urgent_window: int = URGENT_WINDOW,
        sending_window: int = 4,
    ) -> None:
        self.ignored_frames = 0
        self.is_last = False  # whether the next connection is to be taken by somebody else
        self._clock = clock
        self._on_reset = on_reset
        self._connection = _NO_CONNECTION
        self._round_trip = RoundTrip()
        slot_bytes = max_payload - _HEADER
        self._senders = [
            Sender(each, slot_bytes, self._round_trip, clock)
            for each in (sending_window, urgent_window)
        ]
        self._receivers = [Receiver(each, slot_bytes) for each in (normal_window, urgent_window)]
        self._forget()

    def _forget(self) -> None:
        self._round_trip.reset()
        for lane in (NORMAL, URGENT):
            self._senders[lane].reset()
            self._receivers[lane].reset()
        self._reset_ack_due = False
        self._unacknowledged = 0
        self._ack_is_timed = False
        self._ack_deadline: Ticks = 0
        self._ack_at_once = False

    @property
    def is_open(self) -> bool:
        """Whether a host is connected, as far as is known."""
        return self._connection != _NO_CONNECTION

    def send(self, data: "bytes | bytearray | memoryview", n: int, lane: int = NORMAL) -> bool:
        """Queue data[:n]; False when the lane's queue is full, n too large or no host there."""
        return self.is_open and self._senders[lane].queue.push(data, 0, n)

    def has_room(self, lane: int) -> bool:
        """Whether the lane's queue is not full."""
        return self._senders[lane].queue.has_room

    def ready(self) -> int:
        """The lane of the message to take next, urgent first; -1 when there is none."""
        for lane in (URGENT, NORMAL):
            if self._receivers[lane].queue.count:
                return lane
        return -1

    def take_into(self, lane: int, buf: "bytearray | memoryview") -> int:
        """Move the lane's first message into `buf`, which acknowledges it; returns its length."""
        queue = self._receivers[lane].queue
        n = queue.copy_into(0, buf, 0)
        queue.drop(1)
        self._unacknowledged += 1
        return n

    def receive(self, payload: memoryview, n: int, now: "Ticks") -> None:
        """Take a frame's payload[:n], whatever it is."""
        kind, lane = payload[0] & ~_LANE if n else -1, payload[0] & _LANE if n else 0
        if n < _HEADER or lane > URGENT:
            self.ignored_frames += 1
        elif kind == _RESET:
            self._on_reset_frame(bytes(payload[_HEADER:n]))
        elif kind not in (_DATA, _ACK, _REJECT):
            self.ignored_frames += 1
        elif not self.is_open:
            self._reset_ack_due = True
        else:
            self._senders[NORMAL].acknowledge(payload[2], now)
            self._senders[URGENT].acknowledge(payload[3], now)
            if kind == _REJECT:
                self._senders[lane].go_back(payload[1])
            elif kind == _DATA:
                self._on_data(lane, payload, n)

    def _on_reset_frame(self, connection: bytes) -> None:
        is_new = connection != self._connection
        if (
            len(connection) != _CONNECTION_BYTES
            or connection == _NO_CONNECTION
            or (is_new and self.is_last)
        ):
            self.ignored_frames += 1
            return
        if is_new:
            self._connect(connection)
        self._reset_ack_due = True

    def _connect(self, connection: bytes) -> None:
        self._forget()
        self._connection = connection
        self._on_reset()

    def _on_data(self, lane: int, payload: memoryview, n: int) -> None:
        receiver = self._receivers[lane]
        if receiver.accept(payload[1], payload, _HEADER, n):
            return
        if not receiver.is_ahead(payload[1]):
            self._ack_at_once = True  # an acknowledgement was lost

    def acknowledge_now(self) -> None:
        """Do not wait for more to come before what was taken is acknowledged."""
        self._ack_at_once = True

    def close(self) -> None:
        """Forget the connection, and tell the host so; `on_reset` is not called."""
        self._forget()
        self._connection = _NO_CONNECTION
        self._reset_ack_due = True

    def poll(self, now: "Ticks", out: bytearray) -> int:
        """Write the next frame's payload to transmit into `out`; its length, 0 for none.

        Ask again only when the line is free: what was handed out first cannot be overtaken.
        """
        for sender in self._senders:
            sender.expire(now)
            if sender.tries > _MAX_TRIES:
                self._connect(_NO_CONNECTION)
        return (
            self._reset_ack(out) or self._reject(out) or self._data(now, out) or self._ack(now, out)
        )

    def wait_ms(self, now: "Ticks") -> int:
        """Time until `poll` has something to do though nothing arrives; -1 for never."""
        wait_ms = -1
        for sender in self._senders:
            if sender.is_timing:
                wait_ms = self._sooner(wait_ms, sender.deadline, now)
        return self._sooner(wait_ms, self._ack_deadline, now) if self._ack_is_timed else wait_ms

    def _sooner(self, wait_ms: int, deadline: "Ticks", now: "Ticks") -> int:
        left_ms = max(0, self._clock.ticks_diff(deadline, now))
        return left_ms if wait_ms < 0 else min(wait_ms, left_ms)

    def _reset_ack(self, out: bytearray) -> int:
        if not self._reset_ack_due:
            return 0
        self._reset_ack_due = False
        out[_HEADER : _HEADER + _CONNECTION_BYTES] = self._connection
        return self._frame(out, _RESET_ACK, 0, _HEADER + _CONNECTION_BYTES)

    def _reject(self, out: bytearray) -> int:
        for lane in (NORMAL, URGENT):
            receiver = self._receivers[lane]
            if receiver.reject_due:
                receiver.reject_due = False
                return self._frame(out, _REJECT | lane, receiver.expected, _HEADER)
        return 0

    def _data(self, now: "Ticks", out: bytearray) -> int:
        for lane in (URGENT, NORMAL):
            end = self._senders[lane].put_next(now, out, _HEADER)
            if end:
                return self._frame(out, _DATA | lane, self._senders[lane].sequence, end)
        return 0

    def _ack(self, now: "Ticks", out: bytearray) -> int:
        if self._unacknowledged and not self._ack_is_timed:
            self._ack_is_timed = True
            self._ack_deadline = self._clock.ticks_add(now, _ACK_DELAY_MS)
        is_late = self._ack_is_timed and self._clock.ticks_diff(now, self._ack_deadline) >= 0
        if self._ack_at_once or is_late or self._unacknowledged >= _ACK_EVERY_FRAMES:
            return self._frame(out, _ACK, 0, _HEADER)
        return 0

    def _frame(self, out: bytearray, kind: int, sequence: int, end: int) -> int:
        """Any frame: each carries both acknowledgements."""
        self._unacknowledged = 0
        self._ack_is_timed = False
        self._ack_at_once = False
        out[0] = kind
        out[1] = sequence
        out[2] = self._receivers[NORMAL].acknowledged
        out[3] = self._receivers[URGENT].acknowledged
        return end
