"""The way back from what a handset prints to what people wrote."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

_PLACE = re.compile(r'File "([^"]+)", line (\d+)(?:, in (\S+))?')
_QUOTED = re.compile(r"'(\w+)'")
_ERROR = re.compile(r"(?m)^(\w+)(?=: |$)")


@dataclass(frozen=True, slots=True)
class Map:
    """Names by their short form, and each file's lines: (line that is run, line of the source)."""

    names: Mapping[str, str]
    lines: Mapping[str, tuple[tuple[int, int], ...]]

    def readable(self, text: str) -> str:
        """Return what a handset printed with the places and names in tracebacks as people wrote."""
        text = _PLACE.sub(self._place, text)
        text = _QUOTED.sub(lambda found: f"'{self._name(found[1])}'", text)
        return _ERROR.sub(lambda found: self._name(found[1]), text)

    def short(self, name: str) -> str:
        """Return the short form of a name, the name itself where it has none."""
        return next((short for short, long in self.names.items() if long == name), name)

    def _place(self, found: re.Match[str]) -> str:
        file, line, name = found.groups()
        place = f'File "{file}", line {self._line(file, int(line))}'
        return place + (f", in {self._name(name)}" if name else "")

    def _name(self, short: str) -> str:
        return self.names.get(short, short)

    def _line(self, file: str, line: int) -> int:
        lines = self.lines.get(file, ())
        at = bisect_right(lines, (line, 1 << 30))
        return lines[at - 1][1] if at else line

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return {"names": self.names, "lines": self.lines}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return what `to_json` told of."""
        lines = {file: tuple(map(tuple, pairs)) for file, pairs in content["lines"].items()}
        return cls(content["names"], lines)
