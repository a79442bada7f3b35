"""A model is asked for its loss, and nothing of it or of the random numbers moves."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
    devices = {p.device for p in model.parameters()} - {torch.device("cpu"), torch.device("meta")}
    with ExitStack() as forks:
        forks.enter_context(torch.random.fork_rng([]))
        for device in devices:  # CUDA's, Apple's, Intel's: each has a generator of its own
            forks.enter_context(torch.random.fork_rng([device.index or 0], device_type=device.type))
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)  # noqa: NPY002
            for module, mode in modes:
                module.training = mode
