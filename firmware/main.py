"""Runs the board this image was built for; whatever ends it, the handset starts again."""

import gc
import sys

import machine

_LOADING_BYTES = 16_384

try:
    # While it loads, garbage is collected early: what stays is then in one piece.
    gc.threshold(_LOADING_BYTES)
    from board import run

    gc.threshold(-1)
    run()
except Exception as error:  # noqa: BLE001 - a handset never stays down
    sys.print_exception(error)
finally:
    machine.reset()
