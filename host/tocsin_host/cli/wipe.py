"""`tocsin wipe`: take a handset back."""

from __future__ import annotations

import click

from tocsin_host.cli.output import Output, Settings, json_option


@click.command()
@click.argument("identity", type=click.IntRange(0, 2**32 - 1))
@click.option(
    "--wait",
    "limit_s",
    type=click.FloatRange(min=0),
    default=120.0,
    show_default=True,
    help="Seconds to wait until the flash is cleared, too.",
)
@json_option
@click.pass_obj
def wipe(settings: Settings, identity: int, limit_s: float) -> Output:
    """Erase the handset whose number is IDENTITY: settings, keys and journal.

    The number, 0 for a blank handset, keeps you from wiping another one. The handset then restarts
    and clears its flash of what was deleted, which takes half a minute; without power it goes on
    later. Exit code 0 says that all is deleted; `erasing` whether flash is still being cleared.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 wipe 7001
    """
    from tocsin_host.cli.handset import connected
    from tocsin_host.erasure import is_cleared
    from tocsin_host.wire import Role

    with connected(settings, role=Role.FACTORY) as handset:
        handset.provisioning.wipe(identity)
    is_done = is_cleared(lambda: connected(settings, role=Role.FACTORY), limit_s)
    text = "the handset is wiped, and nobody's"
    if not is_done:
        text += "; it still clears its flash: see `tocsin --role factory status`"
    return Output({"wiped": identity, "erasing": not is_done}, text)
