"""Those limits of the design that do not depend on the machine which measures them."""

import pytest
from tests.bench import heap, size

from tocsin_host.firmware_tree import board_names, firmware_root
from tocsin_sim.vm.image import FirmwareImage

# What the largest board's image took when last noted here: over the design's 96 KiB, which
# `make bench` prints. Whoever lets it grow by more than 5 % notes the new figure, and why:
# updates took 11 KiB, loader and signatures included.
_NOTED_TOTAL_BYTES = 131_040


@pytest.mark.parametrize("board", board_names())
def test_the_application_does_not_grow_unnoted(board: str) -> None:
    image = FirmwareImage.build(firmware_root(), board)
    assert image.total_bytes <= _NOTED_TOTAL_BYTES * 1.05


def test_an_activation_imports_nothing() -> None:
    loaded = size.loaded_modules()
    assert loaded.after_activation == loaded.settled


def test_what_only_a_host_needs_is_not_in_memory() -> None:
    settled = size.loaded_modules().settled
    assert "board.mpy" in settled
    assert not [name for name in settled if name.startswith("tocsin/wire_dialogue/")]
    assert not [name for name in settled if name.startswith("tocsin/link/handlers/")]


def test_an_activation_leaves_room_on_the_heap() -> None:
    figures = {each.name: each for each in heap.measure()}
    assert figures["peak in an activation"].holds
