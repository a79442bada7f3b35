"""What a row of a log is, and its step: counts that go on, that start again in every epoch, epochs."""

import numpy as np

from lrsim.logs import _names
from lrsim.logs._cells import Table


def steps(table: Table, at: int, asked: int | None, kept: np.ndarray) -> tuple[np.ndarray | None, str]:
    """The steps of the rows that are kept, in the column asked for or the surest, and what a row is."""
    if asked is not None:
        return table.columns[asked].values[kept], "epoch" if _names.epoch(table.names[asked]) else "step"
    epochs = _counting(table, at, kept, [i for i, name in enumerate(table.names) if _names.epoch(name)])
    ranked = [(rank, i) for i, name in enumerate(table.names) if (rank := _names.step(name)) is not None]
    counts = _counting(table, at, kept, [i for _, i in sorted(ranked)])
    if counts is not None:
        values = table.columns[counts].values[kept]
        back = np.flatnonzero(np.diff(values) < 0)
        if epochs is None:
            again = _goes_on(table, counts, values, back, table.columns[at].values[kept])
            return (_unrolled(values, back, _per_epoch(table, counts, values, kept)) if again else values), "step"
        epoch = table.columns[epochs].values[kept]
        if np.any(np.diff(epoch)[back] > 0):
            return (epoch - epoch.min()) * _per_epoch(table, counts, values, kept) + values, "step"
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
    said = table.ends(at)[kept].max()
    return float(said if said >= values.max() else values.max() + (values.min() == 0))


def _goes_on(table: Table, at: int, values: np.ndarray, back: np.ndarray, losses: np.ndarray) -> bool:
    """Whether a count that starts again is one in an epoch: often, or at its end while the loss goes on."""
    ahead = np.diff(values)[np.diff(values) > 0]
    gap = np.median(ahead) if len(ahead) else 0
    if not len(back) or np.any(values[back + 1] > values.min() + gap):
        return False
    ends = table.ends(at)
    said = np.inf if np.isnan(ends).all() else np.nanmax(ends)
    near = np.abs(losses[back + 1] - losses[back]) < np.abs(losses[back + 1] - losses[0])
    return len(back) > 2 or bool(np.all(near & (values[back] + gap >= said)))


def _unrolled(values: np.ndarray, back: np.ndarray, size: float) -> np.ndarray:
    """A count that starts again in every epoch, counted on."""
    rounds = np.zeros(len(values))
    rounds[back + 1] = 1
    return np.cumsum(rounds) * size + values
