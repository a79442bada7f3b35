"""Exact runs at a constant η on a bowl without a downward direction: straight to the steps that are asked for."""

from typing import Any

import numpy as np

from lrsim._arithmetic import in_order
from lrsim._engine.divergence import Monitor, first_step, is_lost
from lrsim._engine.modes import averaged_from, column, heights, longest, monitored, rates_between, steady_factors
from lrsim._engine.task import Results, Task


def run(task: Task, into: Results) -> None:
    """Constant η on a landscape without a downward direction: straight to each kept step, and to the last.

    L is convex in t, so its peak is at an end, it turns at most once, and after that it only moves further from its
    lowest: where it turns and where it is lost are found by bisection.
    """
    landscape, x, factors = task.landscape, task.start, steady_factors(task, task.start.ndim)
    monitor = monitored(task, heights(landscape, np.array(x)))
    end = _grown(factors, x, float(task.steps))
    into.final[...], into.last[...] = heights(landscape, end.copy()), end
    np.maximum(monitor.peak, into.final, out=monitor.peak)
    np.minimum(monitor.low, into.final, out=monitor.low)
    growing = ((np.abs(factors) > 1) & (x != 0)).any(axis=0)
    if growing.any():
        _after_the_turn(task, np.broadcast_to(factors, x.shape), monitor, growing)
    monitor.result(into.past)
    if into.total is not None:
        into.total[...] = _summed(task, factors) + (0.0 if task.total is None else task.total)
    if into.losses is not None:
        _leaps(task, into, factors)


def _grown(factors: np.ndarray, x: np.ndarray, t: Any) -> np.ndarray:
    return np.where(x == 0, 0.0, np.power(factors, t) * x)  # a mode at rest stays there


def _after_the_turn(task: Task, factors: np.ndarray, monitor: Monitor, growing: np.ndarray) -> None:
    """The lowest loss of the runs that are growing, and the step at which each is lost."""
    rho, x = factors[:, growing], task.start[:, growing]
    half = task.landscape.half[:, None]
    offset, zero, end = task.landscape.offset, np.zeros(x.shape[1:]), np.full(x.shape[1:], float(task.steps))

    def terms(t: np.ndarray) -> np.ndarray:
        grown = _grown(rho, x, t)
        return half * grown * grown

    def loss(t: np.ndarray) -> np.ndarray:
        return in_order(terms(t)) + offset

    def rises(t: np.ndarray) -> np.ndarray:
        return in_order(terms(t) * (rho - 1) * (rho + 1)) >= 0

    turn = first_step(rises, zero - 1, end)
    first, scale, gone = monitor.first[growing], monitor.scale[growing], monitor.gone[growing]
    low = np.fmin(monitor.low[growing], loss(turn))
    monitor.low[growing] = low
    lost = first_step(lambda t: is_lost(first, low, scale, loss(t)), turn, end + 1)
    found = ~gone & (lost <= task.steps)
    lost = task.begin + np.where(found, lost, 0).astype(np.int64)
    monitor.lost[growing] = np.where(found, lost, monitor.lost[growing])


def _summed(task: Task, factors: np.ndarray) -> np.ndarray:
    """Σ ρᵗ x from step `average` on, ρᵃ (1 - ρⁿ)/(ηλ) x for n steps from the a-th."""
    since = averaged_from(task, 0)
    count = task.steps - since + 1
    if count <= 0:
        return np.zeros_like(task.start)
    eta = rates_between(task, task.begin, task.begin + 1)[..., 0]
    product = column(task.landscape.eigenvalues, task.start.ndim) * eta
    small = np.expm1(count * np.log1p(-np.minimum(product, 0.5)))
    share = np.where(product < 0.5, -small, 1 - np.power(factors, float(count)))
    mean = np.where(product == 0, float(count), share / np.where(product == 0, 1, product))
    return np.where(task.start == 0, 0.0, np.power(factors, float(since)) * mean * task.start)


def _leaps(task: Task, into: Results, factors: np.ndarray) -> None:
    """Fills in the kept steps, in blocks."""
    steps = (task.kept - task.begin).astype(float)
    goal = None if into.iterates is None else np.moveaxis(into.iterates, -1, 0)
    width = longest(len(task.start))
    for first in range(0, len(steps), width):
        inside = slice(first, first + width)
        part = _grown(factors[..., None], task.start[..., None], steps[inside])
        if goal is not None:
            goal[..., inside] = task.landscape.from_modes(part)
        into.losses[..., inside] = heights(task.landscape, part)  # type: ignore[index]
