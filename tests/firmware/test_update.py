"""Which updates are installed, and why others are not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import updates
from cryptography.hazmat.primitives.asymmetric import rsa
from portable_cases import update_refusals
from tests.vm31 import machine

import slot_image
import slots
from tocsin import build
from tocsin.update import check, key
from tocsin_host import wire
from tocsin_host.update import image
from tocsin_host.update.image import Image
from tocsin_host.update.signing import DEVELOPMENT_KEY, modulus, read_public_key, sign
from tocsin_host.wire import FailureCode
from tocsin_protocol.schema import update as schema
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
VM_SCRIPT = """\
import sys
from portable_cases import update_refusals
update_refusals.run(*sys.argv[1:])
print("all hold")
"""


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def variants() -> dict[str, bytes]:
    """Files by name, which begins with the code of the refusal."""
    image = updates.signed(updates.unsigned())
    good = image.encode()
    manifest_at, signature_at = 10, len(image.signed_part)
    other_key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    cases = [
        (0, "good", good),
        (0, "newer", updates.signed(updates.unsigned(security_counter=8)).encode()),
        (FailureCode.MALFORMED, "nothing", b""),
        (FailureCode.MALFORMED, "short", good[:9]),
        (FailureCode.MALFORMED, "other-file", b"\x7fELF" + good),
        (FailureCode.MALFORMED, "long-manifest", good[:8] + b"\xff\xff" + good[10:]),
        (FailureCode.WRONG_SIGNATURE, "unsigned", updates.unsigned().encode()),
        (FailureCode.WRONG_SIGNATURE, "other-key", sign(updates.unsigned(), other_key).encode()),
        (FailureCode.WRONG_SIGNATURE, "changed-signature", flipped(good, signature_at)),
        (FailureCode.WRONG_SIGNATURE, "changed-hash", flipped(good, manifest_at)),
        (FailureCode.WRONG_SIGNATURE, "changed-counter", flipped(good, manifest_at + 36)),
        (FailureCode.WRONG_SIGNATURE, "cut-in-signature", good[: signature_at + 383]),
        (FailureCode.WRONG_SIZE, "cut-before-modules", good[: signature_at + 384]),
        (FailureCode.WRONG_SIZE, "cut-at-the-end", good[:-1]),
        (FailureCode.WRONG_SIZE, "longer", good + b"\0"),
        (FailureCode.WRONG_HASH, "changed-module", flipped(good, len(good) - 1)),
        (FailureCode.WRONG_HASH, "changed-index", flipped(good, signature_at + 384)),
        (FailureCode.WRONG_BOARD, "board", board("pico_w")),
        (FailureCode.WRONG_BOARD, "no-board", board("")),
        (FailureCode.OLDER, "counter", counter(6)),
        (FailureCode.TOO_OLD, "minimum", minimum("0.1.1")),
        (FailureCode.TOO_OLD, "minimum-by-number", minimum("0.10")),
    ]
    return {f"{code:d}-{name}": data for code, name, data in cases}


def board(name: str) -> bytes:
    return updates.signed(updates.unsigned(board=name)).encode()


def counter(number: int) -> bytes:
    return updates.signed(updates.unsigned(security_counter=number)).encode()


def minimum(version: str) -> bytes:
    return updates.signed(updates.unsigned(minimum_version=version)).encode()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("updates")
    for name, data in variants().items():
        (folder / name).write_bytes(data)
    return [str(path) for path in sorted(folder.iterdir())]


def test_the_fit_are_installed_and_each_other_is_refused_by_name(
    files: list[str], tmp_path: Path
) -> None:
    update_refusals.run(str(tmp_path), *files)


def test_likewise_on_the_vm(files: list[str], tmp_path: Path) -> None:
    result = run_script(
        VM_SCRIPT, [FIRMWARE, HERE], arguments=[str(tmp_path), *files], timeout_s=60
    )
    assert result.output == "all hold\n"


def test_likewise_with_31_bit_integers(files: list[str], tmp_path: Path) -> None:
    with machine.started() as vm31:
        result = vm31.run(VM_SCRIPT, [FIRMWARE, HERE], [str(tmp_path), *files])
    assert result.output == "all hold\n"


def test_firmware_trusts_the_published_key_unless_built_otherwise() -> None:
    assert modulus(read_public_key(DEVELOPMENT_KEY)) == key.MODULUS
    assert not build.RELEASE


def test_host_loader_and_firmware_read_the_file_that_the_protocol_describes() -> None:
    assert image.MAGIC == slot_image._MAGIC == check._MAGIC == schema.MAGIC
    assert image.SIGNATURE_BYTES == slot_image._SIGNATURE_BYTES == schema.SIGNATURE_BYTES
    assert slot_image._HEAD_BYTES == check._HEAD_BYTES == len(schema.MAGIC) + 2
    manifest = wire.UpdateManifest(bytes(32), 0x01020304, 0)
    assert manifest.encode()[slot_image._HASH_BYTES :].startswith(b"\x04\x03\x02\x01")


def test_loader_and_protocol_number_slots_and_steps_alike() -> None:
    names = (slots.FLASHED, slots.SLOT_A, slots.SLOT_B)
    assert names == (wire.Slot.FLASHED, wire.Slot.A, wire.Slot.B)
    steps = (slots.NONE, slots.INSTALLED, slots.CONFIRMED, slots.UNPROVEN, slots.DAMAGED)
    assert list(steps) == list(wire.UpdateStep)


# Power cuts


def test_power_may_fail_at_any_flash_operation_and_again_at_any_of_the_recovery(
    tmp_path: Path,
) -> None:
    for version in ("old", "new"):
        image = updates.signed(updates.unsigned(updates.application(version)))
        (tmp_path / version).write_bytes(image.encode())
    script = VM_SCRIPT.replace("update_refusals", "slot_power_cuts")
    arguments = [str(tmp_path / version) for version in ("old", "new")]
    result = run_script(
        script, [FIRMWARE, HERE], heap_bytes=1 << 20, arguments=arguments, timeout_s=100
    )
    *cuts, verdict = result.output.splitlines()[-4:]
    assert verdict == "all hold", result.output
    counts = [[int(part.split()[0]) for part in line.split(": ")[1].split(", ")] for line in cuts]
    assert all(clean + torn > 20 for clean, torn, _ in counts)
    assert all(again > 200 for _, _, again in counts)


# What the loader makes of a file

REFUSED = "no update|cut short|another hash"


@pytest.fixture
def slot(tmp_path: Path) -> Path:
    path = tmp_path / "slot.a"
    path.write_bytes(updates.signed(updates.unsigned()).encode())
    return path


@pytest.fixture
def started(slot: Path) -> Iterator[slot_image.Image]:
    opened = slot_image.Image(str(slot))
    yield opened
    opened.umount()


def read(image: slot_image.Image, name: str) -> bytes:
    file, content, buf = image.open("/" + name, "rb"), b"", bytearray(255)
    while n := file.readinto(buf):
        content += buf[:n]
    return content


def test_modules_are_read_from_the_slot_as_they_were_packed(started: slot_image.Image) -> None:
    for name, content in updates.MODULES.items():
        assert read(started, name) == content
        assert started.stat("/" + name)[0] == 0x8000


def test_folders_of_modules_are_there_and_nothing_else_is(started: slot_image.Image) -> None:
    assert {started.stat(path)[0] for path in ("/deep", "/deep/er", "/")} == {0x4000}
    for path in ("/module.mpy", "/er", "/dee", "/deep/er/module", "/app.py", "/app"):
        with pytest.raises(OSError, match="2"):
            started.stat(path)
        with pytest.raises(OSError, match="2"):
            started.open(path, "rb")
    with pytest.raises(OSError, match="2"):
        started.open("/deep", "rb")


def test_a_slot_with_any_octet_of_its_modules_changed_is_not_started(slot: Path) -> None:
    good = slot.read_bytes()
    payload_at = len(good) - updates.unsigned().manifest.size
    for at in (0, 8, 10, 42, payload_at, payload_at + 5, len(good) - 1):
        slot.write_bytes(flipped(good, at))
        with pytest.raises(ValueError, match=REFUSED):
            slot_image.Image(str(slot))


def test_a_slot_cut_short_or_too_long_is_not_started(slot: Path) -> None:
    good = slot.read_bytes()
    for length in [*range(0, len(good), 37), len(good) - 1]:
        slot.write_bytes(good[:length])
        with pytest.raises(ValueError, match=REFUSED):
            slot_image.Image(str(slot))
    slot.write_bytes(good + b"\0")
    with pytest.raises(ValueError, match=REFUSED):
        slot_image.Image(str(slot))


def test_a_longer_manifest_of_a_later_version_is_still_started(slot: Path) -> None:
    update = Image.decode(slot.read_bytes())
    manifest = update.manifest.encode() + b"and more"
    head = b"tocsin 1" + len(manifest).to_bytes(2, "little") + manifest
    slot.write_bytes(head + update.signature + update.payload)
    opened = slot_image.Image(str(slot))
    assert read(opened, "app.mpy") == updates.MODULES["app.mpy"]
    opened.umount()


def test_host_reads_the_modules_back() -> None:
    image = updates.signed(updates.unsigned())
    assert Image.decode(image.encode()) == image
    assert image.modules == updates.MODULES
    assert replace(image, signature=bytes(384)) == updates.unsigned()
