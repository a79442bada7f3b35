"""What a comma in a number means: 2,31 for 2.31, thousands, or two columns; what could be either is refused."""

import re
from collections.abc import Sequence

from lrsim.logs import _cells
from lrsim.logs._cells import NUMBER, Column

WITH_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
WHOLE = re.compile(r"[+-]?\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
NO_DECIMAL = re.compile(r",(?![0-9])|(?<![0-9]),")
THOUSANDS = re.compile(r"[+-]?[1-9]\d?\d?,\d\d\d", re.ASCII)
POINTS = "write decimal points and no thousands separators, or ; between columns, or quote such cells"


class Seen:
    """Whether a table writes 2,31 for 2.31: one answer for all of it, which 1,762 alone does not decide."""

    def __init__(self) -> None:
        self.commas: dict[int, str] = {}  # of each column the first
        self.points: dict[int, str] = {}
        self.decimal, self.thousands = False, True  # whether a comma can only be a decimal one, and no point can be

    def see(self, columns: list[Sequence[str]]) -> bool:
        """More cells; whether there is a comma that can only be a decimal one."""
        for j, cells in enumerate(columns):
            said = "\n".join(cells)
            if "," in said and not (self.decimal and j in self.commas):
                own = [cell for cell in cells if "," in cell and WITH_COMMA.fullmatch(cell)]
                if own:
                    self.commas.setdefault(j, own[0])
                self.decimal |= not all(map(THOUSANDS.fullmatch, own))
            if "." in said and (self.thousands or j not in self.points):
                own = [cell for cell in cells if "." in cell and NUMBER.fullmatch(cell)]
                if own:
                    self.points.setdefault(j, own[0])
                self.thousands &= all(THOUSANDS.fullmatch(cell.replace(".", ",")) for cell in own)
        return self.decimal

    def check(self) -> None:
        """Raises ValueError where points are beside commas and one of them is no thousands separator for sure."""
        if self.commas and self.points and (self.decimal or self.thousands):
            comma, point = self.commas[min(self.commas)], self.points[min(self.points)]
            raise ValueError(f"{comma!r:.40} and {point!r:.40} in one table: {POINTS}")


def column(cells: Sequence[str]) -> Column:
    """A column that writes 2,31 for 2.31."""
    said = "\n".join(cells)
    if "," in said and "." not in said and not NO_DECIMAL.search(said):
        found = _cells.column(said.replace(",", ".").split("\n"))
        if found.bad is None:
            return found
    return _cells.column([cell.replace(",", ".") if WITH_COMMA.fullmatch(cell) else cell for cell in cells])


def doubtful(mark: str, columns: list[Sequence[str]]) -> bool:
    """Whether 2,31 or 1 762 in rows without headings may be one number as well as two."""
    if not all(WHOLE.fullmatch(cell) for cells in columns for cell in cells if cell):
        return False
    return mark == "," or all(re.fullmatch(r"\d{3}", cell, re.ASCII) for cells in columns[1:] for cell in cells)
