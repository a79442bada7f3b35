"""TensorBoard's event files, read by tensorboard itself."""

import os
from pathlib import Path

import numpy as np

from lrsim.logs._cells import Column, Table


def is_events(path: str) -> bool:
    if os.path.isdir(path):
        return any("tfevents" in file.name for file in Path(path).iterdir())
    return "tfevents" in os.path.basename(path)


def table(path: str) -> Table:
    """Every scalar of an event file or a folder of them, a column each, on the rows of all their steps.

    Raises:
        ValueError: tensorboard is not installed, or there is no scalar.
    """
    try:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    except ImportError:
        raise ValueError("an event file needs tensorboard: pip install 'lrsim[tensorboard]'") from None
    from tensorboard.util.tensor_util import make_ndarray

    read = EventAccumulator(path, size_guidance={"scalars": 0, "tensors": 0})
    read.Reload()
    found = {tag: [(e.step, e.value) for e in read.Scalars(tag)] for tag in read.Tags()["scalars"]}
    for tag in read.Tags()["tensors"]:
        tensors = [(e.step, make_ndarray(e.tensor_proto)) for e in read.Tensors(tag)]
        if tensors and all(np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiu" for _, value in tensors):
            found[tag] = [(step, float(value)) for step, value in tensors]
    if not found:
        raise ValueError("holds no scalars")
    steps = np.unique([step for points in found.values() for step, _ in points])
    columns = [Column(steps.astype(float), np.zeros(len(steps), bool))]
    for points in found.values():
        own: dict = dict(points)  # of a step written twice the later
        values = np.array([own.get(step, np.nan) for step in steps.tolist()], float)
        columns.append(Column(values, np.array([step not in own for step in steps.tolist()])))
    return Table(["step", *found], columns, [])
