"""Those limits of the design that do not depend on the machine which measures them."""

from tests.bench import heap, size

from tocsin_host.firmware_tree import firmware_root
from tocsin_sim.vm.image import FirmwareImage


def test_the_application_is_smaller_than_its_place_in_flash() -> None:
    image = FirmwareImage.build(firmware_root(), size.BOARD)
    assert image.total_bytes <= size.TOTAL_LIMIT_BYTES


def test_an_activation_imports_nothing() -> None:
    loaded = size.loaded_modules()
    assert loaded.after_activation == loaded.settled


def test_what_only_a_host_needs_is_not_in_memory() -> None:
    settled = size.loaded_modules().settled
    assert "tocsin/wire.mpy" in settled
    assert not [name for name in settled if name.startswith("tocsin/wire_dialogue/")]
    assert "tocsin/link/handlers/clear.mpy" not in settled


def test_an_activation_leaves_room_on_the_heap() -> None:
    figures = {each.name: each for each in heap.measure()}
    assert figures["peak in an activation"].holds
