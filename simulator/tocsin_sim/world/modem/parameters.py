"""Settings a modem only has to remember: set, checked by pattern, read back."""

import re

from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.reply import ERROR, OK, Handlers, Reply, info

# name: (value after power-on, pattern of the values it takes)
_TABLE = {
    "+CMEE": ("2", r"[0-2]"),
    "+CVHU": ("1", r"[01]"),
    "+CMGF": ("0", r"[01]"),
    "+CNMI": ("2,1,0,0,0", r"[0-2](,[0-3](,[023](,[0-2](,[01])?)?)?)?"),
    "+CSCS": ('"IRA"', r'"(IRA|GSM|UCS2)"'),
    "+CSMP": ("17,167,0,0", r"\d{1,3}(,\d{1,3}){0,3}"),
    "+CGSMS": ("1", r"[0-3]"),
    "+CTZU": ("0", r"[01]"),
    "+CLIP": ("0", r"[01]"),
    "+CSDVC": ("1", r"[13]"),
    "+CLVL": ("2", r"[0-5]"),
    "+CSCLK": ("0", r"[01]"),
    "+CFGRI": ("0", r"[01]"),
    "+CGNSSTST": ("0", r"[01]"),
    "+CGNSSPORTSWITCH": ("0,0", r"[01],[01]"),
}


class Parameters:
    """The values in force; all fall back at power-off."""

    def __init__(self) -> None:
        self.power_off()

    def power_off(self) -> None:
        """Return to the values after power-on."""
        self._values = {name: value for name, (value, _) in _TABLE.items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def handlers(self) -> Handlers:
        """Return a handler for every parameter."""
        return dict.fromkeys(_TABLE, self.handle)

    def handle(self, command: Command) -> Reply:
        """Set or read one parameter."""
        if command.form is Form.READ:
            return info(f"{command.name}: {self._values[command.name]}")
        text = command.text.replace(" ", "")
        if command.form is not Form.SET or not re.fullmatch(_TABLE[command.name][1], text):
            return ERROR
        self._values[command.name] = text
        return OK
