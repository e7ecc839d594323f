"""The standing load: one digest for one seed however the VM is run, and few exchanges with it."""

from collections.abc import Callable
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

import pytest

from tocsin_sim.kernel import Kernel
from tocsin_sim.vm.flash import create_flash
from tocsin_sim.vm.handset import Handset
from tocsin_sim.vm.image import FirmwareImage

FIRMWARE = Path(__file__).parent / "firmware"
MODEM_UART, GNSS_UART, BUTTON_PIN, HAPTIC_PIN = 1, 2, 32, 33
SENTENCES = (
    "GNGGA,120000.00,4807.{0:05d},N,01131.00000,E,1,08,0.9,545.4,M,46.9,M,,",
    "GNGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1",
    "GPGSV,2,1,08,01,40,083,46,02,17,308,41,12,07,344,39,14,22,228,45",
    "GNRMC,120000.00,A,4807.{0:05d},N,01131.00000,E,0.02,31.66,230394,,,A",
)


class StandingWorld:
    """Four NMEA sentences and one AT exchange a second, a bouncing press every few seconds."""

    def __init__(self, kernel: Kernel, handset: Handset) -> None:
        self._kernel = kernel
        self._random = kernel.stream("world")
        self._modem = handset.uart(MODEM_UART)
        self._gnss = handset.uart(GNSS_UART)
        self._button = handset.pin(BUTTON_PIN)
        self._button.drive(1)
        self._modem.on_bytes(self._answer)
        kernel.at(1_000_000, self._epoch)
        kernel.at(3_000_000, self._press)

    def _answer(self, command: bytes) -> None:
        quality = self._random.randrange(32)
        reply = b"\r\n+CSQ: %d,99\r\n\r\nOK\r\n" % quality
        self._kernel.after(self._random.randrange(15_000, 35_000), self._modem.send, reply)

    def _epoch(self) -> None:
        for sentence in SENTENCES:
            self._gnss.send(_framed(sentence.format(self._random.randrange(100_000))))
        self._kernel.after(1_000_000, self._epoch)

    def _press(self) -> None:
        for bounce in range(6):
            self._kernel.after(bounce * 1500, self._button.drive, bounce % 2)
        self._kernel.after(9_000, self._button.drive, 0)
        self._kernel.after(400_000, self._button.drive, 1)
        self._kernel.after(self._random.randrange(7_000_000, 10_000_000), self._press)


def _framed(body: str) -> bytes:
    return b"$%s*%02X\r\n" % (body.encode(), reduce(xor, body.encode()))


Run = Callable[..., Handset]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    image = FirmwareImage.build(FIRMWARE, "standing")

    def run_standing_load(
        seconds: int, seed: int = 1, slices: list[int] | None = None, **settings: Any
    ) -> Handset:
        create_flash(tmp_path / "flash", {})
        kernel = Kernel(seed)
        with Handset(kernel, image, tmp_path / "flash", **settings) as handset:
            StandingWorld(kernel, handset)
            if slices is not None:
                handset.on_slice(lambda t_us, _: slices.append(t_us))
            handset.power_on()
            kernel.run_until(seconds * 1_000_000)
        assert handset.stats.crashes == []
        return handset

    return run_standing_load


def test_the_digest_is_the_same_however_it_is_run_and_another_for_another_seed(run: Run) -> None:
    ways = [
        {"look_ahead": look_ahead, "heap_bytes": heap_kib * 1024, "sample_heap": sample_heap}
        for look_ahead in (True, False)
        for heap_kib in (160, 320, 2048)
        for sample_heap in (True, False)
    ]
    handsets = [run(30, **way) for way in ways]
    assert handsets[0].log.splitlines()[0] == "presses 1 nmea 12 at 4"
    assert len({handset.log for handset in handsets}) == 1
    assert len({handset.trace.digest for handset in handsets}) == 1
    assert run(30, seed=2).trace.digest != handsets[0].trace.digest


def test_behaviour_is_the_same_across_the_wrap_of_the_tick_counter(run: Run) -> None:
    digests = {
        run(30, ticks_offset_ms=offset_ms).trace.digest
        for offset_ms in (0, 2**30 - 10_000, 2**29 - 10_000)
    }
    assert len(digests) == 1


def test_exchanges_with_the_vm_happen_for_what_crosses_the_border_only(run: Run) -> None:
    counts = {}
    for look_ahead in (True, False):
        slices: list[int] = []
        handset = run(60, look_ahead=look_ahead, slices=slices)
        assert int(handset.log.split()[-3]) > 200, "sentences understood"
        counts[look_ahead] = len(slices)
    records = 4 * 60 + 2 * 55 + 7 * 15  # sentences, commands with answers, presses with haptics
    assert counts[True] < records
    assert counts[True] < counts[False]
