"""Inverse-time decay η_t = η₀/(1+kt) on one mode of curvature λ, in closed form; a = η₀λ throughout."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, overload

import numpy as np

from lrsim import _check
from lrsim.typing import Array, Numbers

__all__ = ["Peak", "inverse_time_crossing", "inverse_time_peak", "inverse_time_product", "inverse_time_recovery"]

SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)  # of ln Γ in 1/z, good to 1e-16 from z = NEAR on
NEAR = 16
FAR = 1e300  # steps beyond which nothing is told apart from for ever


class Peak(NamedTuple):
    """The step at which |x_t/x_0| is largest, that ratio (inf where it overflows) and its logarithm."""

    step: Any
    amplitude: Any
    log_amplitude: Any


@overload
def inverse_time_product(eta0: float, k: float, curvature: float, steps: int) -> float: ...
@overload
def inverse_time_product(eta0: Numbers, k: Numbers, curvature: Numbers, steps: Numbers) -> Array | Any: ...
def inverse_time_product(eta0: Numbers, k: Numbers, curvature: Numbers, steps: Numbers) -> Any:
    """x_T/x_0 = Π_{t<T} (1 - a/(1+kt)) = Γ(T+(1-a)/k) Γ(1/k) / [Γ((1-a)/k) Γ(T+1/k)], a = η₀λ, T = steps.

    Exactly 0 from step m+1 on where a = 1+mk (to rounding); ±inf where it exceeds a float. No loop over T: far from
    its change of sign the product is a difference of log-gammas, near it the factors themselves.

    Arguments broadcast; numbers give a float. All are >= 0, steps whole.

    Raises:
        ValueError, TypeError: they are not, or their shapes do not broadcast.

    >>> round(inverse_time_product(0.2, 0.1, 20, 21), 12)
    -1.0
    >>> inverse_time_product(1.0, 0.5, 2.5, 4)
    0.0
    """
    return _each(_product, eta0, k, curvature, steps=steps)


@overload
def inverse_time_crossing(eta0: float, k: float, curvature: float) -> float: ...
@overload
def inverse_time_crossing(eta0: Numbers, k: Numbers, curvature: Numbers) -> Array | Any: ...
def inverse_time_crossing(eta0: Numbers, k: Numbers, curvature: Numbers) -> Any:
    """t_c = (η₀λ/2 - 1)/k: where the rate sinks through 2/λ; 0 if it starts below, inf if it never does (k = 0).

    >>> inverse_time_crossing(0.2, 0.1, 20)
    10.0
    """
    return _each(_crossing, eta0, k, curvature)


def inverse_time_peak(eta0: Numbers, k: Numbers, curvature: Numbers) -> Peak:
    """The largest |x_t/x_0|, at step ⌈t_c⌉, about exp{(a/k)[ln 2 - H(1/a)] + ½ ln(a-1)}, H the binary entropy.

    (0, 1.0, 0.0) for a rate that starts below the threshold; (inf, inf, inf) for one that stays above (k = 0).

    >>> found = inverse_time_peak(0.2, 0.1, 20)
    >>> found.step, round(found.amplitude, 1)
    (10, 325.2)
    """
    step, log = _each(_peak_step, eta0, k, curvature), _each(_log_peak, eta0, k, curvature)
    if not np.ndim(log):
        return Peak(step, exp(log), log)
    with np.errstate(over="ignore"):
        return Peak(step, np.exp(log), log)


@overload
def inverse_time_recovery(eta0: float, k: float, curvature: float) -> float: ...
@overload
def inverse_time_recovery(eta0: Numbers, k: Numbers, curvature: Numbers) -> Array | Any: ...
def inverse_time_recovery(eta0: Numbers, k: Numbers, curvature: Numbers) -> Any:
    """The first step after the peak at which |x_t| ≤ |x_0| again: 2t_c+1 where that is whole, |x_t| = |x_0| there.

    0 for a mode that never grew, inf for one that grows for ever (k = 0, a > 2).

    >>> inverse_time_recovery(0.2, 0.1, 20)
    21
    """
    return _each(_recovery, eta0, k, curvature)


def log_product(a: float, k: float, steps: float) -> float:
    """ln |Π_{t<steps} (1 - a/(1+kt))|; factor t is (α+t)/(β+t) with β = 1/k, α = β - a/k."""
    if k * FAR < 1:  # 1/k overflows; such a decay is none within FAR steps
        return steps * log_factor(a) if steps else 0.0
    beta, shift = 1 / k, a / k
    zero = shift - beta  # where the factors change sign
    near = round(zero) if zero < steps else -1
    if 0 <= near < steps and _factor(a, k, near) == -math.inf:
        return -math.inf
    head = min(steps, NEAR)
    before = min(max(head, math.floor(zero) - NEAR), steps)
    after = min(max(before, math.ceil(zero) + NEAR), steps)
    total = math.fsum(_factor(a, k, t) for t in range(int(head)))
    total += math.fsum(_factor(a, k, before + t) for t in range(int(after - before)))
    if before > head:  # Π (−α−t)/(β+t), upwards from its last factor
        total += _gammas(zero - before + 1, beta + head, before - head)
    if steps > after:
        total += _gammas(beta - shift + after, beta + after, steps - after, shift)
    return total


def log_factor(a: Any) -> Any:
    """ln |1 - a|, without loss of digits near a = 0 and a = 2."""
    with np.errstate(all="ignore"):
        return np.where(a < 1, np.log1p(-np.minimum(a, 1)), np.log1p(a - 2))[()]


def _factor(a: float, k: float, t: float) -> float:
    scale = 1 + k * t
    if abs(scale - a) <= 4 * 2**-52 * a:
        return -math.inf
    return math.log1p(-a / scale) if a < scale / 2 else math.log(abs(scale - a) / scale)


def _gammas(z: float, y: float, n: float, d: float | None = None) -> float:
    """ln [Γ(z+n) Γ(y) / (Γ(z) Γ(y+n))] for z, y ≥ NEAR; d = y - z where it is known to more digits.

    Stirling's series, its terms paired so that nothing of size z ln z cancels.
    """
    d = y - z if d is None else d
    first = _log_ratio(d / z * (n / (y + n)), y / z, (z + n) / (y + n))
    paired = (y - 0.5) * first - d * math.log1p(n / z) + n * _log_ratio(-d / (y + n), (z + n) / (y + n))
    return paired + _tail(z + n) - _tail(z) + _tail(y) - _tail(y + n)


def _log_ratio(change: float, *ratios: float) -> float:
    """ln (1 + change), from the product of the ratios that it equals where 1 + change has lost its digits."""
    return math.log1p(change) if change > -0.5 else math.fsum(map(math.log, ratios))


def _tail(z: float) -> float:
    return sum(c / z ** (2 * i + 1) for i, c in enumerate(SERIES)) if z < 1e8 else SERIES[0] / z


def _product(eta0: float, k: float, curvature: float, steps: Any) -> float:
    steps = _check.count("steps", steps)
    if steps > FAR:
        raise ValueError(f"steps must be at most {FAR:g}, got {len(str(steps))} digits")
    a = eta0 * curvature
    log = log_product(a, k, float(steps))
    if log == -math.inf:
        return 0.0
    negative = min(steps, math.ceil((a - 1) / k) if k * FAR >= 1 else steps) if a > 1 else 0
    return (-1.0 if negative % 2 else 1.0) * exp(log)


def _crossing(eta0: float, k: float, curvature: float) -> float:
    above = eta0 * curvature / 2 - 1
    return 0.0 if above <= 0 else math.inf if k * FAR < 1 else above / k


def _peak_step(eta0: float, k: float, curvature: float) -> int | float:
    crossing = _crossing(eta0, k, curvature)
    return crossing if math.isinf(crossing) else math.ceil(crossing)


def _log_peak(eta0: float, k: float, curvature: float) -> float:
    step = _peak_step(eta0, k, curvature)
    return step if math.isinf(step) else log_product(eta0 * curvature, k, step)


def _recovery(eta0: float, k: float, curvature: float) -> int | float:
    top = _peak_step(eta0, k, curvature)
    if math.isinf(top) or not top:
        return top
    # the sum of T logarithms carries this much round-off; at 2t_c+1 it is exactly 0
    slack = 2**-52 * (8 * top + 8 * _log_peak(eta0, k, curvature))
    return first_true(lambda t: log_product(eta0 * curvature, k, t) <= slack, int(top))


def first_true(holds: Callable[[int], bool], low: int) -> int | float:
    """The smallest t > low at which `holds`, which must then hold for ever; inf beyond FAR; 15 digits of it."""
    width = 1
    while not holds(low + width):
        width *= 2
        if low + width > FAR:
            return math.inf
    low, high = low + width // 2, low + width
    while high - low > max(1, high >> 52):
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def exp(log: float) -> float:
    return math.exp(log) if log < 709.78 else math.inf


def _each(function: Callable, eta0: Any, k: Any, curvature: Any, **rest: Any) -> Any:
    """`function` of every entry of the broadcast arguments."""
    given = {"eta0": eta0, "k": k, "curvature": curvature}
    given = {name: _check.array(name, value, low=0) for name, value in given.items()}
    spread = _check.together(**given, **rest)
    with np.errstate(all="ignore"):
        a = spread[0] * spread[2]
        shift = a / np.where(spread[1] * FAR < 1, 1, spread[1])
    if not (np.maximum(a, shift) <= FAR).all():
        raise ValueError(f"eta0 times curvature, and that over k, must be at most {FAR:g}, got {shift.max():g}")
    if not spread[0].ndim:
        return function(*(float(g) for g in given.values()), **rest)
    entries = zip(*(s.flat for s in spread), strict=True)
    values = [function(*map(float, entry[:3]), *entry[3:]) for entry in entries]
    return np.array(values, dtype=float).reshape(spread[0].shape)
