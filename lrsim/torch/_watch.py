"""`Watch`: sharpness and margin along a training run, as a log."""

import csv
import math
import os
import sys
import time
from typing import Any, NamedTuple

import numpy as np
import torch

from lrsim import _check
from lrsim.stability.hessian import NotFinite
from lrsim.torch._probe import Probe


class Row(NamedTuple):
    """One call of a watch; sharpness and margin are nan where it did not look, or the model was lost."""

    step: float
    loss: float
    eta: float
    sharpness: float
    margin: float


class Watch:
    """The margin along a run: `watch(step, loss)` after each update records step, loss, η, and at looks the curvature.

    The first call and then every `every`th looks: sharpness λ_max of H, and the margin η over its limit. A look starts
    from the eigenvector of the one before, and is content with a residual of 0.3 % and with proof that nothing twice as
    large was missed: about half the products of the first one, and a margin that is as a rule good to four digits.

    probe: a `Probe` with an optimizer. loss: a number or a tensor, read at looks only, so that nothing waits for the
    device in between. path: a CSV file that is written anew, complete at each look; `lrsim.logs.read` reads it, and so
    `lrsim diagnose`. When the margin first passes 1, one line on standard error says so and what usually follows.

    `rows` has what was recorded, a `Row` a call, `share` the part of the time since the first call that looking took.

    Raises:
        TypeError: not a probe, or one without an optimizer. ValueError: every below 1, a loss of more than one number.
    """

    def __init__(self, probe: Probe, every: int = 100, path: str | os.PathLike | None = None) -> None:
        if not isinstance(probe, Probe):
            raise TypeError(f"probe must be a lrsim.torch.Probe, got {_check.said(probe)}")
        probe._asked()
        self._probe, self._every, self._path = probe, _check.count("every", every, 1), path
        self._rows: list[Row] = []
        self._waiting: list[tuple[float, Any, float]] = []
        self._told = False
        self._looking, self._begun = 0.0, math.inf
        self._near: dict[str, np.ndarray] = {}
        if path is not None:
            with open(path, "w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow(Row._fields)

    def __call__(self, step: float, loss: Any) -> None:
        """Records one call; every so many of them looks."""
        began = time.perf_counter()
        self._begun = min(self._begun, began)
        tensor = isinstance(loss, torch.Tensor)
        given = loss.detach().clone() if tensor else _check.numbers("loss", loss)
        if math.prod(given.shape) != 1:
            raise ValueError(f"loss must be one number, got shape {tuple(given.shape)}")
        self._waiting.append((float(step), given if tensor else given.item(), self._probe.eta))
        if (len(self._rows) + len(self._waiting) - 1) % self._every == 0:
            sharpness, margin, settled = self._look()
            self._settle(sharpness, margin)
            if margin > 1 and settled and not self._told:
                self._told = True
                print(passed(self._rows[-1]), file=sys.stderr, flush=True)
            self._looking += time.perf_counter() - began

    @property
    def rows(self) -> list[Row]:
        """What was recorded, one `Row` a call."""
        self._settle()
        return list(self._rows)

    @property
    def share(self) -> float:
        """The part of the time since the first call that looks took, 0 to 1."""
        return self._looking / (time.perf_counter() - self._begun) if self._waiting or self._rows else 0.0

    def __str__(self) -> str:
        looked = [row for row in self.rows if not math.isnan(row.margin)]
        last = f", the last at step {looked[-1].step:g} with margin {looked[-1].margin:.3g}" if looked else ""
        return f"{len(self._rows)} calls, {len(looked)} looks{last}; looking took {self.share:.1%} of the time"

    def _look(self) -> tuple[float, float, bool]:
        try:
            return self._probe._look(self._near)
        except NotFinite:  # a lost run is a result
            return math.nan, math.nan, False

    def _settle(self, *found: float) -> None:
        """Reads the losses that wait; what was found belongs to the last of them."""
        new = [Row(step, float(loss), eta, math.nan, math.nan) for step, loss, eta in self._waiting]
        self._waiting.clear()
        if found:
            new[-1] = new[-1]._replace(sharpness=found[0], margin=found[1])
        self._rows += new
        if new and self._path is not None:
            with open(self._path, "a", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(_cells(*row) for row in new)


def passed(row: Row) -> str:
    """What it means that the margin has passed 1, and what usually follows."""
    return (
        f"lrsim: at step {row.step:g} η = {row.eta:.3g} is {row.margin:.2f} times its limit {row.eta / row.margin:.3g}."
        " Usually the loss now jumps for some steps, the margin falls back to 1 and training goes on near it. "
        f"If the loss keeps growing, the run is lost: divide η by {max(2.0, 1.1 * row.margin):.2g}, or warm it up."
    )


def _cells(*row: float) -> list[str]:
    """What no look measured is empty, while a loss that is nan says so."""
    missing = [i > 2 and math.isnan(value) for i, value in enumerate(row)]
    return ["" if gone else f"{value:.10g}" for gone, value in zip(missing, row, strict=True)]
