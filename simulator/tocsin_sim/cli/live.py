"""`tocsin sim live`: a handset in real time, with a serial port to talk to."""

import click


@click.command()
def live() -> None:
    """Run a handset in real time."""
