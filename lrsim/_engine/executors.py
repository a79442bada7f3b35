"""Cuts a sweep into chunks and runs them here, in the cache, or on any `concurrent.futures.Executor`.

Threads, processes, Dask's `client.get_executor()`: whatever the chunks, the results are equal to the bit.
"""

import os
import pickle
from typing import Any

import numpy as np

from lrsim._engine import jumps, modes, walk
from lrsim._engine.task import Results, Task, chunks, results

STATE, BLOCK = 2**15, 2**18  # numbers of a chunk's state, and of its state along a block of steps
FEW = 3 * 2**8  # numbers of state up to which time is better the inner axis even if no step is kept


def run(task: Task, executor: Any = None) -> Results:
    """The whole task."""
    whole = results(task, choose(task) is not walk.run)
    if executor is None or not task.runs.ndim:
        here(task, whole)
    else:
        _spread(task, whole, executor)
    return whole


def choose(task: Task) -> Any:
    """The engine: `jumps.run`, `modes.run` (time is the inner axis of both) or `walk.run` (time outside)."""
    if not modes.plain(task) or task.on_divergence == "freeze":
        return walk.run
    if task.schedule.name == "constant":  # the two runs round powers differently: one of them for any number of runs
        sparse = task.record == "summary" or task.every > modes.SHORT
        leaps = sparse and task.landscape.bounded and task.on_divergence == "continue"
        return jumps.run if leaps else modes.run
    return modes.run if task.record != "summary" or task.runs.size * len(task.start) <= FEW else walk.run


def here(task: Task, whole: Results) -> None:
    """Chunk after chunk, each through all of time while it is in the cache."""
    engine = choose(task)
    with np.errstate(all="ignore"):
        for where in chunks(task.runs.shape, _most(task, engine)):
            engine(task.part(where), whole.part(where))


def _most(task: Task, engine: Any) -> int:
    """How many runs go together."""
    width, steps = len(task.start), task.steps // task.every if engine is jumps.run else task.steps
    if engine is walk.run or (engine is jumps.run and task.record == "summary"):
        return max(1, STATE // width)
    return max(1, BLOCK // (width * (min(steps, modes.longest(width)) + 1)))


def there(task: Task) -> Results:
    """A chunk in another thread, process or machine."""
    own = results(task, choose(task) is not walk.run)
    here(task, own)
    return own


def _spread(task: Task, whole: Results, executor: Any) -> None:
    from concurrent.futures import BrokenExecutor

    workers = getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    futures: list[Any] = []
    try:
        pieces = list(chunks(task.runs.shape, max(1, -(-task.runs.size // (4 * workers)))))
        for where in pieces:
            futures.append(executor.submit(there, task.part(where)))
        for where, future in zip(pieces, futures, strict=True):
            whole.part(where).take(future.result())
    except BrokenExecutor as error:
        raise type(error)(
            f"executor must outlive the sweep, and it broke: {error}. A worker that is killed has often run out of "
            "memory: try fewer workers, record='summary' or fewer runs at once, with a new executor"
        ) from error
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        _blame(task, error)
        raise
    finally:
        for future in futures:
            future.cancel()


def _blame(task: Task, error: Exception) -> None:
    """Names the argument that could not be sent to another process, if that is what went wrong."""
    for name, value in (("landscape", task.landscape), ("eta", task.schedule)):
        try:
            pickle.dumps(value)
        except Exception as again:
            if (type(again), str(again)) == (type(error), str(error)):
                raise TypeError(f"{name} must pickle to be sent to another process: {error}") from None
