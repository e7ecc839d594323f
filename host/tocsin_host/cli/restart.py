"""`tocsin restart`: start the handset's firmware again."""

from __future__ import annotations

import click

from tocsin_host.cli.output import Output, Settings, json_option


@click.command()
@json_option
@click.pass_obj
def restart(settings: Settings) -> Output:
    """Restart a handset; it refuses while an activation is open."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        handset.restart()
    return Output({"restarting": True}, "the handset is restarting")
