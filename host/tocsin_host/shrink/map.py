"""The way back from what a handset prints to what people wrote."""

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tocsin_host.errors import ConfigError
from tocsin_host.shrink.lines import Function, Line
from tocsin_host.shrink.modules import module_name

_PLACE = re.compile(r'File "([^"]+)", line (\d+)(?:, in (\S+))?')
_QUOTED = re.compile(r"'(\w+)'")
_ERROR = re.compile(r"(?m)^(\w+)(?=: |$)")

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Map:
    """What short names may stand for, the public name first; files; and each file's lines."""

    names: Mapping[str, Sequence[str]]
    files: Mapping[str, str]
    lines: Mapping[str, tuple[Line, ...]]
    functions: Mapping[str, tuple[Function, ...]]

    def readable(self, text: str) -> str:
        """Return what a handset printed with the places and names in tracebacks as people wrote."""
        text = _PLACE.sub(self._place, text)
        text = _QUOTED.sub(lambda found: f"'{'|'.join(self._names(found[1]))}'", text)
        return _ERROR.sub(lambda found: self._names(found[1])[0], text)

    def short(self, name: str) -> str:
        """Return the short form of a public name, the name itself where it has none."""
        return next((short for short, names in self.names.items() if names[0] == name), name)

    def home(self, path: str) -> str:
        """Return the name of the module that the source file `path` has become part of."""
        files = (file for file, lines in self.lines.items() if path in {line[1] for line in lines})
        return module_name(next(files, path))

    def _place(self, found: re.Match[str]) -> str:
        file, line, name = found.groups()
        if file in self.files:
            return self._in_functions(self.files[file], name or "")
        lines = self.lines.get(file, ())
        at = bisect_right(lines, int(line), key=lambda each: each[0])
        if at:
            _, file, first, last, function = lines[at - 1]
            line = f"{first}-{last}" if last > first else str(first)
            name = function if name and not name.startswith("<") else name
        return f'File "{file}", line {line}' + (f", in {name}" if name else "")

    def _in_functions(self, file: str, name: str) -> str:
        """What a handset carries has no lines: name the function, or all that may be meant."""
        places = [
            f'File "{path}", line {first}-{last}, in {function}'
            for short, path, first, last, function in self.functions.get(file, ())
            if short == name
        ]
        return " or ".join(places) or f'File "{file}", in {name}'

    def _names(self, short: str) -> Sequence[str]:
        return self.names.get(short, (short,))[:_SHOWN]

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(self.to_json(), separators=(",", ":"), sort_keys=True) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote. Raises ConfigError."""
        try:
            return cls.from_json(json.loads(path.read_text()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            problem = f"{path} is no map of firmware: {error}"
            raise ConfigError(problem, "`tocsin update build` writes one beside it") from error

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return {
            "names": self.names,
            "files": self.files,
            "lines": self.lines,
            "functions": self.functions,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return what `to_json` told of."""
        lines, functions = (
            {file: tuple(map(tuple, found)) for file, found in content[part].items()}
            for part in ("lines", "functions")
        )
        return cls(content["names"], content["files"], lines, functions)
