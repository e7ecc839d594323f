"""`tocsin send`: a file for a handset."""

from __future__ import annotations

from pathlib import Path

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.errors import UsageError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["aiding", "diagnostic"]),
    required=True,
    help="What it is: aiding data of the satellite receiver, or a diagnostic file.",
)
@json_option
@click.pass_obj
def send(settings: Settings, file: Path, kind: str) -> Output:
    """Send FILE to a handset; what was cut goes on where it stopped. Updates: `update send`.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 send eph.bin --as aiding
    """
    from tocsin_host.cli.handset import connected
    from tocsin_host.cli.progress import progress
    from tocsin_host.wire import TransferKind

    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name a file that can be read") from error
    with connected(settings) as handset:
        handset.transfers.send(TransferKind[kind.upper()], data, progress())
    return Output({"kind": kind, "bytes": len(data)}, f"the handset has all {len(data)} octets")
