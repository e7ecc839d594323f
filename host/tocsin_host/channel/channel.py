"""The host's end of a channel, which opens it: two lanes over a line that loses and repeats."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NoReturn

from tocsin_host.channel.arq import Receiver, Sender
from tocsin_host.channel.round_trip import RoundTrip
from tocsin_host.errors import TransportError
from tocsin_protocol.frame import MAX_PAYLOAD_BYTES

HEADER_BYTES = 4
NORMAL, URGENT = 0, 1

_CONNECTION_BYTES = 4
_NO_CONNECTION = bytes(_CONNECTION_BYTES)
_LAST_CONNECTION = (1 << 8 * _CONNECTION_BYTES) - 1
_ACK_EVERY_FRAMES = 2
_ACK_DELAY_MS = 5
_RESET_PERIOD_MS = 500  # the line is idle, and the handset perhaps about to have booted


class Kind(IntEnum):
    """What a frame is; the number is the high half of its first octet."""

    DATA = 0
    ACK = 1  # carries nothing but the two acknowledgements
    RESET = 2  # starts both lanes anew; data: the connection's number, 4 octets, not all zero
    RESET_ACK = 3  # the same number back; all zero: the handset knows of no connection
    REJECT = 4  # a frame is missing on the lane: send again from `sequence` on (HDLC's REJ)
    NOTE = 5  # a message in clear that no channel has to do with


class ChannelClosedError(TransportError):
    """The other end no longer answers, or has started anew."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message as the other end sent it."""

    data: bytes
    is_urgent: bool


class Channel:
    """Two lanes to one handset; `connection` is a number no earlier channel to it has had.

    Windows and queues are in frames; without `max_resets` it asks for ever to be let in. Call
    `poll` after everything else and at `next_deadline_ms`; every method raises ChannelClosedError
    once the channel is closed.
    """

    def __init__(
        self,
        connection: int,
        *,
        normal_window: int = 16,
        urgent_window: int = 4,
        queue_limit: int = 64,
        max_payload_bytes: int = MAX_PAYLOAD_BYTES,
        max_tries: int = 10,
        max_resets: int | None = 10,
    ) -> None:
        if not 1 <= connection <= _LAST_CONNECTION:
            raise ValueError(f"connection number {connection} is not of 1 to 2^32 - 1")
        self.max_data_bytes = max_payload_bytes - HEADER_BYTES
        self.ignored_frames = 0
        self._connection = connection.to_bytes(_CONNECTION_BYTES, "little")
        self._max_tries = max_tries
        self._max_resets = max_resets
        self._round_trip = RoundTrip()
        windows = (normal_window, urgent_window)
        self._senders = tuple(Sender(each, queue_limit, self._round_trip) for each in windows)
        self._receivers = (Receiver(), Receiver())
        self._is_open = False
        self._closed_by: ChannelClosedError | None = None
        self._reset_deadline_ms: int | None = None
        self._reset_since_ms = 0
        self._reset_tries = 0
        self._ack_owed = 0
        self._ack_deadline_ms: int | None = None
        self._ack_at_once = False

    @property
    def is_open(self) -> bool:
        """Whether the handset has answered the reset and nothing has ended the channel since."""
        return self._is_open and self._closed_by is None

    @property
    def is_idle(self) -> bool:
        """Whether the handset has acknowledged everything sent."""
        return all(sender.is_idle for sender in self._senders)

    @property
    def unacknowledged(self) -> int:
        """How many messages of the normal lane the handset has not acknowledged yet."""
        return self._senders[NORMAL].count

    @property
    def next_deadline_ms(self) -> int | None:
        """When `poll` has something to do though nothing arrives; None for never."""
        deadlines = [self._reset_deadline_ms, self._ack_deadline_ms]
        deadlines += [sender.deadline_ms for sender in self._senders]
        return min((each for each in deadlines if each is not None), default=None)

    def has_room(self, *, urgent: bool = False) -> bool:
        """Whether `send` would take a message now."""
        return self._senders[urgent].has_room

    def set_windows(self, normal: int, urgent: int) -> None:
        """Have so many messages of a lane under way: no more than the handset has memory for."""
        for sender, window in zip(self._senders, (normal, urgent), strict=True):
            sender.window = window

    def send(self, data: bytes, *, urgent: bool = False) -> bool:
        """Queue a message of at most `max_data_bytes`; False when the lane's queue is full."""
        self._check()
        if len(data) > self.max_data_bytes:
            raise ValueError(f"message of {len(data)} octets, limit {self.max_data_bytes}")
        return self._senders[urgent].offer(data)

    def receive(self, payload: bytes, now_ms: int) -> Received | None:
        """Take a frame's payload, whatever it is; return the message it completes."""
        self._check()
        if len(payload) < HEADER_BYTES or payload[0] & 0x0F > URGENT:
            self.ignored_frames += 1
            return None
        kind, lane, data = payload[0] >> 4, payload[0] & 0x0F, payload[HEADER_BYTES:]
        if kind == Kind.RESET_ACK:
            self._on_reset_ack(data, now_ms)
        elif self._is_open and kind in (Kind.DATA, Kind.ACK, Kind.REJECT):
            self._on_acknowledgements(kind, payload[2:4], now_ms)
            if kind == Kind.REJECT:
                self._senders[lane].go_back(payload[1])
            if kind == Kind.DATA:
                return self._on_data(lane, payload[1], data)
        else:
            self.ignored_frames += 1
        return None

    def _on_reset_ack(self, connection: bytes, now_ms: int) -> None:
        if connection == self._connection and not self._is_open:
            self._is_open = True
            self._reset_deadline_ms = None
            if self._reset_tries == 1:
                self._round_trip.sample(now_ms - self._reset_since_ms)
        elif self._is_open and connection == _NO_CONNECTION:
            self._close("the handset has started anew", "connect again")
        else:
            self.ignored_frames += 1  # the answer to an earlier program

    def _on_acknowledgements(self, kind: int, expected: bytes, now_ms: int) -> None:
        pairs = zip(self._senders, expected, strict=True)
        news = [sender.acknowledge(each, now_ms) for sender, each in pairs]
        if kind == Kind.ACK and not any(news):  # which is how a repeat is answered
            for sender in self._senders:
                sender.had_arrived()

    def _on_data(self, lane: int, sequence: int, data: bytes) -> Received | None:
        receiver = self._receivers[lane]
        if receiver.accept(sequence):
            self._ack_owed += 1
            return Received(data, lane == URGENT)
        if not receiver.is_ahead(sequence):
            self._ack_at_once = True  # an acknowledgement was lost
        return None

    def poll(self, now_ms: int) -> bytes | None:
        """The next frame's payload to transmit, or None: then wait.

        Ask again only when the line is free: what was handed out first cannot be overtaken.
        """
        self._check()
        if not self._is_open:
            return self._reset(now_ms)
        for sender in self._senders:
            sender.expire(now_ms)
            if sender.tries > self._max_tries:
                self._give_up()
        return self._reject() or self._data(now_ms) or self._ack(now_ms)

    def _reset(self, now_ms: int) -> bytes | None:
        if self._reset_deadline_ms is not None and now_ms < self._reset_deadline_ms:
            return None
        if self._max_resets is not None and self._reset_tries > self._max_resets:
            self._give_up()
        self._reset_since_ms = now_ms
        self._reset_deadline_ms = now_ms + _RESET_PERIOD_MS
        self._reset_tries += 1
        return self._frame(Kind.RESET, 0, 0, self._connection)

    def farewell(self) -> bytes:
        """A frame's payload that has the handset forget this connection, and what it held."""
        number = int.from_bytes(self._connection, "little") % _LAST_CONNECTION + 1
        return self._frame(Kind.RESET, 0, 0, number.to_bytes(_CONNECTION_BYTES, "little"))

    def _reject(self) -> bytes | None:
        for lane, receiver in enumerate(self._receivers):
            if receiver.reject_due:
                receiver.reject_due = False
                return self._frame(Kind.REJECT, lane, receiver.expected)
        return None

    def _data(self, now_ms: int) -> bytes | None:
        for lane in (URGENT, NORMAL):
            frame = self._senders[lane].next_frame(now_ms)
            if frame is not None:
                return self._frame(Kind.DATA, lane, *frame)
        return None

    def _ack(self, now_ms: int) -> bytes | None:
        if self._ack_owed and self._ack_deadline_ms is None:
            self._ack_deadline_ms = now_ms + _ACK_DELAY_MS
        is_late = self._ack_deadline_ms is not None and now_ms >= self._ack_deadline_ms
        if self._ack_at_once or is_late or self._ack_owed >= _ACK_EVERY_FRAMES:
            return self._frame(Kind.ACK, NORMAL, 0)
        return None

    def _frame(self, kind: Kind, lane: int, sequence: int, data: bytes = b"") -> bytes:
        """Any frame: each carries both acknowledgements."""
        self._ack_owed = 0
        self._ack_deadline_ms = None
        self._ack_at_once = False
        normal, urgent = (receiver.expected for receiver in self._receivers)
        return bytes((kind << 4 | lane, sequence, normal, urgent)) + data

    def _close(self, message: str, hint: str) -> ChannelClosedError:
        self._closed_by = ChannelClosedError(message, hint)
        return self._closed_by

    def _give_up(self) -> NoReturn:
        hint = "check the cable and that it is switched on"
        raise self._close("the handset no longer answers", hint)

    def _check(self) -> None:
        if self._closed_by is not None:
            raise self._closed_by


def is_heard(farewell: bytes, payload: bytes) -> bool:
    """Whether a frame's payload is what the handset answers to that farewell."""
    return payload[0] >> 4 == Kind.RESET_ACK and payload[HEADER_BYTES:] == farewell[HEADER_BYTES:]
