"""`tocsin wipe`: take a handset back."""

from __future__ import annotations

import click

from tocsin_host.cli.output import Output, Settings, json_option


@click.command()
@click.argument("identity", type=click.IntRange(0, 2**32 - 1))
@json_option
@click.pass_obj
def wipe(settings: Settings, identity: int) -> Output:
    """Erase the handset whose number is IDENTITY: settings, keys and journal.

    The number, 0 for a blank handset, keeps you from wiping another one.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 wipe 7001
    """
    from tocsin_host.cli.handset import connected
    from tocsin_host.wire import Role

    with connected(settings, role=Role.FACTORY) as handset:
        handset.provisioning.wipe(identity)
    return Output({"wiped": identity}, "the handset is wiped and restarts, nobody's")
