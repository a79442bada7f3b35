"""Rows that name their cells: those with the same names are read together, and all become one table."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from lrsim.logs import _names
from lrsim.logs._cells import Column, Table, column, gather, joined


class Group(NamedTuple):
    rows: Sequence[float]  # where they stand among others
    cells: dict[str, Column]


Piece = tuple[int, dict[str, Column]]  # rows of a log: how many, and their cells by name


def alike(kinds: Sequence[Hashable]) -> Mapping[Any, Sequence[int]]:
    """Where each kind is, in the order in which they come."""
    if kinds and len(set(kinds)) == 1:
        return {kinds[0]: range(len(kinds))}
    found: dict[Any, list[int]] = {}
    for i, kind in enumerate(kinds):
        found.setdefault(kind, []).append(i)
    return found


def named(rows: list[dict[str, Any]], at: Sequence[float]) -> list[Group]:
    """Rows with their places, in groups of the same names."""
    found = []
    for names, own in alike([*map(tuple, rows)]).items():
        cells = zip(*(rows[i].values() for i in own), strict=True)
        found.append(Group([at[i] for i in own], dict(zip(names, map(column, cells), strict=True))))
    return found


def turned(rows: list[dict[str, Any]]) -> Piece:
    """Rows that may be nested, and may say of themselves that they are of validation, as columns."""
    kinds: list[tuple] = list(map(tuple, rows))
    said = {*chain.from_iterable(set(kinds))}
    splits = said & {*_names.SPLITS, *(_names.TAGS if "value" in said else ())}
    if splits:
        kinds = [(kind, *(str(row.get(split)) for split in splits)) for kind, row in zip(kinds, rows, strict=True)]
    found = []
    for own in alike(kinds).values():
        some = [rows[i] for i in own] if len(own) < len(rows) else rows
        cells = _columns(some, _names.apart(some[0]))
        found += named(list(map(flat, some)), own) if cells is None else [Group(own, cells)]
    return spread(found)


def _columns(rows: Sequence[dict], names: Iterable, before: str = "") -> dict[str, Column] | None:
    """The cells of rows with the same names; None if those of nested ones are not the same."""
    found: dict[str, Column] = {}
    for name, key in zip(names, rows[0], strict=True):
        cells = list(map(itemgetter(key), rows))  # quicker than to turn all at once
        kinds = set(map(type, cells))
        if dict not in kinds:
            found[f"{before}{name}"] = column(cells)
            continue
        inner = set(map(tuple, cells)) if len(kinds) == 1 else set()
        own = _columns(cells, inner.pop(), f"{before}{name}/") if len(inner) == 1 else None
        if own is None:
            return None
        found |= own
    return found


def flat(row: dict, before: str = "") -> dict[str, Any]:
    """Nested dictionaries as one, the keys joined by /."""
    if not before and not _names.TOLD.isdisjoint(row):
        row = _names.apart(row)
    found: dict[str, Any] = {}
    for key, value in row.items():
        found |= flat(value, f"{before}{key}/") if isinstance(value, dict) else {f"{before}{key}": value}
    return found


def spread(groups: list[Group]) -> Piece:
    """The groups as columns; a name that a row has not is missing there."""
    if len(groups) == 1:
        return len(groups[0].rows), groups[0].cells
    groups = sorted(groups, key=lambda group: group.rows[0])
    every = np.concatenate([[], *(group.rows for group in groups)])
    rank = np.empty(len(every), np.int64)
    rank[np.argsort(every, kind="stable")] = np.arange(len(every))
    found: dict[str, Column] = {}
    for group, end in zip(groups, np.cumsum([len(group.rows) for group in groups]), strict=True):
        at = rank[end - len(group.rows) : end]
        for name, own in group.cells.items():
            values, missing, bad = found.get(name) or none(len(every))
            values[at], missing[at] = own.values, own.missing
            worse = [] if own.bad is None else [(int(at[own.bad[0]]), own.bad[1])]
            found[name] = Column(values, missing, min([bad, *worse] if bad else worse, default=None))
    return len(every), found


def none(height: int) -> Column:
    return Column(np.full(height, np.nan), np.ones(height, bool))


def from_rows(chunks: Iterable[list[dict]]) -> Table:
    """Rows that name their cells, in chunks; what a row does not name is missing there."""
    return from_pieces(map(turned, chunks))


def from_pieces(pieces: Iterable[Piece]) -> Table:
    """Columns in pieces; a name that is not in a piece is missing there."""
    parts: dict[str, list[Column]] = {}
    done = 0
    for height, cells in pieces:
        for name in {**parts, **cells}:
            gather(parts.setdefault(name, [none(done)]), cells.get(name) or none(height))
        done += height
    return Table(list(parts), [joined(parts.pop(name)) for name in list(parts)], [])
