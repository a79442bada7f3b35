"""Plain iteration, w ← w - η_t ∇L(w), of a whole batch at once and in place: the arithmetic that hardware does.

Time is the outer loop; a chunk of runs small enough to stay in the cache goes through all of it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim._engine import modes, randomness
from lrsim._engine.divergence import Watch
from lrsim._engine.task import Room, Task, recorded

Move = Callable[[int, Any], None]


def run(task: Task, room: Room) -> None:
    """Step by step through the whole task; writes into `room`."""
    x = np.array(task.start)
    move, height = _exact(task, x) if task.exact else _plain(task, x)
    loss = height()
    signed = not (task.exact and task.landscape.bounded)
    watch = Watch(loss, task.runs, signed, raises=task.on_divergence == "raise")
    freeze = _freezer(x, watch) if task.on_divergence == "freeze" else None
    steps = recorded(task.steps, task.every).tolist() if room.losses is not None else []
    kept = {step: at for at, step in enumerate(steps)}
    eta = _rates(task.schedule, task.steps)
    keep = _keeper(task, room, x)
    for step in range(task.steps + 1):
        if step:
            held = freeze() if freeze else None
            move(step - 1, eta(step - 1))
            if held:
                held()
            loss = height()
            watch.see(loss)
        if step in kept:
            keep(kept[step], loss)
    if task.exact and not task.noise and task.optimizer.name == "gradient_descent":
        loss = modes.mended(task.landscape, x[..., None], np.asarray(loss)[..., None])[..., 0]
    room.first[...], room.final[...] = watch.first, loss
    room.peak[...], room.diverged[...] = watch.result()


def _keeper(task: Task, room: Room, x: np.ndarray) -> Callable[[int, np.ndarray], None]:
    """Writes a step into the room, seen as it lies in memory: time first."""
    losses = None if room.losses is None else np.moveaxis(room.losses, -1, 0)
    iterates = None if room.iterates is None else np.moveaxis(room.iterates, (-2, -1), (0, 1))

    def keep(at: int, loss: np.ndarray) -> None:
        if losses is not None:
            losses[at] = loss
        if iterates is not None:
            iterates[at] = task.landscape.from_modes(x) if task.exact else x

    return keep


def _exact(task: Task, x: np.ndarray) -> tuple[Move, Callable[[], np.ndarray]]:
    scratch, loss = np.empty_like(x), np.empty(x.shape[1:])
    noise = randomness.noise(task) if task.noise else None
    return modes.moves(task, x, noise), lambda: modes.heights(task.landscape, x, scratch, loss)


def _plain(task: Task, x: np.ndarray) -> tuple[Move, Callable[[], np.ndarray]]:
    landscape, optimizer = task.landscape, task.optimizer
    state = optimizer.init(x)
    noise = randomness.noise(task) if task.noise else None
    rows = randomness.minibatches(task) if task.minibatch is not None else None
    gradient = np.empty_like(x)
    both = getattr(landscape, "loss_and_gradient", None) if rows is None else None

    def move(step: int, eta: Any) -> None:
        if both is None:
            slope = landscape.gradient(x) if rows is None else landscape.gradient(x, rows())
            gradient[...] = _shaped("gradient", slope, x.shape)
        if noise:
            np.add(gradient, noise(), out=gradient)
        optimizer.step(x, gradient, eta, state, step)

    def height() -> np.ndarray:
        # together they cost little more than one; the slope is that of the next move
        return _shaped("loss", both(x, gradient) if both else landscape.loss(x), x.shape[1:])

    return move, height


def _shaped(name: str, value: Any, shape: tuple[int, ...]) -> np.ndarray:
    value = np.asarray(value, dtype=float)
    if value.shape != shape:
        raise ValueError(f"landscape.{name} must return shape {shape} for such a w, got {value.shape}")
    return value


def _freezer(x: np.ndarray, watch: Watch) -> Callable[[], Callable[[], None] | None]:
    """Before a move: remembers the runs that are lost; what it returns puts them back after it."""

    def remember() -> Callable[[], None] | None:
        lost = ~watch.sound
        if not lost.any():
            return None
        where = np.broadcast_to(lost, x.shape)
        before = x.copy()
        return lambda: np.copyto(x, before, where=where)

    return remember


def _rates(schedule: Any, steps: int, block: int = 1024) -> Callable[[int], Any]:
    """The rate of a step: a number where all runs share it, computed a block at a time."""
    if schedule.name == "constant":
        steady = schedule.rates(np.zeros((), dtype=np.int64))
        return lambda step: steady
    if schedule.batch:
        return lambda step: schedule.rates(np.asarray(step))
    known: list[float] = []

    def rate(step: int) -> float:
        if step % block == 0:
            known[:] = schedule.rates(np.arange(step, min(step + block, steps))).tolist()
        return known[step % block]

    return rate
