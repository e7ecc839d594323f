"""`tocsin sim`: the handset without hardware."""

import click

from tocsin_sim.cli.live import live
from tocsin_sim.cli.run import run


@click.group()
def sim() -> None:
    """Run the real firmware in a simulated world."""


sim.add_command(run)
sim.add_command(live)
