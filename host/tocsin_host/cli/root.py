"""The root command group: commands by entry point, errors as one line with their exit code."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tocsin_host import interrupt
from tocsin_host.errors import ExitCode, TocsinError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_GROUP = "tocsin.commands"


class Root(click.Group):
    """Commands are the entry points of the group `tocsin.commands`; each loads when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all installed commands."""
        return sorted(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, None when there is no such."""
        entry_point = _commands().get(cmd_name)
        if entry_point is None:
            return None
        command: click.Command = entry_point.load()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command `args` begin with. Raises UsageError, suggesting a near name."""
        if args[0] not in _commands() and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], _commands(), n=1)
            hint = f"did you mean {near[0]}?" if near else "`tocsin --help` lists the commands"
            raise UsageError(f"there is no command {args[0]!r}", hint)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever a user can cause ends as one line on stderr."""
        try:
            with interrupt.Raises():
                return super().invoke(ctx)
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, click.Abort) or interrupt.is_cause_of(error):
                _fail("interrupted", "", ExitCode.INTERRUPTED)
            _explain(error)
            raise


def _explain(error: BaseException) -> None:
    """Fail with one line if a user can cause this; else return."""
    if isinstance(error, TocsinError):
        _fail(str(error), error.hint, error.exit_code)
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "tocsin"
        _fail(error.format_message().rstrip("."), f"see `{path} --help`", ExitCode.USAGE)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("tocsin_"):
        _fail(
            f"this command needs the Python package {error.name}",
            "install it with `pip install 'tocsin[sim]'`",
            ExitCode.FAILURE,
        )


def _fail(message: str, hint: str, exit_code: ExitCode) -> NoReturn:
    line = f"{message}; {hint}" if hint else message
    click.echo(f"tocsin: {' '.join(line.split())}", err=True)
    raise click.exceptions.Exit(exit_code)


def _commands() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {entry_point.name: entry_point for entry_point in entry_points(group=_GROUP)}
