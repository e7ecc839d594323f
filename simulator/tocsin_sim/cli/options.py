"""The options that describe a simulated world, shared by the commands that run one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--board", default="lilygo_t_a7670", show_default=True, help="The board."),
    click.option("--seed", type=int, default=1, show_default=True, help="Everything random."),
    click.option("--nmea", type=Path, metavar="LOG", help="Receiver log to replay from t = 0."),
    click.option(
        "--refuse-calls", type=int, default=0, metavar="N", help="Network refuses N attempts."
    ),
    click.option("--no-answer", is_flag=True, help="Nobody picks up."),
    click.option(
        "--ring-limit",
        type=float,
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="The network ends a call nobody answers.",
    ),
    click.option(
        "--talk",
        type=float,
        default=45.0,
        show_default=True,
        metavar="SECONDS",
        help="The far end hangs up so long after answering.",
    ),
    click.option(
        "--first-fix",
        type=float,
        default=6.0,
        show_default=True,
        metavar="SECONDS",
        help="Median time of the synthetic receiver to its first fix.",
    ),
    click.option(
        "--sms-delay",
        type=float,
        default=3.0,
        show_default=True,
        metavar="SECONDS",
        help="Median time of a text on its way.",
    ),
    click.option("--not-issued", is_flag=True, help="A claimed handset, not marked issued."),
    click.option("--blank", is_flag=True, help="A handset that nobody has claimed yet."),
    click.option("--heap", metavar="SIZE", default="320K", show_default=True, help="VM's heap."),
    click.option(
        "--firmware", type=Path, metavar="DIR", help="Firmware tree; else the installed one."
    ),
)


def world_options(command: _Command) -> _Command:
    """Give `command` the options of a world; they arrive as keyword arguments."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def heap_bytes(text: str) -> int:
    """Return a heap size written as 320K, 1M or in bytes. Raises UsageError."""
    from tocsin_host.errors import UsageError

    units = {"K": 1024, "M": 1024 * 1024}
    number, unit = (text[:-1], units[text[-1].upper()]) if text[-1:].upper() in units else (text, 1)
    if not number.isdigit() or int(number) == 0:
        raise UsageError(f"{text!r} is no heap size", "write it as 320K, 1M or in bytes")
    return int(number) * unit


def setting_of(options: dict[str, Any], **more: Any) -> Any:
    """Return the Setting that the world options describe. Raises SettingError, NotNmeaError."""
    from tocsin_sim.world.setting import Setting

    return Setting(
        nmea=options["nmea"],
        refuse_calls=options["refuse_calls"],
        nobody_answers=options["no_answer"],
        ring_limit_s=options["ring_limit"],
        talk_s=options["talk"],
        ttff_median_s=options["first_fix"],
        sms_delay_median_s=options["sms_delay"],
        issued=not options["not_issued"],
        blank=options["blank"],
        **more,
    )


def scenario_line(options: dict[str, Any]) -> str:
    """Return what is out of the ordinary in a world, for people."""
    parts = [
        f"receiver log {options['nmea'].name}" if options["nmea"] else "synthetic receiver",
        f"network refuses {options['refuse_calls']}" if options["refuse_calls"] else "",
        "nobody answers" if options["no_answer"] else "",
        "handset not issued" if options["not_issued"] else "",
        "handset not claimed" if options["blank"] else "",
    ]
    return ", ".join(filter(None, parts))
