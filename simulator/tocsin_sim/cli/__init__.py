"""`tocsin sim`: the handset without hardware."""

import click

from tocsin_sim.cli.live import live
from tocsin_sim.cli.run import run
from tocsin_sim.cli.scenario import scenario


@click.group()
def sim() -> None:
    """Run the real firmware in a simulated world."""


sim.add_command(run)
sim.add_command(live)
sim.add_command(scenario)
