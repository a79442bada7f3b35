"""Step by step, w ← w - η_t ∇L(w), all runs at once and in place: the arithmetic that hardware does.

Time is the outer loop; a chunk of runs small enough to stay in the cache goes through all of it. In mode coordinates
the same loop serves momentum and noise on quadratics.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim import _check
from lrsim._arithmetic import in_order
from lrsim._engine import modes, randomness
from lrsim._engine.asked import PLAIN
from lrsim._engine.divergence import Monitor
from lrsim._engine.task import Results, Task
from lrsim.landscapes._points import beside
from lrsim.landscapes._quadratic import ours

NEVER_RISING = ("constant", "inverse_time", "inverse_sqrt", "polynomial", "cosine")
TOGETHER, SOME = 2**14, 64  # losses that are looked at together, and steps from which on that is worth it
Height = Callable[[np.ndarray], np.ndarray]  # the losses at x
Fill = Callable[[np.ndarray], None]  # writes the gradient there into `slope`
Move = Callable[[np.ndarray, int, Any], np.ndarray]  # the next x, given the step and η, a number or (*runs)


def run(task: Task, into: Results) -> None:
    """Through the whole task; writes into `into`."""
    path = _path(task, into)
    x = np.empty(task.start.shape) if path is None else path[0]
    x[...] = task.start
    slope, state = np.empty_like(x), task.optimizer.init(x)
    for buffer, before in zip(state, task.state or (), strict=bool(task.state)):
        buffer[...] = before
    height, fill = (_in_modes if task.exact else _given)(task, slope)
    loss = height(x)
    monitor = Monitor(task, loss)
    move = _mover(task, x, slope, state, fill, monitor, path)
    if task.on_divergence == "freeze":
        move = _freezing(move, (x, *state), monitor)
    seen = task.on_divergence == "continue" and into.losses is not None and task.every == 1  # all at once, afterwards
    see = _seer(task, monitor, loss)
    keep, total, eta = _keeper(task, into, path is None), _Sum(task, x), _rates(task)
    end, quiet = task.begin + task.steps, task.begin + task.steps if into.losses is not None else _quiet(task)
    keep(task.begin, x, loss)
    total.add(task.begin, x)
    for step in range(task.begin, end):
        x = move(x, step, eta(step))
        if step < quiet or step == end - 1:
            loss = height(x)
            if not seen:
                see(loss, step == end - 1)
            keep(step + 1, x, loss)
        total.add(step + 1, x)
    if seen:
        monitor.see_all(into.losses[..., 1:])  # type: ignore[index]
    if modes.plain(task):
        loss = modes.mended(task.landscape, x[..., None], np.asarray(loss)[..., None])[..., 0]
    into.final[...], into.last[...] = loss, x
    for goal, buffer in zip(into.state, state, strict=True):
        goal[...] = buffer
    monitor.result(into.past)
    total.result(into.total)


def _seer(task: Task, monitor: Monitor, loss: np.ndarray) -> Callable[[np.ndarray, bool], None]:
    """Shows the monitor the losses of a step, and of few runs many steps at once: 0.6 of the time of a run."""
    block = TOGETHER // max(1, loss.size)
    if task.on_divergence != "continue" or block < SOME:
        return lambda loss, last: monitor.see(loss)
    losses, known = np.empty((*loss.shape, min(block, task.steps))), 0

    def see(loss: np.ndarray, last: bool) -> None:
        nonlocal known
        losses[..., known] = loss
        known += 1
        if last or known == losses.shape[-1]:
            monitor.see_all(losses[..., :known])
            known = 0

    return see


def _quiet(task: Task) -> int:
    """The step from which on no loss rises: every mode shrinks at rates of 2/λ_max and less, and these never rise."""
    low, high = task.begin - 1, task.begin + task.steps
    if not (modes.plain(task) and task.bounded and task.schedule.name in NEVER_RISING):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        below = float(np.max(task.rates(np.asarray(middle)), initial=0.0)) * task.landscape.top <= 2
        low, high = (low, middle) if below else (middle, high)
    return high


def _path(task: Task, into: Results) -> Any:
    """Where iterates stay, if each is computed there: on Rosenbrock one run takes 0.8 of the time, many 0.94."""
    elsewhere = task.exact or task.every > 1 or task.optimizer != PLAIN or task.on_divergence == "freeze"
    if into.iterates is None or elsewhere:
        return None
    return np.moveaxis(into.iterates, (-2, -1), (0, 1))


def _given(task: Task, slope: np.ndarray) -> tuple[Height, Fill]:
    """A landscape as it came. What is not of this library gets a copy of x, which it may keep or change."""
    landscape, shape = task.landscape, slope.shape[1:]
    rows = randomness.minibatches(task) if task.minibatch is not None else None
    if ours(landscape):
        return _own(landscape, slope, rows)
    both = beside(landscape, "loss_and_gradient", "loss", "gradient") if rows is None else None
    scratch = np.empty_like(slope)

    def height(x: np.ndarray) -> np.ndarray:
        loss = both(x.copy(), scratch) if both is not None else landscape.loss(x.copy())
        return np.array(_returned("loss", loss, shape))

    def fill(x: np.ndarray) -> None:
        if both is not None:
            slope[...] = scratch
        else:
            slope[...] = _returned(
                "gradient", landscape.gradient(x.copy(), *(() if rows is None else (rows(),))), x.shape
            )

    return height, fill


def _own(landscape: Any, slope: np.ndarray, rows: Any) -> tuple[Height, Fill]:
    """A landscape of this library, which need not look at x again, nor turn NumPy's warnings off, at every step."""
    both = beside(landscape, "_joint", "loss", "gradient") if rows is None else None
    if both is not None:
        return lambda x: both(x, slope), lambda x: None
    height, gradient = getattr(landscape, "_height", landscape.loss), getattr(landscape, "_slope", landscape.gradient)
    if rows is None:
        return lambda x: height(x), lambda x: np.copyto(slope, gradient(x))
    return lambda x: height(x), lambda x: np.copyto(slope, gradient(x, rows()))


def _returned(name: str, value: Any, shape: tuple[int, ...]) -> np.ndarray:
    result = _check.returned(f"landscape.{name}", value)
    if result.shape != shape:
        raise ValueError(f"landscape.{name} must return shape {shape} for such a w, got {result.shape}")
    return result


def _in_modes(task: Task, slope: np.ndarray) -> tuple[Height, Fill]:
    landscape, scratch, loss = task.landscape, np.empty_like(slope), np.empty(slope.shape[1:])
    curvatures = landscape.eigenvalues.reshape(-1, *[1] * (slope.ndim - 1))
    return lambda x: modes.heights(landscape, x, scratch, loss), lambda x: np.multiply(x, curvatures, out=slope)


def _mover(
    task: Task, x: np.ndarray, slope: np.ndarray, state: tuple[np.ndarray, ...], fill: Fill, monitor: Monitor, path: Any
) -> Move:
    """One step of the optimizer, or of the exact modes; the first of all tells the monitor η₀‖g₀‖²."""
    shrink = modes.mover(task, x) if modes.plain(task) else None
    noise = randomness.noise(task) if task.noise else None
    fresh = not task.begin

    def move(x: np.ndarray, step: int, eta: Any) -> np.ndarray:
        nonlocal fresh
        if shrink is None or fresh:
            fill(x)
            if noise:
                np.add(slope, noise(), out=slope)
        if fresh:
            monitor.set_scale(eta * in_order(slope * slope))
            fresh = False
        if path is not None:
            np.multiply(slope, eta, out=slope)
            return np.subtract(x, slope, out=path[step + 1 - task.begin])
        if shrink is None:
            task.optimizer.step(x, slope, eta, state, step - task.fresh)
        else:
            shrink(eta)
        return x

    return move


def _freezing(move: Move, held: tuple[np.ndarray, ...], monitor: Monitor) -> Move:
    """A move that leaves the runs that are lost where they are."""

    def gently(x: np.ndarray, step: int, eta: Any) -> np.ndarray:
        if not monitor.gone.any():
            return move(x, step, eta)
        before = [array.copy() for array in held]
        move(x, step, eta)
        for array, old in zip(held, before, strict=True):
            np.copyto(array, old, where=monitor.gone)
        return x

    return gently


def _keeper(task: Task, into: Results, elsewhere: bool) -> Callable[[int, np.ndarray, np.ndarray], None]:
    """Writes a step that is kept, if x stands elsewhere, into arrays seen as they lie in memory: time first."""
    if into.losses is None:
        return lambda step, x, loss: None
    losses = np.moveaxis(into.losses, -1, 0)
    iterates = np.moveaxis(into.iterates, (-2, -1), (0, 1)) if into.iterates is not None and elsewhere else None
    kept = {step: at for at, step in enumerate(task.kept.tolist())}

    def keep(step: int, x: np.ndarray, loss: np.ndarray) -> None:
        at = kept.get(step)
        if at is not None:
            losses[at] = loss
            if iterates is not None:
                iterates[at] = task.landscape.from_modes(x) if task.exact else x

    return keep


class _Sum:
    """Of the iterates from step `average` on; that of the step a run is taken up at is in its `total` already."""

    def __init__(self, task: Task, x: np.ndarray) -> None:
        self.since = task.average
        self.skip = task.begin if task.total is not None else None
        self.total = np.zeros_like(x) if task.total is None else np.array(task.total)

    def add(self, step: int, x: np.ndarray) -> None:
        if self.since is not None and step >= self.since and step != self.skip:
            self.total += x

    def result(self, into: np.ndarray | None) -> None:
        if into is not None:
            into[...] = self.total


def _rates(task: Task, block: int = 1024) -> Callable[[int], Any]:
    """The rate of a step: a number where all runs share it, computed a block at a time."""
    schedule, end = task.schedule, task.begin + task.steps
    if schedule.name == "constant":
        steady = schedule.rates(np.zeros((), dtype=np.int64))
        return lambda step: steady
    if schedule.batch:
        return lambda step: task.rates(np.asarray(step))
    known: list[float] = []
    first = last = task.begin

    def rate(step: int) -> float:
        nonlocal first, last
        if step >= last:
            first, last = step, min(step + block, end)
            known[:] = task.rates(np.arange(first, last)).tolist()
        return known[step - first]

    return rate
