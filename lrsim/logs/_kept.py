"""Which rows of a log count: none of another loop, none that a later one says better or says again."""

import numpy as np

from lrsim.logs import _names
from lrsim.logs._cells import Table

NEAR = 0.9  # of an epoch, where a bar is drawn for the last time


def rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"


def own(table: Table, kept: np.ndarray, said: list[str]) -> np.ndarray:
    """The rows of the training's own loop, of an epoch's bar the last; `said` gets what was left out."""
    for those, why in ((_own_loop, "of another loop"), (_once, "before the last of their epoch")):
        keep = those(table, kept)
        kept = _without(kept, keep, why, said)
    return kept


def last(
    table: Table, losses: np.ndarray, steps: np.ndarray, row: str, kept: np.ndarray, said: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Of rows that say a step again the one that counts, and their steps; `said` gets what was left out."""
    lines = _lines(table, losses[kept], steps, row, kept)
    again = int((~lines).sum())
    kept, steps = _without(kept, lines, f"that say{'s' * (again == 1)} a step again", said), steps[lines]
    alive = _last_time(steps)
    return _without(kept, alive, "logged again later", said), steps[alive]


def _without(kept: np.ndarray, keep: np.ndarray, why: str, said: list[str]) -> np.ndarray:
    if not keep.all():
        said.append(f"{rows(int((~keep).sum()))} {why}")
    return kept[keep]


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
    """Rows, but those before the last of their epoch that are its bar: at its end too, or near it in another make."""
    keep = np.ones(len(kept), bool)
    epochs = [i for i, name in enumerate(table.names) if _names.epoch(name)]
    if not epochs or len(kept) < 2:
        return keep
    epoch = table.columns[epochs[0]].values[kept]
    for i, name in enumerate(table.names):
        if _names.step(name) is not None:
            of = table.ends(i)[kept]
            ended = (table.columns[i].values[kept] == of) & _said(table, name, kept)
            keep[:-1] &= ~(ended[:-1] & ended[1:] & (of[:-1] == of[1:]) & (epoch[:-1] == epoch[1:]))
    if table.makes is not None:
        last = table.makes[kept] == table.makes[kept[-1]]
        theirs = epoch[last]
        if len(np.unique(theirs)) == len(theirs) and 2 * len(theirs) >= len(kept) and np.isin(epoch, theirs).all():
            keep &= last | ~_near(table, kept)
    return keep


def _near(table: Table, kept: np.ndarray) -> np.ndarray:
    """Which rows say no step themselves, or one near the end of its epoch."""
    found = np.ones(len(kept), bool)
    for i, name in enumerate(table.names):
        if _names.step(name) is not None and not name.endswith("/of"):
            found &= ~_said(table, name, kept) | (table.columns[i].values[kept] >= NEAR * table.ends(i)[kept])
    return found


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
