"""Where a run stands when it ends, and how another takes it up from there."""

from typing import Any, NamedTuple

import numpy as np

from lrsim._engine.task import Past, Task


class Reached(NamedTuple):
    """What the losses of all steps, kept or not, came to: each (*runs)."""

    past: Past
    final: np.ndarray


class End(NamedTuple):
    """Where a run stands after its last step, for whoever takes it up again.

    `task` has the coordinates the engine worked in and neither landscape nor schedule, `last` is w (d, *runs), and
    `frame` names the axes and the origin of mode coordinates.
    """

    task: Task
    last: np.ndarray
    final: np.ndarray
    frame: bytes

    def unless(self, *given: Any) -> tuple[Any, ...]:
        """Optimizer, noise, minibatch and average of the run, unless others are given."""
        known = self.task.optimizer, self.task.noise or None, self.task.minibatch, self.task.average
        return tuple(old if new is None else new for new, old in zip(given, known, strict=True))

    def taken_up_by(self, task: Task) -> Task:
        """A task that starts at `last`, with all that the run carries beside it."""
        held = self.task
        same = held.optimizer == task.optimizer
        state, fresh = (held.state, held.fresh) if same else (None, task.begin)
        if held.exact and self.frame != (frame(task.landscape) if task.exact else self.frame):
            raise ValueError("landscape must be that of the run that is taken up; elsewhere start from run.last")
        if state and held.exact != task.exact:
            raise ValueError("method must be that of the run that is taken up, since its optimizer has a memory")
        start = held.start if held.exact == task.exact else task.start
        total = held.total if held.average == task.average else None
        if total is not None and held.exact != task.exact:
            raise ValueError("method must be that of the run that is taken up, since its iterates are averaged")
        return task._replace(start=start, state=state, past=held.past, total=total, fresh=fresh)


def frame(landscape: Any) -> bytes:
    """A short name for the mode coordinates of a quadratic."""
    import hashlib

    basis = landscape.basis
    parts = (landscape.minimum.tobytes(), b"" if basis is None else np.ascontiguousarray(basis).tobytes())
    return hashlib.sha256(b"|".join(parts)).digest()
