"""Runs first on every start: the choice between what was flashed and the slots of updates."""

import sys

import machine

try:
    from slots import Slots

    slots = Slots()
    slots.choose()
    if slots.is_trial:
        # Until the board's own watchdog takes over: what hangs while it loads has failed its trial.
        machine.WDT(timeout=8_000)
    del slots, Slots
except Exception as error:  # noqa: BLE001 - what was flashed starts then
    sys.print_exception(error)
