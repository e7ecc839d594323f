"""`tocsin protocol decode`: a capture of the serial line as readable messages."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from tocsin_host.cli.output import Output, json_option
from tocsin_host.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from tocsin_host.capture import Captured


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@json_option
def decode(file: BinaryIO) -> Output:
    """Show the messages in a capture of the serial line.

    FILE (or standard input) holds the octets as they were sent, or written in hexadecimal. What
    is no message is shown with the reason; secrets are left out.

    \b
    Example:
      echo 0703021020fa8400 | tocsin protocol decode
    """
    from tocsin_host.capture import octets_of, read

    try:
        octets = octets_of(file.read())
    except ValueError as error:
        raise UsageError(f"the capture is not hexadecimal: {error}", "check its digits") from error
    found = list(read(octets))
    good = [each for each in found if not each.problem]
    exit_code = ExitCode.OK if good or not found else ExitCode.PROTOCOL
    text = "\n".join(map(_line, found)) or "no frames"
    return Output([_data(each) for each in found], text, exit_code)


def _data(captured: Captured) -> dict[str, Any]:
    """All that is known of it: fields, or the problem."""
    dropped = "fields" if captured.problem else "problem"
    return {
        key: value
        for key, value in asdict(captured).items()
        if key != dropped and value not in ("", None)
    }


def _line(captured: Captured) -> str:
    place = f"{captured.offset:>8}"
    if captured.id is None:
        return f"{place}  {captured.octets} octets: {captured.problem}"
    name = captured.message or "unknown"
    head = f"{place}  0x{captured.id:02x} {name} request {captured.request}"
    if captured.problem:
        return f"{head}: {captured.problem}"
    return f"{head}{_pairs(captured.fields)}"


def _pairs(fields: dict[str, Any]) -> str:
    return "".join(f" {name}={_shown(value)}" for name, value in fields.items())


def _shown(value: Any) -> str:
    from tocsin_host.printable import printable

    if isinstance(value, dict):
        return "{" + _pairs(value).strip() + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, str) and (not value or " " in value):
        return f"'{printable(value)}'"
    return printable(str(value))
