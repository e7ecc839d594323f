"""Runs the board this image was built for; whatever ends it, the handset starts again."""

import sys

import machine

try:
    from board import run

    run()
except Exception as error:  # noqa: BLE001 - a handset never stays down
    sys.print_exception(error)
finally:
    machine.reset()
