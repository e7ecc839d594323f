"""The `tocsin` command: global options; each command group lives elsewhere, loaded when called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tocsin_host import __version__
from tocsin_host.cli.output import Output, Settings, emit, json_option
from tocsin_host.cli.root import Root

__all__ = ["Output", "Settings", "json_option", "main"]


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    click.echo(f"tocsin {__version__}")
    context.exit()


@click.command(cls=Root, result_callback=emit, context_settings={"max_content_width": 100})
@click.option(
    "-d",
    "--device",
    metavar="ADDRESS",
    envvar="TOCSIN_DEVICE",
    help="Handset to talk to: serial:PORT[?baud=N] (or set TOCSIN_DEVICE).",
)
@click.option(
    "--role",
    type=click.Choice(["technician", "factory", "fixture"]),
    envvar="TOCSIN_ROLE",
    default="technician",
    show_default=True,
    help="Whose key to use (or set TOCSIN_ROLE).",
)
@click.option(
    "--keys",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOCSIN_KEYS",
    help="Folder of the handsets' keys (or set TOCSIN_KEYS). [default: ~/.config/tocsin/keys]",
)
@click.option(
    "--timeout",
    "timeout_s",
    metavar="S",
    type=click.FloatRange(min=0.05, max=3600),
    default=5.0,
    show_default=True,
    help="Seconds to wait for an answer.",
)
@json_option
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(context: click.Context, /, **options: Any) -> None:
    """Press, locate, tag, answer: handsets, simulator, measurements.

    \b
    Examples:
      tocsin sim run --seed 7 --report run.html
      tocsin --device serial:/dev/ttyACM0 info
      tocsin --device serial:/dev/ttyACM0 config set hold_ms=1500

    Exit codes: 0 ok, 1 failure, 2 wrong arguments, 3 not found, 4 link, 5 no answer in time,
    6 protocol, 7 not allowed, 8 handset refused, 9 invalid setting, 10 update refused,
    11 run did not pass, 130 interrupted.
    """
    settings = context.ensure_object(Settings)
    for name, value in options.items():
        setattr(settings, name, value)
