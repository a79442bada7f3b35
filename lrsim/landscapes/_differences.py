"""Derivatives by central differences, over steps that fit the direction and the digits of the values."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

EPSILON = float(np.finfo(float).eps)
FIRST, SECOND = 1 / 3, 1 / 4  # powers of ε at which truncation and round-off balance, for first and second differences


def difference(
    function: Callable[[np.ndarray], np.ndarray],
    w: np.ndarray,
    v: np.ndarray,
    power: float,
    scales: np.ndarray | None = None,
) -> np.ndarray:
    """The derivative of `function` along v at w by central differences, w and v (d, *batch).

    The step fits the direction: no coordinate moves by more than ε^power times its scale, max(1, |w_i|) where none is
    given. Coordinates a thousand times apart move in turn, as the round-off of the large ones would drown the small. ε
    is that of the values: single precision is known by them too, whatever their type.
    """
    with np.errstate(all="ignore"):
        scales = np.maximum(1, np.abs(w)) if scales is None else scales
        slopes = []
        for part in apart(v, scales):
            rise = across(function, w, part, EPSILON**power, scales)
            if rise.epsilon > EPSILON:
                rise = across(function, w, part, rise.epsilon**power, scales)
            slopes.append(rise.slope)
        return slopes[0] if len(slopes) == 1 else np.sum(slopes, axis=0)


class Rise(NamedTuple):
    """A difference quotient, the ε of the values it is made of, and by how much rounding them may have changed it."""

    slope: np.ndarray
    epsilon: float
    doubt: np.ndarray


def across(function: Callable, w: np.ndarray, v: np.ndarray, relative: float, scales: np.ndarray) -> Rise:
    """(f(w+hv) - f(w-hv)) / 2h with h = 0.9 relative / ‖v / scales‖.

    ε^(1/4) alone would be 2⁻¹³, and leave values of few digits, as single precision does.
    """
    size = np.abs(v).max(axis=0)
    unit = v / np.where(size > 0, size, 1)
    h = 0.9 * relative / np.maximum(np.sqrt(np.sum((unit / scales) ** 2, axis=0)), 1e-300)
    high, low = w + h * unit, w - h * unit
    above, below = function(high), function(low)
    # divided by the distance really stepped, which rounding makes differ from 2h
    reached = np.sum((high - low) * unit, axis=0) / np.maximum(np.sum(unit * unit, axis=0), 1e-300)
    per = size / np.where(reached > 0, reached, np.inf)  # no slope over a step that rounding swallows
    epsilon = precision(np.stack([above, below]))
    doubt = max(epsilon, EPSILON) / 2 * (np.abs(above) + np.abs(below)) * per
    return Rise((above.astype(np.float64) - below) * per, epsilon, doubt)


def apart(v: np.ndarray, scales: np.ndarray) -> list[np.ndarray]:
    """v as a sum of directions, in each of which the scales of the coordinates are within a factor of 1000."""
    if scales.max() < 100 * scales.min():
        return [v]  # without a logarithm of each
    moved = v != 0
    exponents = np.where(moved & np.isfinite(scales), np.floor(np.log10(scales)), 0.0)
    least = np.where(moved, exponents, np.inf).min(axis=0)
    bands = np.where(moved, exponents - np.where(np.isfinite(least), least, 0), 0) // 3
    highest = bands.max()
    return [v] if highest == 0 else [np.where(bands == band, v, 0.0) for band in np.unique(bands[moved])]


def precision(values: np.ndarray) -> float:
    """ε of what the values were computed in: their type's, or single precision's where they all fit into it.

    0 for numbers of twelve bits or fewer, which fit into anything and tell nothing.
    """
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        return float(np.finfo(values.dtype).eps)
    if not (values.astype(np.float32) == values).all():
        return EPSILON
    bits = np.frexp(values)[0] * 2.0**12
    return float(np.finfo(np.float32).eps) if (bits != np.floor(bits)).any() else 0.0


def axis(w: np.ndarray, i: int) -> np.ndarray:
    unit = np.zeros_like(w)
    unit[i] = 1
    return unit
