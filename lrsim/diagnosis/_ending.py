"""Question 1: whether the end is finite, and if not, whether a learning rate could have done it from where it was."""

from typing import NamedTuple

import numpy as np

AGAIN = 3  # rows that are finite again, from which a run counts as going on
LARGEST = {"float32": 3.4e38, "float16": 65504.0}
CREDIBLE = 20.0  # growth of the loss a step on a bowl, ηλ of 5.5: more is no bowl's, but a network steepens as it grows


class Ending(NamedTuple):
    first: int | None  # the first row that is not finite
    lost: bool  # whether it stays so
    kept: np.ndarray  # the rows that are finite, up to where it is lost
    gaps: int  # rows before that which are not
    but: bool  # whether some after that are finite again


def read(losses: np.ndarray) -> Ending:
    finite = np.isfinite(losses)
    if finite.all():
        return Ending(None, False, np.arange(len(losses)), 0, False)
    first = int(finite.argmin())
    bad = np.flatnonzero(~finite)
    runs = np.split(bad, np.flatnonzero(np.diff(bad) > AGAIN) + 1)  # finite for three rows between two of them
    lost = len(losses) - 1 - int(runs[-1][-1]) < AGAIN
    end = int(runs[-1][0]) if lost else len(losses)
    kept = np.flatnonzero(finite[:end])
    first = first if not lost or len(runs) > 1 else int(runs[-1][0])
    return Ending(first, lost, kept, end - len(kept), bool(finite[end:].any()))


def needed(level: float, gap: float) -> tuple[str, float]:
    """The float that overflows first in words, and the growth a step that leads there from `level` in `gap` steps."""
    name = "float32"
    return name, (LARGEST[name] / max(level, 1e-30)) ** (1 / max(gap, 1.0))
