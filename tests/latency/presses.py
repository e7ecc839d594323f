"""Presses in the middle of a condition, and what is measured of each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.latency.conditions import Condition, call_off
from tests.simulator.handset.conftest import CALL_NUMBER, Phone, settled_phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import KEYS, TECHNICIAN, on

from tocsin_sim.kernel import Direction
from tocsin_sim.vm.shim import kinds

HOLD_US = 1_000_000
_PRESS_S = 1.3
_WITHIN_S = 0.3  # any instant of what takes that long may meet the first edge
_CLOSED_S = 3.0
_PRESSES_A_HANDSET = 40
_BEFORE_US = 2_000


@dataclass(slots=True)
class Slice:
    """One step of one task, or a collection."""

    t_us: int
    cpu_ns: int
    is_collection: bool = False


@dataclass
class Press:
    """One press; times in virtual microseconds, slices from qualification to the dial command."""

    pressed_us: int
    dialled_us: int = 0
    answered_us: int = 0
    flash_us: list[int] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    collections_ns: list[int] = field(default_factory=list)

    @property
    def late_us(self) -> int:
        """By how much the dial was later than edge and hold, and than the modem's last answer."""
        return self.dialled_us - max(self.pressed_us + HOLD_US, self.answered_us)

    @property
    def in_the_way(self) -> list[int]:
        """Operations on flash that began between the first edge and the dial."""
        return [t_us for t_us in self.flash_us if self.pressed_us < t_us <= self.dialled_us]

    @property
    def steps_at_the_end(self) -> int:
        """How many steps of tasks there were at the instant of the dial."""
        return sum(each.t_us == self.slices[-1].t_us for each in self.slices)

    @property
    def share_ns(self) -> int:
        """CPU time that kept the dial: the first slice, all at the instant of the dial, and the
        longest between, which the modem's answer may find under way.
        """
        first, rest = self.slices[0], self.slices[1:]
        last_us = self.slices[-1].t_us
        between = [each.cpu_ns for each in rest if each.t_us != last_us]
        at_the_end = sum(each.cpu_ns for each in rest if each.t_us == last_us)
        return first.cpu_ns + max(between, default=0) + at_the_end


class Watch:
    """Follows presses: the motor starts when one is qualified, `ATD` leaves when it is dialled."""

    def __init__(self, phone: Phone) -> None:
        self.press: Press | None = None
        self.is_collecting = False
        self.longest_ns = 0
        self._phone = phone
        self._latest = Slice(0, 0)
        self._is_qualified = False
        phone.handset.on_slice(self._on_slice)
        phone.handset.trace.listen(self._hear)

    def begin(self, press: Press) -> None:
        self.press = press
        self._is_qualified = False

    def collect_before(self, press: Press) -> None:
        """Have a collection fall on the next step from shortly before qualification on."""
        self._phone.kernel.at(press.pressed_us + HOLD_US - _BEFORE_US, self._collect)

    def _collect(self) -> None:
        self._phone.handset.collect()
        self.is_collecting = True

    def _on_slice(self, t_us: int, cpu_ns: int) -> None:
        press = self.press
        if self.is_collecting:
            self.is_collecting = False
            if press is not None:
                press.collections_ns.append(cpu_ns)
            return
        self._latest = Slice(t_us, cpu_ns)
        if press is not None and self._is_qualified and not press.dialled_us:
            press.slices.append(self._latest)

    def _hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        press, facts = self.press, self._phone.facts
        if press is None:
            return
        if direction is Direction.TO_HANDSET:
            if (kind, port) == (kinds.UART_IDLE, facts.MODEM_UART) and not press.dialled_us:
                press.answered_us = t_us
        elif kind == kinds.FLASH:
            press.flash_us.append(t_us)
        elif (kind, port, data) == (kinds.PIN, facts.HAPTIC_PIN, b"\x01"):
            if not self._is_qualified:
                self._is_qualified = True
                press.slices.append(self._latest)
        elif (kind, port) == (kinds.UART, facts.MODEM_UART) and data.startswith(b"ATD"):
            press.dialled_us = press.dialled_us or t_us


@contextmanager
def phone_in(condition: Condition) -> Iterator[tuple[Phone, HostOnLine]]:
    """A handset and a host with a session, ready for that condition."""
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        phone = settled_phone(
            Path(folder),
            config={
                "report_key": bytes(32),
                "report_number": CALL_NUMBER,
                **KEYS,
                **condition.config,
            },
            files=condition.files,
            every_turn=True,
            sample_heap=False,
        )
        try:
            host = on(phone)
            host.open(TECHNICIAN)
            yield phone, host
        finally:
            phone.handset.close()


def presses(
    condition: Condition, count: int, seed: int = 1, *, collects: bool = False
) -> Iterator[Press]:
    """Press so often in the middle of it; a collection falls on the qualification if `collects`."""
    random = Random(seed)
    done = 0
    while done < count:
        with phone_in(condition) as (phone, host):
            watch = Watch(phone)
            for _ in range(min(_PRESSES_A_HANDSET, count - done)):
                yield _press(phone, host, watch, condition, random.random(), collects=collects)
                done += 1


def _press(
    phone: Phone, host: HostOnLine, watch: Watch, condition: Condition, at: float, *, collects: bool
) -> Press:
    step = condition.begin(phone, host)
    pressed_us = phone.press(_PRESS_S, at * _WITHIN_S)
    press = Press(pressed_us)
    watch.begin(press)
    if collects:
        watch.collect_before(press)
    while not press.dialled_us:
        step()
        if phone.kernel.now_us > pressed_us + 10 * HOLD_US:
            raise AssertionError(f"no dial after {pressed_us} us\n{phone.handset.log}")
    watch.press = None
    phone.run(_PRESS_S)
    call_off(phone, host)
    phone.run(_CLOSED_S)
    assert phone.handset.log == "", phone.handset.log
    return press
