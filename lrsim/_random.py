"""Random streams, each named by what it is for and by whose it is, so that none is another, nor the user's own."""

from typing import TYPE_CHECKING, Any

import numpy as np

from lrsim import _check

if TYPE_CHECKING:
    from numpy.random import Generator, SeedSequence  # imported where they are used: numpy.random is slow to load


def source(name: str, value: Any) -> "SeedSequence":
    """What names the streams of a call: a whole number, a SeedSequence, or a Generator, drawn from once for a seed.

    The last two are how NumPy's users hand on randomness (Scientific Python's SPEC 7).
    """
    random = np.random
    if isinstance(value, random.SeedSequence):
        return value
    if isinstance(value, random.Generator):
        return random.SeedSequence(value.integers(2**32, size=4, dtype=np.uint32).tolist())
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, a SeedSequence or a Generator, got {value!r:.60}")
    return random.SeedSequence(_check.count(name, value))


def stream(seed: "SeedSequence", purpose: str, *whose: int) -> "Generator":
    """The stream of a purpose, for a run or a part of one.

    The names of purposes are longer than the small numbers by which `SeedSequence.spawn` counts.

    >>> import numpy as np
    >>> here, there = (stream(np.random.SeedSequence(seed), "noise", 0) for seed in (0, 2**32))
    >>> bool(here.standard_normal() == there.standard_normal())
    False
    """
    key = (*seed.spawn_key, int.from_bytes(f"lrsim {purpose}".encode()), *whose)
    own = np.random.SeedSequence(seed.entropy, spawn_key=key, pool_size=seed.pool_size)
    return np.random.Generator(np.random.PCG64(own))
