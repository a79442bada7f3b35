"""Lines that differ in their numbers alone are read together: one regular expression finds the numbers of all.

What a line says must hang on its digits through its numbers alone. So the first line of a shape is read twice, the
second time with other numbers, and where these come out says whose they are. A line that tells nothing in this way,
and one of a shape that few have, is read by itself.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from lrsim.logs._cells import DECIMAL, Column, column, number
from lrsim.logs._groups import Group, alike, named

BLOCK = 250_000  # characters
FEW = 10  # lines, for which a shape is not worth learning
MOST = 90  # numbers of two digits, which mark the places in a line
ALONE = re.compile(rf"(?<![\w.]){DECIMAL}", re.ASCII)  # the digits of loss_1 are no number
DIGITS = re.compile("[0-9]+")
ZEROS = bytes.maketrans(b"123456789", b"0" * 9)

Read = Callable[[str], list[dict[str, Any]]]


class Shape(NamedTuple):
    pattern: re.Pattern
    says: bool  # whether its lines are rows at all
    cells: dict[str, Any]  # of its first line
    groups: dict[str, int]  # of the pattern, by the name of the cell; other cells are the same in every line


def blocks(text: str, at: int = 0) -> Iterator[str]:
    """A text in pieces of whole lines."""
    while at < len(text):
        end = text.find("\n", at + BLOCK)
        yield text[at : end if end >= 0 else None]
        at = end + 1 if end >= 0 else len(text)


def together(lines: list[str], read: Read, known: dict[bytes, Shape | None]) -> list[Group]:
    """What lines say, a group a shape in the order in which these come; `known` keeps shapes for the next lines."""
    signs = np.frombuffer("\n".join(lines).encode("utf-8", "replace").translate(ZEROS), np.uint8)
    digits = signs == ord("0")
    shapes = signs[~(digits & np.append(False, digits[:-1]))].tobytes()  # of digits in a row the first
    found: list[Group] = []
    alone: dict[float, dict[str, Any]] = {}
    for name, rows in alike(shapes.split(b"\n")).items():
        if name not in known and len(rows) >= FEW:
            known[name] = _learnt(lines[rows[0]], read)
        shape = known.get(name)
        if shape is not None:
            group, rows = _read(lines, rows, shape)
            found += [group] if group.rows and shape.says else []
        for i in rows:
            said = read(lines[i])
            alone |= {i + j / len(said): row for j, row in enumerate(said)}
    at = sorted(alone)
    found += named([alone[i] for i in at], at)
    return sorted(found, key=lambda group: group.rows[0])


def _read(lines: list[str], rows: Sequence[int], shape: Shape) -> tuple[Group, Sequence[int]]:
    """The cells in rows of a shape, and the rows that are not of it after all."""
    found = shape.pattern.findall("\n".join(lines if len(rows) == len(lines) else [lines[i] for i in rows]))
    rest: list[int] = []
    if len(found) < len(rows):
        rest = [i for i in rows if not shape.pattern.match(lines[i])]
        rows = sorted({*rows} - {*rest})
    columns = list(zip(*found, strict=True)) if shape.groups else []
    cells = {name: _floats(columns[at]) for name, at in shape.groups.items()} if columns else {}
    return Group(rows, {name: cells.get(name) or _same(cell, len(rows)) for name, cell in shape.cells.items()}), rest


def _same(cell: Any, height: int) -> Column:
    values, missing, bad = column([cell])
    return Column(values.repeat(height), missing.repeat(height), bad)


def _floats(cells: Sequence[str]) -> Column:
    """Many a column says the same all the time, such as a rate: then it is read once."""
    if cells.count(cells[0]) == len(cells):
        return _same(float(cells[0]), len(cells))
    return Column(np.array(list(map(float, cells))), np.zeros(len(cells), bool))


def _learnt(line: str, read: Read) -> Shape | None:
    """Where a line has its cells, None if that does not hang on its numbers alone."""
    marks = count(10)
    places: dict[Any, int] = {}

    def marked(found: re.Match) -> str:
        text = DIGITS.sub(lambda _: str(next(marks)), found[0])
        places[float(text)] = len(places)
        return text

    changed = ALONE.sub(marked, line)
    said, other = read(line), read(changed)
    if len(said) != len(other) or len(said) > 1 or next(marks) > MOST:
        return None
    one, two = (rows[0] if rows else {} for rows in (said, other))
    if list(one) != list(two):
        return None
    groups: dict[str, int] = {}
    for name, cell in one.items():
        place = places.get(_value(two[name]))
        if place is not None:
            groups[name] = place
        elif _value(cell) != _value(two[name]) and repr(cell) != repr(two[name]):
            return None
    taken = sorted(set(groups.values()))
    padded = read(ALONE.sub(lambda found: re.sub("[0-9]", r"0\g<0>", found[0], count=1), changed))
    pattern = re.compile(_pattern(line, taken, repr(padded) == repr(other)), re.MULTILINE)
    return Shape(pattern, len(said) > 0, one, {name: taken.index(at) + 1 for name, at in groups.items()})


def _value(cell: Any) -> float | str | None:
    try:
        return number(cell)
    except ValueError:
        return "none"


def _pattern(line: str, taken: list[int], padded: bool) -> str:
    """Lines like this one; of its numbers those that are taken are groups, with zeros before them if `padded`."""
    parts, at = ["^()"], 0
    for k, found in enumerate(ALONE.finditer(line)):
        own = DIGITS.sub("[0-9]+", re.escape(found[0]))
        bare = "" if padded else "(?![+-]?0[0-9])"
        parts += [re.escape(line[at : found.start()]), f"{bare}({own})" if k in taken else own]
        at = found.end()
    return "".join([*parts, re.escape(line[at:]), "$"])
