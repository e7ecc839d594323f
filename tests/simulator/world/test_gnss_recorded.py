"""A recorded log heard through the modem: paced by its own time, silent when unheard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_sim.world.errors import NotNmeaError
from tocsin_sim.world.gnss.recorded import read_log
from tocsin_sim.world.gnss.sentences import sentence

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator.world.conftest import Bench

ORIGIN_US = 60_000_000


def write_log(folder: Path, *bodies: str) -> Path:
    path = folder / "log.nmea"
    path.write_bytes(b"".join(sentence(body) for body in bodies))
    return path


def rmc(time: str) -> str:
    return f"GPRMC,{time},V,,,,,,,010126,,,N"


def switch_on(bench: Bench) -> None:
    bench.at("+CGNSSPWR=1")
    while "+CGNSSPWR: READY!" not in bench.line.text:
        bench.run_for(0.1)
    bench.at("+CGNSSTST=1")
    bench.at("+CGNSSPORTSWITCH=0,1")


def offsets_s(path: Path) -> list[float]:
    return [epoch.t_us / 1e6 for epoch in read_log(path)]


def test_a_modems_log_is_paced_by_the_only_sentence_that_tells_the_time(shared_data: Path) -> None:
    epochs = read_log(shared_data / "nmea" / "gpsd_quectel-eg25-g.log")
    first_fix = next(each for each in epochs if b"$GPRMC,191503.01,A" in each.chunk)
    assert (epochs[0].t_us, first_fix.t_us) == (0, 28_050_000)
    assert len(epochs) == 60
    assert epochs[0].chunk.startswith(b"$GLGSV,2,1,08,78,38"), "what comes before the first time"


def test_its_first_fix_is_heard_at_its_time_of_the_scenario(
    make_bench: type[Bench], shared_data: Path
) -> None:
    log = shared_data / "nmea" / "gpsd_quectel-eg25-g.log"
    bench = make_bench(nmea=log).start_modem()
    switch_on(bench)
    bench.run_for(60)
    assert bench.said_at_us("$GPRMC,191503.01,A") == ORIGIN_US + 28_050_000
    assert "+CGNSSINFO: 3,03,,,,36.7638040,N,31.4108763,E,110922,191533.98" in bench.at(
        "+CGNSSINFO"
    )


def test_after_its_end_the_receiver_is_silent(make_bench: type[Bench], shared_data: Path) -> None:
    bench = make_bench(nmea=shared_data / "nmea" / "gpsd_quectel-eg25-g.log").start_modem()
    switch_on(bench)
    bench.run_for(90)
    end_us, last = bench.line.log[-1]
    assert last.startswith(b"$")
    assert end_us < ORIGIN_US + 62_000_000


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("gpsbabel_backfilldate.nmea", 499),  # over midnight
        ("gpsd_gpsdf.log", 50),  # empty lines, a phone's own sentences
        ("gpsd_ac12_binary.log", 5),  # two clocks a second apart
        ("gpsd_pypilot.log", 14),  # no time at all
    ],
)
def test_odd_logs_last_as_long_as_they_lasted(shared_data: Path, name: str, seconds: int) -> None:
    assert offsets_s(shared_data / "nmea" / name)[-1] == pytest.approx(seconds, abs=1.5)


def test_every_recorded_log_is_readable_and_its_epochs_follow_one_another(
    shared_data: Path,
) -> None:
    for path in sorted((shared_data / "nmea").iterdir()):
        if path.suffix != ".chk":
            offsets = offsets_s(path)
            assert offsets == sorted(set(offsets)), path.name
            assert offsets[-1] < 2000, path.name


def test_a_clock_set_by_the_receiver_is_no_gap(tmp_path: Path) -> None:
    log = write_log(tmp_path, *map(rmc, ["000010.00", "000011.00", "164500.00", "164501.00"]))
    assert offsets_s(log) == [0, 1, 2, 3]


def test_a_gap_of_a_minute_is_kept(tmp_path: Path) -> None:
    assert offsets_s(write_log(tmp_path, rmc("120000.00"), rmc("120130.00"))) == [0, 90]


def test_without_any_time_each_repeat_of_the_first_sentence_is_a_second(tmp_path: Path) -> None:
    log = write_log(tmp_path, "GPGSA,A,1,", "GPVTG,,T,", "GPGSA,A,1,", "GPVTG,,T,", "GPGSA,A,1,")
    epochs = read_log(log)
    assert [epoch.t_us for epoch in epochs] == [0, 1_000_000, 2_000_000]
    assert [epoch.chunk.count(b"\r\n") for epoch in epochs] == [2, 2, 1]


def test_broken_sentences_are_replayed_but_their_time_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "log.nmea"
    broken = sentence(rmc("235959.00")).replace(b"*", b"X*")
    path.write_bytes(sentence(rmc("120000.00")) + broken + sentence(rmc("120001.00")))
    epochs = read_log(path)
    assert [epoch.t_us for epoch in epochs] == [0, 1_000_000]
    assert broken in epochs[0].chunk


@pytest.mark.parametrize("content", [b"", b"# comment\n", b"hello\n" * 9, b"$GPRMC,broken*00\n"])
def test_a_file_without_a_sentence_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.nmea"
    path.write_bytes(content)
    with pytest.raises(NotNmeaError, match="holds no NMEA 0183 sentence"):
        read_log(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotNmeaError, match="No such file"):
        read_log(tmp_path / "none.nmea")


@given(st.binary(max_size=200))
def test_junk_beside_a_sentence_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.nmea"
    path.write_bytes(content + b"\n" + sentence(rmc("120000.00")))
    assert read_log(path)


def test_nothing_is_heard_until_powered_ready_and_switched_to_the_line(
    make_bench: type[Bench], tmp_path: Path
) -> None:
    times = [f"12{second // 60:02d}{second % 60:02d}.00" for second in range(120)]
    log = write_log(tmp_path, *map(rmc, times))
    bench = make_bench(nmea=log).start_modem()
    bench.run_for(5)
    assert bench.at("+CGNSSTST=1") == "\r\nERROR\r\n", "the engine is not controllable yet"
    on_us = bench.kernel.now_us
    bench.at("+CGNSSPWR=1")
    bench.run_for(12)
    assert bench.said_at_us("+CGNSSPWR: READY!") == on_us + 9_000_000
    assert "$GPRMC" not in bench.line.text
    bench.at("+CGNSSPORTSWITCH=0,1")
    bench.at("+CGNSSTST=1")
    bench.run_for(3)
    assert "$GPRMC,120018" in bench.line.text
    bench.at("+CGNSSPWR=0")
    start = len(bench.line.text)
    bench.run_for(20)
    assert "$GPRMC" not in bench.line.text[start:]


def test_one_epoch_is_one_chunk(make_bench: type[Bench], tmp_path: Path) -> None:
    bodies = [body for second in range(30) for body in (rmc(f"1200{second:02d}.00"), "GPVTG,,T,")]
    bench = make_bench(nmea=write_log(tmp_path, *bodies)).start_modem()
    switch_on(bench)
    bench.run_for(5)
    heard = [data for _, data in bench.line.log if data.startswith(b"$")]
    assert len(heard) == 5
    assert all(chunk.count(b"\r\n") == 2 for chunk in heard)
