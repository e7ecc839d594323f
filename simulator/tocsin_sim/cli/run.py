"""`tocsin sim run`: one press, in virtual time, from power-on to a verdict."""

from pathlib import Path
from typing import Any

import click

from tocsin_host.cli.output import Output, json_option
from tocsin_host.errors import ExitCode
from tocsin_sim.cli.options import heap_bytes, scenario_line, setting_of, world_options


@click.command()
@world_options
@click.option(
    "--press-at",
    type=float,
    default=0.0,
    show_default=True,
    metavar="SECONDS",
    help="When the button is pressed; the handset has settled at 0.",
)
@click.option(
    "--hold", type=int, default=1500, show_default=True, metavar="MS", help="How long it is held."
)
@click.option("--limit", type=float, default=240.0, show_default=True, metavar="SECONDS")
@click.option("--power-cut-at", type=float, metavar="SECONDS", help="Pull the battery for 3 s.")
@click.option("--no-look-ahead", is_flag=True, help="Slower, and the same digest.")
@click.option("--report", type=Path, metavar="FILE.html", help="Write the report page.")
@json_option
def run(**options: Any) -> Output:
    """Press the button of a simulated handset and follow it to an answered call.

    \b
    The exit code is 0 when the run passes and 11 when it does not.
    Examples:
      tocsin sim run
      tocsin sim run --nmea receiver.log --press-at 15 --report report.html
      tocsin sim run --refuse-calls 2 --seed 7 --json
    """
    from tocsin_host.measure.report import write_report
    from tocsin_host.measure.timeline import timeline
    from tocsin_host.measure.verdict import judge

    record = _carried_out(options)
    if options["report"] is not None:
        write_report(record, options["report"])
        click.echo(f"report: {options['report']}", err=True)
    verdict = judge(record)
    code = ExitCode.OK if verdict.passed else ExitCode.VERDICT
    return Output({**record.to_json(), "verdict": verdict.to_json()}, timeline(record), code)


def _carried_out(options: dict[str, Any]) -> Any:
    from tocsin_sim.simulation import Conditions
    from tocsin_sim.simulation import run as carry_out

    setting = setting_of(options, press_at_s=options["press_at"], hold_ms=options["hold"])
    conditions = Conditions(
        board=options["board"],
        seed=options["seed"],
        heap_bytes=heap_bytes(options["heap"]),
        look_ahead=not options["no_look_ahead"],
        limit_s=options["press_at"] + options["limit"],
        power_cut_s=options["power_cut_at"],
        firmware=options["firmware"],
    )
    return carry_out(setting, conditions, scenario_line(options))
