"""`tocsin sim scenario`: scenarios from files, played to a verdict."""

from pathlib import Path
from typing import Any

import click

from tocsin_host.cli.output import Output, json_option
from tocsin_host.errors import ExitCode


@click.group()
def scenario() -> None:
    """Play scenarios: what happens to a handset and when, and what must come of it."""


@scenario.command()
@click.argument("name", metavar="NAME|FILE.toml")
@click.option("--board", default="lilygo_t_a7670", show_default=True, help="The board.")
@click.option("--seed", type=int, help="Everything random; else the scenario's own.")
@click.option("--firmware", type=Path, metavar="DIR", help="Firmware tree; else the installed one.")
@click.option("--report", type=Path, metavar="FILE.html", help="Write the report page.")
@json_option
def run(
    name: str, board: str, seed: int | None, firmware: Path | None, report: Path | None
) -> Output:
    """Play one scenario and judge it by what it expects.

    \b
    The exit code is 0 when the run passes and 11 when it does not.
    Examples:
      tocsin sim scenario run busy_then_rejected
      tocsin sim scenario run ./night_alley.toml --board pico_w_eg25 --seed 7 --json
    """
    from tocsin_host.measure.report import write_report
    from tocsin_host.measure.timeline import timeline
    from tocsin_sim.scenario.library import find
    from tocsin_sim.scenario.play import play
    from tocsin_sim.simulation import Conditions

    wanted = find(name)
    conditions = Conditions(
        board=board, seed=wanted.seed if seed is None else seed, firmware=firmware
    )
    result = play(wanted, conditions)
    if report is not None:
        write_report(result.records[0], report)
        click.echo(f"report: {report}", err=True)
    lines = "\n".join(
        f"{each.id:<6} {'met   ' if each.passed else 'UNMET '} {each.sentence}"
        for each in result.findings
    )
    *others, last = result.records
    text = "\n\n".join([*map(timeline, others), timeline(last, result.verdict, lines)])
    code = ExitCode.OK if result.verdict.passed else ExitCode.VERDICT
    return Output(result.to_json(), text, code)


@scenario.command(name="list")
@json_option
def list_all() -> Output:
    """List the scenarios that come with the simulator."""
    from tocsin_sim.scenario.library import FOLDER, names
    from tocsin_sim.scenario.load import load

    all_of_them = [load(FOLDER / f"{name}.toml") for name in names()]
    data = [
        {
            "name": each.path.stem,
            "title": each.title,
            "tags": list(each.tags),
            "modems": list(each.modems),
            "limit_s": each.limit_s,
        }
        for each in all_of_them
    ]
    width = max(len(each.path.stem) for each in all_of_them)
    text = "\n".join(f"{each.path.stem:<{width}}  {each.title}" for each in all_of_them)
    return Output(data, text)


@scenario.command()
@click.argument("files", type=Path, nargs=-1, required=True, metavar="FILE.toml...")
@json_option
def check(files: tuple[Path, ...]) -> Output:
    """Read scenario files and say what is wrong with them, without playing any."""
    from tocsin_sim.scenario.load import load
    from tocsin_sim.scenario.model import ScenarioError

    wrong: dict[str, str] = {}
    for file in files:
        try:
            load(file)
        except ScenarioError as error:
            wrong[str(file)] = "; ".join(filter(None, (str(error), error.hint)))
    data: list[dict[str, Any]] = [
        {"file": str(file), "problem": wrong.get(str(file))} for file in files
    ]
    text = "\n".join(wrong.get(str(file)) or f"{file}: correct" for file in files)
    return Output(data, text, ExitCode.CONFIG if wrong else ExitCode.OK)


@scenario.command()
@json_option
def words() -> Output:
    """List what a file may name: actions, faults and events, with what each takes or tells."""
    from tocsin_sim.scenario.vocabulary import vocabulary

    data = vocabulary()
    lines = []
    for kind in ("actions", "faults"):
        lines.append(f"{kind}:")
        for name, each in data[kind].items():
            lines.append(f"  {name:<24} {each['does']}")
            lines += [f"    {key}: {_takes(of)}" for key, of in each["parameters"].items()]
    lines.append("events:")
    for name, each in data["events"].items():
        lines.append(f"  {name:<24} {each['is']}; tells {', '.join(each['tells']) or 'no more'}")
    return Output(data, "\n".join(lines))


def _takes(schema: dict[str, Any]) -> str:
    default = f" (else {schema['default']})" if "default" in schema else ""
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"])) + default
    if "minimum" in schema:
        return f"{schema['minimum']:g} to {schema['maximum']:g}{default}"
    return ("a time" if schema["type"] == "string" else "true or false") + default
