"""`tocsin call`: a handset's test call, and a technician's hand in an open alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tocsin_host.cli.output import Output, Settings, json_option, table
from tocsin_host.errors import ExitCode

if TYPE_CHECKING:
    from tocsin_host.client import HandsetClient
    from tocsin_host.wire import ActivationState

_LOOK_S = 0.5
_SHORTEST_S, _LONGEST_S = 10, 3600


@click.group()
def call() -> None:
    """Have a handset make a test call, see its alarm, or cancel it.

    \b
    Examples:
      tocsin --device serial:/dev/ttyACM0 call test
      tocsin --device serial:/dev/ttyACM0 call cancel 12
    """


@call.command()
@click.option(
    "--limit",
    "limit_s",
    type=click.IntRange(_SHORTEST_S, _LONGEST_S),
    default=60,
    show_default=True,
    help="Seconds after which the test ends by itself.",
)
@click.option("--alternate", is_flag=True, help="Call the alternate number first.")
@click.option("--no-wait", is_flag=True, help="Return once it has begun.")
@json_option
@click.pass_obj
def test(settings: Settings, limit_s: int, alternate: bool, no_wait: bool) -> Output:
    """Make a test call and wait for its end; it passes when the answer point confirms it."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        state = handset.activation.test_call(limit_s, alternate=alternate)
        if not no_wait:
            state = _ended(handset, state)
    is_passed = no_wait or bool(state.is_confirmed)
    return _shown(state, ExitCode.OK if is_passed else ExitCode.VERDICT)


def _ended(handset: HandsetClient, state: ActivationState) -> ActivationState:
    number = state.activation
    while state.is_open and state.activation == number:
        handset.wait(_LOOK_S)
        state = handset.activation.get()
    return state


@call.command()
@click.argument("activation", type=click.IntRange(0, 2**32 - 1))
@json_option
@click.pass_obj
def cancel(settings: Settings, activation: int) -> Output:
    """End the open alarm or test call of that number; a connected call is not hung up."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        return _shown(handset.activation.cancel(activation))


@call.command()
@json_option
@click.pass_obj
def status(settings: Settings) -> Output:
    """Show the open alarm or test call, or the last."""
    from tocsin_host.cli.handset import connected

    with connected(settings) as handset:
        return _shown(handset.activation.get())


def _shown(state: ActivationState, exit_code: ExitCode = ExitCode.OK) -> Output:
    data = {
        "activation": state.activation,
        "open": bool(state.is_open),
        "confirmed": bool(state.is_confirmed),
        "priority": state.priority.name.lower(),
        "attempt": state.attempt,
        "age_s": state.press_age_ms / 1000,
    }
    return Output(data, table(data), exit_code)
