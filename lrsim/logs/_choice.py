"""Which columns of a table are the losses, the steps and the rates, and which rows count."""

import numpy as np

from lrsim.logs import _names
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
        said.append(f"{_rows(len(missing) - len(kept))} without {name}")
    own = _own_loop(table, kept)
    if not own.all():
        said.append(f"{_rows(int((~own).sum()))} of another loop")
        kept = kept[own]
    once = _once(table, kept)
    if not once.all():
        said.append(f"{_rows(int((~once).sum()))} before the last of their epoch")
        kept = kept[once]
    steps, row = _steps(table, at, step, kept)
    rates = _rates(table, at, rate)
    if steps is not None:
        lines = _lines(table, losses.values[kept], steps, row, kept)
        if not lines.all():
            again = int((~lines).sum())
            said.append(f"{_rows(again)} that say{'s' * (again == 1)} a step again")
            steps, kept = steps[lines], kept[lines]
        alive = _last_time(steps)
        if not alive.all():
            said.append(f"{_rows(int((~alive).sum()))} logged again later")
            steps, kept = steps[alive], kept[alive]
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


def _rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"


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


def _own_loop(table: Table, kept: np.ndarray) -> np.ndarray:
    """Rows, but those that count to another number than most in an epoch that has some of these: an evaluation's."""
    own = np.ones(len(kept), bool)
    counted = [i for i, name in enumerate(table.names) if name.endswith("/of") and _names.step(name[:-3]) is not None]
    epochs = [i for i, name in enumerate(table.names) if _names.epoch(name)]
    if counted and epochs:
        of, epoch = (table.columns[at[0]].values[kept] for at in (counted, epochs))
        ends, first, often = np.unique(of, return_index=True, return_counts=True)
        if len(ends) > 1 and 2 * often.max() >= len(of):
            usual = of == ends[np.lexsort((first, -often))[0]]
            own = usual | np.isnan(of) | ~np.isin(epoch, epoch[usual])
    return own


def _said(table: Table, name: str, kept: np.ndarray) -> np.ndarray:
    """Which rows say a name themselves, and do not hold it on."""
    own = np.array([name in names for names in table.names_of] or [True])
    return own[table.makes[kept] if table.makes is not None else np.zeros(len(kept), int)]


def _once(table: Table, kept: np.ndarray) -> np.ndarray:
    """Rows, but those before the last of their epoch that are its bar: at its end too, or of another make, one each."""
    keep = np.ones(len(kept), bool)
    epochs = [i for i, name in enumerate(table.names) if _names.epoch(name)]
    if not epochs or len(kept) < 2:
        return keep
    epoch = table.columns[epochs[0]].values[kept]
    for i, name in enumerate(table.names):
        if _names.step(name) is not None and f"{name}/of" in table.names:
            of = table.columns[table.names.index(f"{name}/of")].values[kept]
            ended = (table.columns[i].values[kept] == of) & _said(table, name, kept)
            keep[:-1] &= ~(ended[:-1] & ended[1:] & (of[:-1] == of[1:]) & (epoch[:-1] == epoch[1:]))
    if table.makes is not None:
        last = table.makes[kept] == table.makes[kept[-1]]
        theirs = epoch[last]
        if len(np.unique(theirs)) == len(theirs) and 2 * len(theirs) >= len(kept) and np.isin(epoch, theirs).all():
            keep &= last
    return keep


def _steps(table: Table, at: int, wanted: Wanted, kept: np.ndarray) -> tuple[np.ndarray | None, str]:
    """The steps of the rows that are kept, and what a row is."""
    asked = _which(table, "step", wanted)
    if asked is not None:
        values = _sound(table, asked).values[kept]
        if not np.isfinite(values).all():
            raise ValueError(f"step {wanted} must have a number in every row with a loss")
        return values, "epoch" if _names.epoch(table.names[asked]) else "step"
    epochs = _counting(table, at, kept, [i for i, name in enumerate(table.names) if _names.epoch(name)])
    ranked = [(rank, i) for i, name in enumerate(table.names) if (rank := _names.step(name)) is not None]
    steps = _counting(table, at, kept, [i for _, i in sorted(ranked)])
    if steps is not None:
        values = table.columns[steps].values[kept]
        back = np.flatnonzero(np.diff(values) < 0)
        if epochs is None:
            again = _goes_on(table, steps, values, back, table.columns[at].values[kept])
            return (_unrolled(values, back, _per_epoch(table, steps, values, kept)) if again else values), "step"
        epoch = table.columns[epochs].values[kept]
        if np.any(np.diff(epoch)[back] > 0):
            return (epoch - epoch.min()) * _per_epoch(table, steps, values, kept) + values, "step"
        return values, "step"
    if epochs is None:
        return None, "row"
    epoch = table.columns[epochs].values[kept]
    return (epoch, "epoch") if np.all(np.diff(epoch) != 0) else (None, "row")


def _counting(table: Table, at: int, kept: np.ndarray, candidates: list[int]) -> int | None:
    """The candidate that counts furthest over the rows that are kept; the surest of equals."""
    best, most = None, 1
    for i in candidates:
        values = table.columns[i].values[kept]
        if i != at and np.isfinite(values).all() and (values >= 0).all():
            different = len(np.unique(values))
            if different > most:
                best, most = i, different
    return best


def _per_epoch(table: Table, at: int, values: np.ndarray, kept: np.ndarray) -> float:
    name = f"{table.names[at]}/of"
    said = table.columns[table.names.index(name)].values[kept].max() if name in table.names else 0
    return float(said if said >= values.max() else values.max() + (values.min() == 0))


def _goes_on(table: Table, at: int, values: np.ndarray, back: np.ndarray, losses: np.ndarray) -> bool:
    """Whether a count that starts again is one in an epoch: often, or at its end while the loss goes on."""
    ahead = np.diff(values)[np.diff(values) > 0]
    gap = np.median(ahead) if len(ahead) else 0
    if not len(back) or np.any(values[back + 1] > values.min() + gap):
        return False
    of = f"{table.names[at]}/of"
    said = np.nanmax(table.columns[table.names.index(of)].values) if of in table.names else np.inf
    near = np.abs(losses[back + 1] - losses[back]) < np.abs(losses[back + 1] - losses[0])
    return len(back) > 2 or bool(np.all(near & (values[back] + gap >= said)))


def _unrolled(values: np.ndarray, back: np.ndarray, size: float) -> np.ndarray:
    """A count that starts again in every epoch, counted on."""
    rounds = np.zeros(len(values))
    rounds[back + 1] = 1
    return np.cumsum(rounds) * size + values


def _lines(table: Table, losses: np.ndarray, steps: np.ndarray, row: str, kept: np.ndarray) -> np.ndarray:
    """Rows, but those of another make than most at a step that one of these has, and a last one said before."""
    own = np.ones(len(steps), bool)
    if table.makes is not None and row == "step":
        makes = table.makes[kept]
        usual = makes == np.bincount(makes).argmax()
        place = np.cumsum(np.append(0, np.diff(steps) != 0))
        own = usual | (np.bincount(place, usual)[place] == 0)
    if len(steps) > 1 and steps[-1] < steps[-2]:
        own[-1] &= not np.any((steps[:-1] == steps[-1]) & (losses[:-1] == losses[-1]))
    return own


def _last_time(steps: np.ndarray) -> np.ndarray:
    """Rows whose step no later row reaches or goes back behind: what a resumed run overwrote does not count."""
    later = np.minimum.accumulate(steps[::-1])[::-1]
    return np.append(steps[:-1] < later[1:], True)


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
