"""Gradient descent, w_{t+1} = w_t - η_t ∇L(w_t): one run, or a sweep of many."""

from typing import Any

import numpy as np

from lrsim import _check, iterate, modes, schedules
from lrsim.landscapes.quadratics import Quadratic
from lrsim.trajectory import DIVERGED, Trajectory

RECORDS = ("path", "loss", "summary")


def descend(landscape: Any, start: Any, eta: Any, steps: int, *, record: str = "path", method: str = "auto") -> Trajectory:
    """Run w_{t+1} = w_t - η_t ∇L(w_t) for `steps` updates from `start`.

    Args:
        landscape: anything with `loss(w)` and `gradient(w)`.
        start: the point w_0, (d,), or many, (d, *batch).
        eta: a learning rate; an array of them, one run each; or a schedule.
        steps: how many updates; the result has steps+1 iterates and losses and `steps` rates.
        record: "path", "loss" (no iterates) or "summary" (final and peak only).
        method: "modes" (quadratics, exact), "iterate" (what hardware does), "auto" (modes where possible).

    Raises:
        ValueError, TypeError: naming the argument, what was needed and what came. Divergence is a result, not an error.

    >>> from lrsim import landscapes
    >>> run = descend(landscapes.bowl([1, 20]), start=[10, 0.05], eta=0.105, steps=200)
    >>> run.diverged_at, run.regime
    (113, 'diverging')
    """
    steps = _check.count("steps", steps)
    _check.choice("record", record, RECORDS)
    _check.choice("method", method, ("auto", "modes", "iterate"))
    start = _check.array("start", start)
    schedule = eta if isinstance(eta, schedules.Schedule) else schedules.constant(eta)
    exact = isinstance(landscape, Quadratic) and method != "iterate"
    if method == "modes" and not exact:
        raise ValueError(f"method='modes' needs a quadratic landscape, got {type(landscape).__name__}")
    engine = modes if exact else iterate
    with np.errstate(all="ignore"):
        if record == "path":
            iterates, losses, etas = engine.path(landscape, start, schedule, steps)
            reached = _reached(losses)
        else:
            iterates = etas = None
            losses, reached = engine.curve(landscape, start, schedule, steps, keep=record == "loss")
    return _result(landscape, schedule, iterates, losses, etas, reached)


def _reached(losses: np.ndarray) -> tuple[np.ndarray, ...]:
    """Start, final and peak loss and the step of divergence (-1: none) of whole loss curves."""
    lost = ~(np.abs(losses) <= DIVERGED * np.abs(losses[..., :1]))
    return losses[..., 0], losses[..., -1], losses.max(axis=-1), np.where(lost.any(-1), lost.argmax(-1), -1)


def _result(landscape: Any, schedule: Any, iterates: Any, losses: Any, etas: Any, reached: tuple) -> Trajectory:
    first, final, peak, diverged = reached
    single = not np.ndim(final)
    regime = None
    if isinstance(landscape, Quadratic) and schedule.name == "constant":
        from lrsim import stability

        regime = stability.regime(schedule(0), landscape)
    return Trajectory(
        iterates, losses, etas, final_loss=final[()], peak_loss=peak[()],
        diverged_at=(int(diverged) if diverged >= 0 else None) if single else diverged,
        recovered=(final <= first)[()] & (peak > first)[()], regime=regime,
    )
