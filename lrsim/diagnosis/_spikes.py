"""Question 5: losses far above what is before and after them."""

from typing import NamedTuple

import numpy as np

from lrsim.diagnosis._growth import smoothed

BLOCK = 100  # rows, at least, over which the tail of the noise is taken to be alike
LEAST, TALL = 0.05, 10.0  # of the level: what is below is none, what is above is one
GROWING = 4  # rows of steady growth before a peak that make it an instability


class Spikes(NamedTuple):
    peaks: list[int]  # rows, the highest of each spike
    top: int
    first: int  # the row from which the highest grows
    rows: int  # for how many rows it grew


def read(x: np.ndarray, sigma: np.ndarray) -> Spikes | None:
    """Rows over 8σ and over 7 x (q90 - median) above the calm on both sides of them."""
    level = x if len(x) < 12 else smoothed(x, 5)
    before, after = np.minimum.accumulate(level), np.minimum.accumulate(level[::-1])[::-1]
    calm = np.maximum(before, after)
    above = x - calm
    base = np.maximum(np.abs(calm), sigma)
    share = above / base
    wander = 7 * float(np.quantile(share, 0.9) - np.median(share))  # slow swings are no spikes
    calmly = sigma if len(x) < 12 else smoothed(sigma, 5)  # not the noise of a loss as high as the spike
    high = (above > 8 * calmly) & (share > 7 * _tail((x - level) / base)) & (share > max(LEAST, min(wander, TALL)))
    high[[0, -1]] = False
    rows = np.flatnonzero(high)
    if not len(rows):
        return None
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1)
    peaks = [int(group[np.argmax(x[group])]) for group in groups]
    top = max(peaks, key=lambda row: share[row])
    start = int(np.flatnonzero(x[:top] <= before[top] + 4 * sigma[:top])[-1:].sum())
    while start > 0 and x[start - 1] < x[start]:
        start -= 1
    crest = start
    while crest + 1 < len(x) and x[crest + 1] > x[crest]:
        crest += 1
    return Spikes(peaks, top, start, crest - start)


def growth(x: np.ndarray, found: Spikes) -> float | None:
    """The slowest growth a row on the way up, of two rows together: the linear part of an instability."""
    changes = np.diff(x[found.first : found.first + found.rows + 1])
    ratios = changes[1:] / changes[:-1]
    if len(ratios) < GROWING or not (ratios > 0).all():
        return None
    return float((ratios[1:] * ratios[:-1]).min() ** 0.5)


def evenly(peaks: list[int]) -> float | None:
    """The rows from spike to spike, where they come at even distances; None where they do not."""
    gaps = np.diff(peaks)
    return float(gaps.mean()) if len(gaps) > 2 and gaps.std() < 0.1 * gaps.mean() else None


def _tail(rest: np.ndarray) -> np.ndarray:
    """q90 - median of what rises above the running median nearby: rows with a long tail are held against themselves."""
    parts = np.array_split(rest, max(1, min(len(rest) // BLOCK, 400)))
    tails = np.array([np.quantile(part, 0.9) - np.median(part) for part in parts])
    padded = np.pad(tails, 1, mode="edge")
    widest = np.maximum(np.maximum(padded[:-2], padded[2:]), tails)
    return np.repeat(widest, [len(part) for part in parts])
