"""Lines that hold dictionaries, JSON or Python, with anything between: JSON lines, printed trainer logs."""

import ast
import json
import re
from collections.abc import Iterator

from lrsim.logs._cells import Table, from_rows

CHUNK = 10_000
FLAT = re.compile(r"\{[^{}]*\}")
CALLED = re.compile(r"\b[\w.]+\(\s*([+-]?[\w.+-]+)[^()]*\)")  # tensor(2.3), np.float64(2.3)
BARE = re.compile(r"(?<![\w'\".])([+-]?(?:nan|inf|NaN|Infinity))(?![\w'\"])")


def table(text: str) -> Table | None:
    """The rows that the dictionaries of a text are, None if fewer than two lines hold one."""
    if text.count("{") < 2:
        return None
    found = from_rows(_chunks(text))
    return found if found.names and len(found.columns[0].values) > 1 else None


def _chunks(text: str) -> Iterator[list[dict]]:
    lines = [line for line in text.split("\n") if "{" in line]
    for at in range(0, len(lines), CHUNK):
        part = lines[at : at + CHUNK]
        try:
            rows = json.loads(f"[{','.join(part)}]")  # a few times faster than line by line
        except (ValueError, RecursionError):
            rows = [row for line in part for row in _rows(line)]
        yield [row for row in rows if isinstance(row, dict)]


def _rows(line: str) -> list[dict]:
    try:
        whole = json.loads(line)
        return [whole] if isinstance(whole, dict) else []
    except (ValueError, RecursionError):
        parts = [_read(part) for part in FLAT.findall(line)]
    return [row for row in parts if row]


def _read(text: str) -> dict | None:
    try:
        return json.loads(text)
    except ValueError:
        try:
            found = ast.literal_eval(BARE.sub(r"'\1'", CALLED.sub(r"\1", text)))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return found if isinstance(found, dict) else None
