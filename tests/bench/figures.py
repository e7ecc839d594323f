"""Measured figures, their limits, and how both are printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_VERDICTS = {True: "ok", False: "MISSED", None: ""}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; a limit, if any, is met at equality."""

    name: str
    value: float
    unit: str
    detail: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the value keeps its limit; None when it has none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None

    @property
    def limit(self) -> str:
        """The limit as people write it, empty when there is none."""
        if self.at_least is not None:
            return f">= {_number(self.at_least)}"
        return f"<= {_number(self.at_most)}" if self.at_most is not None else ""

    def to_json(self) -> dict[str, Any]:
        """Return every field, and whether the limit is kept."""
        return {name: getattr(self, name) for name in self.__slots__} | {"holds": self.holds}


def table(title: str, figures: Sequence[Figure]) -> str:
    """Return one section's figures as aligned lines under its title."""
    rows = [
        (each.name, _number(each.value), each.unit, each.limit, _VERDICTS[each.holds], each.detail)
        for each in figures
    ]
    return "\n".join([f"== {title}", *_aligned(rows)])


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        cells[1] = row[1].rjust(widths[1])
        yield ("  " + "  ".join(cells)).rstrip()


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def median(values: Sequence[float]) -> float:
    """Return the middle value, the lower of the two middle ones."""
    return percentile(values, 50)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of all do not exceed (nearest rank)."""
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(int(rank), 1) - 1]
