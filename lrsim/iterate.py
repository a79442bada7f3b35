"""Plain iteration, w ← w - η_t ∇L(w): any landscape, the arithmetic that hardware does."""

from typing import Any

import numpy as np

from lrsim.modes import _batch, _spread
from lrsim.schedules import Schedule


def path(landscape: Any, start: np.ndarray, schedule: Schedule, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Iterates (*batch, steps+1, d), losses (*batch, steps+1) and rates (*batch, steps)."""
    batch = _batch(start, schedule)
    w = np.empty((steps + 1, len(start), *batch))
    w[0] = _spread(start, batch)
    for step in range(steps):
        w[step + 1] = w[step] - schedule(step) * landscape.gradient(w[step])
    iterates = np.moveaxis(w, (0, 1), (-2, -1))
    return iterates, landscape.loss(np.moveaxis(iterates, -1, 0)), np.broadcast_to(schedule(np.arange(steps)), (*batch, steps))
