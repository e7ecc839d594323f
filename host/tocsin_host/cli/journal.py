"""`tocsin journal`: what a handset has noted of its life."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.cli.utc import utc_text

if TYPE_CHECKING:
    from tocsin_host.wire import JournalLine


@click.command()
@click.option(
    "--from",
    "from_sequence",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Begin with entry N.",
)
@click.option("--ack", is_flag=True, help="Tell the handset that these entries are kept elsewhere.")
@json_option
@click.pass_obj
def journal(settings: Settings, from_sequence: int, ack: bool) -> Output:
    """Show a handset's journal, oldest entry first.

    \b
    Examples:
      tocsin --device serial:/dev/ttyACM0 journal --from 120
      tocsin --device serial:/dev/ttyACM0 --json journal --ack > journal.json
    """
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        entries = list(handset.journal.entries(from_sequence))
        if ack and entries:
            handset.journal.acknowledge(entries[-1].sequence)
    data = _described(entries)
    return Output(data, "\n".join(map(_line, data)) or "no entries")


def _described(entries: Iterable[JournalLine]) -> list[dict[str, Any]]:
    from tocsin_host import wire
    from tocsin_host.describe import described

    lines = described(wire.JournalEntries(entries=list(entries)))["entries"]
    return [{**line, "utc": utc_text(line["utc_s"])} for line in lines]


def _line(entry: dict[str, Any]) -> str:
    when = entry["utc"] or f"{entry['ticks_ms'] / 1000:.3f} s after a start"
    code = entry["code"] or ""
    return f"{entry['sequence']:>6}  {when:<20}  {entry['kind']:<16}  {code}  {entry['value']}"
