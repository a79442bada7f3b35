"""Your own loss as a landscape; the derivatives you leave out are taken by central differences."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.typing import Array, Numbers

__all__ = ["from_functions"]

EPSILON = float(np.finfo(float).eps)
TOGETHER = 2**16  # numbers handed to a loss in one batch of differences
FIRST, SECOND = 1 / 3, 1 / 4  # powers of ε at which truncation and round-off balance, for first and second differences


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


def beside(landscape: Any, name: str, *others: str) -> Any:
    """The landscape's function `name`, or None where it came with other functions `others` than the landscape has.

    So it does when a subclass replaces the gradient and inherits the Hessian, or when a wrapper hands on what it lacks.
    """
    found, held = getattr(landscape, name, None), getattr(landscape, "__dict__", {})
    if not callable(found) or name in held:
        return found if callable(found) else None
    home = next((kind for kind in type(landscape).__mro__ if name in vars(kind)), object)
    for other in others:
        here = held.get(other, _defined(type(landscape), other))
        there = _defined(home, other)
        if here is not there and (there is not None or home is object):
            return None
    return found


def _defined(kind: type, name: str) -> Any:
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)


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
        """The differences along all axes as one batch, (d, n); None where the loss does not take one.

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
            units = np.eye(dimension)[:, first : first + few]
            spread = [np.repeat(each.reshape(dimension, -1), units.shape[1], axis=1) for each in (w, scales)]
            try:
                slopes = difference(loss, spread[0], np.tile(units, many.shape[1]), power, spread[1])
            except Exception:
                return None
            found[first : first + few] = slopes.reshape(many.shape[1], -1).T
        return found.reshape(w.shape)


def difference(
    function: Callable[[np.ndarray], np.ndarray],
    w: np.ndarray,
    v: np.ndarray,
    power: float,
    scales: np.ndarray | None = None,
) -> np.ndarray:
    """The derivative of `function` along v at w by central differences, w and v (d, *batch).

    The step fits the direction: no coordinate moves by more than ε^power times its scale, max(1, |w_i|) where none is
    given. Coordinates a thousand times apart move in turn, as the round-off of the large ones would drown the small. ε
    is that of the values: single precision is known by them too, whatever their type.
    """
    with np.errstate(all="ignore"):
        scales = np.maximum(1, np.abs(w)) if scales is None else scales
        slopes = []
        for part in apart(v, scales):
            rise = across(function, w, part, EPSILON**power, scales)
            if rise.epsilon > EPSILON:
                rise = across(function, w, part, rise.epsilon**power, scales)
            slopes.append(rise.slope)
        return slopes[0] if len(slopes) == 1 else np.sum(slopes, axis=0)


class Rise(NamedTuple):
    """A difference quotient, the ε of the values it is made of, and by how much rounding them may have changed it."""

    slope: np.ndarray
    epsilon: float
    doubt: np.ndarray


def across(function: Callable, w: np.ndarray, v: np.ndarray, relative: float, scales: np.ndarray) -> Rise:
    """(f(w+hv) - f(w-hv)) / 2h with h = 0.9 relative / ‖v / scales‖.

    ε^(1/4) alone would be 2⁻¹³, and leave values of few digits, as single precision does.
    """
    size = np.abs(v).max(axis=0)
    unit = v / np.where(size > 0, size, 1)
    h = 0.9 * relative / np.maximum(np.sqrt(np.sum((unit / scales) ** 2, axis=0)), 1e-300)
    high, low = w + h * unit, w - h * unit
    above, below = function(high), function(low)
    # divided by the distance really stepped, which rounding makes differ from 2h
    reached = np.sum((high - low) * unit, axis=0) / np.maximum(np.sum(unit * unit, axis=0), 1e-300)
    per = size / np.where(reached > 0, reached, np.inf)  # no slope over a step that rounding swallows
    epsilon = precision(np.stack([above, below]))
    doubt = max(epsilon, EPSILON) / 2 * (np.abs(above) + np.abs(below)) * per
    return Rise((above.astype(np.float64) - below) * per, epsilon, doubt)


def apart(v: np.ndarray, scales: np.ndarray) -> list[np.ndarray]:
    """v as a sum of directions, in each of which the scales of the coordinates are within a factor of 1000."""
    moved = v != 0
    exponents = np.where(moved & np.isfinite(scales), np.floor(np.log10(scales)), 0.0)
    least = np.where(moved, exponents, np.inf).min(axis=0)
    bands = np.where(moved, exponents - np.where(np.isfinite(least), least, 0), 0) // 3
    highest = bands.max()
    return [v] if highest == 0 else [np.where(bands == band, v, 0.0) for band in np.unique(bands[moved])]


def precision(values: np.ndarray) -> float:
    """ε of what the values were computed in: their type's, or single precision's where they all fit into it.

    0 for numbers of twelve bits or fewer, which fit into anything and tell nothing.
    """
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        return float(np.finfo(values.dtype).eps)
    if not (values.astype(np.float32) == values).all():
        return EPSILON
    bits = np.frexp(values)[0] * 2.0**12
    return float(np.finfo(np.float32).eps) if (bits != np.floor(bits)).any() else 0.0


def axis(w: np.ndarray, i: int) -> np.ndarray:
    unit = np.zeros_like(w)
    unit[i] = 1
    return unit


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
    known by their values, to 1e-5, 1e-5 and 1e-3. No coordinate moves by more than ε^(1/3) max(1, |w_i|), ε^(1/4)
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
