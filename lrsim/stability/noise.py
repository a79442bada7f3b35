"""What gradient noise leaves of the loss at a constant learning rate."""

import math
from typing import Any

import numpy as np

from lrsim import _check


def noise_floor(curvature: Any, eta: Any, noise: Any) -> Any:
    """ησ²/(2(2-ηλ)): the expected loss of a mode of curvature λ at which constant η ends, gradients ∇L + σ·N(0, 1).

    Infinite from the threshold ηλ = 2 on, and 0 for λ = 0, where the mode wanders without changing the loss.
    Arguments broadcast: the eigenvalues of a quadratic give the floor of each mode, and their sum that of the loss.
    The fixed point of m ← (1-ηλ)² m + η²σ² for the second moment m of the coordinate, times λ/2.

    Raises:
        ValueError: curvature, eta or noise negative, not finite, or of shapes that do not broadcast.

    >>> round(float(noise_floor([1, 20], 0.09, 1).sum()), 3)
    0.249
    """
    curvature = _check.array("curvature", curvature, low=0)
    eta = _check.array("eta", eta, low=0)
    noise = _check.array("noise", noise, low=0)
    curvature, eta, noise = _check.together(curvature=curvature, eta=eta, noise=noise)
    with np.errstate(all="ignore"):
        room = 2 - eta * curvature
        floor = (noise * np.sqrt(eta / np.where(room > 0, 2 * room, 1))) ** 2
    floor = np.where(room > 0, floor, math.inf)
    floor = np.where((eta == 0) | (noise == 0) | (curvature == 0), 0.0, floor)
    return floor if floor.ndim else float(floor)
