"""`tocsin status`: whether a handset is ready to raise an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tocsin_host.cli.output import Output, Settings, json_option, table

if TYPE_CHECKING:
    from tocsin_host.wire import Status

_UNKNOWN_PCT = 255
_NO_FIX = 65535


@click.command()
@json_option
@click.pass_obj
def status(settings: Settings) -> Output:
    """Show whether a handset is ready: battery, network, position, radio, last start and fault.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 status
    """
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        data = _described(handset.status())
    return Output(data, table(data))


def _described(status: Status) -> dict[str, Any]:
    return {
        "battery_mv": status.battery_mv or None,
        "battery_pct": None if status.battery_pct == _UNKNOWN_PCT else status.battery_pct,
        "registration": status.registration.name.lower(),
        "signal_dbm": status.signal_dbm or None,
        "gnss": status.gnss.name.lower(),
        "fix_age_s": None if status.fix_age_s == _NO_FIX else status.fix_age_s,
        "activation_open": bool(status.is_open),
        "activation": status.activation,
        "journal_next": status.journal_next,
        "journal_acked": status.journal_acked,
        "storage_free_bytes": status.storage_free_bytes,
        "faults": status.faults,
        "erasing": bool(status.is_erasing),
        "radio": status.radio.name.lower(),
        "reset_cause": status.reset_cause.name.lower(),
        **_fault(status),
    }


def _fault(status: Status) -> dict[str, Any]:
    """The last fault the handset has ever noted: in which task, where, what and when."""
    from tocsin_host.cli.utc import utc_text
    from tocsin_host.printable import printable

    if not status.fault:
        return {"last_fault": "none"}
    return {
        "last_fault": "; ".join(map(printable, status.fault.splitlines())),
        "last_fault_uptime_s": status.fault_uptime_s,
        "last_fault_utc": utc_text(status.fault_utc_s) or None,
    }
