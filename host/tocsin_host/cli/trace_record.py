"""`tocsin trace record`: a session with its trace events, into a file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.errors import TocsinError, UsageError

if TYPE_CHECKING:
    from tocsin_host.trace.recorder import Recorder

_FOR_EVER_S = 1e9
_LOOK_S = 1.0


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seconds", metavar="N", type=click.FloatRange(min=0), help="End after N seconds.")
@json_option
@click.pass_obj
def record(settings: Settings, file: Path, seconds: float | None) -> Output:
    """Record a session with its trace events into FILE until interrupted.

    Messages are written opened, without keys and secrets. Wireshark reads FILE with the dissector
    protocol/tocsin.lua.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 trace record night.pcapng --seconds 600
    """
    from tocsin_host.trace.recorder import Recorder

    with _created(file) as stream:
        recorder = Recorder(stream, settings.address)
        try:
            _record(settings, recorder, _FOR_EVER_S if seconds is None else seconds)
        finally:
            if not recorder.records:
                file.unlink()
    if recorder.failure:
        raise TocsinError(f"{file} could not be written: {recorder.failure.strerror}", "make room")
    data = {"file": str(file), "records": recorder.records}
    return Output(data, f"{recorder.records} records in {file}")


def _record(settings: Settings, recorder: Recorder, seconds: float) -> None:
    from tocsin_host.cli.handset import connected
    from tocsin_host.conversation import Hooks

    with connected(settings, Hooks(tap=recorder)) as handset:
        dropped = handset.trace_subscribe(True)
        if dropped:
            click.echo(f"tocsin: {dropped} earlier events are lost", err=True)
        click.echo("tocsin: recording; Ctrl-C ends it", err=True)
        deadline = time.monotonic() + seconds
        try:
            while recorder.failure is None and (left_s := deadline - time.monotonic()) > 0:
                handset.wait(min(left_s, _LOOK_S))
        except KeyboardInterrupt:
            click.echo("", err=True)


def _created(file: Path) -> BinaryIO:
    """A new file that only its owner reads, for a trace tells of people. Raises UsageError."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        return file.open("ab", buffering=0)
    except FileExistsError as error:
        hint = "a trace is never overwritten: give another name"
        raise UsageError(f"{file} exists", hint) from error
    except OSError as error:
        raise UsageError(f"{file} cannot be made: {error.strerror}", "give another name") from error
