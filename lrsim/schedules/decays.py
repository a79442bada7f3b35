"""Schedules with one formula from the first step to the last.

Powers are `np.float_power`: `np.power` squares where the exponent is a lone 2, and then a step alone, or a run alone,
has other last bits than among many.
"""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim.schedules.schedule import Schedule, before, finite, make, rate, whole


def constant(eta: Any) -> Schedule:
    """η_t = η ≥ 0; an array is a sweep.

    Keras: the plain `learning_rate`; PyTorch: the plain `lr`; optax: `constant_schedule`.

    >>> constant(0.1)
    constant(eta=0.1)
    """
    return make("constant", steady, eta=rate("eta", eta))


def steady(t: np.ndarray, eta: np.ndarray) -> np.ndarray:
    return before(t, eta)[0]


def inverse_time(eta0: Any, k: Any) -> Schedule:
    """η_t = η₀ / (1 + k t), k ≥ 0.

    On a bowl every run under it converges, k > 0, in exact arithmetic: from far above the threshold a float64 run may
    overflow first, and where the curvature has no bound (x⁴/4) a run can be lost.

    Keras: `InverseTimeDecay(eta0, decay_steps=1, decay_rate=k)`, t counts batches. PyTorch: `LambdaLR` with
    `lambda t: 1 / (1 + k * t)`, t counts calls of `scheduler.step()`. optax: none; the same lambda, t counts updates.

    >>> inverse_time(0.2, k=0.1)([0, 10])
    array([0.2, 0.1])
    """
    return make("inverse_time", _inverse_time, eta0=rate("eta0", eta0), k=_check.array("k", k, low=0))


def _inverse_time(t: np.ndarray, eta0: np.ndarray, k: np.ndarray) -> np.ndarray:
    eta0, k = before(t, eta0, k)
    return eta0 / (1 + k * t)


def inverse_sqrt(eta0: Any, k: Any) -> Schedule:
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


def exponential(eta0: Any, factor: Any) -> Schedule:
    """η_t = η₀ factorᵗ, factor > 0. Below 1 its rates have a finite sum: a run may stall before the minimum.

    Above 1 it grows, and has no rate for a step where it passes the largest float; `ramp` ends where it should.
    Keras: `ExponentialDecay(eta0, 1, factor)`, t counts batches. PyTorch: `ExponentialLR(gamma=factor)`, t counts
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


def ramp(low: Any, high: Any, steps: Any) -> Schedule:
    """η_t = low (high/low)^(t/(steps-1)), and high from t = steps-1 on; 0 < low ≤ high. For a range test.

    Keras: `ExponentialDecay(low, steps - 1, high / low)`, which goes on rising; t counts batches. PyTorch: `LambdaLR`
    with `lambda t: (high / low) ** min(1, t / (steps - 1))`, t counts calls of `scheduler.step()`. optax:
    `exponential_decay(low, steps - 1, high / low, end_value=high)`, t counts updates. Source: L. N. Smith, "Cyclical
    learning rates for training neural networks" (2017), arXiv:1506.01186, section 3.3, with a rate that rises linearly.

    >>> ramp(0.001, 10, steps=5)([0, 1, 2, 3, 4, 99]).round(12)
    array([1.e-03, 1.e-02, 1.e-01, 1.e+00, 1.e+01, 1.e+01])
    """
    low, high = _check.array("low", low, above=0), rate("high", high)
    make("ramp", _ramp, low=low, high=high)
    if (high < low).any():
        raise ValueError(f"high must be >= low, got {high.min():g} with low {low.max():g}")
    return make("ramp", _ramp, low=low, high=high, steps=whole("steps", steps, 1))


def _ramp(t: np.ndarray, *parameters: np.ndarray) -> np.ndarray:
    low, high, steps = before(t, *parameters)
    share = np.minimum(t, steps - 1) / np.maximum(steps - 1, 1)
    between = np.clip(np.float_power(low, 1 - share) * np.float_power(high, share), low, high)
    return np.where(t >= steps - 1, high, between)


def step_decay(eta0: Any, factor: Any, every: Any) -> Schedule:
    """η_t = η₀ factor^⌊t/every⌋, 0 < factor ≤ 1.

    Keras: `ExponentialDecay(eta0, every, factor, staircase=True)`, t counts batches. PyTorch: `StepLR(step_size=every,
    gamma=factor)`, t counts calls of `scheduler.step()`. optax: `exponential_decay(eta0, every, factor,
    staircase=True)`, t counts updates.

    >>> step_decay(0.4, factor=0.5, every=10)([0, 9, 10, 20])
    array([0.4, 0.4, 0.2, 0.1])
    """
    share, every = _share("factor", factor), whole("every", every, 1)
    return make("step_decay", _step_decay, eta0=rate("eta0", eta0), factor=share, every=every)


def _step_decay(t: np.ndarray, eta0: np.ndarray, factor: np.ndarray, every: np.ndarray) -> np.ndarray:
    eta0, factor, every = before(t, eta0, factor, every)
    return eta0 * np.float_power(factor, t // every)


def polynomial(eta: Any, steps: Any, power: Any = 1.0, floor: Any = 0.0) -> Schedule:
    """η_t = floor + (η - floor)(1 - t/steps)^power, and floor from t = steps on; power > 0, floor ≤ η.

    Keras: `PolynomialDecay(eta, steps, floor, power)`, t counts batches. PyTorch: `PolynomialLR(total_iters=steps,
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


def cosine(eta: Any, steps: Any, floor: Any = 0.0) -> Schedule:
    """η_t = floor + (η - floor)(1 + cos(πt/steps))/2, and floor from t = steps on; floor ≤ η.

    Keras: `CosineDecay(eta, steps, alpha=floor/eta)`, t counts batches. PyTorch: `CosineAnnealingLR(T_max=steps,
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
    return floor + (eta - floor) * _fall(np.minimum(t, steps) / steps)


def one_cycle(eta: Any, steps: Any, rise: Any = 0.3, divide: Any = 25.0, final_divide: Any = 1e4) -> Schedule:
    """Half a cosine from η/divide up to η over `rise` of the steps, half a cosine down to η/(divide·final_divide).

    PyTorch: `OneCycleLR(max_lr=eta, total_steps=steps, pct_start=rise, div_factor=divide, final_div_factor=
    final_divide)`, t counts calls of `scheduler.step()` (momentum is left alone): the peak is at t = rise·steps - 1,
    the last rate at t = steps - 1, and it stays there. optax: `cosine_onecycle_schedule(steps, eta, rise, divide,
    final_divide)`, t counts updates, with the peak at ⌊rise·steps⌋ and the end at `steps`. Keras: none. Source: L. N.
    Smith and N. Topin, "Super-convergence" (2017), arXiv:1708.07120.

    >>> one_cycle(1.0, steps=10)([0, 2, 9]).round(6)
    array([4.e-02, 1.e+00, 4.e-06])
    """
    rise = _check.array("rise", rise, above=0, below=1)
    divide = _check.array("divide", divide, low=1)
    final_divide = _check.array("final_divide", final_divide, low=1)
    eta, steps = rate("eta", eta), whole("steps", steps, 2)
    make("one_cycle", _one_cycle, rise=rise, steps=steps)
    if (rise * steps <= 1).any():
        raise ValueError(f"rise must be more than one step of {steps.min()}, got {rise.min():g}")
    return make("one_cycle", _one_cycle, eta=eta, steps=steps, rise=rise, divide=divide, final_divide=final_divide)


def _one_cycle(t: np.ndarray, *parameters: np.ndarray) -> np.ndarray:
    eta, steps, rise, divide, final_divide = before(t, *parameters)
    top, last = rise * steps - 1, steps - 1
    first = eta / divide
    up = eta + (first - eta) * _fall(np.minimum(t / top, 1))
    down = first / final_divide + (eta - first / final_divide) * _fall(np.clip((t - top) / (last - top), 0, 1))
    return np.where(t <= top, up, down)


def _fall(share: Any) -> np.ndarray:
    """Half a cosine from 1 to 0."""
    return (1 + np.cos(np.pi * share)) / 2


def _share(name: str, value: Any) -> np.ndarray:
    share = _check.array(name, value, above=0)
    if (share > 1).any():
        raise ValueError(f"{name} must be <= 1, got {share.max():g}")
    return share


def _above_floor(eta: Any, floor: Any) -> tuple[np.ndarray, np.ndarray]:
    eta, floor = rate("eta", eta), _check.array("floor", floor, low=0)
    make("the schedule", steady, eta=eta, floor=floor)
    if (floor > eta).any():
        raise ValueError(f"floor must be <= eta, got {floor.max():g} with eta {eta.min():g}")
    return eta, floor
