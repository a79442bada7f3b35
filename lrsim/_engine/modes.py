"""The exact engine for quadratics: in eigen-coordinates a step is one multiplication, x ← (1 - ηλ) x, a mode.

Plain iteration w ← w - ηHw mixes the modes through round-off: an overshoot of 10⁴⁰ in the steep one leaves noise of
10²⁴ in the flat one. Here no mode hears of another. Arrays are (d, *runs) or, along a block of steps, (d, *runs,
steps); everything is elementwise, so that a run has the same bits in whatever sweep and chunk it comes.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim._arithmetic import halves, in_order
from lrsim._engine.divergence import Monitor
from lrsim._engine.task import Results, Task
from lrsim.landscapes._quadratic import Quadratic

LONGEST, MOST = 4096, 2**21  # steps, and numbers of one run, computed at once where time is the inner axis
SHORT = 256  # numbers multiplied one after the other faster than by doubling


def longest(dimension: int) -> int:
    """How many steps make a block; it depends on nothing else, since a block has an end that rounds."""
    return max(1, min(LONGEST, MOST // dimension))


def cumulative_products(landscape: Quadratic, x: np.ndarray, rates: np.ndarray) -> None:
    """From x[..., 0] fills x[..., t] = Π_{s<t} (1 - η_s λ) x[..., 0]; x (d, *runs, T+1), rates (*runs, T)."""
    later = x[..., 1:]
    np.multiply(rates, column(landscape.negative, x.ndim), out=later)
    np.add(later, 1.0, out=later)
    np.multiply.accumulate(x, -1, out=x)


def powers(x: np.ndarray, factors: np.ndarray) -> None:
    """From x[..., 0] fills x[..., t] = ρᵗ x[..., 0], factors (d, *runs); a long block by multiplying what is known.

    By doubling, up to SHORT at once: ρ^SHORT overflows where ρᵗ x[..., 0] does, ever longer powers before.
    """
    if x.shape[-1] <= SHORT:
        x[..., 1:] = factors[..., None]
        np.multiply.accumulate(x, -1, out=x)
        return
    if not x[..., 0].all():
        factors = np.where(x[..., 0] == 0, 0.0, factors)  # a mode at rest stays there even where ρᵗ overflows
    known, span, length = 1, 1, x.shape[-1]
    while known < length:
        new = min(span, length - known)
        np.multiply(x[..., known - span : known - span + new], factors[..., None], out=x[..., known : known + new])
        known += new
        if span < SHORT:
            span, factors = 2 * span, factors * factors


def heights(landscape: Quadratic, x: np.ndarray, scratch: Any = None, out: Any = None) -> np.ndarray:
    """½ Σ λ x² + offset, added mode by mode in order; x (d, ...) -> (...)."""
    squares = np.multiply(x, column(landscape.half, x.ndim), scratch)  # before x², which may overflow
    squares *= x
    total = in_order(squares, out)
    return np.add(total, landscape.offset, out=out) if landscape.offset else total


def mended(landscape: Quadratic, x: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The losses again with 0 for ∞·0: a mode that overflowed and then met its perfect step, ηλ = 1, is at rest."""
    if not np.isnan(losses[..., -1]).any():
        return losses
    x[np.isnan(x)] = 0
    return heights(landscape, x)


def column(values: np.ndarray, ndim: int) -> np.ndarray:
    return values[:, None] if ndim == 2 else values.reshape(-1, *[1] * (ndim - 1))


def factor(landscape: Quadratic, eta: np.ndarray) -> np.ndarray:
    """1 - ηλ, (d, *runs), to the last place: the rounding of ηλ is put back, which near ηλ = 1 is all there is."""
    columns = landscape.eigenvalues, *landscape.split
    curvatures, a, b = columns if not eta.ndim else (c.reshape(-1, *[1] * eta.ndim) for c in columns)
    product = curvatures * eta
    rounded = 1 - product
    near = np.abs(rounded) < 0.5
    if not np.logical_or.reduce(near, axis=None):
        return rounded
    c, d = halves(eta)
    lost = ((a * c - product) + a * d + b * c) + b * d
    # where halves overflow there is nothing to put back
    return np.where(near & np.isfinite(lost), rounded - lost, rounded)


def plain(task: Task) -> bool:
    """Whether each mode goes by its factors alone."""
    return task.exact and not task.noise and task.optimizer.name == "gradient_descent"


def first_scale(landscape: Quadratic, x: np.ndarray, eta: Any) -> np.ndarray:
    """η₀‖g₀‖² at x (d, *runs)."""
    slope = x * column(landscape.eigenvalues, x.ndim)
    slope *= slope
    return eta * in_order(slope)


def mover(task: Task, x: np.ndarray) -> Callable[[Any], None]:
    """The function that carries x (d, *runs) over a step in place, given η, a number or (*runs)."""
    if task.schedule.name == "constant":
        steady = steady_factors(task, x.ndim)
        return lambda eta: np.multiply(x, steady, out=x)
    scratch, negative = np.empty_like(x), column(task.landscape.negative, x.ndim)

    def scale(eta: Any) -> None:
        np.multiply(negative, eta, out=scratch)
        np.add(scratch, 1.0, out=scratch)
        np.multiply(x, scratch, out=x)

    return scale


def rates_between(task: Task, first: int, last: int) -> np.ndarray:
    """Rates of steps first to last - 1, with axes that broadcast to (*runs, steps)."""
    rates = task.rates(np.arange(first, last))
    return rates.reshape(*[1] * (task.runs.ndim - len(task.schedule.batch)), *rates.shape)


def monitored(task: Task, loss: np.ndarray) -> Monitor:
    """Of exact runs that begin, or are taken up, with this loss."""
    if task.begin or not task.steps:
        return Monitor(task, loss)
    first = rates_between(task, task.begin, task.begin + 1)[..., 0]
    return Monitor(task, loss, first_scale(task.landscape, task.start, first))


def run(task: Task, into: Results) -> None:
    """Gradient descent with time as the inner axis, in blocks; writes into `into`."""
    landscape, x, done = task.landscape, task.start, 0
    monitor = monitored(task, heights(landscape, np.array(x)))
    steady = steady_factors(task, x.ndim) if task.schedule.name == "constant" else None
    goal = None if into.iterates is None else np.moveaxis(into.iterates, -1, 0)
    most, kept = longest(len(x)), task.kept - task.begin
    if into.total is not None:
        into.total[...] = 0.0 if task.total is None else task.total
    whole = task.steps <= most and len(kept) == task.steps + 1  # then results are computed where they stay
    while True:
        last = min(task.steps, done + most)
        at_home = whole and goal is not None and landscape.at_home
        part: Any = goal if at_home else np.empty((*x.shape, last - done + 1))
        part[..., 0] = x
        if steady is None:
            cumulative_products(landscape, part, rates_between(task, task.begin + done, task.begin + last))
        else:
            powers(part, steady)
        losses = mended(landscape, part, heights(landscape, part, out=into.losses if whole else None))
        monitor.see_all(losses[..., 1:], convex=steady is not None and landscape.bounded)
        _keep(kept, None if at_home else goal, into.losses, part, losses, done, landscape)
        if into.total is not None:
            np.add(into.total, part[..., averaged_from(task, done) :].sum(-1), out=into.total)
        x, done = part[..., -1], last
        if last == task.steps:
            into.final[...], into.last[...] = losses[..., -1], x
            monitor.result(into.past)
            return


def averaged_from(task: Task, done: int) -> int:
    """Where in the block that begins `done` steps after the task the mean takes up; ends are not counted twice."""
    at = task.begin + done
    counted = done or task.total is not None
    return max(task.average - at, 1 if counted and task.average <= at else 0)  # type: ignore[operator]


def _keep(kept: np.ndarray, goal: Any, into: Any, x: np.ndarray, losses: np.ndarray, done: int, at: Quadratic) -> None:
    """Writes those steps of a block that are kept; a block begins with the last step of the one before."""
    if into is None or (goal is None and into is losses):
        return
    low, high = np.searchsorted(kept, [done, done + losses.shape[-1]])
    inside: Any = slice(None) if high - low == losses.shape[-1] else kept[low:high] - done
    if into is not losses:
        into[..., low:high] = losses[..., inside]
    if goal is not None:
        goal[..., low:high] = at.from_modes(x[..., inside])


def steady_factors(task: Task, ndim: int) -> np.ndarray:
    factors = factor(task.landscape, np.asarray(task.schedule(0)))
    return factors.reshape(len(factors), *[1] * (ndim - factors.ndim), *factors.shape[1:])
