"""From the qualified press to the dial command the firmware allocates nothing."""

from pathlib import Path

from tocsin_host.firmware_tree import firmware_root
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.vm.script import ScriptResult, run_script

TEST_BOARDS = Path(__file__).resolve().parent / "firmware"
CASES = Path(__file__).resolve().parents[1] / "firmware"
SCRIPT = """
import sys
from boards.machineless import board
{sabotage}
board.run(sys.argv[1])
print("all hold")
"""
ALLOCATES = """
from tocsin.trace import Trace
stage_at = Trace.stage_at
def allocates(self, *values):
    stage_at(self, *list(values))
Trace.stage_at = allocates
"""


def run_on_vm(data_dir: Path, sabotage: str = "") -> ScriptResult:
    image = FirmwareImage.build(firmware_root(), "lilygo_t_a7670", shrinks=False)
    script = SCRIPT.format(sabotage=sabotage)
    return run_script(script, [TEST_BOARDS, CASES, image.path], arguments=[str(data_dir)])


def test_a_press_dials_with_the_heap_locked(tmp_path: Path) -> None:
    result = run_on_vm(tmp_path)
    assert (result.status, result.output) == (0, "all hold\n")


def test_the_lock_does_tell(tmp_path: Path) -> None:
    result = run_on_vm(tmp_path, ALLOCATES)
    assert "it allocates" in result.output
