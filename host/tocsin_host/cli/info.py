"""`tocsin info`: what a handset says of itself."""

from __future__ import annotations

from typing import Any

import click

from tocsin_host.cli.output import Output, Settings, json_option, table

_UNKNOWN_BATTERY = 255


@click.command()
@json_option
@click.pass_obj
def info(settings: Settings) -> Output:
    """Show what a handset says of itself.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 info
    """
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        data = _described(handset.info())
    return Output(data, table(data))


def _described(info: Any) -> dict[str, Any]:
    from tocsin_host import wire
    from tocsin_host.printable import printable

    return {
        "identity": info.identity,
        "issued": bool(info.issued),
        "board": printable(info.board),
        "firmware": printable(info.firmware),
        "micropython": printable(info.micropython),
        "imei": printable(info.imei),
        "battery_pct": None if info.battery_pct == _UNKNOWN_BATTERY else info.battery_pct,
        "uptime_s": info.uptime_s,
        "reset_cause": wire.ResetCause(info.reset_cause).name.lower(),
        "heap_free_bytes": info.heap_free_bytes,
        "config_generation": info.config_generation,
    }
