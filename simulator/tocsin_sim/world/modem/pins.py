"""The modem's pins as the handset's board wires them."""

from dataclasses import dataclass

from tocsin_sim.world.interfaces import PinLine


@dataclass(frozen=True, slots=True)
class ModemPins:
    """None where the board wires nothing.

    `rail` 1 supplies the modem, `power_key` 1 presses its key, `reset` 1 resets it, `dtr` 0 keeps
    it awake; it pulls `ring` to 0 when a message comes.
    """

    power_key: PinLine
    rail: PinLine | None = None
    dtr: PinLine | None = None
    ring: PinLine | None = None
    reset: PinLine | None = None
