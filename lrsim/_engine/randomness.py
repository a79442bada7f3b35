"""Random numbers of a run: one stream for each, named by seed and run, so that no chunking changes them."""

from collections.abc import Callable

import numpy as np

from lrsim._engine.task import Task

BUDGET = 2**17  # numbers drawn ahead for a chunk of runs
NOISE, ROWS = 0, 1


def noise(task: Task) -> Callable[[], np.ndarray]:
    """The next step's σ·N(0, 1), an independent one for each coordinate and run: (d, *batch)."""
    shape = task.start.shape
    ahead = max(1, BUDGET // max(1, task.start.size))
    generators = _generators(task, NOISE)
    drawn = np.empty((len(generators), ahead, shape[0]))
    block, at = np.empty((ahead, *shape)), ahead

    def draw() -> np.ndarray:
        nonlocal at
        if at == ahead:
            for generator, own in zip(generators, drawn, strict=True):
                generator.standard_normal(out=own)
            np.multiply(np.moveaxis(drawn, 0, -1).reshape(block.shape), task.noise, out=block)
            at = 0
        at += 1
        return block[at - 1]

    return draw


def minibatches(task: Task) -> Callable[[], np.ndarray]:
    """The next step's rows, (m, *batch): each epoch a new shuffle, cut into minibatches, what is left over dropped."""
    samples, size = task.landscape.samples, task.minibatch or 1
    count = samples // size
    generators = _generators(task, ROWS)
    shuffled, at = np.empty((count, size, len(generators)), dtype=np.int64), count

    def draw() -> np.ndarray:
        nonlocal at, shuffled
        if at == count:
            shuffled = np.empty_like(shuffled)  # a landscape may have kept the last ones
            for i, generator in enumerate(generators):
                shuffled[..., i] = generator.permutation(samples)[: count * size].reshape(count, size)
            at = 0
        at += 1
        return shuffled[at - 1].reshape(size, *task.batch)

    return draw


def _generators(task: Task, purpose: int) -> "list[np.random.Generator]":  # quoted: it is slow to import
    return [np.random.Generator(np.random.PCG64([task.seed, int(run), purpose])) for run in task.runs.reshape(-1)]
