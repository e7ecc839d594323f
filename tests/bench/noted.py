"""The figures that the change log notes: growth beyond them fails until somebody notes why."""

import re
from pathlib import Path

CHANGE_LOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
GROWTH = 1.05
_ROW = re.compile(r"^\| (?P<name>[^|]+?) \| +(?P<value>[\d,.]+) \|$", re.MULTILINE)


def noted() -> dict[str, float]:
    """Return each noted figure by its name."""
    rows = _ROW.finditer(CHANGE_LOG.read_text())
    return {row["name"]: float(row["value"].replace(",", "")) for row in rows}


def has_grown(name: str, value: float) -> bool:
    """Whether a figure is more than 5 % above what is noted of it. Raises KeyError."""
    return value > noted()[name] * GROWTH
