"""Storage that lets go of the old before the new is there, or forgets, does not pass the cuts."""

from pathlib import Path

import pytest
from tests.soak.cuts import firmware_with, storage

STORAGE = Path(__file__).resolve().parents[2] / "firmware" / "tocsin" / "storage"
EMPTIED = 'open(path, "wb").close()\n    '


@pytest.mark.parametrize(
    ("module", "sound", "broken"),
    [
        ("atomic", "os.rename(_written(", EMPTIED + "os.rename(_written("),
        ("atomic", "os.rename(fresh, path)", EMPTIED + "os.rename(fresh, path)"),
        ("counter", 'struct.pack("<I", limit)', 'struct.pack("<I", limit - self._block)'),
        ("journal", 'mode = "ab"', 'mode = "wb"'),
        ("activation", "self.is_open = record.is_open == 1", "self.is_open = False"),
    ],
)
def test_broken_storage_loses_something(module: str, sound: str, broken: str) -> None:
    source = (STORAGE / f"{module}.py").read_text()
    assert sound in source
    changed = {f"tocsin/storage/{module}.py": source.replace(sound, broken, 1).encode()}
    with pytest.raises(AssertionError, match="in check"):
        storage(firmware_with(changed))
