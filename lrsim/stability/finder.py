"""What a range test measures: a rate that rises from step to step, the usual rules, and where the truth lies."""

from typing import NamedTuple

import numpy as np

from lrsim import _check
from lrsim.landscapes._quadratic import Quadratic
from lrsim.schedules._given import as_schedule
from lrsim.stability.limits import optimal_eta, threshold
from lrsim.stability.noise import expected_losses
from lrsim.typing import Array, Numbers, ScheduleLike

__all__ = ["RangeTest", "range_test"]

STOP = 4.0  # times the lowest loss, where fastai's test ends


class RangeTest(NamedTuple):
    """The curve of a range test, what the usual rules read off it, and what is true of the bowl.

    Attributes:
        etas: the rates, (steps,).
        losses: the expected loss before the update with each of them, (steps,).
        lowest: the rate where the loss is lowest. At an end of the ramp it says nothing.
        tenth: a tenth of it, a usual choice.
        steepest: the rate where the loss falls most per ln η, another.
        stop: the first rate after the lowest loss at which the loss is over 4 times as much; None if it never is.
        best: the best constant rate without noise, 2/(λ_min + λ_max).
        threshold: the cliff, 2/λ_max.
    """

    etas: Array
    losses: Array
    lowest: float
    tenth: float
    steepest: float
    stop: float | None
    best: float
    threshold: float


def range_test(
    landscape: Quadratic, start: Numbers, eta: Numbers | ScheduleLike, steps: int, noise: float = 0.0
) -> RangeTest:
    """E L(w_t) under rates that rise, against what the usual rules take from it and what is true, 2/λ_max and η*.

    No rule finds either. With n steps a decade, η_t = η_0 10^{t/n}, and without noise one direction is lowest at the
    first rate above its 2/λ; two in the limit of large n where Re Li₂(ηλ_min) = Re Li₂(ηλ_max), which is 4.92 ×
    2/λ_max for κ = 20. The steepest point is ln 10/(2nλ), λ of the direction that carries the loss: it measures the
    ramp. Noise moves the lowest point down, below 2/λ_max where the ramp is slow. Arguments are those of
    `expected_losses`; `eta` is a schedule that rises, such as `schedules.ramp`.

    Raises:
        TypeError: a landscape that is not quadratic. ValueError: an eigenvalue of 0 or less, rates that do not rise
        from above 0, fewer than 3 steps, more than one run.

    Source: L. N. Smith, "Cyclical learning rates for training neural networks" (2017), arXiv:1506.01186, section 3.3.

    >>> from lrsim import landscapes, schedules
    >>> rates = schedules.ramp(1e-7, 10, steps=401)
    >>> found = range_test(landscapes.bowl([1, 20]), [10, 0.05], rates, 401)
    >>> round(found.lowest, 3), round(found.tenth, 4), round(found.steepest, 4)
    (0.525, 0.0525, 0.0234)
    >>> found.threshold, round(found.best, 4)
    (0.1, 0.0952)
    """
    best, limit = optimal_eta(landscape), threshold(landscape)
    steps = _check.count("steps", steps, 3)
    schedule = as_schedule(eta, steps)
    if schedule.batch or _check.array("start", start).ndim != 1:
        raise ValueError("eta and start must be those of one run, got more")
    etas = np.asarray(schedule(np.arange(steps)), dtype=float)
    if not (etas[0] > 0 and (np.diff(etas) > 0).all()):
        raise ValueError(f"eta must rise at every step from above 0, got {etas.min():g} to {etas.max():g}")
    losses = expected_losses(landscape, start, schedule, steps, noise)[:-1]
    low = int(np.nanargmin(losses))
    fall = np.diff(losses[: low + 1]) / np.diff(np.log(etas[: low + 1]))
    steep = etas[0] if not low else (etas[1:] * etas[:-1])[:low][fall.argmin()] ** 0.5
    over = np.flatnonzero(~(losses[low:] <= STOP * losses[low]))
    stop = float(etas[low + over[0]]) if len(over) else None
    return RangeTest(etas, losses, float(etas[low]), float(etas[low]) / 10, float(steep), stop, best, limit)
