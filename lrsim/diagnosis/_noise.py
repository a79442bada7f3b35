"""Question 2: how large the noise is, of what kind, and whether the loss alternates."""

from typing import NamedTuple

import numpy as np

from lrsim.diagnosis._growth import smoothed

BLOCK = 40  # rows over which the noise is taken to be alike
ROBUST = 1.4826 * (2 / 3) ** 0.5  # from the median of |x_t - (x_{t-1} + x_{t+1})/2| to σ


class Noise(NamedTuple):
    u: np.ndarray  # ln L, or what stands in for it where losses are not positive
    share: np.ndarray  # σ of u
    sigma: np.ndarray  # σ of L
    kind: float  # 0 smooth, 2 a random walk, 3 white, 4 alternating


def read(x: np.ndarray, round_off: np.ndarray) -> Noise:
    """σ of each row from its neighbourhood, in ln L: growth is a straight line there, and noise is mostly a share."""
    size = _size(x)
    if size == 0 and x.min() <= 0:
        x = np.where(x > 0, x, np.maximum(smoothed(x, 5), np.min(x[x > 0])))
    u = np.log(x) if size == 0 else np.arcsinh(x / (2 * size))
    scale = np.abs(x) if size == 0 else np.hypot(x, 2 * size)
    d = np.abs(u[1:-1] - (u[:-2] + u[2:]) / 2)
    width = max(BLOCK, len(d) // 400)
    if not len(d):
        return Noise(u, np.zeros(len(x)), round_off, 2.0)
    blocks = np.array([np.median(d[i : i + width]) for i in range(0, max(len(d) - width // 2, 1), width)])
    spread = ROBUST * np.repeat(blocks, width)
    share = np.pad(spread, (1, max(len(x) - len(spread) - 1, 0)), mode="edge")[: len(x)]
    share = np.maximum(share, round_off / np.maximum(scale, np.finfo(float).tiny))
    return Noise(u, share, share * scale, _kind(np.diff(u)))


def _size(x: np.ndarray) -> float:
    """0 where ln will do; else the size below which a loss is as good as 0."""
    if np.mean(x > 0) > 0.98:  # noise may throw a loss below 0
        return 0.0
    return float(np.median(np.abs(x - np.median(x)))) or float(np.abs(x).max()) or 1.0


def _kind(changes: np.ndarray) -> float:
    """2 (1 - the correlation of successive changes), not led by a few large ones."""
    if len(changes) < 4:
        return 2.0
    middle = np.median(changes)
    wide = 4 * np.median(np.abs(changes - middle))
    c = np.clip(changes - middle, -wide, wide) if wide else changes - middle
    power = float((c * c).mean())
    return 2.0 if power == 0 else float(2 * (1 - (c[1:] * c[:-1]).mean() / power))


def repeats(noise: Noise, rows: int = 2000) -> int | None:
    """The rows after which ln L does the same again: teeth; None where less than half of its changes is due to that."""
    d = np.diff(noise.u[-rows:])
    d = d - d.mean() if len(d) else d
    power, most = float(d @ d), min(len(d) // 3, rows // 4)
    if most < 3 or power == 0:
        return None
    alike = np.array([float(d[lag:] @ d[:-lag]) / power * len(d) / (len(d) - lag) for lag in range(2, most + 1)])
    lag = 3 + int(np.argmax(alike[1:] > 0.9 * alike[1:].max()))
    own, again, between = alike[lag - 2], alike[(2 * lag if 2 * lag <= most else lag) - 2], alike[: lag - 2].min()
    return lag if own > 0.5 and again > 0.4 and between < own / 2 else None  # a slow change is alike at every lag


def alternates(noise: Noise, rows: int = 400) -> float | None:
    """The share by which every second loss of the last rows is higher, if that is no chance; else None."""
    u = noise.u[-rows:]
    if len(u) < 12:
        return None
    d = (u[1:-1] - (u[:-2] + u[2:]) / 2) / 2 * (-1.0) ** np.arange(len(u) - 2)  # ± its height, plus noise
    height, doubt = abs(float(np.mean(d))), float(np.std(d)) / len(d) ** 0.5
    halves = [float(np.mean(part)) for part in np.array_split(d, 2)]
    steady = min(halves, key=abs) / max(halves, key=abs) > 0.5 if height else False
    if steady and height > 6 * doubt and height > np.std(d) and height > 1e-9:
        return 2 * height
    return None
