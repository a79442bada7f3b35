"""A table by the csv module's rules: one mark between cells, headings, missing cells; a doubtful comma is refused."""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from lrsim.logs import _commas, _names
from lrsim.logs._cells import DECIMAL, MISSING, NUMBER, Column, Table, column, joined
from lrsim.logs._shapes import BLOCK, blocks

MARKS = "\t;|,"  # between cells; blanks where there is none of them
CHUNK = 20_000  # rows
SHOWN = 200  # rows that decide which mark it is

NO_DECIMAL = re.compile(r",(?![0-9])|(?<![0-9]),")
LIKE_A_NUMBER = re.compile(r"[+\-−]?[.,]?\d")
TWO = re.compile(rf"(?:{DECIMAL})\s+(?:{DECIMAL})", re.ASCII)  # blanks, not commas, are between


class Row(NamedTuple):
    line: int
    cells: list[str]


def table(text: str) -> Table:
    """The columns of a table: tab, ; | , or blanks between cells, a heading or none, # for comments.

    Raises:
        ValueError: rows of different lengths, or a comma that could mean two things.
    """
    sample = list(islice(_lines(text), SHOWN))
    if not sample:
        raise ValueError("the input holds no numbers")
    mark = _mark([line for _, line in sample])
    rows = _rows(text, mark)
    first = next(rows, None)
    if first is None:
        raise ValueError("the input holds no numbers")
    heading = first.cells if _is_heading(first.cells) else None
    again: list[Row] = []
    if heading is None:
        rows = _with(first, rows)
        heading = _commented(text, len(first.cells))
    if (
        heading is not None
        and mark == " "
        and len(heading) > 1
        and heading[-1]
        and all(len(line.split()) == 1 for _, line in sample[1:3])
    ):
        heading = [" ".join(heading)]  # one column, headed by several words
    if heading == first.cells:
        simple = _simple(text, mark, len(first.cells))
        if simple is not None:
            return Table(heading, simple, [])
    said = first.cells if heading == first.cells else []
    body = _even(rows, len(heading or first.cells), first.line, said, again, text[-1:] in "\r\n")
    if heading is not None and any("train" in line.lower() for _, line in sample):
        body = _trained(body, heading)
    after = text.find("\n")
    clean = text[after:].isascii() and "_" not in text[after:] if heading else text.isascii() and "_" not in text
    columns = _columns(body, mark, clean and not again, heading, text, len(heading or first.cells))
    names = heading or ["loss" if len(columns) == 1 else "" for _ in columns]
    left_out = [row.cells[0] if row.line < 0 else "a heading said again" for row in again]
    return Table(names, columns, list(dict.fromkeys(left_out)), heading is not None)


def _simple(text: str, mark: str, width: int) -> list[Column] | None:
    """The columns of a table without quotes, comments and exceptions, many times faster; None: there are some."""
    after = text.find("\n") + 1
    if not text.isascii() or any(text.find(sign, after) >= 0 for sign in "\"'#_"):
        return None
    commas = mark != "," and text.find(",", after) >= 0
    if commas and (mark == " " or text.find(".", after) >= 0 or not _commas.somewhere(text[after:][:BLOCK], mark)):
        return None
    parts = []
    try:
        for block in blocks(text, after):
            if commas and NO_DECIMAL.search(block):
                return None
            lines = (block.replace(",", ".") if commas else block).split("\n")
            cut = map(str.split, lines) if mark == " " else csv.reader(lines, delimiter=mark)
            rows = [row for row in cut if row]
            if set(map(len, rows)) - {width}:
                return None
            own = [column(cells, clean=True) for cells in zip(*rows, strict=True)]
            if any(found.bad for found in own) or np.logical_and.reduce([found.missing for found in own]).any():
                return None
            parts += [own] if rows else []
    except csv.Error:
        return None
    return [joined(list(own)) for own in zip(*parts, strict=True)] if parts else None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for i, line in enumerate((line for block in blocks(text) for line in block.split("\n")), 1):
        line = line.strip(" \r\n")
        if line and line[0] != "#" and not line.startswith("sep=") and line.strip():
            yield i, line


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


def _rows(text: str, mark: str) -> Iterator[Row]:
    """The rows, with the number of their line; a line of blank cells is none."""
    numbers: list[int] = [0]

    def lines() -> Iterator[str]:
        for i, line in _lines(text):
            numbers[0] = i
            yield line

    if mark == " ":
        for line in lines():
            yield Row(numbers[0], [_bare(cell) for cell in line.split()])
        return
    try:
        for cells in csv.reader(lines(), delimiter=mark, skipinitialspace=mark != "\t", strict=True):
            cells = [cell if cell.isalnum() else _bare(cell) for cell in cells]
            if any(cells):
                yield Row(numbers[0], cells)
    except csv.Error as error:
        raise ValueError(f"line {numbers[0]} of the table cannot be read: {error}") from None


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell.strip("\"'").strip() if cell[:1] in ("'", '"') else cell


def _with(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


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


def _even(
    rows: Iterator[Row], width: int, line: int, heading: list[str], again: list[Row], ended: bool
) -> Iterator[Row]:
    """The rows without headings said again; refuses those with more or fewer cells than the first."""
    short: Row | None = None

    def uneven(row: Row) -> ValueError:
        return ValueError(f"line {row.line} has {len(row.cells)} columns and line {line} {width}; {_commas.POINTS}")

    for row in rows:
        if short is not None:
            raise uneven(short)
        if row.cells == heading:
            again.append(row)
        elif len(row.cells) == width:
            yield row
        elif len(row.cells) > width and not any(row.cells[width:]):
            yield Row(row.line, row.cells[:width])
        elif len(row.cells) < width:
            short = row  # the last line of a file that is being written
        else:
            raise uneven(row)
    if short is not None and ended:
        raise uneven(short)
    if short is not None:
        again.append(Row(-1, ["the last line, which is cut short"]))


def _trained(body: Iterator[Row], heading: list[str]) -> Iterator[Row]:
    """The rows, without the losses of those that say of themselves that they are of validation or test."""
    splits = [i for i, name in enumerate(heading) if name in _names.SPLITS]
    for row in body:
        if any(row.cells[i].lower() in _names.HELD_OUT for i in splits):
            cells = zip(heading, row.cells, strict=True)
            yield Row(row.line, ["" if _names.is_loss(name) else cell for name, cell in cells])
        else:
            yield row


def _columns(body: Iterator[Row], mark: str, clean: bool, heading: list[str] | None, text: str, width: int) -> list:
    commas = "," in text and (mark != "," or '"' in text or "'" in text)
    doubt = heading is None and mark in ", " and width > 1
    parts: list[list] = []
    whole: list[Row] = []
    while chunk := list(islice(body, CHUNK)):
        if commas or (doubt and not whole):
            whole += chunk
        if not commas:
            cells = zip(*(row.cells for row in chunk), strict=True)
            parts.append([_located(column(own, clean), chunk) for own in cells])
    if doubt and _commas.doubtful(mark, [row.cells for row in whole]):
        kinds = "columns of whole numbers, decimal commas or thousands"
        raise ValueError(f"line {whole[0].line} may be {kinds}: {_commas.POINTS}")
    if commas and whole:
        own = list(zip(*(row.cells for row in whole), strict=True))
        decimal = _commas.decimal([cell for cells in own for cell in cells])
        read = [_commas.pointed(cells) for cells in own] if decimal else own
        return [_located(_commas.unclear(column(cells), cells, decimal), whole) for cells in read]
    if not parts:
        raise ValueError("the input holds no numbers")
    return [joined(own) for own in map(list, zip(*parts, strict=True))]


def _located(found, rows: list[Row]):
    """The first cell that is no number, by its line in the file."""
    return found if found.bad is None else found._replace(bad=(rows[found.bad[0]].line, found.bad[1]))
