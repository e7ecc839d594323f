"""Those limits of the design that do not depend on the machine which measures them."""

import pytest
from tests.bench import heap, size
from tests.bench.noted import has_grown, noted

from tocsin_host.firmware_tree import board_names, firmware_root
from tocsin_sim.vm.image import FirmwareImage


@pytest.mark.parametrize("board", board_names())
def test_the_application_keeps_its_limit_and_does_not_grow_unnoted(board: str) -> None:
    total_bytes = size.flashed_bytes(board)
    assert total_bytes <= size.TOTAL_LIMIT_BYTES
    assert not has_grown("application, largest board, bytes of .mpy", total_bytes)


@pytest.mark.parametrize("board", board_names())
def test_what_stays_in_memory_keeps_its_limit_and_does_not_grow_unnoted(board: str) -> None:
    image = FirmwareImage.build(firmware_root(), board)
    resident_bytes = size.resident_bytes(image, size.loaded_modules(board).settled)
    assert resident_bytes <= size.RESIDENT_LIMIT_BYTES
    assert not has_grown("resident, bytes of .mpy", resident_bytes)


def test_growth_beyond_what_is_noted_is_told() -> None:
    figure = "resident, bytes of .mpy"
    assert not has_grown(figure, noted()[figure])
    assert has_grown(figure, noted()[figure] * 1.06)


def test_an_activation_imports_nothing() -> None:
    loaded = size.loaded_modules()
    assert loaded.after_activation == loaded.settled


def test_what_only_a_host_needs_is_not_in_memory() -> None:
    settled = size.loaded_modules().settled
    assert "board.mpy" in settled
    assert not [name for name in settled if name.startswith("tocsin/wire_dialogue/")]
    assert not [name for name in settled if name.startswith("tocsin/link/handlers/")]


def test_the_heap_keeps_its_limits_and_does_not_grow_unnoted() -> None:
    figures = {each.name: each for each in heap.measure()}
    for name in (
        "after boot",
        "peak in an activation",
        "peak in service mode",
        "activation after it, peak",
    ):
        assert figures[name].holds, figures[name]
    assert not has_grown("heap after boot, KB", figures["after boot"].value)
    assert not has_grown("heap, peak in an activation, KB", figures["peak in an activation"].value)
    assert not has_grown("heap, peak in service mode, KB", figures["peak in service mode"].value)
    assert not has_grown("heap after service mode, KB", figures["after service mode"].value)
