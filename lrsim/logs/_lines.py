"""Lines that hold dictionaries, JSON or Python, with anything between: JSON lines, printed trainer logs."""

import json
import re
from collections.abc import Iterator

from lrsim.logs import _documents, _names, _shapes, _words
from lrsim.logs._cells import Table
from lrsim.logs._groups import Piece, flat, from_pieces, spread, turned

FLAT = re.compile(r"\{[^{}]*\}")


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
        parts = [(found, row) for found in FLAT.finditer(line) if (row := _read(found[0]))]
    beside = FLAT.sub(" ", line)
    counts = _words.counts(beside) if parts and beside.strip() else {}
    rows, at = [], 0
    for found, row in parts:
        whose, at = _words.whose(line[at : found.start()]), found.end()
        rows.append(counts | flat(_names.held_out(row, whose) if whose else row))
    return rows


def _read(text: str) -> dict | None:
    try:
        return json.loads(text)
    except ValueError:
        found = _documents.read_python(text)
    return found if isinstance(found, dict) else None
