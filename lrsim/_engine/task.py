"""What an engine is asked to do, in a form that can be cut into chunks and sent to other processes; what it returns."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

Where = tuple[slice, ...]


class Past(NamedTuple):
    """What a run went through up to some step, all (*runs): what says whether it is lost, from there on too.

    `first` and `low` are the loss at the start and the lowest, `peak` the largest, `scale` is η₀‖g₀‖², `lost` the step
    at which it was lost or -1.
    """

    first: np.ndarray
    low: np.ndarray
    peak: np.ndarray
    scale: np.ndarray
    lost: np.ndarray


class Task(NamedTuple):
    """A sweep of runs, or a part of one. `start` is (d, *runs), in mode coordinates where `exact`.

    `runs` (*runs) numbers the runs of the whole sweep: a run's number and the seed name its random stream. `begin` is
    the step at which `start` stands; from there a run that is taken up again has the optimizer's buffers `state` and a
    `past`. `total` (d, *runs) is the sum of the iterates from step `average` on to `begin`.
    """

    landscape: Any
    start: np.ndarray
    schedule: Any  # lrsim.schedules.Schedule
    steps: int
    optimizer: Any
    runs: np.ndarray
    noise: float
    minibatch: int | None
    seed: Any
    record: str
    every: int
    exact: bool
    on_divergence: str
    average: int | None = None
    begin: int = 0
    state: tuple[np.ndarray, ...] | None = None
    past: Past | None = None
    total: np.ndarray | None = None
    origin: int = 0  # the step that the schedule counts as its first
    fresh: int = 0  # the step at which the optimizer's buffers were zero, from which it counts its own

    def rates(self, t: np.ndarray) -> np.ndarray:
        """η_t, of the shape of the schedule's sweep and then t."""
        return self.schedule.rates(t - self.origin)

    @property
    def bounded(self) -> bool:
        """Whether it is known that no loss falls without end."""
        return self.exact and self.landscape.bounded

    @property
    def kept(self) -> np.ndarray:
        return recorded(self.steps, self.every, self.begin)

    def part(self, where: Where) -> "Task":
        inside: Any = (*where, ...)  # with the dots even a single run stays an array
        return self._replace(
            start=self.start[:, *where],
            schedule=self.schedule.part(where),
            runs=self.runs[inside],
            state=self.state and tuple(buffer[:, *where] for buffer in self.state),
            past=self.past and Past(*(value[inside] for value in self.past)),
            total=None if self.total is None else self.total[:, *where],
        )


def sweep(start: tuple[int, ...], rates: tuple[int, ...]) -> tuple[int, ...]:
    """The runs that starts and rates of these shapes span together."""
    try:
        return np.broadcast_shapes(start, rates)
    except ValueError:
        raise ValueError(f"start and eta must broadcast together, got {start} starts and {rates} rates") from None


def spread(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(d, *some of the runs) as (d, *runs), read-only."""
    aligned = array.reshape(len(array), *[1] * (len(shape) - array.ndim + 1), *array.shape[1:])
    return np.broadcast_to(aligned, (len(array), *shape))


def chunks(shape: tuple[int, ...], most: int) -> Iterator[Where]:
    """Parts of at most `most` runs, in order, that together are all: one slice an axis."""
    if not shape:
        yield ()
        return
    rest = int(np.prod(shape[1:], dtype=np.int64))
    if rest <= most:
        rows = max(1, most // max(rest, 1))
        whole = (slice(None),) * (len(shape) - 1)
        for first in range(0, shape[0], rows):
            yield (slice(first, first + rows), *whole)
    else:
        for first in range(shape[0]):
            for inner in chunks(shape[1:], most):
                yield (slice(first, first + 1), *inner)


def recorded(steps: int, every: int, begin: int = 0) -> np.ndarray:
    """The steps that are kept: the first, every multiple of `every`, and the last."""
    end = begin + steps
    kept = np.arange(begin + (-begin % every), end + 1, every)
    if not kept.size or kept[0] != begin:
        kept = np.concatenate([[begin], kept])
    return kept if kept[-1] == end else np.append(kept, end)


class Results(NamedTuple):
    """Where an engine writes: iterates (*runs, kept, d), losses (*runs, kept), or None; the past and final (*runs).

    `last`, `state` and `total` (the last or None) are (d, *runs) as in a `Task`, for whoever takes the run up again.
    """

    iterates: np.ndarray | None
    losses: np.ndarray | None
    past: Past
    final: np.ndarray
    last: np.ndarray
    state: tuple[np.ndarray, ...]
    total: np.ndarray | None

    def part(self, where: Where) -> "Results":
        inside: Any = (*where, ...)
        return Results(
            None if self.iterates is None else self.iterates[inside],
            None if self.losses is None else self.losses[inside],
            Past(*(value[inside] for value in self.past)),
            self.final[inside],
            self.last[:, *where],
            tuple(buffer[:, *where] for buffer in self.state),
            None if self.total is None else self.total[:, *where],
        )

    def take(self, found: "Results") -> None:
        """Copies another's arrays into these."""
        for goal, source in zip(self.arrays(), found.arrays(), strict=True):
            goal[...] = source

    def arrays(self) -> list[np.ndarray]:
        held = [self.iterates, self.losses, *self.past, self.final, self.last, *self.state, self.total]
        return [array for array in held if array is not None]


def results(task: Task, time_inside: bool) -> Results:
    """Empty arrays, laid out in memory as the engine writes them: time as the inner axis or the outer one."""
    runs, start, kept = task.runs.shape, task.start.shape, len(task.kept) if task.record != "summary" else 0
    iterates = losses = None
    if task.record == "path":
        if time_inside:
            iterates = np.moveaxis(np.empty((*start, kept)), 0, -1)
        else:
            iterates = np.moveaxis(np.empty((kept, *start)), (0, 1), (-2, -1))
    if task.record != "summary":
        losses = np.empty((*runs, kept)) if time_inside else np.moveaxis(np.empty((kept, *runs)), 0, -1)
    first, low, peak, scale = (np.empty(runs) for _ in range(4))
    past = Past(first, low, peak, scale, np.empty(runs, dtype=np.int64))
    state = task.optimizer.init(np.empty(start))
    total = None if task.average is None else np.empty(start)
    return Results(iterates, losses, past, np.empty(runs), np.empty(start), state, total)
