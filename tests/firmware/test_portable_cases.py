"""The same cases on CPython and on the VM: from source and as compiled for a handset."""

import importlib
from pathlib import Path

import pytest

from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
HEAP_BYTES = 320 * 1024

PURE = [
    "frame_cases",
    "nmea_cases",
    "aml_cases",
    "pdu_cases",
    "aead_cases",
    "guard_cases",
    "button_cases",
    "channel_cases",
    "resync_cases",
    "transfer_cases",
]

POWER_CUTS = ["power_cut_cases", "transfer_file_cases", "journal_ack_cases", "provision_cases"]

VM_SCRIPT = """\
import sys
module = __import__("portable_cases." + sys.argv[1])
getattr(module, sys.argv[1]).run(*sys.argv[2:])
print("all hold")
"""


def run_on_vm(firmware: Path, *arguments: str) -> None:
    result = run_script(
        VM_SCRIPT, [firmware, HERE], heap_bytes=HEAP_BYTES, arguments=arguments, timeout_s=60
    )
    # The collector may complain of a file it could not close after a power cut.
    assert (result.status, result.output[-9:]) == (0, "all hold\n"), result.output


@pytest.mark.parametrize("cases", PURE)
def test_cases_hold_on_cpython(cases: str) -> None:
    importlib.import_module(f"portable_cases.{cases}").run()


@pytest.mark.parametrize("cases", PURE)
def test_cases_hold_on_the_vm_as_compiled(compiled_firmware: Path, cases: str) -> None:
    run_on_vm(compiled_firmware, cases)


def test_storage_cases_hold_on_cpython(tmp_path: Path) -> None:
    importlib.import_module("portable_cases.storage_cases").run(str(tmp_path))


def test_storage_cases_hold_on_the_vm_as_compiled(compiled_firmware: Path, tmp_path: Path) -> None:
    run_on_vm(compiled_firmware, "storage_cases", str(tmp_path))


@pytest.mark.parametrize("cases", POWER_CUTS)
def test_power_may_fail_at_any_flash_operation(compiled_firmware: Path, cases: str) -> None:
    run_on_vm(compiled_firmware, cases)
