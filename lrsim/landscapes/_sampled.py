"""What losses with data in them share: many w at once, minibatches of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lrsim import _check
from lrsim.landscapes._points import directions, points
from lrsim.typing import Array, Numbers


@dataclass(frozen=True, eq=False)
class Sampled:
    """Data (n, p), answers, and what both models share: many w at once, minibatches, argument checks.

    Many w are computed one by one, so that each has the same bits beside whatever others.
    """

    data: np.ndarray
    answers: np.ndarray

    if TYPE_CHECKING:  # what a model adds: the derivatives at one point w (d,), over the rows X, y

        @property
        def dimension(self) -> int: ...
        def _loss(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Any: ...
        def _gradient(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray: ...
        def _hvp_at(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]: ...

    def _key(self) -> tuple:
        return type(self), self.data.tobytes(), self.answers.tobytes(), repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sampled) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def samples(self) -> int:
        """How many data rows there are to draw minibatches from."""
        return len(self.data)

    @property
    def minima(self) -> tuple:
        return ()

    def loss(self, w: Numbers, rows: Numbers | None = None) -> Any:
        """Mean loss over the data, or over `rows` of it; w (d, *batch) -> (*batch).

        `rows` are integer indices, (m,) for every run or (m, *batch) for each its own.
        """
        w = points(w, self.dimension)
        with np.errstate(all="ignore"):
            return self._height(w, self._rows(rows, w.shape[1:]))

    def gradient(self, w: Numbers, rows: Numbers | None = None) -> Array:
        """∇L, the shape of w; `rows` as in `loss`."""
        w = points(w, self.dimension)
        with np.errstate(all="ignore"):
            return self._slope(w, self._rows(rows, w.shape[1:]))

    def loss_and_gradient(self, w: Numbers, out: Array) -> Any:
        """L(w), (*batch), with ∇L(w) written into `out`, the shape of w."""
        with np.errstate(all="ignore"):
            return self._joint(points(w, self.dimension), out)

    def hvp(self, w: Numbers, v: Numbers) -> Array:
        """H(w) v, the shape of w, exact and at the cost of about two gradients."""
        w = points(w, self.dimension)
        v = directions(v, w)
        with np.errstate(all="ignore"):
            return self._each(lambda w, v, X, y: self._hvp_at(w, X, y)(v), (self.dimension,), None, w, v)

    def hessian(self, w: Numbers) -> Array:
        """H(w), (d, d, *batch), symmetric to the bit."""
        units = np.eye(self.dimension)

        def columns(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
            product = self._hvp_at(w, X, y)
            full = np.stack([product(unit) for unit in units])
            return (full + full.T) / 2

        w = points(w, self.dimension)
        with np.errstate(all="ignore"):
            return self._each(columns, (self.dimension, self.dimension), None, w)

    def _products(self, w: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """v -> H(w) v at one point w (d,), for many v: what they share is computed once."""
        with np.errstate(all="ignore"):
            return self._hvp_at(np.ascontiguousarray(w), self.data, self.answers)

    # as the functions without an underscore, of a w and rows known to be good, where NumPy's warnings are off

    def _height(self, w: np.ndarray, rows: np.ndarray | None = None) -> Any:
        return self._each(self._loss, (), rows, w)

    def _slope(self, w: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        return self._each(self._gradient, (self.dimension,), rows, w)

    def _joint(self, w: np.ndarray, out: np.ndarray) -> Any:
        losses = np.empty(w.shape[1:])
        for run in np.ndindex(*w.shape[1:]):
            losses[run], out[:, *run] = self._both(np.ascontiguousarray(w[:, *run]), self.data, self.answers)
        return losses[()]

    def _both(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[Any, np.ndarray]:
        return self._loss(w, X, y), self._gradient(w, X, y)

    def _each(self, function: Callable, shape: tuple, rows: np.ndarray | None, *given: np.ndarray) -> np.ndarray:
        runs = given[0].shape[1:]
        if not runs:  # BLAS rounds a strided vector otherwise than the same numbers side by side
            return function(*map(np.ascontiguousarray, given), *self._part(rows))
        out = np.empty((*shape, *runs))
        for run in np.ndindex(*runs):
            own = rows if rows is None or rows.ndim == 1 else rows[:, *run]
            out[..., *run] = function(*(np.ascontiguousarray(g[:, *run]) for g in given), *self._part(own))
        return out

    def _part(self, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        return (self.data, self.answers) if rows is None else (self.data[rows], self.answers[rows])

    def _rows(self, rows: Any, runs: tuple[int, ...]) -> np.ndarray | None:
        if rows is None:
            return None
        index = np.asarray(rows)
        if index.dtype.kind not in "iu":
            raise TypeError(f"rows must be whole numbers, got {index.dtype}")
        if not index.size or index.shape not in (index.shape[:1], (*index.shape[:1], *runs)):
            raise ValueError(
                f"rows must have shape (m,) or (m, {', '.join(map(str, runs))}), m >= 1, got {index.shape}"
            )
        if index.min() < 0 or index.max() >= self.samples:
            raise ValueError(f"rows must be in 0..{self.samples - 1}, got {index.min()}..{index.max()}")
        return index


def table(name: str, value: Any) -> np.ndarray:
    rows = _check.array(name, value)
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"{name} must be a table with rows (samples) and columns (features), got shape {rows.shape}")
    return np.ascontiguousarray(rows)
