"""`tocsin update`: new firmware for handsets, built, signed and sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from tocsin_host.cli.output import Output, Settings, json_option, table
from tocsin_host.errors import UpdateError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tocsin_host.update.image import Image

_FILE = click.Path(dir_okay=False, path_type=Path)
_KEY = click.option(
    "--key", type=_FILE, metavar="PEM", help="Private key; by default the development key."
)


@click.group()
def update() -> None:
    """Build, sign and send new firmware.

    \b
    Examples:
      tocsin update build lilygo_t_a7670 --version 0.2.0 update.img
      tocsin --device serial:/dev/ttyACM0 update send update.img
    """


@update.command()
@click.argument("board")
@click.argument("file", type=_FILE)
@_KEY
@click.option("--version", metavar="N.N.N", help="Version, instead of the sources' own.")
@click.option("--counter", type=click.IntRange(0, 2**31 - 1), help="Security counter, likewise.")
@click.option("--minimum", metavar="N.N.N", help="Oldest version that can install it, likewise.")
@click.option("--trust", type=_FILE, metavar="PEM", help="Key whose updates it takes in its turn.")
@click.option("--simulated", is_flag=True, help="For a simulated handset on this machine.")
@click.option("--release", is_flag=True, help="A release build; needs --key and --trust.")
@json_option
def build(
    board: str,
    file: Path,
    key: Path | None,
    version: str | None,
    counter: int | None,
    minimum: str | None,
    trust: Path | None,
    simulated: bool,
    release: bool,
) -> Output:
    """Compile the firmware for BOARD into the update FILE, signed."""
    from tocsin_host.bytecode import OWN_ARCH
    from tocsin_host.firmware_tree import board_facts, firmware_root
    from tocsin_host.update import signing
    from tocsin_host.update.build import Changes, compiled, pack

    if release and (key is None or trust is None):
        raise UsageError("a release build without keys of its own", "give --key and --trust")
    modulus = signing.modulus(signing.read_public_key(trust)) if trust else None
    if release and modulus == signing.modulus(signing.read_public_key(signing.DEVELOPMENT_KEY)):
        raise UsageError("everybody has the development key", "give --trust a key of your own")
    changes = Changes(version, counter, minimum, release or None, modulus)
    arch = OWN_ARCH if simulated else board_facts(board).MPY_ARCH
    parts = compiled(firmware_root(), board, arch, changes)
    signed = signing.sign(pack(parts, board), _private_key(key))
    parts.map.write(_beside(file))
    return _written(file, signed)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".map")


@update.command()
@click.argument("board")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
def flash(board: str, folder: Path) -> Output:
    """Compile all a new BOARD is to carry into FOLDER, to be copied with mpremote.

    It trusts the development key: what is issued to people gets a release by `build`.
    """
    from tocsin_host.firmware_tree import board_facts, firmware_root
    from tocsin_host.update.build import compiled

    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", "name a new folder")
    parts = compiled(firmware_root(), board, board_facts(board).MPY_ARCH)
    for name, content in parts.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    parts.map.write(_beside(folder))
    total = sum(map(len, parts.files.values()))
    data = {"folder": str(folder), "files": len(parts.files), "bytes": total}
    return Output(data, f"{folder} holds {len(parts.files)} files for {board}, {total} bytes")


@update.command()
@click.argument("way_back", metavar="MAP", type=_FILE)
@click.argument("log", type=click.File("r", errors="replace"), default="-")
def explain(way_back: Path, log: TextIO) -> None:
    """Print what a handset has printed, LOG or stdin, with files, lines and names of the sources.

    `build` and `flash` write the MAP beside what they make.
    """
    from tocsin_host.printable import printable
    from tocsin_host.shrink import Map

    for line in Map.read(way_back).readable(log.read()).splitlines():
        click.echo(printable(line))


@update.command()
@click.argument("file", type=_FILE)
@_KEY
@json_option
def sign(file: Path, key: Path | None) -> Output:
    """Sign the update FILE anew, in place."""
    from tocsin_host.update import signing

    return _written(file, signing.sign(_read(file), _private_key(key)))


@update.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, metavar="PEM", help="Public key that must have signed it.")
@json_option
def show(file: Path, key: Path | None) -> Output:
    """Show what the update FILE is."""
    from tocsin_host.update import signing

    image = _read(file)
    if key is not None:
        signing.check(image, signing.read_public_key(key))
    return _shown(image)


@update.command()
@click.argument("file", type=_FILE)
@json_option
def key(file: Path) -> Output:
    """Make a private key for signing updates and write it to FILE."""
    from tocsin_host.update.signing import write_new_key

    write_new_key(file)
    return Output({"file": str(file)}, f"{file} holds the new key: keep it safe")


@update.command()
@json_option
@click.pass_obj
def status(settings: Settings) -> Output:
    """Show which firmware a handset runs, and how far its last update came."""
    from tocsin_host.cli.handset import connected
    from tocsin_host.describe import described

    with connected(settings) as handset:
        data = described(handset.updates.status())
    return Output(data, table(data))


@update.command()
@click.argument("file", type=_FILE)
@click.option("--no-wait", is_flag=True, help="Do not wait until the update has proved itself.")
@json_option
@click.pass_obj
def send(settings: Settings, file: Path, no_wait: bool) -> Output:
    """Send the update FILE to a handset, which tries it and keeps it if it serves.

    A transfer that was cut goes on where it stopped. Until the new firmware has served for a
    minute, any restart goes back to the one before.
    """
    from tocsin_host.cli.handset import connected
    from tocsin_host.cli.progress import progress
    from tocsin_host.update.send import outcome
    from tocsin_host.update.send import send as send_image

    image = _read(file)
    with connected(settings) as handset:
        accepted = send_image(handset, image, progress())
    version = accepted.version
    if no_wait:
        data = {"version": version, "confirmed": False}
        return Output(data, f"the handset restarts into {version}, on trial")
    click.echo(f"tocsin: the handset restarts into {version}; it has to serve a minute", err=True)
    outcome(lambda: connected(settings))
    return Output({"version": version, "confirmed": True}, f"the handset runs {version}")


def _private_key(path: Path | None) -> RSAPrivateKey:
    from tocsin_host.update.signing import DEVELOPMENT_KEY, read_private_key

    return read_private_key(path or DEVELOPMENT_KEY)


def _read(path: Path) -> Image:
    from tocsin_host.update.image import Image

    try:
        return Image.decode(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", "name the file of an update") from error
    except UpdateError as error:
        raise UpdateError(f"{path}: {error}", error.hint) from error


def _written(path: Path, image: Image) -> Output:
    try:
        path.write_bytes(image.encode())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", "name another file") from error
    return _shown(image)


def _shown(image: Image) -> Output:
    manifest = image.manifest
    data: dict[str, Any] = {
        "board": manifest.board,
        "version": manifest.version,
        "minimum_version": manifest.minimum_version,
        "security_counter": manifest.security_counter,
        "modules": len(image.modules),
        "bytes": len(image.encode()),
        "sha256": manifest.sha256.hex(),
    }
    return Output(data, table(data))
