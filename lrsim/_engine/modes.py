"""The exact engine for quadratics: in eigen-coordinates a step is one multiplication, x ← (1 - ηλ) x, a mode.

Plain iteration w ← w - ηHw mixes the modes through round-off: an overshoot of 10⁴⁰ in the steep one leaves noise of
10²⁴ in the flat one. Here no mode hears of another. Arrays are (d, *batch) or, along a stretch of time, (d, *batch,
steps); everything is elementwise, so that a run has the same bits in whatever sweep and chunk it comes.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim._engine.divergence import Watch, limit
from lrsim._engine.task import Room, Task, recorded
from lrsim.landscapes.form import Quadratic, halves, in_order
from lrsim.schedules import Schedule

LONGEST, MOST = 4096, 2**21  # steps, and numbers of one run, computed at once where time is the inner axis
SHORT = 256  # numbers multiplied one after the other faster than by doubling


def longest(dimension: int) -> int:
    """How many steps make a stretch; it depends on nothing else, since a stretch has an end that rounds."""
    return max(1, min(LONGEST, MOST // dimension))


def stretch(landscape: Quadratic, x: np.ndarray, rates: np.ndarray) -> None:
    """From x[..., 0] fills x[..., t] = Π_{s<t} (1 - η_s λ) x[..., 0]; x (d, *batch, T+1), rates (*batch, T)."""
    later = x[..., 1:]
    np.multiply(rates, _column(landscape.negative, x.ndim), out=later)
    np.add(later, 1.0, out=later)
    np.multiply.accumulate(x, -1, out=x)


def powers(x: np.ndarray, factors: np.ndarray) -> None:
    """From x[..., 0] fills x[..., t] = ρᵗ x[..., 0], factors (d, *batch); a long stretch by multiplying what is known.

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
    squares = np.multiply(x, _column(landscape.half, x.ndim), out=scratch)  # before x², which may overflow
    squares *= x
    total = in_order(squares, out)
    return np.add(total, landscape.offset, out=out) if landscape.offset else total


def mended(landscape: Quadratic, x: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The losses again with 0 for ∞·0: a mode that overflowed and then met its perfect step, ηλ = 1, is at rest."""
    if not np.isnan(losses[..., -1]).any():
        return losses
    x[np.isnan(x)] = 0
    return heights(landscape, x)


def _column(values: np.ndarray, ndim: int) -> np.ndarray:
    return values[:, None] if ndim == 2 else values.reshape(-1, *[1] * (ndim - 1))


def factor(landscape: Quadratic, eta: np.ndarray) -> np.ndarray:
    """1 - ηλ, (d, *batch), to the last place: the rounding of ηλ is put back, which near ηλ = 1 is all there is."""
    columns = landscape.eigenvalues, *landscape.split
    curvatures, a, b = columns if not eta.ndim else (c.reshape(-1, *[1] * eta.ndim) for c in columns)
    product = curvatures * eta
    plain = 1 - product
    near = np.abs(plain) < 0.5
    if not np.logical_or.reduce(near, axis=None):
        return plain
    c, d = halves(eta)
    lost = ((a * c - product) + a * d + b * c) + b * d
    # where halves overflow there is nothing to put back
    return np.where(near & np.isfinite(lost), plain - lost, plain)


def moves(task: Task, x: np.ndarray, noise: Callable[[], np.ndarray] | None) -> Callable[[int, Any], None]:
    """The function that carries x (d, *batch) over a step in place, given the step and η, a number or (*batch)."""
    scratch = np.empty_like(x)
    if noise or task.optimizer.name != "gradient_descent":
        return _by_gradient(task, x, scratch, noise)
    if task.schedule.name == "constant":
        steady = _steady(task, x.ndim)

        def shrink(t: int, eta: Any) -> None:
            np.multiply(x, steady, out=x)

        return shrink
    negative = task.landscape.negative.reshape(-1, *[1] * (x.ndim - 1))

    def scale(t: int, eta: Any) -> None:
        np.multiply(negative, eta, out=scratch)
        np.add(scratch, 1.0, out=scratch)
        np.multiply(x, scratch, out=x)

    return scale


def _by_gradient(task: Task, x: np.ndarray, slope: np.ndarray, noise: Any) -> Callable[[int, Any], None]:
    """Momentum, or noise, which is drawn along the eigenvectors: turned, it is the same normal distribution."""
    curvatures = task.landscape.eigenvalues.reshape(-1, *[1] * (x.ndim - 1))
    state = task.optimizer.init(x)

    def move(t: int, eta: Any) -> None:
        np.multiply(x, curvatures, out=slope)
        if noise:
            np.add(slope, noise(), out=slope)
        task.optimizer.step(x, slope, eta, state, t)

    return move


def rates_in_time(schedule: Schedule, batch: tuple[int, ...], first: int, last: int) -> np.ndarray:
    """Rates of steps first to last - 1, with axes that broadcast to (*batch, steps)."""
    rates = schedule.rates(np.arange(first, last))
    return rates.reshape(*[1] * (len(batch) - len(schedule.batch)), *rates.shape)


def run(task: Task, room: Room) -> None:
    """Gradient descent with time as the inner axis, in stretches; writes into `room`."""
    landscape, x, done = task.landscape, task.start, 0
    first = heights(landscape, np.array(x))
    watch = Watch(first, task.runs, signed=not landscape.bounded, raises=task.on_divergence == "raise")
    steady = _steady(task, x.ndim) if task.schedule.name == "constant" else None
    goal = None if room.iterates is None else np.moveaxis(room.iterates, -1, 0)
    block = longest(len(x))
    whole = task.every == 1 and task.steps <= block  # then results are computed where they stay
    while True:
        last = min(task.steps, done + block)
        at_home = whole and goal is not None and landscape.at_home
        part: Any = goal if at_home else np.empty((*x.shape, last - done + 1))
        part[..., 0] = x
        if steady is None:
            stretch(landscape, part, rates_in_time(task.schedule, task.batch, done, last))
        else:
            powers(part, steady)
        losses = mended(landscape, part, heights(landscape, part, out=room.losses if whole else None))
        watch.see_all(losses[..., 1:])
        _keep(task, None if at_home else goal, None if losses is room.losses else room.losses, part, losses, done)
        if last == task.steps:
            room.first[...], room.final[...] = first, losses[..., -1]
            room.peak[...], room.diverged[...] = watch.result()
            return
        x, done = part[..., -1], last


def _keep(task: Task, goal: Any, kept: Any, x: np.ndarray, losses: np.ndarray, done: int) -> None:
    """Writes those steps of a stretch that are kept; a stretch begins with the last step of the one before."""
    steps = recorded(task.steps, task.every)
    low, high = np.searchsorted(steps, [done, done + losses.shape[-1]])
    inside: Any = slice(None) if task.every == 1 else steps[low:high] - done
    if kept is not None:
        kept[..., low:high] = losses[..., inside]
    if goal is not None:
        goal[..., low:high] = task.landscape.from_modes(x[..., inside])


def jump(task: Task, room: Room) -> None:
    """Constant η on a landscape without a downward direction: from one kept step straight to the next, and to the last.

    L is convex in t, so its peak is at an end, and the step at which it crosses the limit is found by bisection.
    """
    factors = _steady(task, task.start.ndim)
    first = heights(task.landscape, np.array(task.start))

    def grown(t: Any) -> np.ndarray:
        return np.where(task.start == 0, 0.0, np.power(factors, t))  # a mode at rest stays there

    def loss(t: Any) -> np.ndarray:
        return heights(task.landscape, grown(t) * task.start)

    final, most = loss(float(task.steps)), limit(first)
    room.first[...], room.final[...], room.peak[...] = first, final, np.maximum(first, final)
    lost = ~(final <= most)
    low, high = np.zeros(task.batch), np.full(task.batch, float(task.steps))
    while lost.any() and (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        over = ~(loss(middle) <= most)
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    room.diverged[...] = np.where(np.isfinite(first), np.where(lost, high, -1), 0)
    if room.losses is not None:
        _leaps(task, room, grown(float(task.every)), grown(float(task.steps)) * task.start)


def _leaps(task: Task, room: Room, leap: np.ndarray, end: np.ndarray) -> None:
    """Fills in the kept steps, `leap` the factors from one to the next, in stretches; the last step is `end`."""
    landscape, x, done, count = task.landscape, task.start, 0, len(recorded(task.steps, task.every))
    goal = None if room.iterates is None else np.moveaxis(room.iterates, -1, 0)
    while done < count:
        part = np.empty((*x.shape, min(longest(len(x)), count - done) + 1))
        part[..., 0] = x
        powers(part, leap)
        x, part = part[..., -1], part[..., :-1]
        if done + part.shape[-1] == count:
            part[..., -1] = end
        inside = slice(done, done + part.shape[-1])
        room.losses[..., inside] = heights(landscape, part)  # type: ignore[index]
        if goal is not None:
            goal[..., inside] = landscape.from_modes(part)
        done = inside.stop


def _steady(task: Task, ndim: int) -> np.ndarray:
    factors = factor(task.landscape, np.asarray(task.schedule(0)))
    return factors.reshape(len(factors), *[1] * (ndim - factors.ndim), *factors.shape[1:])
