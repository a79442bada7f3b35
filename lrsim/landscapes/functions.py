"""Your own loss as a landscape; the derivatives you leave out are taken by central differences."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check

EPSILON = float(np.finfo(float).eps)
FIRST, SECOND = EPSILON ** (1 / 3), EPSILON ** (1 / 4)  # steps at which truncation and round-off balance


def points(w: Any, dimension: int | None = None, name: str = "w") -> np.ndarray:
    """`w` as float64, coordinates on the first axis. Not finite is let through, since a run may overflow."""
    given = _check.numbers(name, w)
    if given.ndim == 0 or not given.shape[0] or (dimension is not None and given.shape[0] != dimension):
        needed = f"{dimension} coordinate{'s' * (dimension != 1)}" if dimension else "its coordinates"
        raise ValueError(f"{name} must have {needed} on its first axis, got shape {given.shape}")
    return given.astype(np.float64, copy=False)


def directions(v: Any, w: np.ndarray) -> np.ndarray:
    """`v` as float64 with the shape of w."""
    v = points(v, len(w), "v")
    if v.shape != w.shape:
        raise ValueError(f"v must have the shape of w, {w.shape}, got {v.shape}")
    return v


@dataclass(frozen=True)
class Functions:
    """A landscape made of callables; made by `from_functions`. Pickles when they do."""

    loss_function: Callable[[np.ndarray], Any]
    gradient_function: Callable[[np.ndarray], Any] | None = None
    hessian_function: Callable[[np.ndarray], Any] | None = None

    @property
    def dimension(self) -> None:
        return None

    @property
    def minima(self) -> tuple:
        return ()

    def loss(self, w: Any) -> np.ndarray:
        """L(w); w (d, *batch) -> (*batch)."""
        return self._loss(points(w))

    def gradient(self, w: Any) -> np.ndarray:
        """∇L(w), the shape of w: yours, or (L(w+h) - L(w-h)) / 2h for each coordinate."""
        return self._gradient(points(w), FIRST)

    def hvp(self, w: Any, v: Any) -> np.ndarray:
        """H(w) v, the shape of w: from your Hessian, or by differences of the gradient along v."""
        w = points(w)
        v = directions(v, w)
        with np.errstate(all="ignore"):
            if self.hessian_function is not None:
                return np.sum(self.hessian(w) * v, axis=1)
            length = np.sqrt(np.sum(v * v, axis=0))
            unit = v / np.where(length > 0, length, 1)
            relative = FIRST if self.gradient_function is not None else SECOND
            h = relative * np.maximum(1, np.abs(w).max(axis=0))
            rise = self._gradient(w + h * unit, SECOND) - self._gradient(w - h * unit, SECOND)
            return rise / (2 * h) * length

    def hessian(self, w: Any) -> np.ndarray:
        """H(w), (d, d, *batch): yours, or by differences, made symmetric."""
        w = points(w)
        if self.hessian_function is not None:
            return _shaped("hessian", self.hessian_function, w, (len(w), *w.shape))
        rows = np.stack([self.hvp(w, _axis(w, i)) for i in range(len(w))])
        return (rows + rows.swapaxes(0, 1)) / 2

    def _loss(self, w: np.ndarray) -> np.ndarray:
        return _shaped("loss", self.loss_function, w, w.shape[1:])

    def _gradient(self, w: np.ndarray, relative: float) -> np.ndarray:
        if self.gradient_function is not None:
            return _shaped("gradient", self.gradient_function, w, w.shape)
        slopes = np.empty_like(w)
        with np.errstate(all="ignore"):
            for i in range(len(w)):
                low, high = w.copy(), w.copy()
                h = relative * np.maximum(1, np.abs(w[i]))
                low[i] -= h
                high[i] += h
                # divided by the distance really stepped, which rounding makes differ from 2h
                slopes[i] = (self._loss(high) - self._loss(low)) / (high[i] - low[i])
        return slopes


def _axis(w: np.ndarray, i: int) -> np.ndarray:
    unit = np.zeros_like(w)
    unit[i] = 1
    return unit


def _shaped(name: str, function: Callable[[np.ndarray], Any], w: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    with np.errstate(all="ignore"):
        given = np.asarray(function(w))
    if given.dtype.kind not in "iuf":
        raise TypeError(f"{name} must return real numbers, got {given.dtype}")
    if given.shape != shape:
        raise ValueError(f"{name} must return shape {shape} for w {w.shape}, coordinates first, got {given.shape}")
    return given.astype(np.float64, copy=False)


def from_functions(
    loss: Callable[[np.ndarray], Any],
    gradient: Callable[[np.ndarray], Any] | None = None,
    hessian: Callable[[np.ndarray], Any] | None = None,
) -> Functions:
    """L(w) as you wrote it: `loss`, and `gradient` and `hessian` where you have them.

    The functions take w with its coordinates on the first axis, (d,) or (d, *batch), and return (*batch),
    (d, *batch) and (d, d, *batch). One that takes a single point (d,) serves for single runs. Missing
    derivatives are central differences, good to about 1e-10 of the loss's scale for the gradient
    (relative step ε^(1/3)), 1e-10 for a Hessian from your gradient and 1e-7 for one from the loss alone
    (ε^(1/4)); steps as in Press et al., Numerical Recipes, 3rd ed. (2007), section 5.7. A lambda does not
    pickle; a `def` does.

    Raises:
        TypeError: not callable, or a result that is not real numbers. ValueError: a result of another
        shape.

    >>> from_functions(lambda w: w[0] ** 2 / 2).gradient([3.0])
    array([3.])
    """
    for name, function in (("loss", loss), ("gradient", gradient), ("hessian", hessian)):
        if not (callable(function) or (function is None and name != "loss")):
            raise TypeError(f"{name} must be a function of w, got {function!r}")
    return Functions(loss, gradient, hessian)
