"""Schedules that stay where they are, or jump: one rate, or some, or one a step."""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.schedules._schedule import Schedule, before, make, rate, steady, whole
from lrsim.typing import Numbers

__all__ = ["constant", "piecewise", "step_decay", "table"]


@examples("constant(0.1)", "constant([0.05, 0.1, 0.105])")
def constant(eta: Numbers) -> Schedule:
    """η_t = η ≥ 0; an array is a sweep.

    Keras: a number as `learning_rate`; PyTorch: `lr` alone; optax: `constant_schedule`.

    >>> constant(0.1)
    constant(eta=0.1)
    """
    return make("constant", steady, eta=rate("eta", eta))


@examples("step_decay(0.4, 0.5, every=10)", "step_decay([0.2, 0.4, 0.6], [0.5, 1, 0.1], every=[2, 3, 7])")
def step_decay(eta0: Numbers, factor: Numbers, every: Numbers) -> Schedule:
    """η_t = η₀ factor^{⌊t/every⌋}, 0 < factor ≤ 1.

    Keras: `ExponentialDecay(eta0, every, factor, staircase=True)`, t counts minibatches. PyTorch:
    `StepLR(step_size=every, gamma=factor)`, t counts calls of `scheduler.step()`. optax: `exponential_decay(eta0,
    every, factor, staircase=True)`, t counts updates.

    >>> step_decay(0.4, factor=0.5, every=10)([0, 9, 10, 20])
    array([0.4, 0.4, 0.2, 0.1])
    """
    share, every = _share("factor", factor), whole("every", every, 1)
    return make("step_decay", _step_decay, eta0=rate("eta0", eta0), factor=share, every=every)


def _step_decay(t: np.ndarray, eta0: np.ndarray, factor: np.ndarray, every: np.ndarray) -> np.ndarray:
    eta0, factor, every = before(t, eta0, factor, every)
    return eta0 * np.float_power(factor, t // every)


def _share(name: str, value: Any) -> np.ndarray:
    share = _check.array(name, value, above=0)
    if (share > 1).any():
        raise ValueError(f"{name} must be <= 1, got {share.max():g}")
    return share


@examples("piecewise([0.1, 0.01], at=[10])", "piecewise([[0.2, 0.1, 0.02], [0.5, 0, 0.9], [1, 2, 3]], at=[3, 17])")
def piecewise(etas: Numbers, at: Numbers) -> Schedule:
    """η_t = etas[i] for at[i-1] ≤ t < at[i]: one rate more than there are boundaries; `etas` (m,) or (*sweep, m).

    Keras: `PiecewiseConstantDecay([b - 1 for b in at], etas)`, whose boundary still has the old rate; t counts
    minibatches. PyTorch: `MultiStepLR(milestones=at, gamma=)`, t counts calls of `scheduler.step()`. optax:
    `piecewise_constant_schedule(etas[0], {b: ratio})`, which multiplies; t counts updates.

    >>> piecewise([0.1, 0.01], at=[100])([0, 99, 100])
    array([0.1 , 0.1 , 0.01])
    """
    etas, at = _in_time("etas", etas), boundaries(at)
    if etas.shape[-1] != len(at) + 1:
        raise ValueError(f"etas must have one rate more than the {len(at)} boundaries, got {etas.shape[-1]}")
    return make("piecewise", _piecewise, etas=etas, at=at)


def _piecewise(t: np.ndarray, etas: np.ndarray, at: tuple[int, ...]) -> np.ndarray:
    return etas[..., np.searchsorted(np.array(at, dtype=np.int64), t, side="right")]


@examples("table([0.1, 0.1, 0.02])", "table([[0.2, 0.1, 0.02], [0.5, 0, 0.9], [1, 2, 3]])")
def table(values: Numbers) -> Schedule:
    """η_t = values[t], one rate a step; `values` (T,) or (*sweep, T). It has no rate for a step past the last.

    Keras, PyTorch, optax: a function that looks the step up.

    Raises:
        ValueError: also when called with t ≥ T.

    >>> table([0.1, 0.1, 0.02])(2)
    np.float64(0.02)
    """
    return make("table", tabulated, values=_in_time("values", values))


def tabulated(t: np.ndarray, values: np.ndarray) -> np.ndarray:
    if t.size and t.max() >= values.shape[-1]:
        raise ValueError(f"step must be below {values.shape[-1]}, the length of the table, got {t.max()}")
    return values[..., t if t.dtype.kind == "i" else t.astype(np.int64)]  # within `restarts` t may be between steps


def _in_time(name: str, value: Any) -> np.ndarray:
    rates = rate(name, value)
    if not rates.ndim or not rates.shape[-1]:
        raise ValueError(f"{name} must have at least one rate on its last axis, got shape {rates.shape}")
    return rates


def boundaries(at: Any) -> tuple[int, ...]:
    bounds = whole("at", at, 1)
    if bounds.ndim != 1:
        raise ValueError(f"at must be a list of steps, got shape {bounds.shape}")
    if (np.diff(bounds) <= 0).any():
        raise ValueError(f"at must be increasing, got {bounds.tolist()}")
    return tuple(bounds.tolist())
