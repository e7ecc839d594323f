"""`tocsin config`: read and change a handset's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.errors import UsageError

if TYPE_CHECKING:
    from tocsin_host.client import Setting

_NOT_SET = "(not set)"
_UNREADABLE = "(secret, cannot be read)"


@click.group()
def config() -> None:
    """Read and change a handset's settings.

    \b
    Examples:
      tocsin --device serial:/dev/ttyACM0 config get
      tocsin --device serial:/dev/ttyACM0 config set hold_ms=1500 good_radius_m=30
      tocsin --device serial:/dev/ttyACM0 config reset hold_ms
    """


@config.command("get")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@json_option
@click.pass_obj
def get(settings: Settings, keys: tuple[str, ...]) -> Output:
    """Show settings, all of them when no KEY is given."""
    from tocsin_host import wire
    from tocsin_host.cli.handset import connected
    from tocsin_host.config_keys import config_field

    names = [config_field(key).name for key in keys] or list(wire.CONFIG)
    with connected(settings) as handset:
        found = [handset.config.get(name) for name in names]
    return Output({each.name: _setting_data(each) for each in found}, _table(found))


@config.command("set")
@click.argument("assignments", metavar="KEY=VALUE...", nargs=-1, required=True)
@json_option
@click.pass_obj
def set_(settings: Settings, assignments: tuple[str, ...]) -> Output:
    """Change settings, all of those given or none."""
    from tocsin_host.cli.handset import connected
    from tocsin_host.config_keys import config_field, parse_assignments

    values = parse_assignments(assignments)
    with connected(settings) as handset:
        generation = handset.config.set(values)
    shown = {
        name: None if config_field(name).secret else _plain(value) for name, value in values.items()
    }
    lines = [f"{name} = {_text(value)}" for name, value in shown.items()]
    lines.append(f"saved as configuration {generation}")
    return Output({"generation": generation, "set": shown}, "\n".join(lines))


@config.command("diff")
@json_option
@click.pass_obj
def diff(settings: Settings) -> Output:
    """Show the settings that differ from their defaults."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        found = handset.config.diff()
    text = _table(found) if found else "every setting has its default"
    return Output({each.name: _setting_data(each) for each in found}, text)


@config.command("reset")
@click.argument("keys", metavar="KEY...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Reset all that this role may set.")
@json_option
@click.pass_obj
def reset(settings: Settings, keys: tuple[str, ...], everything: bool) -> Output:
    """Give settings their defaults, all of those named or none."""
    from tocsin_host.cli.handset import connected
    from tocsin_host.config_keys import config_field

    if everything == bool(keys):
        raise UsageError("name the settings to reset, or give --all", "see `config diff`")
    names = [config_field(key).name for key in keys]
    with connected(settings) as handset:
        generation = handset.config.reset(names)
    data = {"generation": generation, "reset": names if keys else "all"}
    return Output(data, f"saved as configuration {generation}")


def _setting_data(setting: Setting) -> dict[str, Any]:
    return {
        "value": _plain(setting.value),
        "default": setting.is_default,
        "secret": setting.is_secret,
    }


def _table(settings: list[Setting]) -> str:
    width = max(len(each.name) for each in settings)
    return "\n".join(
        f"{each.name:<{width}} = {_text(_plain(each.value))}"
        + ("  (default)" if each.is_default else "")
        for each in settings
    )


def _plain(value: object) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _text(value: object) -> str:
    from tocsin_host.printable import printable

    if value is None:
        return _UNREADABLE
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(str(value)) or _NOT_SET
