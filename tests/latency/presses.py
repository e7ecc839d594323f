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
from tocsin_sim.vm.instructions import can_count
from tocsin_sim.vm.process import VmProcess
from tocsin_sim.vm.shim import kinds

IS_COUNTED = can_count()
GAUGE = VmProcess.instructions if IS_COUNTED else VmProcess.cpu_ns
HOLD_US = 1_000_000
_PRESS_S = 1.3
_WITHIN_S = 0.3  # any instant of what takes that long may meet the first edge
_CLOSED_S = 3.0
_PRESSES_A_HANDSET = 40
_COLLECTIONS = 3


@dataclass(slots=True)
class Slice:
    """One step of one task; its work in instructions, in nanoseconds where none are counted."""

    t_us: int
    work: int


@dataclass
class Press:
    """One press; times in virtual microseconds, slices from qualification to the dial command."""

    pressed_us: int
    is_first: bool = False
    dialled_us: int = 0
    answered_us: int = 0
    flash_us: list[int] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    collection: float = 0.0  # work of one, of the heap as it was then, less the simulator's part
    heap_bytes: int = 0  # the firmware's

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
    def share(self) -> list[int]:
        """The work that kept the dial, by slices: the first, all at the instant of the dial, and
        the longest between, which the modem's answer may find under way.
        """
        first, rest = self.slices[0], self.slices[1:]
        last_us = self.slices[-1].t_us
        between = [each.work for each in rest if each.t_us != last_us]
        at_the_end = [each.work for each in rest if each.t_us == last_us]
        return [first.work, *sorted(between)[-1:], *at_the_end]


class Watch:
    """Follows presses: the motor starts when one is qualified, `ATD` leaves when it is dialled."""

    def __init__(self, phone: Phone) -> None:
        self.press: Press | None = None
        self._phone = phone
        self._latest = Slice(0, 0)
        self._is_qualified = False
        phone.handset.on_slice(self._on_slice, GAUGE)
        phone.handset.trace.listen(self._hear)

    def begin(self, press: Press) -> None:
        self.press = press
        self._is_qualified = False

    def collection(self) -> int:
        """Have garbage collected, some times over; the work of the one that met no other step."""
        return min(self._collect() for _ in range(_COLLECTIONS))

    def _collect(self) -> int:
        phone = self._phone
        phone.handset.collect()
        before = self._latest
        phone.kernel.run_until(phone.kernel.now_us + HOLD_US, lambda: self._latest is not before)
        return self._latest.work

    def _on_slice(self, t_us: int, work: int) -> None:
        press = self.press
        self._latest = Slice(t_us, work)
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
    condition: Condition,
    count: int,
    seed: int = 1,
    *,
    collects: bool = False,
) -> Iterator[Press]:
    """Press so often in the middle of it; each is followed by a collection if it `collects`.

    `is_first` is set of the first of each start: shims and VM then do what they do but once.
    """
    random = Random(seed)
    done = 0
    while done < count:
        with phone_in(condition) as (phone, host):
            watch = Watch(phone)
            for number in range(min(_PRESSES_A_HANDSET, count - done)):
                press = _press(phone, host, watch, condition, random.random(), collects=collects)
                press.is_first = number == 0
                yield press
                done += 1


def _press(
    phone: Phone, host: HostOnLine, watch: Watch, condition: Condition, at: float, *, collects: bool
) -> Press:
    step = condition.begin(phone, host)
    pressed_us = phone.press(_PRESS_S, at * _WITHIN_S)
    press = Press(pressed_us)
    watch.begin(press)
    while not press.dialled_us:
        step()
        if phone.kernel.now_us > pressed_us + 10 * HOLD_US:
            raise AssertionError(f"no dial after {pressed_us} us\n{phone.handset.log}")
    watch.press = None
    if collects:
        _weigh_collection(phone, watch, press)
    phone.run(_PRESS_S)
    call_off(phone, host)
    phone.run(_CLOSED_S)
    assert phone.handset.log == "", phone.handset.log
    return press


def _weigh_collection(phone: Phone, watch: Watch, press: Press) -> None:
    """In the window one would cost the same, but the shims would then search longer for room."""
    stats = phone.handset.stats
    phone.handset.ask_heap()
    work = watch.collection()
    press.heap_bytes = stats.heap_bytes - stats.heap_shim_bytes
    press.collection = work * press.heap_bytes / stats.heap_bytes
