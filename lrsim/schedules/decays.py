"""Schedules that fall by one formula from the first step to the last.

Powers are `np.float_power`: `np.power` squares where the exponent is a lone 2, and then a step alone, or a run alone,
has other last bits than among many.
"""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.schedules._schedule import Schedule, before, finite, half_cosine, make, rate, steady, whole
from lrsim.typing import Numbers

__all__ = ["cosine", "exponential", "inverse_sqrt", "inverse_time", "polynomial"]


@examples("inverse_time(0.2, k=0.1)", "inverse_time([0.1, 0.2, 0.4], k=[0, 0.1, 1])")
def inverse_time(eta0: Numbers, k: Numbers) -> Schedule:
    """η_t = η₀ / (1 + k t), k ≥ 0.

    On a bowl every run under it converges, k > 0, in exact arithmetic: from far above the threshold a float64 run may
    overflow first, and where the curvature has no bound (x⁴/4) a run can be lost.

    Keras: `InverseTimeDecay(eta0, decay_steps=1, decay_rate=k)`, t counts minibatches. PyTorch: `LambdaLR` with
    `lambda t: 1 / (1 + k * t)`, t counts calls of `scheduler.step()`. optax: none; the same lambda, t counts updates.

    >>> inverse_time(0.2, k=0.1)([0, 10])
    array([0.2, 0.1])
    """
    return make("inverse_time", _inverse_time, eta0=rate("eta0", eta0), k=_check.array("k", k, low=0))


def _inverse_time(t: np.ndarray, eta0: np.ndarray, k: np.ndarray) -> np.ndarray:
    eta0, k = before(t, eta0, k)
    return eta0 / (1 + k * t)


@examples("inverse_sqrt(0.2, k=0.5)", "inverse_sqrt([0.1, 0.2, 0.4], k=[0, 0.1, 1])")
def inverse_sqrt(eta0: Numbers, k: Numbers) -> Schedule:
    """η_t = η₀ / √(1 + k t), k ≥ 0.

    Keras, PyTorch, optax: a function of the step, as for `inverse_time`. The Transformer's rate is
    `warmup(n, inverse_sqrt(peak, 1 / n))`, from A. Vaswani et al., "Attention is all you need" (2017),
    arXiv:1706.03762, section 5.3, one step later.

    >>> inverse_sqrt(0.2, k=0.5)([0, 6])
    array([0.2, 0.1])
    """
    return make("inverse_sqrt", _inverse_sqrt, eta0=rate("eta0", eta0), k=_check.array("k", k, low=0))


def _inverse_sqrt(t: np.ndarray, eta0: np.ndarray, k: np.ndarray) -> np.ndarray:
    eta0, k = before(t, eta0, k)
    return eta0 / np.sqrt(1 + k * t)


@examples("exponential(0.4, 0.9)", "exponential(0.3, [0.5, 1, 1.1])")
def exponential(eta0: Numbers, factor: Numbers) -> Schedule:
    """η_t = η₀ factorᵗ, factor > 0. Below 1 its rates have a finite sum: a run may stall before the minimum.

    Above 1 it grows, and has no rate for a step where it passes the largest float; `ramp` ends where it should.
    Keras: `ExponentialDecay(eta0, 1, factor)`, t counts minibatches. PyTorch: `ExponentialLR(gamma=factor)`, t counts
    calls of `scheduler.step()`. optax: `exponential_decay(eta0, 1, factor)`, t counts updates.

    Raises:
        ValueError: also when called with such a step.

    >>> exponential(0.4, factor=0.5)([0, 1, 2])
    array([0.4, 0.2, 0.1])
    """
    factor = _check.array("factor", factor, above=0)
    return make("exponential", _exponential, eta0=rate("eta0", eta0), factor=factor)


def _exponential(t: np.ndarray, eta0: np.ndarray, factor: np.ndarray) -> np.ndarray:
    eta0, factor = before(t, eta0, factor)
    power = np.float_power(factor, t)
    rates = eta0 * power
    odd = ~((power > 1e-290) & (rates < np.inf))
    if odd.any():
        half = t // 2  # η₀ factorᵗ may be a number where factorᵗ is none
        parts = eta0 * np.float_power(factor, half) * np.float_power(factor, t - half)
        rates = finite("exponential", t, np.where(eta0 == 0, 0.0, np.where(odd, parts, rates)))
    return rates


@examples("polynomial(0.4, steps=30)", "polynomial([0.2, 0.5, 0.9], [4, 5, 30], power=[0.5, 2, 3.3], floor=0.1)")
def polynomial(eta: Numbers, steps: Numbers, power: Numbers = 1.0, floor: Numbers = 0.0) -> Schedule:
    """η_t = floor + (η - floor)(1 - t/steps)^{power}, and floor from t = steps on; power > 0, floor ≤ η.

    Keras: `PolynomialDecay(eta, steps, floor, power)`, t counts minibatches. PyTorch: `PolynomialLR(total_iters=steps,
    power=power)` (floor 0), t counts calls of `scheduler.step()`. optax: `polynomial_schedule(eta, floor, power,
    steps)`, t counts updates.

    >>> polynomial(0.4, steps=4)([0, 1, 4, 9])
    array([0.4, 0.3, 0. , 0. ])
    """
    power = _check.array("power", power, above=0)
    eta, floor = _above_floor(eta, floor)
    return make("polynomial", _polynomial, eta=eta, steps=whole("steps", steps, 1), power=power, floor=floor)


def _polynomial(t: np.ndarray, *parameters: np.ndarray) -> np.ndarray:
    eta, steps, power, floor = before(t, *parameters)
    return floor + (eta - floor) * np.float_power(1 - np.minimum(t, steps) / steps, power)


@examples("cosine(0.4, steps=30)", "cosine([0.2, 0.5, 0.9], [10, 20, 30], floor=[0, 0.1, 0.9])")
def cosine(eta: Numbers, steps: Numbers, floor: Numbers = 0.0) -> Schedule:
    """η_t = floor + (η - floor)(1 + cos(πt/steps))/2, and floor from t = steps on; floor ≤ η.

    Keras: `CosineDecay(eta, steps, alpha=floor/eta)`, t counts minibatches. PyTorch: `CosineAnnealingLR(T_max=steps,
    eta_min=floor)`, t counts calls of `scheduler.step()`, and after `steps` the rate climbs again. optax:
    `cosine_decay_schedule(eta, steps, alpha=floor/eta)`, t counts updates. Source: I. Loshchilov and F. Hutter, "SGDR:
    Stochastic gradient descent with warm restarts" (2017), arXiv:1608.03983.

    >>> cosine(0.4, steps=10)([0, 5, 10, 99]).round(12)
    array([0.4, 0.2, 0. , 0. ])
    """
    eta, floor = _above_floor(eta, floor)
    return make("cosine", _cosine, eta=eta, steps=whole("steps", steps, 1), floor=floor)


def _cosine(t: np.ndarray, *parameters: np.ndarray) -> np.ndarray:
    eta, steps, floor = before(t, *parameters)
    return floor + (eta - floor) * half_cosine(np.minimum(t, steps) / steps)


def _above_floor(eta: Any, floor: Any) -> tuple[np.ndarray, np.ndarray]:
    eta, floor = rate("eta", eta), _check.array("floor", floor, low=0)
    make("the schedule", steady, eta=eta, floor=floor)
    if (floor > eta).any():
        raise ValueError(f"floor must be <= eta, got {floor.max():g} with eta {eta.min():g}")
    return eta, floor
