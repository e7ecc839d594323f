"""The handset a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tocsin_host.client import HandsetClient

if TYPE_CHECKING:
    from tocsin_host.cli.output import Settings


def connected(settings: Settings) -> HandsetClient:
    """Return the handset the global options name, connected; warnings go to stderr.

    Raises TocsinError.
    """
    handset = HandsetClient.open(settings.address, settings.timeout_s)
    if handset.warning:
        click.echo(f"tocsin: {handset.warning}", err=True)
    return handset
