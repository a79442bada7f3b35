"""A table by the csv module's rules: one mark between cells, headings, missing cells; a doubtful comma is refused."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from lrsim.logs import _commas, _names
from lrsim.logs._cells import DECIMAL, MISSING, NUMBER, Column, Table, column, gather, joined
from lrsim.logs._rows import SHORT, Rows, lines, numbered

MARKS = "\t;|,"  # between cells; blanks where there is none of them
SHOWN = 200  # rows that decide which mark it is

LIKE_A_NUMBER = re.compile(r"[+\-−]?[.,]?\d")
RULE = re.compile(r"[ |+]*[-=][-=|+ ]*")
DASHES = re.compile("[-=]+")  # of which two are a missing cell
TWO = re.compile(rf"(?:{DECIMAL})\s+(?:{DECIMAL})", re.ASCII)  # blanks, not commas, are between

Cells = list[Sequence[str]]  # of each column


def table(text: str) -> Table:
    """The columns of a table, which may stand between lines that are none of its rows.

    Raises:
        ValueError: rows of different lengths, or a comma that could mean two things.
    """
    try:
        return _whole(text)
    except ValueError:
        inner = _between(text)
        if inner is None:
            raise
    found = _whole(inner)
    return found._replace(left_out=[*found.left_out, "lines around the table"])


def _between(text: str) -> str | None:
    """The rows under the first heading that has some; None if there are rows elsewhere too."""
    numbers, sample = [*zip(*islice(lines(text), SHOWN), strict=True)] or [(), ()]
    for number, line, below in zip(numbers, sample, sample[1:], strict=False):
        for mark in "\t;,":
            width = len(_parted(line, mark))
            if width > 1 and _is_heading(_parted(line, mark)) and _is_row(below, mark, width):
                rest = text.split("\n")[number - 1 :]
                end = next((i for i, own in enumerate(rest) if i and not _is_row(own, mark, width)), len(rest))
                return None if any(_is_row(own, mark) for own in rest[end:]) else "\n".join([*rest[:end], ""])
    return None


def _parted(line: str, mark: str) -> list[str]:
    return [cell.strip(" \"'") for cell in line.split(mark)]


def _is_row(line: str, mark: str, width: int = 0) -> bool:
    """Whether it has several cells, as many as asked for, of which the first is a number."""
    cells = _parted(line, mark)
    return len(cells) > 1 and width in (0, len(cells)) and NUMBER.fullmatch(cells[0]) is not None


def _whole(text: str) -> Table:
    """Tab, ; | , or blanks between cells, a heading or none, # for comments."""
    at = text.rfind("\n") + 1
    short = text.count('"', at) % 2 == 1
    text = text[:at] if short else text
    numbers, sample = [*zip(*islice(lines(text), SHOWN), strict=True)] or [(0,), ()]
    if len(sample) == SHOWN and any(map(_is_rule, sample)):  # no column is one of numbers: refused, and at once
        text = "\n".join([*text.split("\n", numbers[-1])[: numbers[-1]], ""])
    mark = _mark(list(sample))
    first = next(numbered(text, mark), None)
    if first is None:
        raise ValueError("the input holds no numbers")
    headed = _is_heading(first.cells)
    heading = first.cells if headed else _commented(text, len(first.cells))
    if heading and mark == " " and len(heading) > 1 and heading[-1] and all(len(s.split()) == 1 for s in sample[1:3]):
        heading = [" ".join(heading)]  # one column, headed by several words
    if headed and heading and mark in " \t;" and len(sample) > 1:
        below = next(numbered(sample[1], mark)).cells
        if len(below) == len(heading) + 1 and below[-1] and len(heading) > 1:
            heading = ["", *heading]  # an index, which pandas and R name not
    tag = _tag(heading, (row.cells for row in islice(numbered(text, mark), 1, SHOWN))) if heading else None
    if heading and tag:
        heading = [tag.named if name.lower() == "value" else name for name in heading]
    rows = Rows(text, mark, first.cells if headed else [], len(heading or first.cells))
    left_out: dict[str, None] = dict.fromkeys([SHORT] * short)
    trained = heading is not None and any("train" in line.lower() for line in sample[headed:])

    def chunks() -> Iterator[Cells]:
        for chunk in rows.chunks(left_out):
            cells: Cells = list(zip(*chunk, strict=True))
            cells = _trained(cells, heading) if heading and trained else cells
            yield _of_tag(cells, tag) if tag else cells

    columns = _columns(chunks, rows, heading is not None)
    return Table(heading or ["loss" if len(columns) == 1 else "" for _ in columns], columns, list(left_out))


def _is_rule(line: str) -> bool:
    """Whether it is a rule of dashes under or over all columns."""
    return RULE.fullmatch(line) is not None and all(len(dashes) > 2 for dashes in DASHES.findall(line))


def _mark(lines: list[str]) -> str:
    """The mark that cuts most lines of the table, and all of them alike before another."""
    often = {}
    for mark in MARKS:
        if any(mark in line for line in lines):
            cut = [len(cells) for cells in csv.reader(lines, delimiter=mark, skipinitialspace=mark != "\t")]
            often[mark] = sum(width > 1 for width in cut)
    mark = max(often, key=lambda mark: often[mark], default=" ")
    blanks = mark == "," and any(
        TWO.fullmatch(cell.strip()) for line in lines for cell in line.split(",") if " " in cell
    )
    return " " if not often.get(mark) or blanks else mark


def _is_heading(cells: list[str]) -> bool:
    """Whether a first row is the heading: no number in it, and a word."""
    if any(NUMBER.fullmatch(cell) for cell in cells):
        return False
    words = [cell for cell in cells if not LIKE_A_NUMBER.match(cell) and cell.lower() not in MISSING]
    return any(character.isalpha() for word in words for character in word)


def _commented(text: str, width: int) -> list[str] | None:
    """The last comment before the first row, if it names as many columns as there are."""
    found = None
    for line in text[:100_000].split("\n"):
        line = line.strip()
        if line and not line.startswith("#"):
            break
        for cells in (line.lstrip("# ").split(mark) if mark else line.lstrip("# ").split() for mark in ("", *MARKS)):
            if line and len(cells) == width and _is_heading([cell.strip() for cell in cells]):
                found = [cell.strip() for cell in cells]
    return found


class Tag(NamedTuple):
    """A column that says what another, of values, is: of which tag these are losses."""

    at: int
    values: int
    named: str


def _tag(heading: list[str], rows: Iterable[list[str]]) -> Tag | None:
    low = [name.lower() for name in heading]
    at = next((low.index(name) for name in _names.TAGS if name in low), None)
    if at is None or "value" not in low:
        return None
    ranked = ((_names.loss(tag), tag) for tag in {row[at] for row in rows if len(row) == len(heading)})
    best = min(((rank, tag) for rank, tag in ranked if rank is not None), default=None)
    return None if best is None else Tag(at, low.index("value"), best[1])


def _of_tag(columns: Cells, tag: Tag) -> Cells:
    own = [cell if said == tag.named else "" for cell, said in zip(columns[tag.values], columns[tag.at], strict=True)]
    return [own if i == tag.values else cells for i, cells in enumerate(columns)]


def _trained(columns: Cells, heading: list[str]) -> Cells:
    """The cells, without the losses of rows that say of themselves that they are of validation or test."""
    splits = [own for own, name in zip(columns, heading, strict=True) if name in _names.SPLITS]
    held = {cell for own in splits for cell in {*own} if cell.lower() in _names.HELD_OUT}
    if not held:
        return columns
    out = [not held.isdisjoint(cells) for cells in zip(*splits, strict=True)]
    return [
        ["" if gone else cell for gone, cell in zip(out, own, strict=True)] if _names.is_loss(name) else own
        for own, name in zip(columns, heading, strict=True)
    ]


def _columns(chunks: Callable[[], Iterator[Cells]], rows: Rows, headed: bool, decimal: bool = False) -> list[Column]:
    commas = _commas.Seen() if "," in rows.text and (rows.mark != "," or '"' in rows.text or "'" in rows.text) else None
    doubt = not headed and rows.mark in ", " and rows.width > 1
    parts: list[list[Column]] = [[] for _ in range(rows.width)]
    for cells in chunks():
        doubt = doubt and _commas.doubtful(rows.mark, cells)
        if commas and commas.see(cells) and not decimal:
            return _columns(chunks, rows, headed, decimal=True)
        for own, gathered in zip(cells, parts, strict=True):
            gather(gathered, _commas.column(own) if decimal else column(own))
    if not parts[0]:
        raise ValueError("the input holds no numbers")
    if doubt:
        kinds = "columns of whole numbers, decimal commas or thousands"
        raise ValueError(f"line {rows.line(0)} may be {kinds}: {_commas.POINTS}")
    if commas:
        commas.check()
    return [_located(joined(parts.pop(0)), rows) for _ in range(rows.width)]


def _located(found: Column, rows: Rows) -> Column:
    """The first cell that is no number, by its line in the file."""
    return found if found.bad is None else found._replace(bad=(rows.line(found.bad[0]), found.bad[1]))
