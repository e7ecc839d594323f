"""Order, time and randomness of the kernel."""

import os
import time

from hypothesis import given
from hypothesis import strategies as st

from tocsin_sim.kernel import FOREVER_US, Direction, Kernel, RealTimeLoop, Trace


@given(st.lists(st.integers(0, 50)))
def test_events_happen_by_time_then_by_order_of_scheduling(times: list[int]) -> None:
    kernel = Kernel(1)
    seen: list[tuple[int, int]] = []
    for number, t_us in enumerate(times):
        kernel.at(t_us, lambda n: seen.append((kernel.now_us, n)), number)
    kernel.run_until(50)
    assert seen == sorted((t_us, number) for number, t_us in enumerate(times))
    assert kernel.now_us == 50


def test_what_is_due_after_all_others_waits_for_events_made_meanwhile() -> None:
    kernel = Kernel(1)
    seen: list[str] = []
    kernel.at_end_of(5, seen.append, "last")
    kernel.at(5, lambda: kernel.at(5, seen.append, "second"))
    kernel.run_until(5)
    assert seen == ["second", "last"]


def test_a_cancelled_event_neither_happens_nor_limits_the_horizon() -> None:
    kernel = Kernel(1)
    seen: list[int] = []
    kernel.at(5, seen.append, 1).cancel()
    kernel.at(9, lambda: None)
    assert kernel.next_event_us() == 9
    kernel.run_until(20)
    assert seen == []


def test_a_run_stops_after_the_event_that_was_waited_for() -> None:
    kernel = Kernel(1)
    seen: list[int] = []
    for t_us in (1, 2, 3):
        kernel.at(t_us, seen.append, t_us)
    kernel.run_until(10, lambda: 2 in seen)
    assert (seen, kernel.now_us) == ([1, 2], 2)


def test_random_streams_depend_on_seed_and_name_only() -> None:
    draws = [Kernel(seed).stream(name).random() for seed in (1, 2) for name in ("a", "b")]
    assert len(set(draws)) == 4
    kernel = Kernel(1)
    kernel.stream("other").random()
    assert kernel.stream("a").random() == draws[0]


def test_the_digest_tells_every_part_of_a_record_apart() -> None:
    records = [
        (1, Direction.TO_HANDSET, 1, 1, b"a"),
        (2, Direction.TO_HANDSET, 1, 1, b"a"),
        (1, Direction.FROM_HANDSET, 1, 1, b"a"),
        (1, Direction.TO_HANDSET, 2, 1, b"a"),
        (1, Direction.TO_HANDSET, 1, 2, b"a"),
        (1, Direction.TO_HANDSET, 1, 1, b"b"),
    ]
    digests = set()
    for record in records:
        trace = Trace()
        trace.add(*record)
        digests.add(trace.digest)
    assert len(digests) == len(records)


def test_in_real_time_events_wait_for_the_wall_clock_and_descriptors_are_heard() -> None:
    kernel = Kernel(1)
    loop = RealTimeLoop(kernel)
    reader, writer = os.pipe()
    heard_us: list[int] = []
    loop.watch(reader, lambda: heard_us.extend([kernel.now_us] * len(os.read(reader, 9))))
    kernel.at(20_000, os.write, writer, b"x")
    begin = time.monotonic()
    loop.run_until(FOREVER_US, lambda: bool(heard_us))
    elapsed_s = time.monotonic() - begin
    loop.run_until(kernel.now_us + 10_000)
    loop.close()
    os.close(reader)
    os.close(writer)
    assert elapsed_s >= 0.015  # the clock was started a moment before
    assert len(heard_us) == 1
    assert heard_us[0] >= 20_000
    assert kernel.now_us >= heard_us[0] + 10_000
