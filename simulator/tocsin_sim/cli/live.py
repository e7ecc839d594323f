"""`tocsin sim live`: a handset in real time, with a serial port to talk to."""

import fcntl
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tocsin_host.cli.output import Settings, json_option
from tocsin_sim.cli.options import heap_bytes, scenario_line, setting_of, world_options


@click.command()
@world_options
@click.option(
    "--flash",
    type=Path,
    metavar="FILE",
    help="The handset's flash, kept from run to run. [default: one file for each board]",
)
@json_option
@click.pass_obj
def live(settings: Settings, /, **options: Any) -> None:
    """Run a handset in real time and print the ports to reach it by.

    \b
    In a second terminal, with the address it prints:
      tocsin --device serial:/dev/pts/3 info
      tocsin --device serial:/dev/pts/3 config set hold_ms=1500
    Ctrl-C ends it; its flash, and so its settings, stay. Its keys are in the folder of keys.
    """
    from tocsin_sim.live import Live
    from tocsin_sim.simulation import Conditions, Simulation

    flash = options["flash"] or _default_flash(options["board"])
    flash.parent.mkdir(parents=True, exist_ok=True)
    conditions = Conditions(
        board=options["board"],
        seed=options["seed"],
        heap_bytes=heap_bytes(options["heap"]),
        firmware=options["firmware"],
        flash=flash,
    )
    setting = setting_of(options, press_at_s=None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with (
        Simulation(setting, conditions, scenario_line(options)) as simulation,
        _locked(flash),
        Live(simulation) as ports,
    ):
        _hand_over_keys(settings, flash)
        ports.run(lambda: _announce(settings, ports.link.path, ports.bench.path, flash))


@contextmanager
def _locked(flash: Path) -> Iterator[None]:
    """Keep `flash` from other handsets meanwhile. Raises UsageError."""
    from tocsin_host.errors import UsageError

    with flash.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"{flash} is the flash of a handset that runs already", "name another with --flash"
            ) from error
        yield


def _hand_over_keys(settings: Settings, flash: Path) -> None:
    """Put the handset's keys where commands look for them. Raises ConfigError."""
    from tocsin_host.keys import KeyStore
    from tocsin_sim.stored import read_keys

    keys = read_keys(flash)
    if keys is not None:
        KeyStore(settings.key_folder).save(keys, f"simulated-{keys.identity}.toml")


def _announce(settings: Settings, link: str, bench: str, flash: Path) -> None:
    ports = {"handset": f"serial:{link}", "bench": f"serial:{bench}", "flash": str(flash)}
    if settings.as_json:
        click.echo(json.dumps(ports))
    else:
        click.echo("\n".join(f"{name:<8} {port}" for name, port in ports.items()))


def _default_flash(board: str) -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "tocsin" / f"{board}.flash"
