"""A model is asked for its loss, and nothing of it or of the random numbers moves."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def still(model: torch.nn.Module) -> Iterator[None]:
    """Random numbers and training modes are afterwards as before, also after an exception.

    So every pass begins with the same state, draws the same dropout masks and has the same loss. Parameters and
    buffers are no matter of this: the model computes with copies of them.
    """
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002, augmentations draw from it
    modes = [(module, module.training) for module in model.modules()]
    graphics = {p.device.index for p in model.parameters() if p.device.type == "cuda"}
    with torch.random.fork_rng(sorted(i for i in graphics if i is not None)):
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)  # noqa: NPY002
            for module, mode in modes:
                module.training = mode
