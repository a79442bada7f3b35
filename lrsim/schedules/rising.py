"""Schedules that rise: for a range test, or to a peak and down again."""

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.schedules._schedule import Schedule, before, half_cosine, make, rate, whole
from lrsim.typing import Numbers

__all__ = ["one_cycle", "ramp"]


@examples("ramp(0.001, 10, steps=30)", "ramp([1e-6, 0.1, 2], [0.2, 0.5, 2], steps=[1, 20, 60])")
def ramp(low: Numbers, high: Numbers, steps: Numbers) -> Schedule:
    """η_t = low (high/low)^{t/(steps-1)}, and high from t = steps-1 on; 0 < low ≤ high. For a range test.

    Keras: `ExponentialDecay(low, steps - 1, high / low)`, which goes on rising; t counts minibatches. PyTorch:
    `LambdaLR` with `lambda t: (high / low) ** min(1, t / (steps - 1))`, t counts calls of `scheduler.step()`. optax:
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


@examples("one_cycle(0.4, steps=30)", "one_cycle([0.2, 0.5, 0.9], 20, rise=[0.2, 0.5, 0.9], divide=[1, 5, 25])")
def one_cycle(
    eta: Numbers, steps: Numbers, rise: Numbers = 0.3, divide: Numbers = 25.0, final_divide: Numbers = 1e4
) -> Schedule:
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
    up = eta + (first - eta) * half_cosine(np.minimum(t / top, 1))
    down = first / final_divide + (eta - first / final_divide) * half_cosine(np.clip((t - top) / (last - top), 0, 1))
    return np.where(t <= top, up, down)
