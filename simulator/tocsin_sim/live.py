"""A handset in real time: its serial port and its test bench as ptys for foreign programs."""

import json
import os
import pty
import tty
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from tocsin_host.wire import Notice, Stage
from tocsin_sim.kernel import FOREVER_US, RealTimeLoop
from tocsin_sim.simulation import Simulation

_READ_BYTES = 4096


class Pty:
    """A pseudo-terminal in raw mode; a client opens `path`, this process holds the other end."""

    def __init__(self) -> None:
        self.fd, self._client_fd = pty.openpty()
        tty.setraw(self._client_fd)
        os.set_blocking(self.fd, False)
        self.path = os.ttyname(self._client_fd)

    def read(self) -> bytes:
        """Return what the client wrote."""
        return os.read(self.fd, _READ_BYTES)

    def write(self, data: bytes) -> None:
        """Send to the client; what nobody reads is lost once the terminal's buffer is full."""
        try:
            os.write(self.fd, data)
        except BlockingIOError:
            return

    def close(self) -> None:
        """Hang up: the client reads the end of the line."""
        os.close(self._client_fd)
        os.close(self.fd)


class Bench:
    """The test bench around the handset, one JSON object a line, both ways.

    In: `{"do": "press", "hold_ms": 1500}`, `{"do": "clock", "n": 1}`, `{"do": "power_cut"}`.
    Out: `{"event": "stage" | "notice" | "dialled" | "acknowledgement" | "clock" | "refused", ...}`
    with `t_us`, the bench's clock.
    """

    def __init__(self, simulation: Simulation, terminal: Pty) -> None:
        self._simulation = simulation
        self._terminal = terminal
        self._rest = b""
        self._dialled = 0
        self._acknowledged = 0
        self._commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "press": self._press,
            "clock": self._clock,
            "power_cut": lambda command: simulation.cut_power(),
        }
        simulation.outside.stage = self._stage
        simulation.outside.notice = self._notice

    def receive(self) -> None:
        """Carry out what the client asks."""
        *lines, self._rest = (self._rest + self._terminal.read()).split(b"\n")
        for line in filter(None, lines):
            self._obey(line)

    def _obey(self, line: bytes) -> None:
        try:
            command = json.loads(line)
            self._commands[command["do"]](command)
        except (ValueError, KeyError, TypeError) as error:
            self._tell("refused", reason=f"{type(error).__name__}: {error}")

    def _press(self, command: dict[str, Any]) -> None:
        kernel = self._simulation.kernel
        self._simulation.world.person.press(kernel.now_us, int(command["hold_ms"]))

    def _clock(self, command: dict[str, Any]) -> None:
        self._tell("clock", n=command["n"])

    def _stage(self, stage: Stage, t_us: int, reporter: str, detail: str) -> None:
        self._tell("stage", t_us, stage=stage.name, reporter=reporter, detail=detail)
        self.report_far_end()

    def _notice(self, notice: Notice | None, t_us: int) -> None:
        self._tell("notice", t_us, notice=notice.name if notice else None)
        self.report_far_end()

    def report_far_end(self) -> None:
        """Tell what the far end has seen since the last time."""
        dialled = self._simulation.world.witness.dialled_numbers
        for each in dialled[self._dialled :]:
            self._tell("dialled", each.t_us, number=each.text)
        self._dialled = len(dialled)
        acknowledged = self._simulation.world.people.acknowledged
        for t_us, number in acknowledged[self._acknowledged :]:
            self._tell("acknowledgement", t_us, number=number)
        self._acknowledged = len(acknowledged)

    def _tell(self, event: str, t_us: int | None = None, **more: object) -> None:
        now_us = self._simulation.kernel.now_us
        line = {"event": event, "t_us": now_us if t_us is None else t_us, **more}
        self._terminal.write(json.dumps(line).encode() + b"\n")


class Live:
    """A settled handset at the pace of the wall clock; use it in a `with` statement."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.link = Pty()
        self.bench = Pty()

    def run(self, announce: Callable[[], None]) -> None:
        """Settle in virtual time, `announce()`, then run in real time until interrupted."""
        simulation = self._simulation
        bench = Bench(simulation, self.bench)
        uart = simulation.handset.uart(simulation.facts.LINK_UART)
        uart.on_bytes(self.link.write)
        simulation.settle()
        loop = RealTimeLoop(simulation.kernel)
        loop.watch(self.link.fd, lambda: uart.send(self.link.read()))
        loop.watch(self.bench.fd, bench.receive)
        announce()
        loop.run_until(FOREVER_US)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.link.close()
        self.bench.close()
