"""What really happened in a world, whatever the handset says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tocsin_host import wire
from tocsin_sim.kernel import Direction
from tocsin_sim.simulation import Simulation
from tocsin_sim.vm.shim import kinds

_PROBE = b"AT\r"
_POWER_PINS = ("MODEM_POWER_KEY_PIN", "MODEM_RAIL_PIN", "MODEM_RESET_PIN")


@dataclass(slots=True)
class Span:
    """One call, as long as the modem had it; None for what did not come about."""

    placed_us: int
    ringing_us: int | None = None
    answered_us: int | None = None
    ended_us: int | None = None
    is_lost: bool = False

    def is_up(self, t_us: int) -> bool:
        """Whether there was this call then."""
        return self.placed_us <= t_us and (self.ended_us is None or t_us < self.ended_us)

    def lasted(self, from_us: int, until_us: int) -> bool:
        """Whether it rang or was connected all that time."""
        has_rung = self.ringing_us is not None and self.ringing_us <= from_us
        return has_rung and self.is_up(until_us)

    def seemed_connected(self, from_us: int, until_us: int) -> bool:
        """Whether a modem could say that it is, at any time of that."""
        has_rung = self.ringing_us is not None and self.ringing_us <= until_us
        return has_rung and (self.ended_us is None or self.ended_us >= from_us)


@dataclass(slots=True)
class Truth:
    """Times are microseconds after scenario zero."""

    dials_us: list[int] = field(default_factory=list)
    dials_over_call_us: list[int] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    spans: dict[int, Span] = field(default_factory=dict)
    struggles_us: list[int] = field(default_factory=list)
    """When the modem's supply, power key or reset moved, or it was asked whether it is there."""
    tag_counters: list[int] = field(default_factory=list)
    """Of every report the modem was given, in their order."""
    hangs_us: list[int] = field(default_factory=list)
    """When the modem stopped hearing and saying anything."""
    outages_us: list[list[int]] = field(default_factory=list)
    """When the handset had no supply: from, and until if it ended."""


class Watch:
    """Writes down `truth` while the simulation runs; listens from its making on."""

    def __init__(self, simulation: Simulation) -> None:
        self.truth = Truth()
        self._kernel = simulation.kernel
        self._origin_us = simulation.origin_us
        self._modem_uart = simulation.facts.MODEM_UART
        self._power_pins = {getattr(simulation.facts, name, None) for name in _POWER_PINS}
        simulation.world.witness.listen(self._saw)
        simulation.handset.trace.listen(self._heard)

    @property
    def _now_us(self) -> int:
        return self._kernel.now_us - self._origin_us

    def _saw(self, event: str, details: Mapping[str, Any]) -> None:
        take = getattr(self, "_" + event.replace(".", "_"), None)
        if take is not None:
            take(**details)

    def _modem_dial(self, number: str, *, allowed: bool, over_call: bool) -> None:
        self.truth.dials_us.append(self._now_us)
        if over_call:
            self.truth.dials_over_call_us.append(self._now_us)
        self._judge_number(number, allowed)

    def _modem_text(self, number: str, *, allowed: bool) -> None:
        self._judge_number(number, allowed)

    def _judge_number(self, number: str, allowed: bool) -> None:
        if not allowed:
            self.truth.forbidden.append(number)

    def _call_placed(self, attempt: int, **_: Any) -> None:
        self.truth.spans[attempt] = Span(self._now_us)

    def _call_ringing(self, attempt: int, **_: Any) -> None:
        self.truth.spans[attempt].ringing_us = self._now_us

    def _call_answered(self, attempt: int, **_: Any) -> None:
        self.truth.spans[attempt].answered_us = self._now_us

    def _call_ended(self, attempt: int, **_: Any) -> None:
        span = self.truth.spans[attempt]
        span.ended_us = span.ended_us or self._now_us

    def _call_lost(self, attempt: int, **_: Any) -> None:
        """The modem died with the call: nobody tells the handset."""
        self._call_ended(attempt)
        self.truth.spans[attempt].is_lost = True

    def _sms_submitted(self, content: str | bytes, **_: Any) -> None:
        if isinstance(content, bytes) and content[0] == wire.Sealed.ID:
            self.truth.tag_counters.append(wire.Sealed.decode(content[1:]).counter)

    def _power_cut(self, **_: Any) -> None:
        self.truth.outages_us.append([self._now_us])

    def _power_back(self, **_: Any) -> None:
        if self.truth.outages_us:
            self.truth.outages_us[-1].append(self._now_us)

    def _modem_hung(self, **_: Any) -> None:
        self.truth.hangs_us.append(self._now_us)

    def _heard(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        if direction is not Direction.FROM_HANDSET:
            return
        is_power = kind == kinds.PIN and port in self._power_pins
        if is_power or (kind == kinds.UART and port == self._modem_uart and data == _PROBE):
            self.truth.struggles_us.append(t_us - self._origin_us)
