"""The normal numbers behind a noisy run, for the site's explorables: one file a seed, float64, step by step."""

import numpy as np

from lrsim import _random

SEEDS, STEPS, MODES = 8, 1000, 2


def draws(seed: int) -> np.ndarray:
    """What `descend(..., noise=σ, rng=seed)` on two modes multiplies by σ: shape (STEPS, MODES)."""
    stream = _random.stream(np.random.SeedSequence(seed), "noise", 0, 0)
    return stream.standard_normal((STEPS, MODES))
