"""Question 7: what a column of learning rates says: the curvature behind a growth, the step where η passed 2/λ."""

from typing import NamedTuple

import numpy as np


class Curvature(NamedTuple):
    value: float  # λ
    passed: int | None  # from which row on η was above 2/λ, the last time it was
    misfit: float  # rms of ln(L - L*) about the fit
    error: float  # half of the 95 % interval of λ, as a share of it


def constant(rates: np.ndarray) -> bool:
    return bool(rates.max() - rates.min() <= 1e-6 * rates.max())


def fit(rates: np.ndarray, t: np.ndarray, v: np.ndarray, first: int) -> Curvature | None:
    """λ of ln(L - L*) = c + 2 Σ ln|1 - η_s λ| over the rows from `first`, a row's rate held until the next.

    It grows at the end, so η λ > 2 there.
    """
    eta, steps = rates[first:-1], np.diff(t[first:])
    if len(eta) < 3 or rates[-1] <= 0:
        return None

    def misfit(products: np.ndarray) -> np.ndarray:  # of trial values of λ, all at once
        growth = 2 * np.log(np.abs(1 - np.outer(products, eta)) + 1e-300) * steps
        model = np.concatenate([np.zeros((len(products), 1)), np.cumsum(growth, axis=1)], axis=1)
        rest = v - model
        return np.sqrt(np.mean((rest - rest.mean(axis=1, keepdims=True)) ** 2, axis=1))

    low, high = 2.0 / eta.max(), 200.0 / eta.max()
    for _ in range(6):
        trial = np.geomspace(low, high, 40)
        off = misfit(trial)
        best = int(np.argmin(off))
        low, high = trial[max(best - 1, 0)], trial[min(best + 1, 39)]
    value = float(trial[best])
    below = np.flatnonzero(rates * value <= 2)
    passed = int(below[-1]) + 1 if len(below) else 0
    lean = np.cumsum(2 * value * eta / (value * eta - 1) * steps)  # of ln L on ln λ
    error = 2 * float(off[best] / (np.std(np.append(0, lean)) * len(v) ** 0.5 + 1e-300))
    return Curvature(value, passed if passed < len(rates) else None, float(off[best]), error)


class Drop(NamedTuple):
    row: int  # the first with the lower rate
    levels: tuple[float, float]
    errors: tuple[float, float]
    limit: float  # L* as η → 0


def drop(rates: np.ndarray, x: np.ndarray) -> Drop | None:
    """One drop of the rate between two plateaus: floors F ∝ η give L* = (F₂η₁ - F₁η₂)/(η₁ - η₂)."""
    turns = np.flatnonzero(np.diff(rates) != 0) + 1
    if len(turns) != 1 or rates[0] <= rates[-1] or min(turns[0], len(x) - turns[0]) < 16:
        return None
    at = int(turns[0])
    parts = (x[at // 4 : at], x[at + (len(x) - at) // 4 :])
    means: list[float] = []
    errors: list[float] = []
    flat = True
    for part in parts:
        blocks = np.array([block.mean() for block in np.array_split(part, 8)])
        error = float(blocks.std(ddof=1) / 8**0.5)
        slope = float(np.polyfit(np.arange(8), blocks, 1)[0])
        flat = flat and abs(slope) < 3 * float(blocks.std(ddof=1)) / 42**0.5 + 1e-12 * abs(means[0] if means else 1)
        means.append(float(part.mean()))
        errors.append(error)
    if not flat or means[1] >= means[0]:
        return None
    high, low = float(rates[0]), float(rates[-1])
    return Drop(at, (means[0], means[1]), (errors[0], errors[1]), (means[1] * high - means[0] * low) / (high - low))
