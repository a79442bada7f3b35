"""η_t as a pure function of the step t: frozen callables that compare, print, pickle and take arrays of steps.

t = 0 is the first update, the one that carries iterate 0 to iterate 1. A schedule's parameters may be arrays, one
entry a run of a sweep: parameters of shape P and steps of shape S give rates of shape P + S.
"""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from lrsim import _check


@runtime_checkable
class Schedule(Protocol):
    """Anything that maps a step, or an array of steps, to the learning rate."""

    def __call__(self, step: Any) -> np.ndarray: ...


@dataclass(frozen=True, repr=False, eq=False)
class _Formula:
    """A schedule by its name and parameters; `rule(t, *parameters)` broadcasts."""

    name: str
    parameters: tuple[tuple[str, np.ndarray], ...]

    def __call__(self, step: Any) -> np.ndarray:
        step = np.asarray(step)
        values = [p.reshape(*p.shape, *[1] * step.ndim) if p.ndim else p for _, p in self.parameters]
        return np.asarray(_RULES[self.name](step, *values) + np.zeros(self.batch + step.shape))

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the sweep that the parameters span; () for one run."""
        return np.broadcast_shapes(*(p.shape for _, p in self.parameters))

    def __repr__(self) -> str:
        said = ", ".join(f"{key}={value.tolist()}" for key, value in self.parameters)
        return f"{self.name}({said})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Formula) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))


_RULES = {
    "constant": lambda t, eta: eta,
    "inverse_time": lambda t, eta0, k: eta0 / (1 + k * t),
    "exponential": lambda t, eta0, factor: eta0 * factor ** np.asarray(t, float),
}


def constant(eta: Any) -> Schedule:
    """η_t = η.

    Keras, PyTorch: the plain `learning_rate` / `lr`; optax: `constant_schedule`.
    """
    return _Formula("constant", (("eta", _check.array("eta", eta, low=0, hint="; to climb, negate the landscape")),))


def inverse_time(eta0: Any, k: Any) -> Schedule:
    """η_t = η₀ / (1 + k t).

    Keras: `InverseTimeDecay(eta0, decay_steps=1, decay_rate=k)`, where t counts batches; PyTorch: `LambdaLR` with
    `1 / (1 + k t)`, where t counts calls of `scheduler.step()`.

    >>> inverse_time(0.2, k=0.1)([0, 10])
    array([0.2, 0.1])
    """
    return _Formula("inverse_time", (("eta0", _check.array("eta0", eta0, low=0)), ("k", _check.array("k", k, low=0))))


def exponential(eta0: Any, factor: Any) -> Schedule:
    """η_t = η₀ factorᵗ with 0 < factor ≤ 1. Its rates have a finite sum: a run may stall before the minimum.

    Keras: `ExponentialDecay(eta0, 1, factor)` (t counts batches); PyTorch: `ExponentialLR(gamma=factor)`; optax: `exponential_decay`.
    """
    factor = _check.array("factor", factor, above=0)
    if (factor > 1).any():
        raise ValueError(f"factor must be <= 1, got {factor.max():g}")
    return _Formula("exponential", (("eta0", _check.array("eta0", eta0, low=0)), ("factor", factor)))
