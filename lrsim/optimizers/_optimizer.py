"""What every optimizer is: a rule with its parameters, as one frozen object."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check

State = tuple[np.ndarray, ...]


@dataclass(frozen=True, repr=False)
class Optimizer:
    """An update rule by its name and parameters; made by the functions of `lrsim.optimizers`.

    `rule(w, gradient, eta, state, t, *values)` may overwrite `gradient`. `linear` rules act on each mode of a quadratic
    alone, wherever its minimum is.
    """

    name: str
    rule: Callable[..., None]
    buffers: int = 0
    parameters: tuple[tuple[str, Any], ...] = ()
    linear: bool = False

    def __getattr__(self, name: str) -> Any:
        """A parameter by its name: `heavy_ball(0.9).beta`."""
        for key, value in self.__dict__.get("parameters", ()):
            if key == name:
                return value
        raise AttributeError(f"{self.__dict__.get('name')} has no {name}")

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.parameters)})"

    def init(self, w: np.ndarray) -> State:
        """The buffers of a fresh run, zero, each of the shape of w."""
        return tuple(np.zeros_like(w) for _ in range(self.buffers))

    def step(self, w: np.ndarray, gradient: np.ndarray, eta: Any, state: State, t: int) -> None:
        """Carries w over update t (the first is 0) in place; eta is a number or (*batch)."""
        self.rule(w, gradient, eta, state, t, *(value for _, value in self.parameters))


def called(given: Any) -> None:
    """Refuses one of this room's functions in place of the optimizer that it makes."""
    if callable(given) and str(getattr(given, "__module__", "")).startswith(str(__package__)):
        raise TypeError(f"optimizer must be an optimizer, got the function {given.__name__}: call it")


def below_one(name: str, value: Any) -> float:
    return _check.real(name, value, low=0, below=1) + 0.0  # -0. is 0.


def from_zero(name: str, value: Any) -> float:
    return _check.real(name, value, low=0) + 0.0
