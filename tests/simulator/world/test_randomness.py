"""Same seed, same world; and no model's draws shift another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tocsin_host.wire import Stage

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench


def run(make_bench: type[Bench], seed: int, *, refusals: int = 0, **setting: Any) -> Bench:
    bench = make_bench(seed, press_at_s=1, refuse_calls=refusals, **setting).start_modem()
    bench.at("+CGNSSPWR=1")
    for _ in range(refusals + 1):
        bench.dial()
        bench.run_for(10)
    bench.send_tag()
    bench.run_for(40)
    return bench


def everything(bench: Bench) -> tuple[object, ...]:
    return (bench.line.log, bench.button.driven, bench.stages)


def test_the_same_seed_gives_the_same_world(make_bench: type[Bench]) -> None:
    assert everything(run(make_bench, 7)) == everything(run(make_bench, 7))


def test_another_seed_gives_another(make_bench: type[Bench]) -> None:
    assert everything(run(make_bench, 7)) != everything(run(make_bench, 8))


def test_noise_of_the_sky_moves_neither_call_nor_button(make_bench: type[Bench]) -> None:
    calm, noisy = run(make_bench, 7), run(make_bench, 7, noise_m=50, ttff_median_s=1)
    for stage in (Stage.PRESSED, Stage.ALERTING, Stage.ANSWERED):
        assert calm.time_of(stage) == noisy.time_of(stage)
    assert calm.button.driven == noisy.button.driven


def test_more_bounces_and_more_messages_move_no_call(make_bench: type[Bench]) -> None:
    bench = make_bench(7, press_at_s=1).start_modem()
    for at_us in range(61_000_000, 65_000_000, 1_000_000):
        bench.world.person.press(at_us, 100)
    bench.dial()
    bench.send_tag(1)
    bench.send_tag(2)
    bench.run_for(40)
    other = make_bench(7, press_at_s=1).start_modem()
    other.dial()
    other.run_for(40)
    assert bench.time_of(Stage.ANSWERED) == other.time_of(Stage.ANSWERED)


def test_the_answering_time_follows_its_law(make_bench: type[Bench]) -> None:
    waits_us = []
    for seed in range(300):
        bench = make_bench(seed)
        bench.world.network.place_call("+447700900001", lambda call: None)
        bench.run_for(60)
        answered_us, alerting_us = bench.time_of(Stage.ANSWERED), bench.time_of(Stage.ALERTING)
        assert answered_us is not None
        assert alerting_us is not None
        waits_us.append(answered_us - alerting_us)
    mean_s = sum(waits_us) / len(waits_us) / 1e6
    assert 1.67 * 0.8 < mean_s < 1.67 * 1.2
    assert 0.90 < sum(wait < 5_000_000 for wait in waits_us) / len(waits_us) < 0.99
