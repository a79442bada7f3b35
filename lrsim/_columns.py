"""A column of numbers out of a table that somebody's program wrote; what could mean two things is refused."""

import csv
import io
import re
import sys
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

import numpy as np

from lrsim._terminal import Refused, about

LOSS = ("loss", "losses", "value")  # headings that say which column it is
MARKS = "\t;|,"  # between cells; blanks where there is none of them
MISSING = ("na", "n/a", "null", "none", "-", "--", "missing")

NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)", re.ASCII | re.IGNORECASE)
WITH_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
WHOLE = re.compile(r"[+-]?\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
LIKE_A_NUMBER = re.compile(r"[+\-−]?[.,]?\d")
THOUSANDS = re.compile(r"[+-]?[1-9]\d?\d?,\d\d\d", re.ASCII)
TWO = re.compile(rf"{NUMBER.pattern}\s+{NUMBER.pattern}", re.ASCII | re.IGNORECASE)  # blanks, not commas, are between

POINTS = "write decimal points and no thousands separators, or ; between columns, or quote such cells"
OVERFLOW = "write nan where the loss overflowed, leave out lines where it was not recorded"


class Row(NamedTuple):
    line: int
    cells: list[str]


def recorded(file: str, wanted: str | None) -> np.ndarray:
    """The losses in a file, or on standard input for "-"; errors name the file."""
    name = "standard input" if file == "-" else file
    try:
        if file != "-":
            with open(file, "rb") as opened:
                lines = _lines(opened)
        elif sys.stdin is None:
            raise ValueError("is closed")
        else:
            lines = _lines(sys.stdin.buffer) if hasattr(sys.stdin, "buffer") else list(sys.stdin)
        return column(lines, wanted)
    except (ValueError, OSError) as error:
        said = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        raise Refused(about(f"{name:.200}", said)) from None


def _lines(file: BinaryIO) -> list[str]:
    from lrsim.logs.reading import text_of  # which no other command needs

    return list(io.StringIO(text_of(file, ", one loss a line"), newline=None))


def column(lines: Iterable[str], wanted: str | None) -> np.ndarray:
    """One column of a table: tab, ; | , or blanks between cells, a heading or none, # for comments.

    `wanted` is a heading or a number from 1. Without it: the only column, or the one headed loss, losses or value.
    Lines whose cell is blank are left out. Decimal commas are read where nothing else could be meant.

    Raises:
        ValueError: no such column, a cell that is no number, or a comma that could mean two things.
    """
    mark, rows = _rows(list(lines))
    heading = rows.pop(0) if rows and _names(rows[0].cells) else None
    if not rows:
        raise ValueError("the input holds no numbers")
    first = heading or rows[0]
    doubt = heading is None and _doubtful(mark, rows)
    at = _which(heading and heading.cells, len(first.cells), wanted, f" (decimal commas? {POINTS})" if doubt else "")
    _even(first, rows, at)
    if doubt:
        raise ValueError(f"line {first.line} may be columns of whole numbers, decimal commas or thousands: {POINTS}")
    cells = [cell for row in rows for cell in row.cells]
    comma = _decimal_comma(cells, [row.cells[at] for row in rows])
    found = [(row.line, row.cells[at]) for row in rows if row.cells[at]]
    if not found:
        raise ValueError(f"column {at + 1} holds no numbers")
    if len(found) < len(rows) and found[-1] == (rows[len(found) - 1].line, rows[len(found) - 1].cells[at]):
        raise ValueError(f"the lines after {found[-1][0]} have a blank there: {OVERFLOW}")
    return np.array([_number(line, cell, comma, heading) for line, cell in found])


def _rows(lines: list[str]) -> tuple[str, list[Row]]:
    """The mark between cells, one for the whole table, and its rows; a line of blank cells is none."""
    kept = [(i, line.lstrip("\ufeff").strip(" \r\n")) for i, line in enumerate(lines, 1)]
    kept = [(i, line) for i, line in kept if line.strip() and not line.startswith(("#", "sep="))]
    texts = [line for _, line in kept]
    cut = {mark: _cut(texts, mark) for mark in MARKS if any(mark in text for text in texts)}
    often = {mark: sum(len(row.cells) > 1 for row in rows) for mark, rows in cut.items()}
    mark = max(often, key=lambda mark: often[mark], default=" ")
    if not often.get(mark) or (
        mark == "," and any(" " in cell and TWO.fullmatch(cell) for row in cut[mark] for cell in row.cells)
    ):
        mark, cut[" "] = " ", [Row(i, [_bare(cell) for cell in text.split()]) for i, text in enumerate(texts)]
        if len(texts) > 1 and all(len(row.cells) == 1 for row in cut[mark][1:]):  # a heading of several words
            cut[mark][:1] = [Row(0, [_bare(text)]) for text in texts[:1]]
    return mark, [Row(kept[row.line][0], row.cells) for row in cut[mark] if any(row.cells)]


def _cut(texts: list[str], mark: str) -> list[Row]:
    reader = csv.reader(texts, delimiter=mark, skipinitialspace=mark != "\t", strict=True)
    try:
        return [Row(reader.line_num - 1, [_bare(cell) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise ValueError(f"row {reader.line_num} of the table cannot be read: {error}") from None


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell.strip("\"'").strip() if cell[:1] in ("'", '"') else cell


def _names(cells: list[str]) -> bool:
    """Whether a first row is the heading: no number in it, and a word."""
    if any(NUMBER.fullmatch(cell) for cell in cells):
        return False
    words = [cell for cell in cells if not LIKE_A_NUMBER.match(cell) and cell.lower() not in MISSING]
    return any(character.isalpha() for word in words for character in word)


def _doubtful(mark: str, rows: list[Row]) -> bool:
    """Whether 2,31 or 1 762 in rows without headings may be one number as well as two."""
    cells = [cell for row in rows for cell in row.cells if cell]
    if mark not in ", " or len(rows[0].cells) < 2 or not all(map(WHOLE.fullmatch, cells)):
        return False
    groups = [cell for row in rows for cell in row.cells[1:]]
    return mark == "," or all(re.fullmatch(r"\d{3}", cell, re.ASCII) for cell in groups)


def _which(heading: list[str] | None, width: int, wanted: str | None, doubt: str) -> int:
    names = heading or []
    folded = [name.lower() for name in names]
    if wanted:
        same = [i for i, name in enumerate(names) if name == wanted]
        same = same or [i for i, name in enumerate(folded) if name == wanted.lower()]
        if len(same) > 1:
            raise ValueError(f"--column {wanted:.40} is there {len(same)} times: give its number, from 1")
        if same:
            return same[0]
        if re.fullmatch(r"[1-9]\d{0,8}", wanted, re.ASCII) and int(wanted) <= width:
            return int(wanted) - 1
    said = f"columns {', '.join(names):.200}" if names else f"{width} columns without headings"
    if wanted is not None:
        raise ValueError(f"--column {wanted:.40} is not there; the input has {said}")
    named = [i for i, name in enumerate(folded) if name in LOSS]
    if len(named) == 1 or width == 1:
        return named[0] if named else 0
    raise ValueError(f"the input has {said}: say which with --column{doubt}")


def _even(first: Row, rows: list[Row], at: int) -> None:
    """Refuses rows with more or fewer cells than the first: one cannot tell which cell is in which column."""
    width = len(first.cells)
    for line, cells in rows:
        if at >= len(cells):
            raise ValueError(f"line {line} has {len(cells)} columns, and column {at + 1} was needed")
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            raise ValueError(f"line {line} has {len(cells)} columns and line {first.line} {width}; {POINTS}")


def _decimal_comma(cells: list[str], chosen: list[str]) -> bool:
    """Whether the table writes 2,31 for 2.31: one answer for all of it, which 1,762 alone does not decide."""
    commas = [cell for cell in cells if "," in cell and WITH_COMMA.fullmatch(cell)]
    points = [cell for cell in cells if "." in cell and NUMBER.fullmatch(cell)] if commas else []
    decimal = any(not THOUSANDS.fullmatch(cell) for cell in commas)
    if points and (decimal or all(THOUSANDS.fullmatch(cell.replace(".", ",")) for cell in points)):
        raise ValueError(f"{commas[0]!r:.40} and {points[0]!r:.40} in one table: {POINTS}")
    doubtful = next((cell for cell in chosen if WITH_COMMA.fullmatch(cell)), None)
    if doubtful is not None and not decimal:
        raise ValueError(f"{doubtful!r:.40} may have a decimal comma or a thousands separator: {POINTS}")
    return decimal


def _number(line: int, cell: str, comma: bool, heading: Row | None) -> float:
    text = cell.replace(",", ".") if comma and WITH_COMMA.fullmatch(cell) else cell
    if NUMBER.fullmatch(text):
        return float(text)
    if heading is not None and cell in heading.cells:
        raise ValueError(f"line {line} has the heading {cell!r:.40} again: give one run at a time")
    hint = f"; {OVERFLOW}" if cell.lower() in MISSING else ""
    raise ValueError(f"line {line} has {cell!r:.40} where a number was needed{hint}")
