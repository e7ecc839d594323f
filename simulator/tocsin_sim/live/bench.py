"""The test bench around a live handset, for a rig to talk to."""

import json
from collections.abc import Callable
from typing import Any

from tocsin_host.wire import Notice, Stage
from tocsin_sim.kernel import Direction
from tocsin_sim.live.pty import Pty
from tocsin_sim.simulation import Simulation
from tocsin_sim.vm.shim import kinds

_READ_BYTES = 4096
_UNSENT_BYTES = 1 << 16
_LOOK_US = 50_000
_HOLD_MS = range(10, 600_001)
_RESET_CAUSES = {
    kinds.PWRON_RESET: "power on",
    kinds.HARD_RESET: "crash",
    kinds.WDT_RESET: "watchdog",
    kinds.SOFT_RESET: "restart",
}


class Bench:
    """One JSON object a line, both ways.

    In: `{"do": "press", "hold_ms": 1500}`, `{"do": "clock", "n": 1}`, `{"do": "power_cut"}`,
    `{"do": "describe"}`.
    Out: `{"event": NAME, "t_us": BENCH_CLOCK, ...}`; `clock` (n) and `description` (board, seed,
    allowed_numbers, log) answer; `refused` (reason) rejects a line; the others tell what
    happened at `t_us`: `stage` (stage, reporter, detail), `notice` (notice, null for pulses that
    mean nothing), `dialled` and `texted` (number), `acknowledgement` (number), `released`
    (attempt, cause) and `boot` (cause, log). A line nobody reads is lost once 64 KiB wait.
    """

    def __init__(self, simulation: Simulation, terminal: Pty) -> None:
        self._simulation = simulation
        self._terminal = terminal
        self._rest = b""
        self._unsent = b""
        self._news = _News(simulation, self._tell)
        self._commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "press": self._press,
            "clock": lambda command: self._tell("clock", n=command["n"]),
            "power_cut": lambda _: simulation.cut_power(),
            "describe": lambda _: self._describe(),
        }
        simulation.outside.stage = self._stage
        simulation.outside.notice = self._notice
        simulation.handset.trace.listen(self._hear)
        self._look()

    def receive(self) -> None:
        """Carry out what the client asks."""
        *lines, self._rest = (self._rest + self._terminal.read(_READ_BYTES)).split(b"\n")
        for line in filter(None, lines):
            self._obey(line)

    def _obey(self, line: bytes) -> None:
        try:
            command = json.loads(line)
            self._commands[command["do"]](command)
        except (ValueError, KeyError, TypeError) as error:
            self._tell("refused", reason=f"{type(error).__name__}: {error}")

    def _press(self, command: dict[str, Any]) -> None:
        hold_ms = int(command["hold_ms"])
        if hold_ms not in _HOLD_MS:
            raise ValueError(f"hold_ms is not within {_HOLD_MS[0]} to {_HOLD_MS[-1]}")
        self._simulation.world.person.press(self._simulation.kernel.now_us, hold_ms)

    def _describe(self) -> None:
        simulation = self._simulation
        self._tell(
            "description",
            board=simulation.conditions.board,
            seed=simulation.conditions.seed,
            allowed_numbers=simulation.setting.numbers.voice + simulation.setting.numbers.message,
            log=simulation.handset.log,
        )

    # What happens

    def _stage(self, stage: Stage, t_us: int, reporter: str, detail: str) -> None:
        self._news.tell()
        self._tell("stage", t_us, stage=stage.name, reporter=reporter, detail=detail)

    def _notice(self, notice: Notice | None, t_us: int) -> None:
        self._tell("notice", t_us, notice=notice.name if notice else None)

    def _hear(self, t_us: int, direction: Direction, kind: int, _port: int, data: bytes) -> None:
        if kind == kinds.BOOT and direction is Direction.TO_HANDSET:
            log = self._simulation.handset.log
            self._tell("boot", t_us, cause=_RESET_CAUSES[data[0]], log=log)

    def _look(self) -> None:
        self._news.tell()
        self._send(b"")
        self._simulation.kernel.after(_LOOK_US, self._look)

    def _tell(self, event: str, t_us: int | None = None, **more: object) -> None:
        now_us = self._simulation.kernel.now_us
        line = {"event": event, "t_us": now_us if t_us is None else t_us, **more}
        self._send(json.dumps(line).encode() + b"\n")

    def _send(self, line: bytes) -> None:
        if len(self._unsent) + len(line) <= _UNSENT_BYTES:
            self._unsent += line
        self._unsent = self._unsent[self._terminal.write(self._unsent) :]


class _News:
    """Reads the world's own logs on from where it last stopped."""

    def __init__(self, simulation: Simulation, tell: Callable[..., None]) -> None:
        self._world = simulation.world
        self._tell = tell
        self._told = {"dialled": 0, "texted": 0, "acknowledgement": 0, "released": 0}

    def tell(self) -> None:
        """Tell what was added since the last time."""
        witness, people = self._world.witness, self._world.people
        for each in self._new("dialled", witness.dialled_numbers):
            self._tell("dialled", each.t_us, number=each.text)
        for each in self._new("texted", witness.messaged_numbers):
            self._tell("texted", each.t_us, number=each.text)
        for t_us, number in self._new("acknowledgement", people.acknowledged):
            self._tell("acknowledgement", t_us, number=number)
        for t_us, attempt, cause in self._new("released", people.released):
            self._tell("released", t_us, attempt=attempt, cause=int(cause))

    def _new(self, name: str, log: list[Any]) -> list[Any]:
        already = self._told[name]
        self._told[name] = len(log)
        return log[already:]
