"""Writes a trace while a link speaks."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections import OrderedDict
from typing import BinaryIO

from tocsin_host import __version__
from tocsin_host.trace.eavesdropper import Eavesdropper, Form
from tocsin_host.trace.header import HEADER_BYTES, Kind
from tocsin_host.trace.pcap import TRACE, Way, file_head, packet_block
from tocsin_host.trace.record import TraceRecord
from tocsin_host.trace.redact import redacted

_MOST_SEALED = 512  # messages on their way, sent or again: more than both lanes' queues hold


class Recorder:
    """A tap of one link that appends to `file`, which should be unbuffered.

    Each record is one write, so that whoever kills the program leaves a readable file. After
    `failure`, what `file` raised, it writes no more.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.records = 0
        self.failure: OSError | None = None
        self._file = file
        self._lock = threading.Lock()
        self._eavesdropper = Eavesdropper()
        self._plain: OrderedDict[bytes, bytes] = OrderedDict()
        self._began_us = time.time_ns() // 1000 - _running_us()
        file.write(file_head(TRACE, f"tocsin {__version__}", name))

    def sealed(self, plain: bytes, box: bytes) -> None:
        """Remember what `box` holds until it is sent."""
        with self._lock:
            self._remember(box, plain)

    def sent(self, payload: bytes) -> None:
        """Write down what the host sends."""
        with self._lock:
            self._take(Way.TO_HANDSET, payload, self._plain.get(payload[HEADER_BYTES:]))

    def received(self, payload: bytes, plain: bytes | None) -> None:
        """Write down what the handset sends; what it sends again nobody opens again."""
        with self._lock:
            box = payload[HEADER_BYTES:]
            if plain is not None:
                self._remember(box, plain)
            self._take(Way.TO_HOST, payload, self._plain.get(box))

    def _remember(self, box: bytes, plain: bytes) -> None:
        self._plain[box] = plain
        while len(self._plain) > _MOST_SEALED:
            self._plain.popitem(last=False)

    def _take(self, way: Way, payload: bytes, plain: bytes | None) -> None:
        form = self._eavesdropper.take(way, payload)
        head, data = payload[:HEADER_BYTES], payload[HEADER_BYTES:]
        if form is Form.SEALED and plain is not None:
            form, data = Form.OPENED, plain
        kept = redacted(data) if form is not Form.SEALED and _is_message(head) else data
        self._write(TraceRecord(self._now_us(), way, form, kept != data, head + kept))

    def _write(self, record: TraceRecord) -> None:
        if self.failure is not None:
            return
        try:
            self._append(packet_block(record.t_us, record.way, record.encode()))
            self.records += 1
        except OSError as error:
            self.failure = error

    def _append(self, block: bytes) -> None:
        if self._file.write(block) != len(block):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _now_us(self) -> int:
        """The time of day, but steady: a clock that is set meanwhile turns nothing round."""
        return self._began_us + _running_us()


def _running_us() -> int:
    return time.monotonic_ns() // 1000


def _is_message(head: bytes) -> bool:
    return bool(head) and head[0] >> 4 in (Kind.DATA, Kind.NOTE)
