"""Lines that hold dictionaries, JSON or Python, with anything between: JSON lines, printed trainer logs."""

import ast
import json
import re
from collections.abc import Iterator

from lrsim.logs import _shapes, _words
from lrsim.logs._cells import Table
from lrsim.logs._groups import Piece, flat, from_pieces, spread, turned

FLAT = re.compile(r"\{[^{}]*\}")
CALLED = re.compile(r"\b[\w.]+\(\s*([+-]?[\w.+-]+)[^()]*\)")  # tensor(2.3), np.float64(2.3)
BARE = re.compile(r"(?<![\w'\".])([+-]?(?:nan|inf|NaN|Infinity))(?![\w'\"])")


def table(text: str) -> Table | None:
    """The rows that the dictionaries of a text are, None if fewer than two lines hold one."""
    if text.count("{") < 2:
        return None
    found = from_pieces(_chunks(text))
    return found if found.names and len(found.columns[0].values) > 1 else None


def _chunks(text: str) -> Iterator[Piece]:
    known: dict = {}
    for block in _shapes.blocks(text):
        lines = [line for line in block.split("\n") if "{" in line]
        try:
            rows = json.loads(f"[{','.join(lines)}]")  # many times faster than line by line
        except (ValueError, RecursionError):
            yield spread(_shapes.together(lines, _rows, known))
        else:
            yield turned([row for row in rows if isinstance(row, dict)])


def _rows(line: str) -> list[dict]:
    try:
        whole = json.loads(line)
        return [flat(whole)] if isinstance(whole, dict) else []
    except (ValueError, RecursionError):
        parts = [_read(part) for part in FLAT.findall(line)]
    rows = [flat(row) for row in parts if row]
    beside = FLAT.sub(" ", line) if len(rows) == 1 else ""
    return [_words.counts(beside) | rows[0]] if beside.strip() else rows


def _read(text: str) -> dict | None:
    try:
        return json.loads(text)
    except ValueError:
        try:
            found = ast.literal_eval(BARE.sub(r"'\1'", CALLED.sub(r"\1", text)))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return found if isinstance(found, dict) else None
