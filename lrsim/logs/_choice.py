"""The log in a table: which columns are the losses and the rates, and what a user asks for."""

import numpy as np

from lrsim.logs import _kept, _names, _steps
from lrsim.logs._cells import Column, Table
from lrsim.logs._log import Log

FEW = 4  # rows, which may be numbers of any kind
STAMP = 1e9  # a time in seconds, and no count

Wanted = str | int | None


def chosen(table: Table, column: Wanted, step: Wanted, rate: Wanted) -> Log:
    """The log in a table: rows without a loss are left out, of rows logged twice the later counts.

    Raises:
        ValueError: no such column, none that is a loss, a cell that is no number.
    """
    table = _counted(table)
    at = _which(table, "column", column)
    if at is None:
        at = _loss(table)
    losses = _sound(table, at)
    table = _alike(table, len(losses.values))
    missing = losses.missing | _elsewhere(table, at)
    kept = np.flatnonzero(~missing)
    name = table.names[at] or f"column {at + 1}"
    if not len(kept):
        raise ValueError(f"{name} holds no numbers")
    said = list(table.left_out)
    if len(kept) < len(missing):
        said.append(f"{_kept.rows(len(missing) - len(kept))} without {name}")
    kept = _kept.own(table, kept, said)
    asked = _which(table, "step", step)
    if asked is not None:
        _sound(table, asked)
    steps, row = _steps.steps(table, at, asked, kept)
    if asked is not None and steps is not None and not np.isfinite(steps).all():
        raise ValueError(f"step {step} must have a number in every row with a loss")
    rates = _rates(table, at, rate)
    if steps is not None:
        kept, steps = _kept.last(table, losses.values, steps, row, kept, said)
    others = [n for i, n in enumerate(table.names) if i != at and _names.is_loss(n)]
    if column is None and others:
        said.append(", ".join(others[:4]) + (", …" if len(others) > 4 else ""))
    return Log(losses.values[kept], steps, None if rates is None else rates[kept], name, row, tuple(said))


def _counted(table: Table) -> Table:
    """Of two columns without headings the first counts and the second has the values, if both look so."""
    if any(table.names) or len(table.names) != 2:
        return table
    first, values = (own.values for own in table.columns)
    counts = len(first) >= FEW and np.all(first < STAMP) and np.all(first % 1 == 0) and np.all(np.diff(first) > 0)
    return (
        table._replace(names=["step", "value"]) if counts and np.any(np.isfinite(values) & (values % 1 != 0)) else table
    )


def _alike(table: Table, rows: int) -> Table:
    """Columns of another length than the losses, such as one value an epoch, say nothing of their rows."""
    none = Column(np.full(rows, np.nan), np.ones(rows, bool))
    return table._replace(columns=[own if len(own.values) == rows else none for own in table.columns])


def _which(table: Table, argument: str, wanted: Wanted) -> int | None:
    """The place of the column that was asked for, by its heading or its number from 1."""
    if wanted is None:
        return None
    width, text = len(table.names), str(wanted)
    for same in ([n == text for n in table.names], [n.lower() == text.lower() for n in table.names]):
        if sum(same) > 1 and text:
            raise ValueError(f"{argument} {text:.40} is there {sum(same)} times: give its number, from 1")
        if sum(same) == 1 and text:
            return same.index(True)
    if text.isascii() and text.isdigit() and 1 <= int(text) <= width:
        return int(text) - 1
    raise ValueError(f"{argument} {text:.40} is not there; the input has {_listed(table)}")


def _listed(table: Table) -> str:
    if not any(table.names):
        return f"{len(table.names)} columns without headings"
    return f"columns {', '.join(table.names):.300}"


def _first_values(table: Table) -> str:
    firsts = [next((f"{v:.6g}" for v in c.values[~c.missing][:1]), "none") for c in table.columns[:12]]
    return f" (first values {', '.join(firsts)})"


def _loss(table: Table) -> int:
    able = [i for i, c in enumerate(table.columns) if c.bad is not None or not c.missing.all()]
    text = [own.missing.all() for own in table.columns]  # of two that are named alike it is the last
    ranked = sorted((rank, text[i], i) for i in able if (rank := _names.loss(table.names[i])) is not None)
    if ranked:
        (_, kind, *_), _, at = ranked[0]
        twice = [i for *_, i in ranked if table.names[i] == table.names[at]]
        if len(twice) > 1:
            raise ValueError(f"two columns are called {table.names[twice[0]]}: give the number of one as column=")
        if kind == 2 and _rises_to_one(table.columns[at]):
            raise ValueError(
                f"{table.names[at]} may be an accuracy, since it rises and stays below 1: "
                "say which is the loss with column="
            )
        return at
    able = [i for i in able if not _names.counts(table.names[i]) and table.names[i]] if any(table.names) else able
    if len(able) == 1 and len(table.names) == 1 and not _names.is_gain(table.names[0]):
        return able[0]
    if not able:
        raise ValueError("the input holds no numbers")
    if all(c.missing.all() for c in table.columns):
        raise ValueError("the input holds no loss: neither a column of numbers nor words such as loss: 2.3")
    raise ValueError(f"the input has {_listed(table)}: say which with column={_first_values(table)}")


def _rises_to_one(column: Column) -> bool:
    values = column.values[~column.missing]
    return len(values) > 1 and bool(values[-1] > values[0] and values.min() >= 0 and values.max() <= 1)


def _sound(table: Table, at: int) -> Column:
    found = table.columns[at]
    if found.bad is not None:
        line, cell = found.bad
        hint = ""
        if "," in cell:
            hint = "; it may have a decimal comma or a thousands separator: write decimal points"
        raise ValueError(f"line {line} has {cell!r:.40} where a number was needed{hint}")
    return found


def _elsewhere(table: Table, at: int) -> np.ndarray:
    """Rows that are another metric's: nan here, a number there, and that one has none where this one has."""
    own = np.isfinite(table.columns[at].values)
    found = np.zeros(len(own), bool)
    if own.all() or not own.any():
        return found
    for i, other in enumerate(table.columns):
        there = np.isfinite(other.values)
        if i != at and not (there & own).any() and not _names.counts(table.names[i]) and there.any():
            found |= there & ~own
    return found & np.isnan(table.columns[at].values)


def _rates(table: Table, at: int, wanted: Wanted) -> np.ndarray | None:
    """The rate of each row, held on where it is not said again."""
    asked = _which(table, "rate", wanted)
    if asked is None:
        ranked = [(rank, i) for i, name in enumerate(table.names) if (rank := _names.rate(name)) is not None]
        able = (
            pair
            for pair in ranked
            if pair[1] != at and _rated(own := table.columns[pair[1]]) and (own.values > 0).any()
        )
        asked = min(able, default=(0, None))[1]
        if asked is None:
            return None
    elif not _rated(_sound(table, asked)):
        raise ValueError(f"rate {wanted} must hold finite rates >= 0")
    column = table.columns[asked]
    said = np.flatnonzero(~column.missing)
    held = said[np.maximum(np.searchsorted(said, np.arange(len(column.values)), side="right") - 1, 0)]
    return column.values[held]


def _rated(column: Column) -> bool:
    values = column.values[~column.missing]
    return len(values) > 0 and bool(np.isfinite(values).all() and (values >= 0).all())
