"""Every recorded log against gpsd's word for it and the counts of the recordings' index.

Whatever differs stands in a table, with its reason.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from portable_cases.still_clock import StillClock

from tocsin.lines import Lines
from tocsin.location.fix import Fix
from tocsin.location.nmea import NmeaParser
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
POSITION_TOLERANCE_E7 = 2
LINE_BYTES = 128


@dataclass(frozen=True)
class Position:
    """A fix: UTC in whole seconds (None where gpsd had none yet), 1e-7 degrees."""

    utc: datetime | None
    lat_deg_e7: float
    lon_deg_e7: float

    def is_at(self, other: Position) -> bool:
        lat, lon = self.lat_deg_e7 - other.lat_deg_e7, self.lon_deg_e7 - other.lon_deg_e7
        return max(abs(lat), abs(lon)) < POSITION_TOLERANCE_E7

    def is_in(self, others: list[Position]) -> bool:
        return any(other.utc == self.utc and other.is_at(self) for other in others)


@dataclass
class Heard:
    """What the firmware's parser made of a log."""

    fixes: list[Position]
    epochs: set[tuple[datetime, int]]
    changes: int = 0


def replay(log: bytes) -> Heard:
    """Feed a log through the firmware's own lines and parser."""
    fix = Fix()
    parser = NmeaParser(fix, StillClock())
    heard = Heard([], set())
    was_valid = False

    def on_line(buf: bytearray, start: int, end: int) -> None:
        nonlocal was_valid
        if parser.feed_line(buf, start, end):
            minute = datetime(fix.year, fix.month, fix.day, fix.hour, fix.minute, tzinfo=UTC)
            utc = minute + timedelta(seconds=fix.second)
            heard.fixes.append(Position(utc, fix.lat_deg_e7, fix.lon_deg_e7))
            heard.epochs.add((utc, parser._fixed_ms))
        heard.changes += fix.valid is not was_valid
        was_valid = fix.valid

    Lines(LINE_BYTES, on_line).feed(bytearray(log.replace(b"\r", b"\n")), len(log))
    return heard


@dataclass
class Told:
    """What gpsd says of a log: its fixes with and without time, and its last word on each time."""

    fixes: list[Position]
    last_word: dict[datetime, bool]

    @classmethod
    def read(cls, path: Path) -> Told:
        told = cls([], {})
        for line in path.read_bytes().splitlines():
            report = json.loads(line) if line.startswith(b'{"class":"TPV"') else {}
            utc = datetime.fromisoformat(report["time"]) if "time" in report else None
            utc = None if utc is None else utc.replace(microsecond=0)
            if report.get("mode", 0) >= 2 and "lat" in report:
                told.fixes.append(Position(utc, report["lat"] * 1e7, report["lon"] * 1e7))
            if utc is not None and "mode" in report:
                told.last_word[utc] = report["mode"] >= 2
        return told


def differences(heard: Heard, told: Told) -> dict[str, int]:
    """How often the firmware and gpsd differ, by kind; nothing where they agree."""
    timed = [each for each in told.fixes if each.utc is not None]
    untimed = [each for each in told.fixes if each.utc is None]
    ours = {each.utc for each in heard.fixes}
    extra = [each for each in heard.fixes if not each.is_in(timed)]
    found = {
        # gpsd has a fix, with its time, that the firmware has not
        "missing": len({each for each in timed if not each.is_in(heard.fixes)}),
        # gpsd has a position, before it knows the time, that the firmware never tells
        "unheard": len(
            {each for each in untimed if not any(our.is_at(each) for our in heard.fixes)}
        ),
        # the firmware has a fix that gpsd has not, not even without its time
        "extra": len([each for each in extra if not any(each.is_at(other) for other in untimed)]),
        # gpsd's last word of a time is "no fix", and the firmware has one at that time
        "lost": len(
            [utc for utc, has_fix in told.last_word.items() if not has_fix and utc in ours]
        ),
    }
    return {kind: count for kind, count in found.items() if count}


DIFFERENCES = {
    # gpsd learns from the first cycle where cycles end, and tells no fix in it.
    "gpsd_ac12_binary": {"extra": 1},
    # Two drives joined: the clock falls back 52 minutes, for gpsd at once; the firmware takes a
    # time before its date's for the next day's until RMC dates it (missing). The first GGA comes
    # before any date (unheard); of each half-second's two fixes gpsd's ends early (extra).
    "gpsd_bt451": {"missing": 1, "unheard": 1, "extra": 2},
    # The log ends within an epoch: gpsd still waits for its end.
    "gpsd_foretrex-201": {"extra": 1},
    # GLL names the second after RMC's and GGA's: gpsd takes each epoch for GLL's time.
    "gpsd_garmin48": {"extra": 6},
    # The receiver loses its fix and its clock within one second: both tell first one, then none.
    "gpsd_gp-320fw-2019-04-07-coldboot": {"lost": 1},
    # RMC, GLL and GGA take turns, a second each: the firmware waits one for an HDOP (missing),
    # gpsd takes two of them for repeats (extra).
    "gpsd_humminbird-M37": {"missing": 1, "extra": 2},
    # It never tells an HDOP: the firmware waits one epoch for it.
    "gpsd_magellan-ec10": {"missing": 1},
    # GGA and RMC say "no fix"; gpsd believes GSA.
    "gpsd_mtk-3301": {"unheard": 1},
    "gpsd_myguide-3100": {"unheard": 2},
    # gpsd dates this log 2034 by its own clock; the receiver itself says 2015. Positions and times
    # of day are the same. The first GGA comes before the date (unheard).
    "gpsd_neo-m8n": {"missing": 22, "unheard": 1, "extra": 23},
    # Half the positions are in u-blox's binary messages.
    "gpsd_ublox8-uniqid-monhw": {"missing": 4},
    # The first GGA comes before any date (unheard); the log ends within an epoch (extra).
    "gpsd_venus634lp": {"unheard": 1, "extra": 1},
}


def test_positions_times_and_fix_states_are_gpsds(shared_data: Path) -> None:
    checks = sorted((shared_data / "nmea").glob("*.log.chk"))
    assert len(checks) == 35
    found, compared = {}, 0
    for check in checks:
        log = check.with_suffix("")
        heard, told = replay(log.read_bytes()), Told.read(check)
        differing = differences(heard, told)
        if differing:
            found[log.stem] = differing
        compared += len(heard.fixes)
    assert found == DIFFERENCES
    assert compared > 600


def test_what_gpsd_dates_otherwise_is_the_same_by_the_time_of_day(shared_data: Path) -> None:
    log = shared_data / "nmea/gpsd_neo-m8n.log"
    heard = replay(log.read_bytes()).fixes
    told = {each.utc.time(): each for each in Told.read(Path(f"{log}.chk")).fixes if each.utc}
    agreeing = [
        each for each in heard if each.utc and each.utc.time() in told
        and each.is_at(told[each.utc.time()])
    ]  # fmt: skip
    assert len(agreeing) == len(told) == 22
    assert all(each.utc and each.utc.year == 2015 for each in heard)


@dataclass(frozen=True)
class Row:
    """A log's row in the index: epochs with and without a fix, and changes between them."""

    name: str
    fixes: int
    voids: int
    changes: int


def rows(shared_data: Path) -> list[Row]:
    found = []
    for line in (shared_data / "index.md").read_text().splitlines():
        if re.match(r"\| [\w.+-]+\.(log|nmea|ubx) \|", line):
            cells = [cell.strip() for cell in line.split("|")]
            fixes, voids = map(int, cells[7].split("/"))
            found.append(Row(cells[1], fixes, voids, int(cells[8])))
    return found


# Epochs with a fix by the index, and by the firmware, where they are not as many.
STARTS_WITHIN_AN_EPOCH = "the first sentences come before any date"
UNDATED = "it never tells a date"
EPOCHS = {
    "google_ublox_f9k_drive_excerpt.nmea": (70, 69, STARTS_WITHIN_AN_EPOCH),
    "gpsbabel_backfilldate.nmea": (500, 0, UNDATED),
    "gpsbabel_nmeadate.nmea": (7, 4, "three epochs have dates of 1998 and 1999"),
    "gpsd_com-1289.log": (15, 14, STARTS_WITHIN_AN_EPOCH),
    "gpsd_furuno_gl_ga.log": (17, 16, "it tells sixteen times"),
    "gpsd_garmin48.log": (8, 14, "GLL names a second of its own"),
    "gpsd_gp-320fw-2019-03-28.log": (21, 20, STARTS_WITHIN_AN_EPOCH),
    "gpsd_gp-320fw-2019-04-07-coldboot.log": (2, 1, STARTS_WITHIN_AN_EPOCH),
    "gpsd_humminbird-M37.log": (10, 23, "RMC, GLL and GGA are of a second each"),
    "gpsd_magellan-ec10.log": (21, 20, "the first waits for an HDOP"),
    "gpsd_neo-m8n.log": (24, 23, STARTS_WITHIN_AN_EPOCH),
    "gpsd_quectel-L70.log": (17, 16, STARTS_WITHIN_AN_EPOCH),
    "gpsd_quectelLC79D-1.log": (30, 29, STARTS_WITHIN_AN_EPOCH),
    "gpsd_st-teseo-liv4f.log": (13, 12, STARTS_WITHIN_AN_EPOCH),
    "gpsd_telit-pls83-w.log": (20, 10, "the index counts its GA and GP sentences apart"),
    "gpsd_ublox-8.log": (73, 72, STARTS_WITHIN_AN_EPOCH),
    "gpsd_ublox-zed-f9p-nmea.log": (30, 29, STARTS_WITHIN_AN_EPOCH),
    "gpsd_ublox8-uniqid-monhw.log": (
        5,
        6,
        "two of its six RMC are all there is of their epochs",
    ),
    "leapsecond_2016_constructed.nmea": (6, 4, "the first waits for an HDOP; 23:59:60 comes twice"),
    "libnmea_stdin_test.nmea": (2, 1, "one epoch comes before any date"),
    "marineapi_garmin_gps15.nmea": (378, 0, UNDATED),
    "nmeaparser_drive_start_excerpt.nmea": (162, 161, STARTS_WITHIN_AN_EPOCH),
    "pynmeagps_nmea4.log": (3, 1, "one epoch, told by sentences that the index counts apart"),
    "pynmeagps_nmeabadck.log": (1, 0, "its checksum is wrong"),
    "pyubx2_MIXED-RTCM3.log": (1, 0, "one RMC, which waits for an HDOP"),
    "pyubx2_MIXED-RTCM3BADCRC.log": (1, 0, "one RMC, which waits for an HDOP"),
}
# Changes by the index, and by the firmware, where they are not as many.
CHANGES = {
    "marineapi_garmin_gps15.nmea": (2, 0, UNDATED),
}


def test_counts_are_those_of_the_index(shared_data: Path) -> None:
    epochs, changes = {}, {}
    listed = rows(shared_data)
    assert len(listed) == 56
    for row in listed:
        log = (shared_data / "nmea" / row.name).read_bytes()
        heard = replay(log)
        if len(heard.epochs) != row.fixes:
            epochs[row.name] = (row.fixes, len(heard.epochs))
        # The parser starts without a fix: of a log that starts with one, that is a change too.
        counted = heard.changes - (bool(heard.fixes) and not starts_without(log))
        if counted != row.changes:
            changes[row.name] = (row.changes, counted)
    assert epochs == {name: (index, ours) for name, (index, ours, _) in EPOCHS.items()}
    assert changes == {name: (index, ours) for name, (index, ours, _) in CHANGES.items()}


def starts_without(log: bytes) -> bool:
    """Whether the first sentence that tells of a fix says that there is none."""
    rmc = rb"RMC,[^,]*,(?P<status>[AV])"
    gga = rb"GGA(?:,[^,]*){5},(?P<quality>\d?),"
    first = re.search(rb"\$..(?:%s|%s)" % (rmc, gga), log)
    return first is not None and (first["status"] == b"V" or first["quality"] in {b"0", b""})


SCRIPT = """
import gc, sys, time
from tocsin.lines import Lines
from tocsin.location.fix import Fix
from tocsin.location.nmea import NmeaParser

fix = Fix()
parser = NmeaParser(fix, time)

def on_line(buf, start, end):
    if parser.feed_line(buf, start, end):
        print(fix.day, fix.hour, fix.minute, fix.second, fix.lat_deg_e7, fix.lon_deg_e7)

def feed(path, seed):
    lines = Lines(128, on_line)
    buf = bytearray(96)
    view = memoryview(buf)
    with open(path, "rb") as file:
        n = file.readinto(view[:1])
        while n:
            lines.feed(buf, n)
            seed = seed * 1103515245 + 12345 & 0x3FFFFFFF if seed else 0
            n = file.readinto(view[: 1 + (seed >> 16) % 96])

gc.collect()
before = gc.mem_alloc()
feed(sys.argv[1], int(sys.argv[2]))
gc.collect()
print("held", gc.mem_alloc() - before)
"""


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize(
    "name",
    [
        "gpsd_quectel-eg25-g.log", "gpsd_gpsdf.log", "gpsd_ac12_binary.log",
        "gpsd_st-teseo-liv4f.log", "pyubx2_ucenter_coldstart_mixed.ubx",
        "gpsd_gp-320fw-2019-04-07-coldboot.log", "google_ublox_f9k_drive_excerpt.nmea",
    ],
)  # fmt: skip
def test_pieces_of_any_size_give_the_same_fixes_in_memory_that_does_not_grow(
    shared_data: Path, name: str, seed: int
) -> None:
    """On the VM with a heap smaller than the longest log; seed 0 is byte by byte."""
    path = shared_data / "nmea" / name
    result = run_script(
        SCRIPT, [FIRMWARE], heap_bytes=96 * 1024, arguments=[str(path), str(seed)], timeout_s=60
    )
    assert result.status == 0, result.output
    *fixes, held = result.output.splitlines()
    log = path.read_bytes().replace(b"\r", b"\n")
    assert fixes == [
        f"{each.utc.day} {each.utc:%-H} {each.utc.minute} {each.utc.second} "
        f"{each.lat_deg_e7} {each.lon_deg_e7}"
        for each in replay(log).fixes
        if each.utc is not None
    ]
    assert int(held.split()[1]) < 4096
