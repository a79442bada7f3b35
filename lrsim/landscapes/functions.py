"""Your own loss as a landscape; the derivatives you leave out are taken by central differences."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.landscapes._differences import EPSILON, FIRST, SECOND, axis, difference
from lrsim.landscapes._points import directions, points
from lrsim.typing import Array, Numbers

__all__ = ["from_functions"]

TOGETHER = 2**16  # numbers handed to a loss at once for differences


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

    def loss(self, w: Numbers) -> Any:
        """L(w); w (d, *batch) -> (*batch)."""
        with np.errstate(all="ignore"):
            return self._height(points(w))

    def gradient(self, w: Numbers) -> Array:
        """∇L(w), the shape of w: yours, or (L(w+h) - L(w-h)) / 2h for each coordinate."""
        with np.errstate(all="ignore"):
            return self._slope(points(w))

    def hvp(self, w: Numbers, v: Numbers) -> Array:
        """H(w) v, the shape of w: from your Hessian, or by differences of the gradient along v."""
        w = points(w)
        v = directions(v, w)
        if self.hessian_function is not None:
            with np.errstate(all="ignore"):
                return np.sum(self.hessian(w) * v, axis=1)
        return difference(lambda x: self._gradient(x, SECOND), w, v, self._power)

    def hessian(self, w: Numbers) -> Array:
        """H(w), (d, d, *batch): yours, or by differences, made symmetric."""
        w = points(w)
        if self.hessian_function is not None:
            found = _shaped("hessian", self.hessian_function, w, (len(w), *w.shape))
            return found.astype(np.float64, copy=False)
        rows = np.stack([self.hvp(w, axis(w, i)) for i in range(len(w))])
        return (rows + rows.swapaxes(0, 1)) / 2

    # as the functions without an underscore, of a w known to be good, where NumPy's warnings are off

    def _height(self, w: np.ndarray) -> Any:
        return self._loss(w).astype(np.float64, copy=False)

    def _slope(self, w: np.ndarray) -> np.ndarray:
        return self._gradient(w, FIRST).astype(np.float64, copy=False)

    @property
    def _power(self) -> float:
        return SECOND if self.gradient_function is None else FIRST

    def _loss(self, w: np.ndarray) -> np.ndarray:
        return _shaped("loss", self.loss_function, w, w.shape[1:])

    def _gradient(self, w: np.ndarray, power: float, scales: np.ndarray | None = None) -> np.ndarray:
        if self.gradient_function is not None:
            return _shaped("gradient", self.gradient_function, w, w.shape)
        found = self._at_once(w, power, scales)
        if found is not None:
            return found
        return np.stack([difference(self._loss, w, axis(w, i), power, scales) for i in range(len(w))])

    def _at_once(self, w: np.ndarray, power: float, scales: np.ndarray | None) -> np.ndarray | None:
        """The differences along all axes at once, (d, n); None where the loss does not take many points.

        A loss may be made for single points and yet return n numbers, wrong ones: the first is compared with that of
        the point alone.
        """
        scales = np.broadcast_to(np.maximum(1, np.abs(w)) if scales is None else scales, w.shape)
        many, dimension = w.reshape(len(w), -1), len(w)
        found, few = np.empty(many.shape), max(1, TOGETHER // many.size)

        def loss(points: np.ndarray) -> np.ndarray:
            losses, alone = self._loss(points), self._loss(points[:, 0])
            if not abs(losses[0] - alone) <= 8 * EPSILON * abs(alone):
                raise ValueError("loss must be for single points")
            return losses

        for first in range(0, dimension, few):
            units = np.eye(dimension, min(few, dimension - first), -first)
            spread = [np.repeat(each.reshape(dimension, -1), units.shape[1], axis=1) for each in (w, scales)]
            try:
                slopes = difference(loss, spread[0], np.tile(units, many.shape[1]), power, spread[1])
            except Exception:
                return None
            found[first : first + few] = slopes.reshape(many.shape[1], -1).T
        return found.reshape(w.shape)


def _shaped(name: str, function: Callable[[np.ndarray], Any], w: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """What a user's function makes of a copy of w, copied: either may be written to, or be one buffer at every call."""
    with np.errstate(all="ignore"):
        given = _check.numbers(name, function(w.copy()), needed="return real numbers")
    if given.shape != shape:
        raise ValueError(f"{name} must return shape {shape} for w {w.shape}, coordinates first, got {given.shape}")
    return np.array(given)


@examples("from_functions(np.logaddexp.reduce)", "from_functions(np.add.reduce, np.ones_like)")
def from_functions(
    loss: Callable[[Array], Numbers],
    gradient: Callable[[Array], Numbers] | None = None,
    hessian: Callable[[Array], Numbers] | None = None,
) -> Functions:
    """L(w) as you wrote it: `loss`, and `gradient` and `hessian` where you have them.

    The functions take w with its coordinates on the first axis, (d,) or (d, *batch), and return (*batch),
    (d, *batch) and (d, d, *batch). One that takes a single point (d,) serves for single runs. Missing
    derivatives are central differences, good to about 1e-10 of the loss's scale for the gradient, 1e-10 for a
    Hessian from your gradient and 1e-7 for one from the loss alone; from functions in single precision, which is
    known by their values, to 1e-5, 1e-5 and 1e-3. No coordinate moves by more than ε^{1/3} max(1, |w_i|), ε^{1/4}
    for second differences of the loss; steps as in Press et al., Numerical Recipes, 3rd ed. (2007), section 5.7.
    What your functions get is a copy, and what they return is copied. A lambda does not pickle; a `def` does.

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
