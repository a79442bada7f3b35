"""Question 9: whether the end falls or is flat, from block means, and at which level."""

import math
from typing import NamedTuple

import numpy as np

BLOCKS = 20
UNDERFLOW = 87.3365  # -ln of the smallest normal float32


class Trend(NamedTuple):
    share: float  # by which the last half falls, of its level; negative: it rises
    error: float  # its standard error
    falls: bool
    rises: bool
    since: int  # the row from which it is flat
    level: float
    level_error: float
    start: float  # where it begins, is in the middle, and ends
    middle: float
    end: float


def read(x: np.ndarray, t: np.ndarray, noise: float, smooth: bool) -> Trend:
    """The slope over the last half ± its standard error; flat where it is nothing, or nothing that matters."""
    half = len(x) // 2
    share, error = _fall(x[half:], t[half:])
    total, spread = _fall(x, t)
    least = 0.005 if smooth else max(0.01, 0.2 * noise)
    falls = share > max(least, 0 if smooth else 3 * error)
    rises = -share > max(least, 0 if smooth else 4 * error)
    if not falls and not rises and not smooth:  # what is only likely here, and sure a little further back
        more, doubt = _fall(x[len(x) // 3 :], t[len(x) // 3 :])
        likely = max(least, 1.2 * error)
        falls = share > likely and more > 3 * doubt
        rises = -share > likely and (-more > 4 * doubt or -total > 4 * spread)
    falls = falls or (len(x) < 24 and total > max(least, 0 if smooth else 3 * spread))
    since = half
    while not falls and since > len(x) // 8:  # how far back is it as flat?
        earlier = since * 3 // 4
        more, doubt = _fall(x[earlier:], t[earlier:])
        if abs(more) > max(least, 3 * doubt) or not _level(x, earlier, since, least):
            break
        since = earlier
    part = x[since:]
    blocks = _means(part, min(BLOCKS, len(part)))
    level_error = float(blocks.std(ddof=1) / len(blocks) ** 0.5) if len(blocks) > 1 else 0.0
    since = 0 if since <= len(x) // 8 and _level(x, 0, since, least) else since
    return Trend(share, error, falls, rises, since, float(part.mean()), level_error, *_three(x))


def _level(x: np.ndarray, row: int, since: int, least: float) -> bool:
    """Whether the rows before have the level of those from `since` on."""
    after = x[since:]
    near = max(4 * float(after.std()), least * abs(float(after.mean())))
    return row == since or abs(float(x[row:since].mean() - after.mean())) <= near


def _three(x: np.ndarray) -> tuple[float, float, float]:
    few = max(1, len(x) // 20)
    half = len(x) // 2
    return float(x[:few].mean()), float(x[half : half + few].mean()), float(x[-few:].mean())


def _means(x: np.ndarray, blocks: int) -> np.ndarray:
    return np.array([part.mean() for part in np.array_split(x, blocks)])


def _fall(x: np.ndarray, t: np.ndarray) -> tuple[float, float]:
    """By which share of its level x falls along a line, and the standard error of that from block means."""
    blocks = min(BLOCKS, max(len(x) // 2, 2), len(x))
    y, s = _means(x, blocks), _means(t, blocks)
    s = s - s.mean()
    span = float(t[-1] - t[0])
    slope = float(s @ y / (s @ s)) if len(y) > 1 else 0.0
    rest = y - y.mean() - slope * s
    error = float((rest @ rest / max(len(y) - 2, 1) / (s @ s)) ** 0.5) if len(y) > 2 else 0.0
    size = float(np.mean(np.abs(x))) or 1.0
    return -slope * span / size, error * span / size


def known(level: float, error: float) -> str | None:
    """What a flat level is known for: ln K of K classes that are guessed, -ln of the smallest normal float32."""
    if error > 0.005:
        return None  # any level is near to some logarithm
    near = max(4 * error, 0.005)
    if abs(level - UNDERFLOW) < max(near, 0.01):
        return f"{UNDERFLOW} is -ln of the smallest normal float32: a probability of 0"
    classes = round(math.exp(level)) if 0.6 < level < 12 else 0
    usual = (2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100, 200, 1000, 10_000, 21_841, 32_000, 50_257)
    if classes in usual and abs(level - math.log(classes)) < near:
        return f"{math.log(classes):.4g} is ln {classes}, the loss of a guess among {classes} classes"
    return None
