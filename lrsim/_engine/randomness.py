"""The random numbers of a run, whatever its chunk, order or executor, and whichever step it is taken up at.

A stream serves a block of steps of one run and is named by both: a run taken up in the middle of a block redraws at
most that block.
"""

from collections.abc import Callable

import numpy as np

from lrsim import _random
from lrsim._engine.task import Task

STEPS, EPOCHS = 4096, 64  # that one stream serves
AHEAD = 2**18  # numbers drawn at once for a chunk of runs; with fewer each run's stream is asked too often


def noise(task: Task) -> Callable[[], np.ndarray]:
    """The next step's σ·N(0, 1), an independent one for each coordinate and run: (d, *runs)."""
    shape, step, end = task.start.shape, task.begin, task.begin + task.steps
    block, at = np.empty((0, *shape)), 0
    streams = _streams(task, "noise", step // STEPS)
    for stream in streams:
        stream.standard_normal((step % STEPS) * shape[0])

    def draw() -> np.ndarray:
        nonlocal block, at, step, streams
        if at == len(block):
            if step % STEPS == 0 and step > task.begin:
                streams = _streams(task, "noise", step // STEPS)
            ahead = max(1, min(AHEAD // max(1, task.start.size), STEPS - step % STEPS, end - step))
            own = np.empty((len(streams), ahead, shape[0]))
            for stream, numbers in zip(streams, own, strict=True):
                stream.standard_normal(out=numbers)
            block, at, step = np.moveaxis(own, 0, -1).reshape(ahead, *shape) * task.noise, 0, step + ahead
        at += 1
        return block[at - 1]

    return draw


def minibatches(task: Task) -> Callable[[], np.ndarray]:
    """The next step's rows, (m, *runs): each epoch a new shuffle, cut into minibatches, what is left over dropped."""
    samples, size = task.landscape.samples, task.minibatch or 1
    count = samples // size
    epoch, at = divmod(task.begin, count)
    streams = _streams(task, "rows", epoch // EPOCHS)
    for stream in streams:
        for _ in range(epoch % EPOCHS):
            stream.permutation(samples)

    def shuffle() -> np.ndarray:
        rows = np.empty((count, size, len(streams)), dtype=np.int64)  # a landscape may have kept the last ones
        for i, stream in enumerate(streams):
            rows[..., i] = stream.permutation(samples)[: count * size].reshape(count, size)
        return rows

    shuffled = shuffle()

    def draw() -> np.ndarray:
        nonlocal at, epoch, shuffled, streams
        if at == count:
            epoch, at = epoch + 1, 0
            if epoch % EPOCHS == 0:
                streams = _streams(task, "rows", epoch // EPOCHS)
            shuffled = shuffle()
        at += 1
        return shuffled[at - 1].reshape(size, *task.runs.shape)

    return draw


def _streams(task: Task, purpose: str, block: int) -> "list[np.random.Generator]":  # quoted: it is slow to import
    return [_random.stream(task.seed, purpose, int(run), block) for run in task.runs.reshape(-1)]
