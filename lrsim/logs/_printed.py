"""A table as consoles show it: columns that stand under their headings, between other lines.

Rules of dashes or bars may frame it, a heading may take two lines, and a cell may be empty: where a cell stands says
whose it is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lrsim.logs._cells import DECIMAL, LOST, NUMBER, Table, column
from lrsim.logs._groups import Group, Piece, alike, from_pieces, none, spread
from lrsim.logs._shapes import ZEROS

CHUNK = 10_000  # rows
BEGINNING = 20_000  # characters, which show whether rows begin with such as 1/10
RULE = re.compile(r"[ |+:]*[-=]{2}[-=|+: ]*")
OF = re.compile(r"^( *\d+)(/\d+)(?= +\d\S* +\d)", re.ASCII | re.MULTILINE)
BAR = re.compile(r" *\d+%\|[^|\n]*\|[^\n]*", re.ASCII)
BETWEEN_BARS = re.compile(r"[^|]+")
WORDS = re.compile(r"[^ ]+(?: [^ ]+)*")  # a heading of several words has one blank between two of them
WORD = re.compile(r"[^ |]+")
ROW = re.compile(
    rf"\n[ |]*(?:{DECIMAL}|{LOST})[ |](?:.*[ |])?(?:{DECIMAL}|{LOST})(?![^ |\n])", re.ASCII | re.IGNORECASE
)


class Cell(NamedTuple):
    start: int
    end: int
    text: str


def table(text: str) -> Table | None:
    """The rows under the first heading that has some, None if there is no such table.

    Raises:
        ValueError: a row of numbers that do not stand under the headings.
    """
    if OF.search(text[:BEGINNING]):  # 1/10 is 1, and a bar behind a row no part of it
        text = BAR.sub("", OF.sub(lambda row: row[1] + " " * len(row[2]), text))
    if not ROW.search(text):
        return None
    lines = [line for line in text.split("\n") if line.strip(" ")]
    for first, at, heads in _headings(lines):
        found = from_pieces(_pieces(lines, at, heads))
        if len(found.columns[0].values) > 1:
            again = ["a heading said again"] if lines[first] in lines[at:] else []
            return Table([head.text for head in heads], found.columns, again)
    return None


def _pieces(lines: list[str], at: int, heads: list[Cell]) -> Iterator[Piece]:
    """The rows, some at a time; lines with digits in the same places have their cells there too."""
    known: dict[bytes, dict[str, slice]] = {}
    for start in range(at, len(lines), CHUNK):
        some = lines[start : start + CHUNK]
        groups: list[Group] = []
        shapes = "\n".join(some).encode("utf-8", "replace").translate(ZEROS).split(b"\n")
        for shape, rows in alike(shapes).items():
            if shape not in known:
                row = _row(some[rows[0]], heads) or {}
                known[shape] = {str(j): slice(cell.start, cell.end) for j, cell in row.items()}
            if known[shape]:
                places = known[shape].items()
                groups.append(Group(rows, {j: column([some[i][place] for i in rows]) for j, place in places}))
        height, cells = spread(groups)
        yield height, {str(j): cells.get(str(j)) or none(height) for j in range(len(heads))}


def _headings(lines: list[str]) -> Iterator[tuple[int, int, list[Cell]]]:
    """Headings, where they are and where their rows begin; a second line of words belongs to the first."""
    for first, line in enumerate(lines):
        heads = _heads(line)
        if len(heads) < 2 or _numbers(heads):
            continue
        at = first + 1
        below = _heads(lines[at]) if at < len(lines) else []
        if below and not _numbers(below):
            heads = _joined(heads, _cells(WORD, lines[at]))
            at += 1
        while at < len(lines) and RULE.fullmatch(lines[at]):
            rules = _cells(WORD, lines[at])
            if len(rules) == len(heads):  # a column is as wide as its rule
                heads = [rule._replace(text=head.text) for rule, head in zip(rules, heads, strict=True)]
            at += 1
        if at < len(lines) and _numbers(_cells(WORD, lines[at])) > 1:
            yield first, at, heads


def _heads(line: str) -> list[Cell]:
    return [] if RULE.fullmatch(line) or "\t" in line else _cells(BETWEEN_BARS if "|" in line else WORDS, line)


def _cells(kind: re.Pattern, line: str) -> list[Cell]:
    found = (Cell(one.start(), one.end(), one[0].strip(" ")) for one in kind.finditer(line))
    return [cell for cell in found if cell.text]


def _numbers(cells: list[Cell]) -> int:
    return sum(NUMBER.fullmatch(cell.text) is not None for cell in cells)


def _joined(heads: list[Cell], below: list[Cell]) -> list[Cell]:
    for cell in below:
        at = _under(cell, heads)
        if at is not None:
            heads[at] = heads[at]._replace(text=f"{heads[at].text} {cell.text}")
    return heads


def _under(cell: Cell, heads: list[Cell]) -> int | None:
    """The heading that most of a cell stands under."""
    shared = [min(cell.end, head.end) - max(cell.start, head.start) for head in heads]
    most = max(shared)
    return shared.index(most) if most > 0 else None


def _row(line: str, heads: list[Cell]) -> dict[int, Cell] | None:
    cells = _cells(WORD, line)
    if len(cells) < 2 or not NUMBER.fullmatch(cells[0].text) or _numbers(cells) < 2:
        return None
    places = [_under(cell, heads) for cell in cells]
    if None not in places and len(set(places)) == len(places):
        return {at: cell for at, cell in zip(places, cells, strict=True) if at is not None}
    if _numbers(cells) == len(cells):
        raise ValueError(f"the row {line.strip()!r:.40} does not stand under the headings")
    return None
