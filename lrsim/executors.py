"""Cuts a sweep into chunks and runs them here, in the cache, or on any `concurrent.futures.Executor`.

Threads, processes, Dask's `client.get_executor()`: whatever the chunks, the results are equal to the bit.
"""

import os
import warnings
from typing import Any

import numpy as np

from lrsim import iterate, modes
from lrsim.task import Room, Task, chunks, room

STATE, STRETCH = 2**15, 2**18  # numbers of a chunk's state, and of its state along a stretch of time


def run(task: Task, executor: Any = None) -> Room:
    """The whole task, with the results in one room."""
    engine = choose(task)
    whole = room(task, time_inside=engine is modes.run)
    if executor is None or not task.batch:
        here(task, whole)
    else:
        _spread(task, whole, executor)
    return whole


def choose(task: Task) -> Any:
    """The engine: `modes.jump`, `modes.run` (time inside) or `iterate.run` (time outside)."""
    free = not task.noise and task.optimizer.name == "gradient_descent" and task.on_divergence != "freeze"
    if not (task.exact and free):
        return iterate.run
    if task.record != "summary":
        return modes.run
    if task.schedule.name == "constant":  # the two runs round powers differently: one of them for any number of runs
        jumps = task.landscape.bounded and task.on_divergence == "continue"
        return modes.jump if jumps else modes.run
    return modes.run if task.runs.size * len(task.start) <= 64 else iterate.run


def here(task: Task, whole: Room) -> None:
    """Chunk after chunk, each through all of time while it is in the cache."""
    engine = choose(task)
    with np.errstate(all="ignore"):
        for where in chunks(task.batch, _most(task, engine)):
            engine(task.part(where), whole.part(where))


def _most(task: Task, engine: Any) -> int:
    """How many runs go together."""
    width = len(task.start)
    if engine is not modes.run:
        return max(1, STATE // width)
    return max(1, STRETCH // (width * (min(task.steps, modes.longest(width)) + 1)))


def there(task: Task) -> Room:
    """A chunk in another thread, process or machine."""
    own = room(task, time_inside=choose(task) is modes.run)
    here(task, own)
    return own


def _spread(task: Task, whole: Room, executor: Any) -> None:
    from concurrent.futures import BrokenExecutor

    workers = getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    pieces = list(chunks(task.batch, max(1, -(-task.runs.size // (4 * workers)))))
    futures: list[Any] = []
    broken: BaseException | None = None
    try:
        for where in pieces:
            try:
                futures.append(executor.submit(there, task.part(where)))
            except BrokenExecutor as error:
                broken = error
                break
        for at, where in enumerate(pieces):
            try:
                if at < len(futures):
                    _copy(futures[at].result(), whole.part(where))
                    continue
            except BrokenExecutor as error:
                broken = error
            here(task.part(where), whole.part(where))
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    if broken is not None:
        message = f"the executor broke ({broken}); the rest of the sweep ran in this process"
        warnings.warn(message, RuntimeWarning, stacklevel=4)


def _copy(found: Room, whole: Room) -> None:
    for source, goal in zip(found, whole, strict=True):
        if source is not None and goal is not None:
            goal[...] = source
