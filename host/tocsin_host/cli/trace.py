"""`tocsin trace`: what a handset's session says, recorded and read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.cli.trace_record import record
from tocsin_host.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from tocsin_host.trace.file import TraceFile
    from tocsin_host.trace.observation import Observation
    from tocsin_host.trace.record import TraceRecord

_LOOK_S = 0.2


@click.group()
def trace() -> None:
    """Record what a handset says in a session, and read it again."""


trace.add_command(record)


@trace.command()
@click.argument("file", type=click.File("rb"))
@click.option("--follow", is_flag=True, help="Go on as FILE grows, until interrupted.")
@json_option
@click.pass_obj
def show(settings: Settings, file: BinaryIO, follow: bool) -> Output:
    """Show the records of a trace, one line each.

    With --follow, --json prints one object a line.
    """
    from tocsin_host.trace.file import TraceFile

    source = TraceFile(file)
    if follow:
        _follow(source, settings.as_json)
        raise UsageError(f"{file.name} cannot be read on: {source.problem}")
    records = list(source.records())
    exit_code = _complain(file, source, bool(records))
    zero_us = records[0].t_us if records else 0
    text = "\n".join(_line(each, zero_us) for each in records) or "no records"
    return Output([_data(each) for each in records], text, exit_code)


def _follow(source: TraceFile, as_json: bool) -> None:
    import json

    zero_us = None
    while not source.is_damaged:
        for each in source.records():
            zero_us = each.t_us if zero_us is None else zero_us
            click.echo(json.dumps(_data(each)) if as_json else _line(each, zero_us))
        time.sleep(_LOOK_S)


@trace.command()
@click.argument("file", type=click.File("rb"))
@click.option("--realtime", is_flag=True, help="Show each record when its time has come.")
@json_option
@click.pass_obj
def replay(settings: Settings, file: BinaryIO, realtime: bool) -> Output:
    """Play a trace back to an observer: the stages it would see, and whether events are missing.

    Fails with exit code 11 when some are.
    """
    from tocsin_host.trace.file import TraceFile
    from tocsin_host.trace.observation import Observation

    source, observation = TraceFile(file), Observation()
    records = list(source.records())
    exit_code = _complain(file, source, bool(records))
    for each in _paced(records) if realtime else records:
        observation.take(each)
        if realtime and not settings.as_json:
            click.echo(_line(each, records[0].t_us))
    if not observation.is_complete:
        exit_code = ExitCode.VERDICT
    return Output(_observed(observation), _report(observation), exit_code)


def _paced(records: list[TraceRecord]) -> Iterator[TraceRecord]:
    began_s = time.monotonic()
    for each in records:
        at_s = began_s + (each.t_us - records[0].t_us) / 1e6
        time.sleep(max(0.0, at_s - time.monotonic()))
        yield each


def _complain(file: BinaryIO, source: TraceFile, has_records: bool) -> ExitCode:
    """Say on stderr what ends the records early; a trace with none of them is no trace."""
    if not source.problem:
        return ExitCode.OK
    if not has_records:
        raise UsageError(f"{file.name} cannot be read as a trace: {source.problem}")
    click.echo(f"tocsin: {file.name}: read to its last whole record: {source.problem}", err=True)
    return ExitCode.OK


def _data(each: TraceRecord) -> dict[str, Any]:
    from tocsin_host.trace.layers import layers_of, shown

    head = {"t_us": each.t_us, "way": each.way.name.lower(), "redacted": each.is_redacted}
    return head | shown(layers_of(each.payload, each.form))


def _line(each: TraceRecord, zero_us: int) -> str:
    from tocsin_host.trace.layers import layers_of
    from tocsin_host.trace.text import timed_line

    return timed_line(each.t_us - zero_us, each.way, layers_of(each.payload, each.form))


def _observed(observation: Observation) -> dict[str, Any]:
    run = observation.run_record().to_json()
    gaps = [{"sequence": each.sequence, "missing": each.missing} for each in observation.gaps]
    return {
        "records": observation.records,
        "events": observation.events,
        "starts": len(observation.runs),
        "marks": run["marks"],
        "notices_claimed": run["notices_claimed"],
        "outcome": run["outcome"],
        "gaps": gaps,
        "earlier": observation.earlier,
        "forged_notes": observation.forged_notes,
        "complete": observation.is_complete,
    }


def _report(observation: Observation) -> str:
    from tocsin_host.measure.timeline import stage_table

    run = observation.run_record()
    table = stage_table(run) if run.marks else "no stages"
    told = ", ".join(each.notice.name for each in run.notices_claimed) or "nothing"
    return f"{table}\n\nthe handset told the person: {told}\n{_verdict(observation)}"


def _verdict(observation: Observation) -> str:
    from tocsin_host.trace.observation import listed

    seen = f"{observation.events} events in {observation.records} records"
    if observation.earlier:
        seen += f", {observation.earlier} before them sent to nobody"
    if observation.forged_notes:
        seen += f", {observation.forged_notes} in clear passed over: not of the session"
    if observation.is_complete:
        return f"complete: {seen}, none missing"
    return f"events are missing: {seen}; {listed(observation.gaps)}"
