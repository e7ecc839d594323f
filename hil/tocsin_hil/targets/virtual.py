"""Target `vm`: the handset's virtual machine in real time, in a process of its own, over ptys."""

import queue
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tocsin_hil.bench import LINGER_S, Circumstances, Until, closed
from tocsin_hil.clock import host_now_us
from tocsin_hil.errors import BlockedError
from tocsin_hil.live_process import LiveProcess
from tocsin_hil.observation import Heard, Observation
from tocsin_hil.ports import BenchPort, HandsetPort
from tocsin_host.channel import ChannelClosedError
from tocsin_host.errors import AuthError, ProtocolError, ResponseTimeoutError, TransportError
from tocsin_host.measure import RunRecord

_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class VirtualBench:
    """A live handset of `board` running `firmware`, started anew for each press."""

    board: str
    firmware: Path | None

    def press(self, circumstances: Circumstances, until: Until = closed) -> RunRecord:
        """Press and watch; see Bench."""
        with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
            arguments = [*self._arguments(circumstances), f"--flash={folder}/flash"]
            with LiveProcess(arguments) as process:
                return _Run(process, circumstances, until).carry_out()

    def _arguments(self, circumstances: Circumstances) -> list[str]:
        arguments = [
            f"--board={self.board}",
            f"--seed={circumstances.seed}",
            f"--refuse-calls={circumstances.refuse_calls}",
            f"--ring-limit={circumstances.ring_limit_s}",
            f"--talk={circumstances.talk_s}",
            f"--first-fix={circumstances.first_fix_s}",
            f"--sms-delay={circumstances.sms_delay_s}",
        ]
        arguments += ["--no-answer"] if circumstances.nobody_answers else []
        arguments += [] if circumstances.issued else ["--not-issued"]
        return arguments + ([f"--firmware={self.firmware}"] if self.firmware else [])


class _Run:
    """One press, watched over the ports of `process`."""

    def __init__(self, process: LiveProcess, circumstances: Circumstances, until: Until) -> None:
        self._process = process
        self._circumstances = circumstances
        self._until = until
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()

    def carry_out(self) -> RunRecord:
        with BenchPort(self._process.bench, self._heard) as bench:
            observation = Observation(bench.describe())
            if not observation.crash_text:
                self._observe(bench, observation)
        return observation.record()

    def _observe(self, bench: BenchPort, observation: Observation) -> None:
        bench.synchronise(observation.bench_clock)
        try:
            self._press(bench, observation)
        except (ChannelClosedError, AuthError, ResponseTimeoutError, ProtocolError) as error:
            observation.crash_text = observation.crash_text or str(error)
        except TransportError as error:
            self._process.check()
            raise BlockedError(f"the handset's port: {error}", error.hint) from error
        bench.synchronise(observation.bench_clock)
        observation.crash_text = observation.crash_text or bench.describe()["log"]

    def _press(self, bench: BenchPort, observation: Observation) -> None:
        with HandsetPort(self._process.handset, self._process.keys, self._heard) as handset:
            handset.synchronise(observation.handset_clock)
            observation.pressed_us = host_now_us()
            bench.press(self._circumstances.hold_ms)
            self._watch(observation)
            if not observation.crash_text:
                handset.synchronise(observation.handset_clock)

    def _watch(self, observation: Observation) -> None:
        end_s = time.monotonic() + self._circumstances.limit_s
        has_shown = False
        while not observation.crash_text and time.monotonic() < end_s:
            try:
                observation.take(self._heard.get(timeout=_LOOK_S))
            except queue.Empty:
                self._process.check()
                continue
            if not has_shown and self._until(observation.record()):
                has_shown = True
                end_s = time.monotonic() + LINGER_S
