"""When a run on a quadratic turns, and when it arrives: ln L(t) in closed form, so nothing is simulated."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.landscapes._quadratic import Quadratic, is_quadratic
from lrsim.schedules import Schedule
from lrsim.stability.inverse_time import FAR, first_true, inverse_time_crossing, log_factor, log_product
from lrsim.typing import Numbers

__all__ = ["steps_to", "turnaround_step"]

HUGE = 1e150  # ηλ above it is taken for it: any mode of that sort rises at once


def turnaround_step(landscape: Quadratic, start: Numbers, eta: float) -> int | None:
    """The smallest t with Σ c_i ρ_i^{2t} (ρ_i² - 1) ≥ 0, ρ_i = 1 - ηλ_i, c_i = ½λ_i x_i(0)²: where L(t) is lowest.

    The sign changes once, so bisection finds it, for any number of modes; sums are compared as logarithms, so
    nothing overflows. 0 for a run that rises at once, None for one that never rises (no mode with ηλ > 2 that is
    not exactly zero at the start).

    Raises:
        TypeError: a landscape that is not quadratic. ValueError: negative curvature, η < 0, a start of another shape.

    >>> from lrsim import landscapes
    >>> turnaround_step(landscapes.bowl([1, 20]), [10, 0.05], eta=0.105)
    19
    """
    logs, curvatures = _modes(landscape, start)
    return _turn(logs, _products(eta, curvatures))


def steps_to(ratio: float, landscape: Quadratic, start: Numbers, eta: float | Schedule) -> int | float:
    """The smallest t with L(t)/L(0) ≤ ratio, L measured from the minimum; inf if the run never gets there.

    `eta` is a number, `schedules.constant` or `schedules.inverse_time`, whose power law may take 10¹⁷ steps and
    more: above 2⁵³ the answer has 15 digits, above 1e300 it is inf. Nothing is simulated.

    Raises:
        as `turnaround_step`, and TypeError for another schedule: run `descend` and look at its losses.

    >>> from lrsim import landscapes, schedules
    >>> bowl = landscapes.bowl([1, 100])
    >>> steps_to(1e-6, bowl, [1, 0], 0.018)
    381
    >>> f"{steps_to(1e-6, bowl, [1, 0], schedules.inverse_time(0.018, k=0.1)):.1e}"
    '4.4e+17'
    """
    ratio = _check.real("ratio", ratio, above=0)
    logs, curvatures = _modes(landscape, start)
    eta0, k = _rates(eta)
    products = _products(eta0, curvatures)
    goal = log_sum(logs) + math.log(ratio)
    if not len(logs) or log_sum(logs) <= goal:
        return 0
    if k * FAR < 1:
        return _constant(logs, products, goal)

    def level(t: int) -> np.ndarray:
        return logs + 2 * np.array([log_product(a, k, t) for a in products])

    settled = math.ceil(max(inverse_time_crossing(a, k, 1) for a in products))
    early = _first_dip(level, settled, goal)
    return first_true(lambda t: log_sum(level(t)) <= goal, settled) if early is None else early


def _constant(logs: np.ndarray, products: np.ndarray, goal: float) -> int | float:
    """Falls until the turnaround, or for ever; there, what does not shrink is left over."""
    rates = log_factor(products)

    def arrived(t: int) -> bool:
        return log_sum(_at(logs, rates, t)) <= goal

    turn = _turn(logs, products)
    if turn is None:
        left = logs[rates >= 0]
        return math.inf if left.size and log_sum(left) > goal else first_true(arrived, 0)
    return first_true(arrived, 0) if turn and arrived(turn) else math.inf


def _first_dip(level: Callable, end: int, goal: float) -> int | None:
    """The first t in (0, end] at which Σ exp(level) is down to the goal.

    Each mode rises and then falls, so within an interval it is nowhere below the lower of its two ends: intervals
    whose lower ends add up to more than the goal are passed over, the others halved.
    """
    intervals = [(0, level(0), end, level(end))]
    while intervals:
        low, before, high, after = intervals.pop()
        if high == low or log_sum(np.minimum(before, after)) > goal:
            continue
        if high - low == 1:
            if log_sum(after) <= goal:
                return high
            continue
        middle = (low + high) // 2
        between = level(middle)
        intervals += [(middle, between, high, after), (low, before, middle, between)]
    return None


def _turn(logs: np.ndarray, products: np.ndarray) -> int | None:
    """`turnaround_step` from ln c_i and ηλ_i; ρ² - 1 is written ηλ (ηλ - 2), which loses no digits."""
    grows, shrinks = products > 2, (products > 0) & (products < 2)
    if not grows.any():
        return None
    rates = log_factor(products)
    with np.errstate(divide="ignore"):
        slopes = logs + np.log(products) + np.log(np.abs(products - 2))

    def rises(t: int) -> bool:
        up, down = (log_sum(_at(slopes[part], rates[part], t)) for part in (grows, shrinks))
        return up >= down

    return int(first_true(rises, -1))


def _at(logs: np.ndarray, rates: np.ndarray, t: int) -> np.ndarray:
    return logs + 2.0 * t * rates if t else logs


def log_sum(terms: np.ndarray) -> float:
    """ln Σ exp(terms); -inf for no terms."""
    top = float(terms.max()) if len(terms) else -math.inf
    return top if math.isinf(top) else top + math.log(np.exp(terms - top).sum())


def _modes(landscape: Any, start: Any) -> tuple[np.ndarray, np.ndarray]:
    """ln c_i and λ_i of the modes that carry loss."""
    if not is_quadratic(landscape):
        raise TypeError(f"landscape must be a quadratic, got {landscape!r:.60}")
    curvatures = landscape.eigenvalues
    # the eigenvalues of a singular matrix come out as round-off of either sign
    slack = 0.0 if landscape.curvatures is not None else 1e-14 * float(np.abs(curvatures).max())
    if curvatures.min() < -slack:
        raise ValueError(f"landscape must have no negative curvature, got an eigenvalue of {curvatures.min():g}")
    point = _check.array("start", start)
    if point.shape != (landscape.dimension,):
        raise ValueError(f"start must be one point of shape ({landscape.dimension},), got shape {point.shape}")
    x = landscape.to_modes(point)
    carries = (curvatures > 0) & (x != 0)
    curvatures = curvatures[carries]
    return np.log(curvatures) + 2 * np.log(np.abs(x[carries])) - math.log(2), curvatures


def _products(eta: Any, curvatures: np.ndarray) -> np.ndarray:
    eta = _check.real("eta", eta, low=0, hint="; to climb, negate the landscape")
    with np.errstate(over="ignore", under="ignore"):
        return np.minimum(eta * curvatures, HUGE)


def _rates(eta: Any) -> tuple[float, float]:
    """η₀ and k of a number, a constant or an inverse-time schedule."""
    name = getattr(eta, "name", None)
    if name is None and not callable(eta):
        return _check.real("eta", eta, low=0, hint="; to climb, negate the landscape"), 0.0
    if name not in ("constant", "inverse_time"):
        raise TypeError(f"eta must be a number, a constant or an inverse_time schedule, got {eta!r:.60}")
    given = {key: _check.real(key, value) for key, value in eta.parameters}
    return (given["eta"], 0.0) if name == "constant" else (given["eta0"], given["k"])
