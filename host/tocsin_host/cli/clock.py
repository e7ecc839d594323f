"""`tocsin clock`: a handset's clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from tocsin_host.cli.output import Output, Settings, json_option, table
from tocsin_host.cli.utc import utc_text

if TYPE_CHECKING:
    from tocsin_host.wire import TimeReply


@click.group()
def clock() -> None:
    """Read and set a handset's clock.

    \b
    Examples:
      tocsin --device serial:/dev/ttyACM0 clock get
      tocsin --device serial:/dev/ttyACM0 clock set
    """


@clock.command("get")
@json_option
@click.pass_obj
def get(settings: Settings) -> Output:
    """Show the handset's time, and where it has it from."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        return _output(handset.clock.get())


@clock.command("set")
@json_option
@click.pass_obj
def set_(settings: Settings) -> Output:
    """Tell the handset this computer's time; a better source of its own stands."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        return _output(handset.clock.set(round(time.time())))


def _output(reply: TimeReply) -> Output:
    data = {
        "utc": utc_text(reply.utc_s),
        "utc_s": reply.utc_s or None,
        "source": reply.source.name.lower(),
        "ahead_s": reply.utc_s - round(time.time()) if reply.utc_s else None,
    }
    return Output(data, table(data))
