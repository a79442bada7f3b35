"""Cuts a sweep into chunks and runs them here, in the cache, or on any `concurrent.futures.Executor`.

Threads, processes, Dask's `client.get_executor()`: whatever the chunks, the results are equal to the bit.
"""

import os
import pickle
import warnings
from typing import Any

import numpy as np

from lrsim._engine import modes, walk
from lrsim._engine.task import Room, Task, chunks, room

STATE, STRETCH = 2**16, 2**18  # numbers of a chunk's state, and of its state along a stretch of time


def run(task: Task, executor: Any = None) -> Room:
    """The whole task, with the results in one room."""
    engine = choose(task)
    whole = room(task, engine is not walk.run)
    if executor is None or not task.batch:
        here(task, whole)
    else:
        _spread(task, whole, executor)
    return whole


def choose(task: Task) -> Any:
    """The engine: `modes.jump`, `modes.run` (time is the inner axis of both) or `walk.run` (time outside)."""
    free = not task.noise and task.optimizer.name == "gradient_descent" and task.on_divergence != "freeze"
    if not (task.exact and free):
        return walk.run
    if task.schedule.name == "constant":  # the two runs round powers differently: one of them for any number of runs
        sparse = task.record == "summary" or task.every > modes.SHORT
        jumps = sparse and task.landscape.bounded and task.on_divergence == "continue"
        return modes.jump if jumps else modes.run
    return modes.run if task.record != "summary" or task.runs.size * len(task.start) <= 64 else walk.run


def here(task: Task, whole: Room) -> None:
    """Chunk after chunk, each through all of time while it is in the cache."""
    engine = choose(task)
    with np.errstate(all="ignore"):
        for where in chunks(task.batch, _most(task, engine)):
            engine(task.part(where), whole.part(where))


def _most(task: Task, engine: Any) -> int:
    """How many runs go together."""
    width, steps = len(task.start), task.steps // task.every if engine is modes.jump else task.steps
    if engine is walk.run or (engine is modes.jump and task.record == "summary"):
        return max(1, STATE // width)
    return max(1, STRETCH // (width * (min(steps, modes.longest(width)) + 1)))


def there(task: Task) -> Room:
    """A chunk in another thread, process or machine."""
    own = room(task, choose(task) is not walk.run)
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
            except (pickle.PicklingError, AttributeError, TypeError) as error:
                _blame(task, error)
                raise
            here(task.part(where), whole.part(where))
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    if broken is not None:
        message = f"the executor broke ({broken}); the rest of the sweep ran in this process"
        warnings.warn(message, RuntimeWarning, stacklevel=4)


def _blame(task: Task, error: Exception) -> None:
    """Names the argument that could not be sent to another process, if that is what went wrong."""
    for name, value in (("landscape", task.landscape), ("eta", task.schedule)):
        try:
            pickle.dumps(value)
        except Exception as again:
            if (type(again), str(again)) == (type(error), str(error)):
                raise TypeError(f"{name} must pickle to be sent to another process: {error}") from None


def _copy(found: Room, whole: Room) -> None:
    for source, goal in zip(found, whole, strict=True):
        if source is not None and goal is not None:
            goal[...] = source
