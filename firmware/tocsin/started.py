"""What a start needs but once is let go of when it is over.

To delete a method would leave it in its slot of the class's table, where the collector finds it.
"""
# ruff: noqa: SLF001 # what is private to a part is known here as it is there

from tocsin import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tocsin.handset import Handset


def let_go(handset: "Handset", supervisor: object, others: "Iterable[object]") -> None:
    """Free the constructors of all these parts, as nobody makes a second one, and other firsts."""
    _do_once(handset, supervisor, wire.ActivationRecord)
    _forget((supervisor,))
    _forget(others)
    board, modem = handset.board, handset.modem
    _forget((board, board.button, board.modem_power, board.modem_port))
    _forget((modem, modem.engine, modem.engine._lines, modem.changed, modem.cell, modem._ladder))
    _forget((handset, handset.trace, handset.utc, handset.config, handset.counter, handset.record))
    _forget((handset.journal, handset.battery, handset.feedback, handset.fix, handset.locator))
    _forget((handset._plausibility, handset._positions, handset.gate, handset.history))
    _forget((handset.activation, handset.call, handset.button, handset.heartbeat, handset.link))


def _forget(parts: "Iterable[object]") -> None:
    for part in parts:
        _forget_making(type(part))


def _forget_making(kind: "Any") -> None:
    kind.__init__ = None
    for each in kind.__bases__:
        if each is not object:
            _forget_making(each)


def _do_once(handset: "Any", supervisor: "Any", mark: "Any") -> None:
    kind = type(handset)
    kind.start = kind._reports = kind._open_storage = kind._let_go = None
    kind = type(handset.record)
    kind.load = None
    kind = type(handset.counter)
    kind.open = kind._stored_limit = None
    kind = type(handset.journal)
    kind.open = None
    kind = type(handset.activation)
    kind.attach = kind.resume = None
    kind = type(supervisor)
    kind.vital = kind.minor = None
    mark.decode_from = None
