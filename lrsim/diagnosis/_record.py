"""What came in, checked: losses, where their rows stand in the log and in updates, the rates."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.logs._log import Log


@dataclass(frozen=True, eq=False)
class Curve:
    """Losses of every row; `at` is the step of each as the log counts, `t` counts in `per`."""

    losses: np.ndarray
    at: np.ndarray
    t: np.ndarray
    per: str
    word: str
    rates: np.ndarray | None

    def only(self, kept: np.ndarray) -> "Curve":
        rates = None if self.rates is None else self.rates[kept]
        return Curve(self.losses[kept], self.at[kept], self.t[kept], self.per, self.word, rates)

    def step(self, row: int) -> float:
        return self.at[row].item()

    def where(self, row: int) -> str:
        """Such as "step 120"."""
        return f"{self.word} {self.at[row]:.10g}"


def curve(losses: Any, steps: Any = None, rates: Any = None, every: int | None = None) -> Curve:
    """Raises TypeError or ValueError for what is no curve, naming the argument."""
    word = "step"
    if isinstance(losses, Log):
        word = losses.row
        steps, rates = (losses.steps if steps is None else steps), (losses.rates if rates is None else rates)
        losses = losses.losses
    values = _check.numbers("losses", losses)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"losses must be a list of at least one number, got shape {values.shape}")
    rows = np.arange(len(values))
    at = rows if steps is None else _as_long("steps", steps, values)
    if steps is not None and len(at) > 1 and not (np.diff(at) > 0).all():
        back = int(np.flatnonzero(np.diff(at) <= 0)[0])
        raise ValueError(f"steps must rise from row to row, got {at[back + 1]:g} after {at[back]:g}")
    if rates is not None:
        rates = _as_long("rates", rates, values, low=0)
    t: np.ndarray = at.astype(np.float64)
    per = "update" if word == "step" else "row"
    if every is not None:
        counts = rows if steps is None or word == "step" else at - at[0]
        t, per = counts * float(_check.count("every", every, 1)), "update"
    elif per == "row":
        t = rows.astype(np.float64)
    return Curve(values, at, t, per, word, rates)


def _as_long(name: str, given: Any, losses: np.ndarray, **bounds: Any) -> np.ndarray:
    values = _check.array(name, given, **bounds)
    if values.shape != losses.shape:
        raise ValueError(f"{name} must have one number for each of {len(losses)} losses, got shape {values.shape}")
    return values if bounds or (values % 1).any() else values.astype(np.int64)
