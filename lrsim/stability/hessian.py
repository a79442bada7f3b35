"""The ends of a Hessian's spectrum by Lanczos iteration: a few dozen products H v and no matrix."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lrsim import _check
from lrsim._engine.krylov import length, tridiagonal
from lrsim.landscapes import Quadratic
from lrsim.landscapes.functions import points

TOLERANCE = 1e-8  # of the residual, relative to the largest |eigenvalue|
MOST = 500  # products, after which the residual says how far it came
MEMORY = 2**27  # numbers in the Krylov basis, 1 GiB
LOPSIDED = 0.05  # of the largest |eigenvalue|: more is no round-off, nor a kink in the gradient


class NotFinite(ValueError):
    """A Hessian or gradient that overflows at a finite w."""


class Spectrum(NamedTuple):
    """λ_max and λ_min, the larger of the residuals ‖H v - λ v‖, and how many products H v were taken.

    An eigenvalue lies within `residual` of each.
    """

    top: float
    bottom: float
    residual: float
    products: int


def spectrum(landscape_or_gradient: Any, w: Any = None, *, hvp: Callable | None = None) -> Spectrum:
    """λ_max and λ_min of the Hessian at w (d,), signs included.

    Lanczos iteration with full reorthogonalisation from a fixed start vector, until both residuals are below 1e-8
    of the largest |λ|, at most d and at most 500 products; quadratics give their eigenvalues, with no product.
    The products are, in this order: `hvp(w, v)`, yours; the landscape's `hvp` or `hessian`; central differences of
    its gradient, or of the function you pass instead of a landscape, good to about 1e-9 of the largest |λ| (a
    gradient in single precision: three digits). Their error is measured, by two more products over twice the
    distance, and is part of `residual`.

    Raises:
        TypeError: neither a landscape nor a function, or a function of other arguments. ValueError: w is not one
        finite point, or the products are not finite, of another shape, or not those of a symmetric matrix.

    Source: B. N. Parlett, The Symmetric Eigenvalue Problem (SIAM 1998), chapter 13.

    >>> found = spectrum(lambda w: [3 * w[0], -2 * w[1]], w=[1.0, 1.0])
    >>> round(found.top, 6), round(found.bottom, 6), found.products
    (3.0, -2.0, 4)
    """
    if hvp is None and isinstance(landscape_or_gradient, Quadratic):
        if w is not None:
            one_point(landscape_or_gradient, w)
        values = landscape_or_gradient.eigenvalues
        return Spectrum(float(values.max()), float(values.min()), 0.0, 0)
    product, dimension = products("landscape_or_gradient", landscape_or_gradient, w, hvp)
    found, ends = lanczos(product, dimension, _both_ends)
    if isinstance(product, Differences):
        measured = [length(product(v, 2.0) - value * v) for value, v in zip(found[:2], ends, strict=True)]
        found = found._replace(residual=max(found.residual, *measured), products=found.products + 2)
    return found


def one_point(landscape: Any, w: Any) -> np.ndarray:
    if w is None:
        raise ValueError("w must be the point at which to take the Hessian, got None")
    point = points(_check.array("w", w), getattr(landscape, "dimension", None))
    if point.ndim != 1:
        raise ValueError(f"w must be one point of shape (d,), got shape {point.shape}")
    return point


def products(name: str, given: Any, w: Any, hvp: Callable | None = None) -> tuple[Callable, int]:
    """(v -> H(w) v, d), from whatever the landscape has, which is the argument `name`."""
    own = hvp if hvp is not None else getattr(given, "hvp", None)
    hessian, gradient = getattr(given, "hessian", None), getattr(given, "gradient", given)
    if hvp is not None and not callable(hvp):
        raise TypeError(f"hvp must be a function of w and v, got {hvp!r:.60}")
    if not any(map(callable, (own, hessian, gradient))):
        raise TypeError(f"{name} must be a landscape or a function of w, got {given!r:.60}")
    point = one_point(given, w)
    if callable(own):
        return lambda v: _result("the product H v", _check.call("hvp", own, w=point, v=v), point.shape), len(point)
    if callable(hessian):
        matrix = written_out(given, point)
        return lambda v: matrix @ v, len(point)
    return Differences(gradient, point), len(point)


def written_out(landscape: Any, w: np.ndarray) -> np.ndarray:
    """H(w), (d, d), which must be symmetric."""
    matrix = _result("the Hessian", _check.call("hessian", landscape.hessian, w=w), 2 * w.shape)
    with np.errstate(all="ignore"):
        off = float(np.abs(matrix - matrix.T).max())
    if off > 1e-6 * float(np.abs(matrix).max()):
        raise ValueError(f"the Hessian must be symmetric, got one that differs from its transpose by up to {off:g}")
    return matrix


class Differences:
    """v -> (∇L(w + hv) - ∇L(w - hv)) / 2h for unit v; h balances truncation, h², and round-off, ε/h."""

    def __init__(self, gradient: Callable, w: np.ndarray) -> None:
        precision = np.asarray(_check.call("gradient", gradient, w=w)).dtype
        epsilon = np.finfo(precision if precision.kind == "f" else np.float64).eps
        self.gradient, self.w = gradient, w
        self.h = float(epsilon) ** (1 / 3) * max(1.0, float(np.abs(w).max()))

    def __call__(self, v: np.ndarray, stretch: float = 1.0) -> np.ndarray:
        h = stretch * self.h
        above, below = (self._slope(self.w + s * v) for s in (h, -h))
        return (above - below) / (2 * h)

    def _slope(self, w: np.ndarray) -> np.ndarray:
        return _result("the gradient", _check.call("gradient", self.gradient, w=w), w.shape)


def _result(name: str, value: Any, shape: tuple[int, ...]) -> np.ndarray:
    result = _check.numbers(name, value)
    if result.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {result.shape}")
    if not np.isfinite(result).all():
        raise NotFinite(f"{name} must be finite at w, got {result[~np.isfinite(result)][0]:g}")
    return result.astype(np.float64)


@np.errstate(all="ignore")
def lanczos(product: Callable, dimension: int, enough: Callable) -> tuple[Spectrum, np.ndarray]:
    """The extreme Ritz pairs, vectors (2, d), once `enough(values, residuals)` holds, the space is used up, or MOST
    products are. In a Krylov basis a symmetric H is tridiagonal: what u·Hv and v·Hu differ by shows beside that.
    """
    most = min(dimension, MOST, max(2, MEMORY // dimension))
    basis = np.empty((min(most, 16), dimension))
    basis[0] = np.random.default_rng(0).standard_normal(dimension)
    basis[0] /= np.linalg.norm(basis[0])
    diagonal, beside, lopsided = np.zeros(most), np.zeros(most), 0.0
    for m in range(1, most + 1):
        image = product(basis[m - 1])
        column = basis[:m] @ image
        diagonal[m - 1] = column[-1]
        image = image - column @ basis[:m]
        image -= (basis[:m] @ image) @ basis[:m]  # once leaves round-off that grows into copies of found eigenvalues
        column[-2:-1] -= beside[max(m - 2, 0)]
        lopsided = max(lopsided, float(np.abs(column[:-1]).max(initial=0.0)))
        beside[m - 1] = length(image)
        spent = m == most or beside[m - 1] <= 1e-14 * np.abs(diagonal[:m]).max() or not beside[m - 1]
        if spent or m <= 32 or m % (m // 8) == 0:
            values, vectors = tridiagonal(diagonal[:m], beside[: m - 1])
            residuals = np.abs(beside[m - 1] * vectors[-1]) if m < dimension else np.zeros(m)
            if spent or enough(values, residuals):
                break
        if m == len(basis):
            basis = np.concatenate([basis, np.empty((min(m, most - m), dimension))])
        basis[m] = image / beside[m - 1]
    if lopsided > LOPSIDED * np.abs(values).max():
        raise ValueError(
            f"the products H v must be those of a symmetric matrix, got u·Hv and v·Hu that differ by {lopsided:g}, "
            f"where the largest eigenvalue is {np.abs(values).max():g}: is that the gradient of a loss?"
        )
    residual = float(max(residuals[0], residuals[-1], lopsided))
    return Spectrum(float(values[-1]), float(values[0]), residual, m), (basis[:m].T @ vectors[:, [-1, 0]]).T


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
