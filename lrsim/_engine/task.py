"""What an engine is asked to do, in a form that can be cut into chunks and sent to another process."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from lrsim.schedules import Schedule


class Task(NamedTuple):
    """A sweep of runs, or a part of one. `start` is (d, *batch), in mode coordinates where `exact`.

    `runs` (*batch) numbers the runs of the whole sweep: a run's number and the seed name its random stream.
    """

    landscape: Any
    start: np.ndarray
    schedule: Schedule
    steps: int
    optimizer: Any
    runs: np.ndarray
    noise: float
    minibatch: int | None
    seed: int
    record: str
    every: int
    exact: bool
    on_divergence: str

    @property
    def batch(self) -> tuple[int, ...]:
        return self.runs.shape

    def part(self, where: tuple[slice, ...]) -> "Task":
        inside: Any = (*where, ...)  # with the dots even a single run stays an array
        return self._replace(start=self.start[:, *where], schedule=self.schedule.part(where), runs=self.runs[inside])


def chunks(batch: tuple[int, ...], most: int) -> Iterator[tuple[slice, ...]]:
    """Blocks of at most `most` runs, in order, that together are the whole batch: one slice an axis."""
    if not batch:
        yield ()
        return
    rest = int(np.prod(batch[1:], dtype=np.int64))
    if rest <= most:
        rows = max(1, most // max(rest, 1))
        whole = (slice(None),) * (len(batch) - 1)
        for first in range(0, batch[0], rows):
            yield (slice(first, first + rows), *whole)
    else:
        for first in range(batch[0]):
            for inner in chunks(batch[1:], most):
                yield (slice(first, first + 1), *inner)


def recorded(steps: int, every: int) -> np.ndarray:
    """The steps that are kept: 0, every, 2·every, ..., and always the last."""
    kept = np.arange(0, steps + 1, every)
    return kept if kept[-1] == steps else np.append(kept, steps)


class Room(NamedTuple):
    """Where results go: iterates (*batch, kept, d) and losses (*batch, kept) or None, the rest (*batch)."""

    iterates: np.ndarray | None
    losses: np.ndarray | None
    first: np.ndarray
    final: np.ndarray
    peak: np.ndarray
    diverged: np.ndarray

    def part(self, where: tuple[slice, ...]) -> "Room":
        inside: Any = (*where, ...)
        parts: Any = (None if array is None else array[inside] for array in self)
        return Room(*parts)


def room(task: Task, time_inside: bool) -> Room:
    """Empty arrays, laid out in memory as the engine writes them: time as the inner axis or the outer one."""
    batch, dimension = task.batch, len(task.start)
    kept = (task.steps // task.every) + 1 + bool(task.steps % task.every)
    iterates = losses = None
    if task.record == "path":
        if time_inside:
            iterates = np.moveaxis(np.empty((dimension, *batch, kept)), 0, -1)
        else:
            iterates = np.moveaxis(np.empty((kept, dimension, *batch)), (0, 1), (-2, -1))
    if task.record != "summary":
        losses = np.empty((*batch, kept)) if time_inside else np.moveaxis(np.empty((kept, *batch)), 0, -1)
    first, final, peak = (np.empty(batch) for _ in range(3))
    return Room(iterates, losses, first, final, peak, np.empty(batch, dtype=np.int64))
