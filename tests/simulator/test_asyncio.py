"""The port's own asyncio over our TaskQueue and Task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulator.conftest import MakeBench

HEAD = """
import asyncio, time

t0 = time.ticks_ms()
out = []
def at(what):
    out.append("%s@%d" % (what, time.ticks_diff(time.ticks_ms(), t0)))
async def nap(ms, name, result=None):
    try:
        await asyncio.sleep_ms(ms)
    except asyncio.CancelledError:
        at(name + "!")
        raise
    at(name)
    return result
"""

CASES = {
    "equal deadlines run in order of scheduling": (
        """
async def main():
    for name in "abc":
        asyncio.create_task(nap(20, name))
    asyncio.create_task(nap(10, "d"))
    await asyncio.sleep_ms(30)
""",
        "d@10 a@20 b@20 c@20",
    ),
    "a cancelled sleeper ends at once and says so to who awaits it": (
        """
async def main():
    task = asyncio.create_task(nap(1000, "a"))
    await asyncio.sleep_ms(5)
    at(str(task.cancel()))
    try:
        await task
    except asyncio.CancelledError:
        at("seen")
    at(str(task.cancel()))
""",
        "True@5 a!@5 seen@5 False@5",
    ),
    "cancelling who awaits a task cancels the task": (
        """
async def main():
    inner = asyncio.create_task(nap(1000, "inner"))
    async def wait():
        await inner
    outer = asyncio.create_task(wait())
    await asyncio.sleep_ms(5)
    outer.cancel()
    await asyncio.sleep_ms(0)
    at(str((inner.done(), outer.done())))
""",
        "inner!@5 (True, False)@5",
    ),
    "who waits for an event can be cancelled and no longer takes part": (
        """
async def main():
    event = asyncio.Event()
    async def wait(name):
        await event.wait()
        at(name)
    tasks = [asyncio.create_task(wait(name)) for name in "ab"]
    await asyncio.sleep_ms(5)
    tasks[0].cancel()
    await asyncio.sleep_ms(5)
    event.set()
    await asyncio.sleep_ms(5)
""",
        "b@10",
    ),
    "a wait that takes too long is given up at its limit": (
        """
async def main():
    try:
        await asyncio.wait_for_ms(nap(100, "a"), 40)
    except asyncio.TimeoutError:
        at("late")
    at(str(await asyncio.wait_for_ms(nap(10, "b", 7), 40)))
    await asyncio.sleep_ms(100)
""",
        "a!@40 late@40 b@50 7@50",
    ),
    "gather returns all results in order": (
        """
async def main():
    at(str(await asyncio.gather(nap(20, "a", 1), nap(10, "b", 2))))
""",
        "b@10 a@20 [1, 2]@20",
    ),
    "gather passes an exception on, or returns it when asked to": (
        """
async def fail():
    await asyncio.sleep_ms(5)
    raise ValueError("bad")
async def main():
    try:
        await asyncio.gather(nap(20, "a"), fail())
    except ValueError as error:
        at(str(error))
    results = await asyncio.gather(nap(1, "b", 2), fail(), return_exceptions=True)
    at(repr(results))
""",
        "bad@5 b@6 [2, ValueError('bad',)]@10",
    ),
    "an exception nobody awaits reaches the handler": (
        """
async def fail():
    raise ValueError("bad")
async def main():
    handler = lambda loop, context: at(repr(context["exception"]))
    asyncio.get_event_loop().set_exception_handler(handler)
    asyncio.create_task(fail())
    await asyncio.sleep_ms(5)
""",
        "ValueError('bad',)@0",
    ),
    "a finished task gives its result to every later awaiter": (
        """
async def main():
    task = asyncio.create_task(nap(5, "a", 9))
    await asyncio.sleep_ms(10)
    at(str(await task) + str(await task) + str(task.done()))
""",
        "a@5 99True@10",
    ),
    "two may await one task": (
        """
async def main():
    task = asyncio.create_task(nap(5, "a", 9))
    async def wait(name):
        at(name + str(await task))
    await asyncio.gather(wait("x"), wait("y"))
""",
        "a@5 x9@5 y9@5",
    ),
    "a lock is handed on in order": (
        """
async def main():
    lock = asyncio.Lock()
    async def hold(name):
        async with lock:
            await nap(10, name)
    await asyncio.gather(hold("a"), hold("b"), hold("c"))
""",
        "a@10 b@20 c@30",
    ),
    "a thread-safe flag set from an interrupt wakes its waiter and coalesces": (
        """
import machine
async def main():
    flag = asyncio.ThreadSafeFlag()
    pin = machine.Pin(5, machine.Pin.IN)
    pin.irq(lambda p: flag.set(), machine.Pin.IRQ_RISING)
    for _ in range(2):
        await flag.wait()
        at("woken")
        await asyncio.sleep_ms(400)
""",
        "woken@700 woken@1200",
    ),
    "a task cannot cancel itself": (
        """
async def main():
    try:
        asyncio.current_task().cancel()
    except RuntimeError as error:
        at(str(error))
""",
        "can't cancel self@0",
    ),
    "sleeping for nothing lets the others run": (
        """
async def main():
    async def count(name):
        for i in range(3):
            out.append(name + str(i))
            await asyncio.sleep_ms(0)
    await asyncio.gather(count("a"), count("b"))
""",
        "a0 b0 a1 b1 a2 b2",
    ),
}


@pytest.mark.parametrize("ticks_offset_ms", [0, 2**30 - 305, 2**29 - 5])
@pytest.mark.parametrize("case", CASES)
def test_asyncio(make_bench: MakeBench, case: str, ticks_offset_ms: int) -> None:
    source, expected = CASES[case]
    program = HEAD + source + "asyncio.run(main())\nprint(' '.join(out))\n"
    bench = make_bench(program, ticks_offset_ms=ticks_offset_ms)
    # Rising edges: the third, within the pause after the second, is the one that coalesces.
    for t_us, level in ((1_000_000, 1), (1_100_000, 0), (1_500_000, 1), (1_600_000, 0)):
        bench.kernel.at(t_us, bench.handset.pin(5).drive, level)
    bench.run(4)
    assert bench.handset.log == expected + "\n"
