"""Draw octets for the interface document: boxes from left to right, their sizes above."""

from collections.abc import Iterator, Sequence

_WIDTH = 96

Cell = tuple[str, str]
"""What stands there, and how many octets of it."""


def diagram(cells: Sequence[Cell]) -> str:
    """The cells as a block of Markdown, in as many rows as the width asks for."""
    return "\n".join(["```text", *(line for row in _rows(cells) for line in _drawn(row)), "```"])


def _rows(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    row: list[Cell] = []
    for each in cells:
        if row and sum(_width(cell) + 3 for cell in [*row, each]) >= _WIDTH:
            yield row
            row = []
        row.append(each)
    yield row


def _drawn(cells: Sequence[Cell]) -> list[str]:
    rule = "+" + "".join("-" * (_width(cell) + 2) + "+" for cell in cells)
    above = " " + "".join(f" {cell[1]:^{_width(cell)}}  " for cell in cells)
    names = "|" + "".join(f" {cell[0]:^{_width(cell)}} |" for cell in cells)
    return [above.rstrip(), rule, names, rule]


def _width(cell: Cell) -> int:
    return max(map(len, cell))
