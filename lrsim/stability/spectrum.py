"""The ends of a Hessian's spectrum by Lanczos iteration: a few dozen products H v and no matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.landscapes import Quadratic

TOLERANCE = 1e-8  # of the residual, relative to the largest |eigenvalue|
MOST = 500  # products, after which the residual says how far it came
MEMORY = 2**27  # numbers in the Krylov basis, 1 GiB


class NotFinite(ValueError):
    """A Hessian or gradient that overflows at a finite w."""


@dataclass(frozen=True)
class Spectrum:
    """λ_max and λ_min, the larger of the residuals ‖H v - λ v‖, and how many products H v were taken."""

    top: float
    bottom: float
    residual: float
    products: int


def spectrum(landscape_or_gradient: Any, w: Any = None, *, hvp: Callable | None = None) -> Spectrum:
    """λ_max and λ_min of the Hessian at w (d,), signs included, each within `residual` of an eigenvalue.

    Lanczos iteration with full reorthogonalisation from a fixed start vector, until both residuals are below 1e-8
    of the largest |λ|, at most d and at most 500 products; quadratics give their eigenvalues, with no product.
    The products are, in this order: `hvp(w, v)`, yours; the landscape's `hvp` or `hessian`; central differences of
    its gradient, or of the function you pass instead of a landscape, good to about 1e-9 of the largest |λ| (a
    gradient in single precision: three digits).

    Raises:
        TypeError: neither a landscape nor a function. ValueError: w is not one finite point, or a product is not
        finite or of another shape.

    Source: B. N. Parlett, The Symmetric Eigenvalue Problem (SIAM 1998), chapter 13.

    >>> found = spectrum(lambda w: [3 * w[0], -2 * w[1]], w=[1.0, 1.0])
    >>> round(found.top, 6), round(found.bottom, 6), found.products
    (3.0, -2.0, 2)
    """
    if hvp is None and isinstance(landscape_or_gradient, Quadratic):
        values = landscape_or_gradient.eigenvalues
        return Spectrum(float(values.max()), float(values.min()), 0.0, 0)
    product, dimension = products(landscape_or_gradient, w, hvp)
    return lanczos(product, dimension, _both_ends)


def products(landscape_or_gradient: Any, w: Any, hvp: Callable | None = None) -> tuple[Callable, int]:
    """(v -> H(w) v, d), from whatever the landscape has."""
    if w is None:
        raise ValueError("w must be the point at which to take the Hessian, got None")
    point = _check.array("w", w)
    if point.ndim != 1 or not point.size:
        raise ValueError(f"w must be one point of shape (d,), got shape {point.shape}")
    has = landscape_or_gradient
    if hvp is None and callable(getattr(has, "hvp", None)):
        hvp = has.hvp
    if hvp is None and callable(getattr(has, "hessian", None)):
        matrix = written_out(has, point)
        hvp = lambda _, v: matrix @ v  # noqa: E731
    if hvp is None:
        gradient = getattr(has, "gradient", has)
        if not callable(gradient):
            raise TypeError(f"landscape_or_gradient must be a landscape or a function of w, got {has!r:.60}")
        return _differences(gradient, point), len(point)
    if not callable(hvp):
        raise TypeError(f"hvp must be a function of w and v, got {hvp!r:.60}")

    def product(v: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return _result("the product H v", hvp(point, v), point.shape)

    return product, len(point)


def written_out(landscape: Any, w: np.ndarray) -> np.ndarray:
    """H(w), (d, d), which must be symmetric."""
    with np.errstate(all="ignore"):
        matrix = _result("the Hessian", landscape.hessian(w), 2 * w.shape)
        off = float(np.abs(matrix - matrix.T).max())
    if off > 1e-6 * float(np.abs(matrix).max()):
        raise ValueError(f"the Hessian must be symmetric, got one that differs from its transpose by up to {off:g}")
    return matrix


def _differences(gradient: Callable, w: np.ndarray) -> Callable:
    """v -> (∇L(w + hv) - ∇L(w - hv)) / 2h for unit v; h balances truncation, h², and round-off, ε/h."""
    precision = np.asarray(_call(gradient, w)).dtype
    epsilon = np.finfo(precision if precision.kind == "f" else np.float64).eps
    h = float(epsilon) ** (1 / 3) * max(1.0, float(np.abs(w).max()))

    def product(v: np.ndarray) -> np.ndarray:
        above, below = (_result("the gradient", _call(gradient, w + s * v), w.shape) for s in (h, -h))
        return (above - below) / (2 * h)

    return product


def _call(gradient: Callable, w: np.ndarray) -> Any:
    with np.errstate(all="ignore"):
        return gradient(w)


def _result(name: str, value: Any, shape: tuple[int, ...]) -> np.ndarray:
    result = np.asarray(value)
    if result.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers, got {result.dtype}")
    if result.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {result.shape}")
    if not np.isfinite(result).all():
        raise NotFinite(f"{name} must be finite at w, got {result[~np.isfinite(result)][0]:g}")
    return result.astype(np.float64)


@np.errstate(all="ignore")
def lanczos(product: Callable, dimension: int, enough: Callable) -> Spectrum:
    """The extreme Ritz pairs once `enough(values, residuals)` holds, the space is used up, or MOST products are."""
    most = min(dimension, MOST, max(2, MEMORY // dimension))
    basis = np.empty((min(most, 16), dimension))
    basis[0] = np.random.default_rng(0).standard_normal(dimension)
    basis[0] /= np.linalg.norm(basis[0])
    diagonal, beside = np.zeros(most), np.zeros(most)
    for m in range(1, most + 1):
        image = product(basis[m - 1])
        diagonal[m - 1] = basis[m - 1] @ image
        for _ in range(2):  # once leaves round-off that grows into copies of found eigenvalues
            image = image - (basis[:m] @ image) @ basis[:m]
        beside[m - 1] = _length(image)
        spent = m == most or beside[m - 1] <= 1e-14 * np.abs(diagonal[:m]).max() or not beside[m - 1]
        if spent or m <= 32 or m % (m // 8) == 0:
            matrix = np.diag(diagonal[:m]) + np.diag(beside[: m - 1], 1) + np.diag(beside[: m - 1], -1)
            values, vectors = np.linalg.eigh(matrix)
            residuals = np.abs(beside[m - 1] * vectors[-1]) if m < dimension else np.zeros(m)
            if spent or enough(values, residuals):
                break
        if m == len(basis):
            basis = np.concatenate([basis, np.empty((min(m, most - m), dimension))])
        basis[m] = image / beside[m - 1]
    return Spectrum(float(values[-1]), float(values[0]), float(max(residuals[0], residuals[-1])), m)


def _length(v: np.ndarray) -> float:
    """‖v‖, whose squares may overflow or underflow."""
    largest = float(np.abs(v).max())
    return largest * float(np.linalg.norm(v / largest)) if largest > 0 else 0.0


def _both_ends(values: np.ndarray, residuals: np.ndarray) -> bool:
    return max(residuals[0], residuals[-1]) <= TOLERANCE * np.abs(values).max()


def top_alone(values: np.ndarray, residuals: np.ndarray) -> bool:
    """λ_max to 1e-10 by r²/gap, the error bound of a Ritz value with residual r: fewer products than r ≤ 1e-8 takes.

    A second eigenvalue within r of the first could hide in the gap, hence the bound on r itself.
    """
    r, scale = residuals[-1], np.abs(values).max()
    if r <= 1e-10 * abs(values[-1]):
        return True
    if len(values) < 2 or r > 1e-6 * scale:
        return False
    gap = values[-1] - values[-2] - r
    return gap > 0 and r * r <= gap * max(1e-10 * abs(values[-1]), 1e-15 * scale)
