"""AT command lines, taken apart (ITU-T V.250 clause 5)."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_LINE = re.compile(
    r"(?P<extended>[+*^&$][A-Z0-9]+)(?P<rest>=\?|\?|=.*)?|(?P<basic>[A-Z])(?P<text>.*)",
    re.IGNORECASE,
)


class Form(Enum):
    """What a command asks for."""

    EXECUTE = "+X"
    READ = "+X?"
    TEST = "+X=?"
    SET = "+X=..."


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `name` is upper case, a letter or `+NAME`, empty for a bare AT."""

    name: str
    form: Form
    text: str = ""
    """What follows the letter or the equals sign, as written."""

    def values(self) -> list[str]:
        """Return the values of a SET, blanks trimmed."""
        return [value.strip() for value in self.text.split(",")]


@lru_cache
def parse_line(line: bytes) -> Command | None:
    """Read one line without its CR; None when it holds no command.

    Noise before `AT` is skipped; several commands on one line are not supported.
    """
    text = line.decode("latin-1").strip()
    start = text.upper().find("AT")
    if start < 0:
        return None
    body = text[start + 2 :].strip()
    if not body:
        return Command("", Form.EXECUTE)
    match = _LINE.fullmatch(body)
    if match is None:
        return Command(body, Form.EXECUTE)
    if match["basic"]:
        return Command(match["basic"].upper(), Form.EXECUTE, match["text"].strip())
    return _extended(match["extended"].upper(), match["rest"] or "")


def _extended(name: str, rest: str) -> Command:
    if rest in {"?", "=?", ""}:
        form = {"?": Form.READ, "=?": Form.TEST, "": Form.EXECUTE}[rest]
        return Command(name, form)
    return Command(name, Form.SET, rest[1:])
