"""Question 6: a loss that blows up and returns, again and again: minibatches near the threshold."""

import numpy as np

from lrsim.diagnosis._growth import smoothed

TALL, OFTEN = 4.0, 3  # factors of e of a burst, and how many of them are no chance
DRIFT = 4.0  # standard errors of the mean change of ln L, above which it leaves for good


def read(u: np.ndarray) -> int | None:
    """How many times ln L rises by four and more between returns as far; None where that is no walk without drift.

    Near the threshold E ln|1-ηh| < 0 < ln E (1-ηh)²: ln L walks, and the mean of many runs diverges.
    """
    legs = _legs(smoothed(u, 3))
    changes = np.diff(u)
    if legs < OFTEN or float(changes.mean()) > DRIFT * float(changes.std()) / len(changes) ** 0.5:
        return None
    return legs


def _legs(u: np.ndarray) -> int:
    if np.ptp(u) < TALL:
        return 0
    low = high = float(u[0])
    up, count = False, 0
    for value in u.tolist():
        if up:
            high = max(high, value)
            if value < high - TALL:
                up, low = False, value
        else:
            low = min(low, value)
            if value > low + TALL:
                up, high, count = True, value, count + 1
    return count
