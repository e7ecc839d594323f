"""`tocsin selftest`: what a handset finds when it looks at its own parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.errors import ExitCode

if TYPE_CHECKING:
    from tocsin_host.wire import SelfTestFinding


@click.command()
@json_option
@click.pass_obj
def selftest(settings: Settings) -> Output:
    """Have a handset test itself, silently: a minute at most.

    Ends with code 11 when a check failed. A handset in an alarm refuses.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 selftest
    """
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        findings = [_described(each) for each in handset.self_test()]
    failed = [each for each in findings if each["verdict"] == "failed"]
    text = "\n".join([*map(_line, findings), _verdict(len(failed))])
    return Output(findings, text, ExitCode.VERDICT if failed else ExitCode.OK)


def _described(finding: SelfTestFinding) -> dict[str, Any]:
    check, verdict = finding.checked, finding.verdict
    return {
        "check": check.name.lower(),
        "verdict": verdict.name.lower(),
        "value": finding.value,
        "meaning": _meaning(finding),
    }


def _meaning(finding: SelfTestFinding) -> str:
    """What the figure says, in words."""
    from tocsin_host import wire

    check, value = finding.checked, finding.value
    if finding.verdict is wire.SelfVerdict.SKIPPED:
        return "not looked at"
    if check is wire.SelfCheck.STORAGE:
        return f"{value} octets free"
    if check is wire.SelfCheck.BATTERY:
        return f"{value} mV"
    if check is wire.SelfCheck.NETWORK:
        return _name(wire.Registration, value)
    if check is wire.SelfCheck.CLOCK:
        return f"from {_name(wire.TimeSource, value)}"
    if check in (wire.SelfCheck.CONFIG, wire.SelfCheck.KEYS) and value:
        from tocsin_host.config_keys import field_of

        field = field_of(value)
        return f"{field.name if field else f'key {value}'} is not set"
    return ""


def _name(names: Any, value: int) -> str:
    return str(names(value).name.lower()) if value in list(names) else str(value)


def _line(finding: dict[str, Any]) -> str:
    line = f"{finding['check']:<8}  {finding['verdict']:<7}  {finding['meaning']}"
    return line.rstrip()


def _verdict(failed: int) -> str:
    if not failed:
        return "the handset is sound"
    return f"{failed} {'check' if failed == 1 else 'checks'} failed"
