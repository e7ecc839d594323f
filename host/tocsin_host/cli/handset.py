"""The handset a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tocsin_host.client import HandsetClient
from tocsin_host.keys import KeyStore
from tocsin_host.wire import Role

if TYPE_CHECKING:
    from tocsin_host.cli.output import Settings
    from tocsin_host.conversation import Hooks


def connected(
    settings: Settings, hooks: Hooks | None = None, role: Role | None = None
) -> HandsetClient:
    """Return the handset the global options name, in a session; warnings go to stderr.

    `hooks` hear what it says unasked; `role` is for what only that role may. Raises TocsinError.
    """
    keys = KeyStore(settings.key_folder)
    chosen = role or Role[settings.role.upper()]
    handset = HandsetClient.open(settings.address, keys, chosen, settings.timeout_s, hooks)
    if handset.warning:
        click.echo(f"tocsin: {handset.warning}", err=True)
    return handset
