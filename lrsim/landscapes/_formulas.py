"""A landscape that is a few formulas for the loss, gradient and Hessian, with what each needs around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim.landscapes._points import directions, points
from lrsim.typing import Array, Numbers


@dataclass(frozen=True, repr=False)
class Classic:
    """A loss given by formulas; made by the functions of `lrsim.landscapes.classics`.

    `formulas` are loss(w, *parameters), gradient(w, out, *parameters) and hessian(w, out, *parameters); `both`, where
    the first two share work, is loss and gradient at once, both(w, out, *parameters) -> loss.
    """

    name: str
    dimension: int
    formulas: tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]
    minima: tuple[tuple[float, ...], ...]
    parameters: tuple[tuple[str, float], ...] = ()
    both: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.parameters)})"

    def loss(self, w: Numbers) -> Any:
        """L(w); w (d, *batch) -> (*batch)."""
        w = points(w, self.dimension)
        with np.errstate(all="ignore"):
            return self.formulas[0](w, **dict(self.parameters))

    def gradient(self, w: Numbers) -> Array:
        """∇L(w), the shape of w."""
        w = points(w, self.dimension)
        return self._fill(1, w, np.empty(w.shape))

    def loss_and_gradient(self, w: Numbers, out: Array) -> Any:
        """L(w), (*batch), with ∇L(w) written into `out`, the shape of w."""
        with np.errstate(all="ignore"):
            return self._joint(points(w, self.dimension), out)

    def _joint(self, w: np.ndarray, out: np.ndarray) -> Any:
        """`loss_and_gradient` of a w known to be good, where NumPy's warnings are off."""
        known = dict(self.parameters)
        if self.both is not None:
            return self.both(w, out, **known)
        self.formulas[1](w, out, **known)
        return self.formulas[0](w, **known)

    def hessian(self, w: Numbers) -> Array:
        """H(w), (d, d, *batch)."""
        w = points(w, self.dimension)
        return self._fill(2, w, np.empty((self.dimension, *w.shape)))

    def hvp(self, w: Numbers, v: Numbers) -> Array:
        """H(w) v, the shape of w."""
        w = points(w, self.dimension)
        v = directions(v, w)
        with np.errstate(all="ignore"):
            return np.sum(self.hessian(w) * v, axis=1)

    def _fill(self, which: int, w: np.ndarray, out: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            self.formulas[which](w, out, **dict(self.parameters))
        return out
