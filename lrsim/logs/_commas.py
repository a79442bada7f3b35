"""What a comma in a number means: 2,31 for 2.31, thousands, or two columns; what could be either is refused."""

import re
from collections.abc import Sequence

from lrsim.logs._cells import NUMBER, Column

WITH_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
WHOLE = re.compile(r"[+-]?\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?[1-9]\d?\d?,\d\d\d", re.ASCII)
POINTS = "write decimal points and no thousands separators, or ; between columns, or quote such cells"


def somewhere(text: str, mark: str) -> bool:
    """Whether a cell of a text has a comma that can only be a decimal one."""
    cells = text.replace("\n", mark).split(mark)
    return any("," in cell and WITH_COMMA.fullmatch(cell) and not THOUSANDS.fullmatch(cell) for cell in cells)


def decimal(cells: list[str]) -> bool:
    """Whether the table writes 2,31 for 2.31: one answer for all of it, which 1,762 alone does not decide."""
    commas = [cell for cell in cells if "," in cell and WITH_COMMA.fullmatch(cell)]
    points = [cell for cell in cells if "." in cell and NUMBER.fullmatch(cell)] if commas else []
    clear = any(not THOUSANDS.fullmatch(cell) for cell in commas)
    if points and (clear or all(THOUSANDS.fullmatch(cell.replace(".", ",")) for cell in points)):
        raise ValueError(f"{commas[0]!r:.40} and {points[0]!r:.40} in one table: {POINTS}")
    return clear


def pointed(cells: Sequence[str]) -> list[str]:
    """2.31 for 2,31."""
    return [cell.replace(",", ".") if WITH_COMMA.fullmatch(cell) else cell for cell in cells]


def unclear(found: Column, cells: Sequence[str], decided: bool) -> Column:
    """1,762 where nothing decides between a decimal comma and thousands."""
    at = next((i for i, cell in enumerate(cells) if WITH_COMMA.fullmatch(cell)), None)
    return found if at is None or decided else found._replace(bad=(at, cells[at]))


def doubtful(mark: str, rows: list[list[str]]) -> bool:
    """Whether 2,31 or 1 762 in rows without headings may be one number as well as two."""
    cells = [cell for row in rows for cell in row if cell]
    if not all(map(WHOLE.fullmatch, cells)):
        return False
    groups = [cell for row in rows for cell in row[1:]]
    return mark == "," or all(re.fullmatch(r"\d{3}", cell, re.ASCII) for cell in groups)
