"""What is known about a run before it starts: thresholds, the best constant rate, the step at which a curve turns."""

import math
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.landscapes.quadratics import Quadratic

MARGIN = 1e-9  # relative distance from ηλ = 2 that still counts as marginal


def sharpness(landscape: Quadratic) -> float:
    """λ_max, the largest eigenvalue of the Hessian."""
    return float(landscape.eigenvalues.max())


def threshold(landscape: Any) -> float:
    """2/λ_max: above it gradient descent diverges. Infinite where λ_max ≤ 0. Takes a landscape or λ_max itself.

    >>> from lrsim import landscapes
    >>> threshold(landscapes.bowl([1, 20]))
    0.1
    """
    top = _top(landscape)
    return 2 / top if top > 0 else math.inf


def optimal_eta(landscape: Quadratic) -> float:
    """η* = 2/(λ_min + λ_max): the constant rate with the smallest worst factor, (κ-1)/(κ+1) a step."""
    values = landscape.eigenvalues
    if values.min() <= 0:
        raise ValueError(f"landscape must have positive eigenvalues, got a smallest of {values.min():g}")
    return float(2 / (values.min() + values.max()))


def regime(eta: Any, landscape_or_sharpness: Any) -> Any:
    """"frozen" (η = 0), "monotone" (ηλ_max ≤ 1), "oscillating" (< 2), "marginal" (2 to 1e-9) or "diverging".

    >>> regime(0.105, 20)
    'diverging'
    """
    eta = _check.array("eta", eta, low=0)
    product = eta * _top(landscape_or_sharpness)
    conditions = [eta == 0, abs(product - 2) <= 2 * MARGIN, product <= 1, product < 2]
    names = np.select(conditions, ["frozen", "marginal", "monotone", "oscillating"], "diverging")
    return str(names) if names.ndim == 0 else names


def turnaround_step(landscape: Quadratic, start: Any, eta: float) -> int | None:
    """The step with the lowest loss of a run that falls and then rises; 0 if it rises at once, None if it never does.

    The smallest t with Σ c_i ρ_i^{2t} (ρ_i² - 1) ≥ 0, where ρ_i = 1 - ηλ_i and c_i = ½λ_i x_i(0)²: the sign changes
    once, so bisection finds it; sums are compared as logarithms, so nothing overflows.
    """
    x = landscape.to_modes(_check.array("start", start))
    rho = (1 - _check.real("eta", eta, low=0) * landscape.eigenvalues) ** 2
    weight = 0.5 * landscape.eigenvalues * x**2 * (rho - 1)
    grows, shrinks = weight > 0, weight < 0
    if not grows.any():
        return None

    def rises(t: int) -> bool:
        up, down = (_log_sum(np.log(abs(weight[m])), rho[m], t) for m in (grows, shrinks))
        return up >= down

    high = 1
    while not rises(high):
        high *= 2
    low = 0 if high > 1 or not rises(0) else -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if rises(middle) else (middle, high)
    return high


def crossing_step(eta0: float, k: float, curvature: float) -> float:
    """t_c = (η₀λ/2 - 1)/k: where the rate η₀/(1+kt) sinks through 2/λ; 0 if it starts below."""
    return max(0.0, (eta0 * curvature / 2 - 1) / k)


def steps_to(ratio: float, landscape: Quadratic, start: Any, eta: Any) -> int | float:
    """The smallest t with L(t)/L(0) ≤ ratio, without simulating; infinite if the run never gets there.

    `eta` is a constant or `schedules.inverse_time`, whose power law may take 10¹⁷ steps. Works with ln L(t), found
    from ρ^{2t} or through log-gamma; L is convex in t, or falls for good once η_t is below every threshold.
    """
    ratio = _check.real("ratio", ratio, above=0)
    x, curvatures = landscape.to_modes(_check.array("start", start)), landscape.eigenvalues
    with np.errstate(divide="ignore"):
        logs = np.log(0.5 * curvatures * x**2)
    parameters = dict(getattr(eta, "parameters", ()))
    if "k" in parameters:
        eta0, k = (float(parameters[key]) for key in ("eta0", "k"))
        first = math.ceil(max(crossing_step(eta0, k, c) for c in curvatures)) + 1
        factor = np.array([_log_decay(eta0 * c, k) for c in curvatures])
        height = lambda t: _peak_sum(logs + 2 * np.array([f(t) for f in factor]))  # noqa: E731
        limit = math.inf
    else:
        rate = _check.real("eta", eta, low=0)
        with np.errstate(divide="ignore"):
            rho = np.log(abs(1 - rate * curvatures))
        height = lambda t: _peak_sum(logs + (2 * t * rho if t else 0))  # noqa: E731
        turn = turnaround_step(landscape, start, rate)
        first, limit = 0, math.inf if turn is None else turn
        if _peak_sum(np.where(rho < 0, -math.inf, logs)) > height(0) + math.log(ratio) and turn is None:
            return math.inf
    goal = height(0) + math.log(ratio)
    for t in range(first + 1):
        if height(t) <= goal:
            return t
    low, high = first, first + 1
    while height(min(high, limit)) > goal:
        if high >= limit or high > 1e300:
            return math.inf
        low, high = high, 2 * high
    while high - low > max(1, low >> 50):
        middle = (low + high) // 2
        low, high = (low, middle) if height(middle) <= goal else (middle, high)
    return high


def _log_decay(a: float, k: float) -> Any:
    """T -> ln |Π_{t<T} (1 - a/(1+kt))|: summed up to T = 10⁵, then Γ(T+α)/Γ(T+β) by its expansion in 1/T."""
    alpha, beta, split = (1 - a) / k, 1 / k, 100_000

    def ratio(z: float) -> float:
        return (alpha - beta) * (math.log(z) + (alpha + beta - 1) / (2 * z))

    with np.errstate(divide="ignore"):
        sums = np.concatenate([[0.0], np.cumsum(np.log(abs(1 - a / (1 + k * np.arange(split)))))])
    return lambda T: float(sums[T]) if split >= T else float(sums[-1]) + ratio(T) - ratio(split)


def _peak_sum(terms: np.ndarray) -> float:
    """ln Σ exp(terms)."""
    top = float(np.max(terms))
    return top if math.isinf(top) else top + math.log(np.exp(terms - top).sum())


def _log_sum(logs: np.ndarray, rho: np.ndarray, t: int) -> float:
    """ln Σ exp(logs + t ln ρ), -inf for no terms."""
    if not logs.size:
        return -math.inf
    with np.errstate(divide="ignore"):
        return _peak_sum(logs + (t * np.log(rho) if t else 0))


def _top(landscape_or_sharpness: Any) -> float:
    if hasattr(landscape_or_sharpness, "eigenvalues"):
        return float(landscape_or_sharpness.eigenvalues.max())
    return _check.real("landscape_or_sharpness", landscape_or_sharpness)
