"""A wait with a limit that needs no task of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone

HEAD = """
import asyncio, gc, time
from tocsin.signal import Signal

signal = Signal()
t0 = time.ticks_ms()
def now():
    return time.ticks_diff(time.ticks_ms(), t0)
nap = asyncio.sleep_ms
later = asyncio.create_task
async def set_after(delay_ms):
    await nap(delay_ms)
    signal.set()
def set_later(delay_ms):
    later(set_after(delay_ms))
def measured(action):
    gc.collect()
    before = gc.mem_alloc()
    action()
    print(gc.mem_alloc() - before)
async def wait(limit_ms):
    await signal.wait_ms(limit_ms)
    print(now(), signal.is_set)
"""

CASES = {
    "set before": ("signal.set(); await wait(100)", ["0 True"]),
    "set meanwhile": ("set_later(40); await wait(100)", ["40 True"]),
    "never set": ("await wait(100)", ["100 False"]),
    "set after the limit": (
        "set_later(9); await wait(5); await nap(5); await wait(5); signal.clear(); await wait(5)",
        ["5 False", "10 True", "15 False"],
    ),
    "set twice, the second time too late": (
        "set_later(10); set_later(20); await wait(100); await nap(50); print(now())",
        ["10 True", "60"],
    ),
    "set without allocating": (
        "later(wait(100)); await nap(5); measured(signal.set)",
        ["0", "5 True"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wait_ends_when_the_signal_is_set_at_the_latest_at_its_limit(
    make_phone: MakePhone, case: str
) -> None:
    body, expected = CASES[case]
    program = f"{HEAD}\nasync def main():\n    {body}\n    await nap(60_000)\n"
    phone = make_phone(program + "\nasyncio.run(main())\n", settle_s=1)
    assert phone.handset.log.splitlines() == expected
