"""Updates for tests: a few modules, signed with the development key."""

from tocsin_host.bytecode import compile_tree
from tocsin_host.update.image import Image
from tocsin_host.update.signing import DEVELOPMENT_KEY, read_private_key, sign

BOARD = "lilygo_t_a7670"
MODULES = {"app.mpy": b"M" * 700, "deep/er/module.mpy": b"N" * 900, "empty.mpy": b""}


def unsigned(
    modules: dict[str, bytes] = MODULES,
    *,
    board: str = BOARD,
    security_counter: int = 7,
    minimum_version: str = "0.1.0",
) -> Image:
    return Image.pack(
        modules,
        board=board,
        version="0.2.0",
        minimum_version=minimum_version,
        security_counter=security_counter,
    )


def signed(image: Image) -> Image:
    return sign(image, read_private_key(DEVELOPMENT_KEY))


def application(version: str) -> dict[str, bytes]:
    """Modules of a whole application that knows its version."""
    part = f"VERSION = {version!r}".encode()
    sources = {"application/__init__.py": b"", "application/part.py": part}
    folder = compile_tree(sources)
    modules = {f"application/{name}.mpy" for name in ("__init__", "part")}
    return {name: (folder / name).read_bytes() for name in modules} | {"board.mpy": bytes(2000)}
