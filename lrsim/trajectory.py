"""What a run leaves behind."""

from dataclasses import dataclass
from typing import Any

import numpy as np

DIVERGED = 1e6


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The record of one run, or of a sweep: batch first, then time, then coordinates.

    Attributes:
        iterates: w_t, (*batch, steps+1, d), or None unless record="path".
        losses: L(w_t), (*batch, steps+1), or None when record="summary".
        etas: η_t, (*batch, steps); etas[t] carried iterates[t] to iterates[t+1]. None when record="summary".
        final_loss, peak_loss: L at the last step and the largest L, (*batch).
        diverged_at: first step whose |loss| exceeds 1e6 times the start's or is not finite; None for a single run
            that has none, and -1 in the integer array of a sweep.
        regime: `stability.regime` of a constant η, None for a schedule or a landscape that is not quadratic.
    """

    iterates: np.ndarray | None
    losses: np.ndarray | None
    etas: np.ndarray | None
    final_loss: Any
    peak_loss: Any
    diverged_at: Any
    recovered: Any
    regime: Any

    @property
    def batch(self) -> tuple[int, ...]:
        return np.shape(self.final_loss)
