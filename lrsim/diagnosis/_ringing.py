"""Question 8: what a loss that swings says: momentum by its period and its decay, a ragged floor by how it hangs on."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

DEEP = 0.7  # of the height of a peak: what swings goes lower than that in between
EARLY = 0.22  # of a period: arches are low half-way between their peaks or later, teeth in the row after a peak
FEWEST, LOWEST = 5, 0.02  # peaks, and the share of the first from which on they are lost in noise


class Ringing(NamedTuple):
    period: float  # of the loss
    share: float  # peak to peak, by step: β of heavy ball
    first: int  # the row of the first peak
    peaks: list[int]


def read(x: np.ndarray, t: np.ndarray) -> Ringing | None:
    """Peaks at even distances whose heights above L* shrink by a constant share: ln height is a line in t."""
    middle = x[1:-1]
    peaks = np.flatnonzero((middle > x[:-2]) & (middle >= x[2:])) + 1
    if len(peaks) < FEWEST:
        return None
    heights = x[peaks] - x.min()
    peaks = peaks[: max(int(np.argmax(np.append(heights < LOWEST * heights[0], True))), FEWEST)]
    gaps, at = np.diff(t[peaks]), t[peaks]
    logs = np.log(np.maximum(x[peaks] - x.min(), 1e-300))
    lows = np.array([a + np.argmin(x[a:b]) for a, b in pairwise(peaks)])
    if np.diff(peaks).mean() > 4.5 and np.median((t[lows] - at[:-1]) / gaps) < EARLY:
        return None
    deep = (x[lows] - x.min()) / (x[peaks[1:]] - x.min() + 1e-300)
    if max(np.median(deep), np.median(deep[: (len(deep) + 1) // 2])) > DEEP:  # teeth look deep where all is low
        return None
    slope, first = np.polyfit(at, logs, 1)
    off, fall = float(np.std(logs - slope * at - first)), float(-slope * (at[-1] - at[0]))
    if gaps.std() > 0.3 * gaps.mean() or fall < 1 or off > 0.15 * fall or gaps.mean() < 3 * (t[1] - t[0]):
        return None
    return Ringing(float(gaps.mean()), float(np.exp(slope)), int(peaks[0]), peaks.tolist())


def products(found: Ringing) -> tuple[float, float]:
    """The least and the greatest ηλ whose loss swings so.

    A mode z = √s e^{±iθ} swings the loss by 2θ an update, which θ and π-θ do alike: θ = π/P or π - π/P, and with rows
    of k updates 2k angles between the two. For heavy ball (s = β) and Nesterov (s = β(1-ηλ)) alike, ηλ is the
    characteristic polynomial at 1: |1-z|² = 1+s-2√s cos θ.
    """
    s = min(found.share, 0.9999)
    far = float(2 * s**0.5 * np.cos(np.pi / found.period))
    return 1 + s - far, 1 + s + far


def ragged(x: np.ndarray) -> float | None:
    """The lag-1 autocorrelation c of a noisy floor, where ηλ = 1 ∓ √c for one mode; None where it is not clear of 0."""
    if len(x) < 64:
        return None
    rest = x - x.mean()
    power = float(rest @ rest)
    c = float(rest[1:] @ rest[:-1]) / power if power else 0.0
    return c if 4 / len(x) ** 0.5 < c < 1 else None
