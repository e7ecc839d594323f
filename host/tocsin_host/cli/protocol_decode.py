"""`tocsin protocol decode`: a capture of the link, layer by layer."""

from __future__ import annotations

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
    """Show the frames in a capture of the link: channel, greeting, handshake, messages.

    FILE (or standard input) holds the octets of the serial line as they were sent, or written in
    hexadecimal; or it is a pcap or pcapng file of the line (link type USER0) or of a trace.
    What a session sealed is shown as such, what does not read with the reason; secrets are left
    out. The host's frames are marked >, the handset's <, where the capture tells.

    \b
    Example:
      echo 0101010104010101057ae347c500 | tocsin protocol decode
    """
    from tocsin_host.capture import octets_of, read
    from tocsin_host.trace.pcap import CaptureError

    try:
        found = list(read(octets_of(file.read())))
    except CaptureError as error:
        raise UsageError(f"the capture does not read: {error}", "capture again") from error
    except ValueError as error:
        raise UsageError(f"the capture is not hexadecimal: {error}", "check its digits") from error
    good = [each for each in found if not each.layers.fault]
    exit_code = ExitCode.OK if good or not found else ExitCode.PROTOCOL
    text = "\n".join(_lines(found)) or "no frames"
    return Output([_data(each) for each in found], text, exit_code)


def _data(captured: Captured) -> dict[str, Any]:
    from tocsin_host.trace.layers import shown

    place = {"offset": captured.offset, "octets": captured.octets, "t_us": captured.t_us}
    data: dict[str, Any] = {key: value for key, value in place.items() if value is not None}
    if captured.way:
        data["way"] = captured.way.name.lower()
    return data | shown(captured.layers)


def _lines(found: list[Captured]) -> list[str]:
    """Where the capture has times they tell the place, counted from the first."""
    from tocsin_host.trace.text import line, timed_line

    zero_us = next((each.t_us for each in found if each.t_us is not None), 0)
    return [
        timed_line(each.t_us - zero_us, each.way, each.layers)
        if each.t_us is not None
        else f"{each.offset:>8}  {line(each.layers)}"
        for each in found
    ]
