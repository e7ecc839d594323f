"""What commands share: the global settings, and the one place that prints their results."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from tocsin_host.errors import ExitCode, UsageError

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """The options every command may use; `click.pass_obj` hands them over."""

    device: str | None = None
    timeout_s: float = 5.0
    as_json: bool = False

    @property
    def address(self) -> str:
        """The handset's address. Raises UsageError when none was given."""
        if self.device is None:
            raise UsageError("no handset was named", "give --device serial:PORT before the command")
        return self.device


@dataclass(frozen=True, slots=True)
class Output:
    """A command's result: `data` for --json, `text` for people, and the exit code it earns."""

    data: Any
    text: str
    exit_code: ExitCode = ExitCode.OK


def emit(output: Output | None, **_options: object) -> None:
    """Print `output` as the user asked, and exit with its code."""
    if output is None:
        return
    context = click.get_current_context()
    if context.ensure_object(Settings).as_json:
        click.echo(json.dumps(output.data, indent=2, ensure_ascii=True))
    else:
        click.echo(output.text)
    if output.exit_code is not ExitCode.OK:
        context.exit(output.exit_code)


def json_option(command: _Command) -> _Command:
    """Give `command` a --json flag of its own that means the same as the global one."""
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_choose_json,
        help="Print JSON instead of text.",
    )(command)


def _choose_json(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.ensure_object(Settings).as_json = True
