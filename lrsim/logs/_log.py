"""What was read: losses, where they stand, and in one line what was taken and what was not."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Log:
    """Losses L(s) of one run as its log gives them; `str()` says in one line what was taken and what was left out.

    Attributes:
        losses: (n,), in the order of the log, those that are not finite included.
        steps: (n,), the step of each row; its epoch where `row` is "epoch"; None where the log counts nothing.
        rates: (n,), the learning rate of each row, or None.
        column: the name of the column that was taken.
        row: what a row is: "step" (differences of `steps` are updates), "epoch" or "row".
        left_out: what the log has besides, each as a few words.
    """

    losses: np.ndarray
    steps: np.ndarray | None = None
    rates: np.ndarray | None = None
    column: str = "loss"
    row: str = "row"
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        rows = f"{len(self.losses)} row{'s' * (len(self.losses) != 1)} of {self.column}"
        span = "" if self.steps is None else f", {self.row} {self.steps[0]:.10g} to {self.steps[-1]:.10g}"
        rates = "" if self.rates is None else ", with rates"
        return rows + span + rates + (f"; left out: {', '.join(self.left_out)}" if self.left_out else "")
