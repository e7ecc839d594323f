"""A simulated handset for a test's own few lines of firmware."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tocsin_sim.kernel import Kernel
from tocsin_sim.vm.flash import create_flash
from tocsin_sim.vm.handset import Handset
from tocsin_sim.vm.image import FirmwareImage

S = 1_000_000


@dataclass
class Bench:
    """A powered handset, its kernel, and what it sent on UART 1 with the time of arrival."""

    kernel: Kernel
    handset: Handset
    flash_path: Path
    received: list[tuple[int, bytes]] = field(default_factory=list)

    def run(self, seconds: float) -> bytes:
        """Run on for so long; returns all it has sent on UART 1 so far."""
        self.kernel.run_until(self.kernel.now_us + round(seconds * S))
        return b"".join(data for _, data in self.received)


MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[MakeBench]:
    """Return a maker of benches for firmware whose main.py is `source`; they end with the test."""
    benches: list[Bench] = []

    def make(
        source: str,
        files: dict[str, bytes] | None = None,
        seed: int = 1,
        cut: tuple[int | None, float] = (None, 0.0),
        port: str = "esp32",
        **settings: Any,
    ) -> Bench:
        folder = tmp_path / str(len(benches))
        flash_path = folder / "flash"
        image = _image(folder / "firmware", source, port)
        create_flash(flash_path, files or {})
        kernel = Kernel(seed)
        handset = Handset(kernel, image, flash_path, pin_cpu=False, **settings)
        bench = Bench(kernel, handset, flash_path)
        benches.append(bench)
        handset.uart(1).on_bytes(lambda data: bench.received.append((kernel.now_us, data)))
        handset.cut_at_flash_op, handset.torn = cut
        handset.power_on()
        return bench

    yield make
    for bench in benches:
        bench.handset.close()


def _image(root: Path, source: str, port: str) -> FirmwareImage:
    board = root / "boards" / "bench"
    board.mkdir(parents=True)
    (board / "board.py").write_text("def run() -> None: ...\n")
    (board / "facts.py").write_text(f"PORT = {port!r}\n")
    (root / "boot.py").write_text("")
    (root / "main.py").write_text(source)
    return FirmwareImage.build(root, "bench")
