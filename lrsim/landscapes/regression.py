"""Least squares as the quadratic it is."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.landscapes._quadratic import Quadratic
from lrsim.landscapes._sampled import Sampled, table
from lrsim.typing import Array, Numbers

__all__ = ["linear_regression"]

TOGETHER = 2**15  # numbers of the data that are copied for a step of many runs


@dataclass(frozen=True, eq=False, repr=False)
class Residuals(Sampled):
    """½ (xᵀw - y)² over the rows of the data, meaned or summed."""

    mean: bool = True

    @property
    def dimension(self) -> int:
        return self.data.shape[1]

    def __repr__(self) -> str:
        return f"Residuals({self.samples} rows, mean={self.mean})"

    def _loss(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Any:
        return 0.5 * np.sum((X @ w - y) ** 2) / self._over(y)

    def _gradient(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        return X.T @ (X @ w - y) / self._over(y)

    def _slope(self, w: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        """Of many runs with rows of their own all at once, in a fifth of the time, as much as stays in the cache."""
        if rows is None or rows.ndim == 1:
            return super()._slope(w, rows)
        points, own = np.ascontiguousarray(w.reshape(len(w), -1).T)[..., None], rows.reshape(len(rows), -1).T
        out, most = np.empty(points.shape), max(1, TOGETHER // (len(rows) * len(w)))
        for first in range(0, len(own), most):
            some = slice(first, first + most)
            X, y = self._part(own[some])
            out[some] = X.swapaxes(1, 2) @ (X @ points[some] - y[..., None])
        return (out[..., 0].T / self._over(rows)).reshape(w.shape)

    def _over(self, y: np.ndarray) -> int:
        return len(y) if self.mean else 1


@dataclass(frozen=True, eq=False, repr=False)
class Regression(Quadratic):
    """A `Quadratic` that remembers its data, for minibatches; made by `linear_regression`."""

    residuals: Any = None

    @property
    def samples(self) -> int:
        """How many data rows there are to draw minibatches from."""
        return self.residuals.samples

    def loss(self, w: Numbers, rows: Numbers | None = None) -> Any:
        """L(w), (*batch), over all data or `rows` of it, (m,) or (m, *batch)."""
        return super().loss(w) if rows is None else self.residuals.loss(w, rows)

    def gradient(self, w: Numbers, rows: Numbers | None = None) -> Array:
        """∇L(w), the shape of w; `rows` as in `loss`."""
        return super().gradient(w) if rows is None else self.residuals.gradient(w, rows)

    def _slope(self, w: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        return super()._slope(w) if rows is None else self.residuals._slope(w, rows)

    def __repr__(self) -> str:
        reduction = "mean" if self.residuals.mean else "sum"
        return f"linear_regression({self.samples} rows, {self.dimension} features, reduction={reduction!r})"

    def _key(self) -> tuple:
        return self.residuals._key()


@examples(
    "linear_regression([[1, 0], [1, 1], [1, 2]], [1, 3, 2])",
    'linear_regression([[1, 2], [2, 4], [3, 6]], [1, 2, 4], reduction="sum")',
)
def linear_regression(X: Numbers, y: Numbers, reduction: Literal["mean", "sum"] = "mean") -> Regression:
    """½ mean (Xw - y)², or ½ sum: a bowl with H = XᵀX/n, or XᵀX, and the least squares answer at its bottom.

    X (n, d), y (n,); add a column of ones for an intercept. Found through the singular values of X, which keep the
    digits that XᵀX loses. Where columns depend on each other `minimum` is the shortest of the minima. Summing instead
    of meaning multiplies every λ by n. PyTorch's `MSELoss` and Keras' `MeanSquaredError` have no ½: twice the λ, half
    the threshold. `gradient(w, rows=)` takes a minibatch. Source: G. H. Golub and C. F. Van Loan, Matrix Computations,
    4th ed. (2013), section 5.5.

    Raises:
        ValueError, TypeError: shapes that do not match, anything not finite, an unknown reduction.

    >>> linear_regression([[1.0], [2.0]], [2.0, 4.0]).minimum
    array([2.])
    """
    data, answers = table("X", X), _check.array("y", y)
    if answers.shape != (len(data),):
        raise ValueError(f"y must have one answer a row of X, shape ({len(data)},), got shape {answers.shape}")
    _check.choice("reduction", reduction, ("mean", "sum"))
    rows, columns = data.shape
    over = rows if reduction == "mean" else 1
    left, sizes, right = np.linalg.svd(data, full_matrices=rows < columns)
    with np.errstate(all="ignore"):
        cutoff = sizes.max() * max(rows, columns) * np.finfo(float).eps
        kept = sizes > cutoff
        shares = np.divide(left.T[: len(sizes)] @ answers, sizes, out=np.zeros_like(sizes), where=kept)
        minimum = right[: len(sizes)].T @ shares
        curvatures = np.zeros(columns)
        curvatures[: len(sizes)] = np.where(kept, sizes, 0) ** 2 / over
        offset = 0.5 * float(np.sum((data @ minimum - answers) ** 2)) / over
    if not np.isfinite([*curvatures, *minimum, offset]).all():
        raise ValueError(f"X and y must have finite squares, got entries up to {np.abs(data).max():g}, "
                         f"{np.abs(answers).max():g}")  # fmt: skip
    residuals = Residuals(data, answers, reduction == "mean")
    return Regression(minimum, curvatures, np.ascontiguousarray(right.T), offset=offset, residuals=residuals)
