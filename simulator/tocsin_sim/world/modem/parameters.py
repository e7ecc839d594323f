"""Settings a modem only has to remember: set, checked by pattern, read back."""

import re
from collections.abc import Mapping

from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.reply import ERROR, OK, Handlers, Reply, info

Table = Mapping[str, tuple[str, str]]
"""By name: the value after power-on, and a pattern of the values it takes."""

STANDARD: Table = {
    "+CMEE": ("2", r"[0-2]"),
    "+CVHU": ("1", r"[01]"),
    "+CMGF": ("0", r"[01]"),
    "+CNMI": ("2,1,0,0,0", r"[0-2](,[0-3](,[023](,[0-2](,[01])?)?)?)?"),
    "+CSCS": ('"IRA"', r'"(IRA|GSM|UCS2)"'),
    "+CSMP": ("17,167,0,0", r"\d{1,3}(,\d{1,3}){0,3}"),
    "+CGSMS": ("1", r"[0-3]"),
    "+CTZU": ("0", r"[01]"),
    "+CLIP": ("0", r"[01]"),
    "+CLVL": ("2", r"[0-5]"),
    "+CMUT": ("0", r"[01]"),
}
"""3GPP TS 27.007 and 27.005: every family knows these."""


class Parameters:
    """The values in force of the standard and of the family's own; all fall back at power-off."""

    def __init__(self, own: Table) -> None:
        self._table = {**STANDARD, **own}
        self.power_off()

    def power_off(self) -> None:
        """Return to the values after power-on."""
        self._values = {name: value for name, (value, _) in self._table.items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def handlers(self) -> Handlers:
        """Return a handler for every parameter."""
        return dict.fromkeys(self._table, self.handle)

    def handle(self, command: Command) -> Reply:
        """Set or read one parameter."""
        if command.form is Form.READ:
            return info(f"{command.name}: {self._values[command.name]}")
        text = command.text.replace(" ", "")
        if command.form is not Form.SET or not re.fullmatch(self._table[command.name][1], text):
            return ERROR
        self._values[command.name] = text
        return OK
