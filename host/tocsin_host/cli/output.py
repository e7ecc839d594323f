"""What commands share: the global settings, and the one place that prints their results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from tocsin_host.errors import ExitCode, UsageError

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """The options every command may use; `click.pass_obj` hands them over."""

    device: str | None = None
    timeout_s: float = 5.0
    role: str = "technician"
    keys: Path | None = None
    as_json: bool = False

    @property
    def address(self) -> str:
        """The handset's address. Raises UsageError when none was given."""
        if self.device is None:
            raise UsageError("no handset was named", "give --device serial:PORT before the command")
        return self.device

    @property
    def key_folder(self) -> Path:
        """Where the keys of handsets are."""
        from tocsin_host.keys import default_folder

        return self.keys or default_folder()


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


def table(data: Mapping[str, object]) -> str:
    """Return `data` as a line each: its name, and what people call its value."""
    width = max(map(len, data))
    return "\n".join(f"{name:<{width}}  {_shown(value)}" for name, value in data.items())


def _shown(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "unknown"


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
