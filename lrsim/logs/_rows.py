"""The rows of a table: its lines without comments, cut by the csv module's rules, many at a time."""

import csv
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from lrsim.logs._commas import POINTS
from lrsim.logs._shapes import blocks

CHUNK = 1000  # rows; with more, Python looks for garbage among them
RULE = re.compile(r"\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?")  # Markdown's, between bars
AGAIN, SHORT = "a heading said again", "the last line, which is cut short"
BLANKS = " \t\r\v\f\x1c\x1d\x1e\x1f"


class Row(NamedTuple):
    line: int
    cells: list[str]


class Rows(NamedTuple):
    """The rows of a text under a heading, which is `said` if it is a row itself."""

    text: str
    mark: str
    said: list[str]
    width: int

    def chunks(self, left_out: dict[str, None]) -> Iterator[list[list[str]]]:
        """Their cells, without headings said again and a last line that is being written.

        Raises:
            ValueError: a row has more or fewer cells than the heading.
        """
        done, headings, short = 0, 0, False
        for rows in _cut(self.text, self.mark):
            if short or self.said in rows or {*map(len, rows)} != {self.width}:
                every, rows = rows, []
                for cells in every:
                    if short or (cells != self.said and any(cells[self.width :])):
                        raise self._uneven(done + len(rows))
                    if cells == self.said:
                        headings += 1
                    elif len(cells) < self.width:
                        short = True
                    else:
                        rows.append(cells[: self.width])
            if rows:
                yield rows
            done += len(rows)
        if short and self.text[-1:] in "\r\n":
            raise self._uneven(done)
        left_out |= dict.fromkeys([AGAIN] * (headings > 1) + [SHORT] * short)

    def line(self, nth: int) -> int:
        """Where in the text a row of `chunks` stands."""
        return self._row(nth).line

    def _row(self, nth: int) -> Row:
        return next(islice((row for row in numbered(self.text, self.mark) if row.cells != self.said), nth, None))

    def _uneven(self, nth: int) -> ValueError:
        row, first = self._row(nth), next(numbered(self.text, self.mark))
        return ValueError(f"line {row.line} has {len(row.cells)} columns and line {first.line} {self.width}; {POINTS}")


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are no comments and not blank, and their numbers."""
    every = (line for block in blocks(text) for line in block.split("\n"))
    return ((i, kept) for i, line in enumerate(every, 1) for kept in _kept(line))


def numbered(text: str, mark: str) -> Iterator[Row]:
    """The rows one by one, with the numbers of their lines; a line of blank cells is none."""
    at = [0]

    def own() -> Iterator[str]:
        for at[0], line in lines(text):
            yield line

    try:
        for cells in _cells(own(), mark):
            yield from (Row(at[0], bare) for bare in _bare([cells], mark))
    except csv.Error as error:
        raise ValueError(f"line {at[0]} of the table cannot be read: {error}") from None


def _cut(text: str, mark: str) -> Iterator[list[list[str]]]:
    """The rows of `numbered`, some at a time and much faster."""
    cells = _cells(chain.from_iterable(map(_kept, blocks(text))), mark)
    more = True
    while more:
        rows: list[list[str]] = []
        try:
            rows.extend(islice(cells, CHUNK))
            more = len(rows) > 0
        except csv.Error:
            yield _bare(rows, mark)
            for _ in numbered(text, mark):  # which says where
                pass
        yield _bare(rows, mark)


def _kept(block: str) -> list[str]:
    found = block.split("\n")
    if " " in block or "\r" in block:
        found = [line.strip(" \r\n") for line in found]
    if "--" in block and "|" in block:
        found = [line for line in found if not RULE.fullmatch(line)]
    return [line for line in found if line and line[0] != "#" and line[:4] != "sep=" and not line.isspace()]


def _cells(lines: Iterator[str], mark: str) -> Iterator[list[str]]:
    if mark == " ":
        return map(str.split, lines)
    return csv.reader(lines, delimiter=mark, skipinitialspace=mark != "\t", strict=True)


def _bare(rows: list[list[str]], mark: str) -> list[list[str]]:
    """Rows without the blanks and quotes around their cells; of blank cells between marks there is no row."""
    said = "\n".join(chain.from_iterable(rows))
    if "'" in said or '"' in said:
        rows = [[_unquoted(cell.strip()) for cell in row] for row in rows]
    elif mark != " " and (not said.isascii() or any(blank in said for blank in BLANKS)):
        rows = [[*map(str.strip, row)] for row in rows]
    return rows if mark == " " else [*filter(any, rows)]


def _unquoted(cell: str) -> str:
    return cell.strip("\"'").strip() if cell[:1] in ("'", '"') else cell
