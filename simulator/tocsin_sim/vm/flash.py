"""The handset's flash as a file: a littlefs image that host and VM read alike."""

from pathlib import Path

from littlefs import LittleFS
from littlefs.context import UserContext

BLOCK_BYTES = 4096
BLOCK_COUNT = 212  # the file system of a Pico W, the smallest there is: 848 KiB
_DISK_VERSION = 0x0002_0000  # the oldest on-disk version 2; every MicroPython release reads it
_ANY_VERSION = 0  # a VM may have brought the image to a newer one


def create_flash(path: Path, files: dict[str, bytes]) -> None:
    """Write a freshly formatted image holding `files` ("/config": contents), folders included."""
    fs = _file_system(_DISK_VERSION, bytearray(b"\xff") * (BLOCK_BYTES * BLOCK_COUNT))
    fs.format()
    fs.mount()
    for name, content in sorted(files.items()):
        folder = name.strip("/").rpartition("/")[0]
        if folder:
            fs.makedirs(folder, exist_ok=True)
        with fs.open(name, "wb") as file:
            file.write(content)
    path.write_bytes(fs.context.buffer)


def read_flash(path: Path) -> dict[str, bytes]:
    """Return every file of an image by its path from the root, as "/folder/name"."""
    fs = _file_system(_ANY_VERSION, bytearray(path.read_bytes()))
    fs.mount()
    content = {}
    for folder, _, names in fs.walk("/"):
        for name in names:
            file_path = f"{folder.rstrip('/')}/{name}"
            with fs.open(file_path, "rb") as file:
                content[file_path] = file.read()
    return content


def _file_system(disk_version: int, content: bytearray) -> LittleFS:
    # VfsLfs2's own defaults: read, program and look-ahead size 32, cache four times that.
    return LittleFS(
        UserContext(buffer=content),
        block_size=BLOCK_BYTES,
        block_count=len(content) // BLOCK_BYTES,
        read_size=32,
        prog_size=32,
        cache_size=128,
        lookahead_size=32,
        disk_version=disk_version,
        mount=False,
    )
