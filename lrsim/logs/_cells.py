"""Cells become numbers: words for not finite are not finite, words for missing are missing, the rest is refused."""

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

MISSING = ("", "na", "n/a", "null", "none", "-", "--", "missing", "no log")
DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
LOST = r"[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|1\.#\w+)"  # as Python, C, Windows and JavaScript write it
NUMBER = re.compile(DECIMAL + "|" + LOST, re.ASCII | re.IGNORECASE)


SOME, LARGE = 64, 2**14  # parts joined at a time; numbers whose room goes back to the system


class Column(NamedTuple):
    values: np.ndarray
    missing: np.ndarray  # where the log says nothing, which is not the same as not finite
    bad: tuple[int, str] | None = None  # the first cell that is no number, and its row


class Table(NamedTuple):
    """Every column of a log, whatever kind of file it was."""

    names: list[str]
    columns: list[Column]
    left_out: list[str]
    makes: np.ndarray | None = None  # which rows say cells of the same names, where not all do
    names_of: tuple[tuple[str, ...], ...] = ()  # what those of each make say, where others hold on

    def ends(self, at: int) -> np.ndarray:
        """What a count is out of, as in 3/10; nan where nothing says it."""
        of = f"{self.names[at]}/of"
        if of in self.names:
            return self.columns[self.names.index(of)].values
        return np.full(len(self.columns[at].values), np.nan)


def number(cell: Any) -> float | None:
    """A cell as a number, None if it says that there is none.

    Raises:
        ValueError: neither.
    """
    if isinstance(cell, (float, int)) and not isinstance(cell, bool):
        try:
            return float(cell)
        except OverflowError:
            return math.inf if cell > 0 else -math.inf
    text = "" if cell is None else cell.strip() if isinstance(cell, str) else "?"
    if text.lower() in MISSING:
        return None
    if not NUMBER.fullmatch(text):
        raise ValueError("no number")
    if "#" in text:
        return math.nan if "inf" not in text.lower() else float(text[: text.index("1")] + "inf")
    return float(text.split("(")[0])


def column(cells: Sequence[Any]) -> Column:
    """A column of cells as numbers."""
    kinds = set(map(type, cells))
    gaps = type(None) in kinds or (kinds == {str} and "" in cells)
    missing = np.array([cell is None or cell == "" for cell in cells]) if gaps else np.zeros(len(cells), bool)
    try:
        if kinds <= {float, int, type(None)}:
            return Column(np.array(cells, float), missing)
        if kinds <= {str, type(None)} and _plain("".join(filter(None, cells))):
            return Column(np.array([float(cell or "nan") for cell in cells] if gaps else [*map(float, cells)]), missing)
    except (ValueError, OverflowError):
        pass  # one by one
    alike = kinds <= {str, float, int, type(None)}  # but True, which is 1 to a dictionary, is no number
    known = {cell: _told(cell) for cell in {*cells}} if alike else {}
    told = [known[cell] for cell in cells] if alike else list(map(_told, cells))
    values, missing, wrong = map(np.array, zip(*told, strict=True))
    at = int(wrong.argmax())
    return Column(values, missing, (at, str(cells[at])) if wrong[at] else None)


def _plain(text: str) -> bool:
    """Whether no digits of other scripts and no 1_000 are in it, which are numbers to Python."""
    return text.isascii() and "_" not in text


def _told(cell: Any) -> tuple[float, bool, bool]:
    """A cell's number, whether it has none, and whether it is neither."""
    try:
        value = number(cell)
    except ValueError:
        return math.nan, True, True
    return (math.nan, True, False) if value is None else (value, False, False)


def gather(parts: list[Column], more: Column) -> None:
    """One more part. Many small ones would leave the heap as large as they made it."""
    parts.append(more)
    if len(parts) >= SOME and len(parts[-SOME].values) < LARGE:
        parts[-SOME:] = [joined(parts[-SOME:])]


def joined(parts: list[Column]) -> Column:
    bad, at = None, 0
    for part in parts:
        bad = bad or (part.bad and (part.bad[0] + at, part.bad[1]))
        at += len(part.values)
    return Column(np.concatenate([p.values for p in parts]), np.concatenate([p.missing for p in parts]), bad)
