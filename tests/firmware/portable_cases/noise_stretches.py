"""How long the VM works on a session between two chances for a press."""

import asyncio
import gc

from tocsin.crypto import chacha20poly1305
from tocsin.health.wire import HealthReport
from tocsin.link.lanes import SealedLanes
from tocsin.link.noise import Handshake, ephemeral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tocsin.parts import Pause

    Work = Callable[[Pause], Awaitable[object]]

_REPEATS = 30
_PSK = bytes(32)


class Stopwatch:
    """Notes the time from one pause to the next."""

    def __init__(self, ticks_us: "Callable[[], int]") -> None:
        self.laps_us: list[int] = []
        self._ticks_us = ticks_us
        self._lap_began = ticks_us()

    async def pause(self) -> None:
        self.laps_us.append(self._ticks_us() - self._lap_began)
        self._lap_began = self._ticks_us()


async def measure(work: "Work", ticks_us: "Callable[[], int]") -> "tuple[int, int, int]":
    """Pauses, longest stretch and sum in microseconds, each stretch the least of its repeats.

    The repeats tell the work from what else the machine does.
    """
    least: list[int] = []
    for _ in range(_REPEATS):
        gc.collect()
        watch = Stopwatch(ticks_us)
        await work(watch.pause)
        await watch.pause()
        laps = watch.laps_us
        least = [min(least[at], laps[at]) for at in range(len(laps))] if least else laps
    return len(least) - 1, max(least), sum(least)


async def no_pause() -> None:
    """Let nobody else run."""


async def check(ticks_us: "Callable[[], int]") -> "dict[str, tuple[int, int, int]]":
    host, handset = await ephemeral(no_pause), await ephemeral(no_pause)
    first = await Handshake(True, _PSK, b"", host).write(b"", no_pause)
    responders = []
    for _ in range(_REPEATS):
        responder = Handshake(False, _PSK, b"", handset)
        await responder.read(first, no_pause)
        responders.append(responder)

    async def read_first(pause: "Pause") -> None:
        await Handshake(False, _PSK, b"", handset).read(first, pause)

    async def write_second(pause: "Pause") -> None:
        await responders.pop().write(b"", pause)

    def sealing(size: int) -> "Work":
        async def seal(pause: "Pause") -> None:
            await SealedLanes(_PSK, _PSK).seal(bytes(size), 0, pause)

        return seal

    async def seal_report(pause: "Pause") -> None:
        longest = bytes(1 + HealthReport.MAX_BYTES)
        await chacha20poly1305.seal(_PSK, bytes(12), bytes(8), longest, pause)

    return {
        "report sealed": await measure(seal_report, ticks_us),
        "ephemeral key": await measure(ephemeral, ticks_us),
        "first message": await measure(read_first, ticks_us),
        "second message": await measure(write_second, ticks_us),
        "16 bytes sealed": await measure(sealing(16), ticks_us),
        "480 bytes sealed": await measure(sealing(480), ticks_us),
    }


def run(ticks_us: "Callable[[], int]") -> "dict[str, tuple[int, int, int]]":
    return asyncio.run(check(ticks_us))
