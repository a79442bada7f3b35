"""The exact engine for quadratics: in eigen-coordinates a step is one multiplication, x ← (1 - ηλ) x, a mode.

Plain iteration w ← w - ηHw mixes the modes through round-off: an overshoot of 10⁴⁰ in the steep one leaves noise of
10²⁴ in the flat one. Here no mode hears of another, and each is off by a few units in the last place.
"""

import numpy as np

from lrsim.landscapes.quadratics import Quadratic
from lrsim.schedules import Schedule


def path(landscape: Quadratic, start: np.ndarray, schedule: Schedule, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Iterates (*batch, steps+1, d), losses (*batch, steps+1) and rates (*batch, steps)."""
    batch = _batch(start, schedule)
    curvatures = landscape.eigenvalues
    etas = np.broadcast_to(schedule(np.arange(steps)), (*batch, steps))
    x = np.empty((*batch, steps + 1, len(curvatures)))
    x[..., 0, :] = np.moveaxis(_spread(landscape.to_modes(start), batch), 0, -1)
    np.multiply(etas[..., None], -curvatures, out=x[..., 1:, :])
    x[..., 1:, :] += 1
    np.multiply.accumulate(x, axis=-2, out=x)
    losses = _loss(np.moveaxis(x, -1, 0), landscape)
    iterates = np.moveaxis(landscape.from_modes(np.moveaxis(x, -1, 0)), 0, -1)
    return iterates, losses, etas


def curve(
    landscape: Quadratic, start: np.ndarray, schedule: Schedule, steps: int, keep: bool
) -> tuple[np.ndarray | None, tuple[np.ndarray, ...]]:
    """The losses, (*batch, steps+1) where they are to be kept, and (start, final, peak loss, step of divergence)."""
    batch = _batch(start, schedule)
    curvatures = landscape.eigenvalues.reshape(-1, *[1] * len(batch))
    x = _spread(landscape.to_modes(start), batch).copy()
    first = loss = _loss(x, landscape)
    losses = np.empty((*batch, steps + 1)) if keep else None
    peak, diverged = first.copy(), np.full(batch, -1)
    for step in range(steps + 1):
        if step:
            x *= 1 - schedule(step - 1) * curvatures
            loss = _loss(x, landscape)
        peak = np.maximum(peak, loss)
        diverged = np.where((diverged < 0) & ~(np.abs(loss) <= 1e6 * np.abs(first)), step, diverged)
        if losses is not None:
            losses[..., step] = loss
    return losses, (first, loss, peak, diverged)


def _loss(x: np.ndarray, landscape: Quadratic) -> np.ndarray:
    """½ Σ λ x² + offset, mode by mode, so that a sweep equals its single runs to the bit."""
    total = np.full(x.shape[1:], landscape.offset)
    for mode, curvature in zip(x, landscape.eigenvalues, strict=True):
        total += 0.5 * curvature * mode**2
    return total


def _batch(start: np.ndarray, schedule: Schedule) -> tuple[int, ...]:
    return np.broadcast_shapes(start.shape[1:], schedule.batch)  # type: ignore[attr-defined]


def _spread(x: np.ndarray, batch: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(x.reshape(len(x), *[1] * (len(batch) - x.ndim + 1), *x.shape[1:]), (len(x), *batch))
