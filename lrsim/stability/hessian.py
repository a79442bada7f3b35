"""The ends of a Hessian's spectrum: from your products H v, a landscape's, or a gradient's differences."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lrsim import _check
from lrsim._engine import lanczos
from lrsim._engine.krylov import length
from lrsim.landscapes._differences import FIRST
from lrsim.landscapes._points import beside, points
from lrsim.landscapes._quadratic import is_quadratic
from lrsim.landscapes.functions import Functions
from lrsim.stability._differences import Differences
from lrsim.typing import Array, Gradient, LandscapeLike, Numbers

__all__ = ["Spectrum", "spectrum"]

DENSE = 32  # parameters up to which the products with all axes are taken, and nothing is left to chance
ROUNDS = 3  # in which the steps of differences are mended


class NotFinite(ValueError):
    """A Hessian or gradient that overflows at a finite w."""


class Spectrum(NamedTuple):
    """λ_max and λ_min, the largest of the residuals ‖H v - λ v‖, and how many products H v were taken.

    An eigenvalue lies within `residual` of each. With `k=`, `top` holds the k largest, falling, and `bottom` the k
    smallest, rising, each (k,), multiple ones as often as they are.
    """

    top: Any
    bottom: Any
    residual: float
    products: int


def spectrum(
    landscape_or_gradient: LandscapeLike | Gradient | None,
    w: Numbers | None = None,
    *,
    hvp: Callable[[Array, Array], Numbers] | None = None,
    preconditioner: Numbers | None = None,
    k: int | None = None,
) -> Spectrum:
    """λ_max and λ_min of the Hessian H at w (d,), signs included, or the `k` largest and smallest eigenvalues.

    With `preconditioner`, the positive diagonal P (d,), those of P^{-1/2} H P^{-1/2}, which are those of P⁻¹H: for
    Adam and RMSProp P = √s + ε from the optimizer's state (Adam's s divided by 1 - β₂ᵗ).

    Up to 32 parameters H is written out by its products with the axes. Beyond, Lanczos iteration with full
    reorthogonalisation runs from a random start, the same at each call, until the residuals are below 1e-8 of the
    largest |λ|, for at most d and at most 500 products; quadratics give their eigenvalues, with no product.
    The products are, in this order: `hvp(w, v)`, yours; the landscape's `hvp` or `hessian`; central differences of
    its gradient, or of the function you pass instead of a landscape, good to about 1e-9 of the largest |λ| (a
    gradient in single precision: three digits). Their step is tried out: where H v over a quarter of it is another,
    a better one is searched for.

    `residual` is what is proved: an eigenvalue lies within it of each that is returned. Differences count with their
    error, measured by products over twice and half the distance. That none lies further out rests on the start: but
    for one chance in a thousand none does by more than 1e-5 of the largest |λ|; where H leaves a smaller space to
    itself, another start must confirm.

    Raises:
        TypeError: neither a landscape nor a function, or a function of other arguments. ValueError: w is not one
        finite point, k is not in 1 to d, P is not positive, or the products are not finite, of another shape, or
        not those of a symmetric matrix.

    Source: B. N. Parlett, The Symmetric Eigenvalue Problem (SIAM 1998), chapter 13; P: J. Cohen et al.,
    arXiv:2207.14484.

    >>> found = spectrum(lambda w: [3 * w[0], -2 * w[1]], w=[1.0, 1.0])
    >>> round(found.top, 6), round(found.bottom, 6)
    (3.0, -2.0)
    >>> from lrsim import landscapes
    >>> round(spectrum(landscapes.bowl([1, 20]), preconditioner=[0.1, 4.0]).top, 9)
    10.0
    >>> spectrum(landscapes.bowl([1, 3, 20]), k=2).top
    array([20.,  3.])
    """
    given: Any = landscape_or_gradient
    quadratic = hvp is None and is_quadratic(given)
    if quadratic and w is None:
        w = given.minimum
    product, dimension = products("landscape_or_gradient", given, w, hvp)
    count = 1 if k is None else _check.count("k", k, 1, dimension)
    if quadratic and preconditioner is None:
        values = np.sort(given.eigenvalues)
        return _told(values[::-1][:count], values[:count], 0.0, 0, k)
    found, taken = extremes(product, roots(preconditioner, dimension), lanczos.both(count), count)
    return narrowed(found, taken, k)


def narrowed(found: lanczos.Ends, taken: int, k: int | None) -> Spectrum:
    """Of what was found the k eigenvalues at each end."""
    count = 1 if k is None else k
    top, bottom = found.values[::-1][:count], found.values[:count]
    residual = float(max(found.residuals[:count].max(), found.residuals[-count:].max()))
    return _told(top, bottom, residual, taken, k)


def outermost(
    product: lanczos.Product,
    dimension: int,
    enough: Callable[[lanczos.Ritz], bool],
    k: int = 1,
    near: np.ndarray | None = None,
) -> lanczos.Ends:
    """The ends of a symmetric matrix from products with it, with all axes where these are few."""
    if dimension > DENSE:
        return lanczos.ends(product, dimension, enough, k, near)
    return lanczos.dense(np.array([product(axis) for axis in np.eye(dimension)]).T, k)


def _told(top: np.ndarray, bottom: np.ndarray, residual: float, taken: int, k: int | None) -> Spectrum:
    if k is None:
        return Spectrum(float(top[0]), float(bottom[0]), residual, taken)
    return Spectrum(top.copy(), bottom.copy(), residual, taken)


def extremes(
    product: Callable, scale: np.ndarray, enough: Callable[[lanczos.Ritz], bool], k: int = 1
) -> tuple[lanczos.Ends, int]:
    """The ends of P^(-1/2) H P^(-1/2) for scale P^(-1/2), and how many products they took.

    Those of differences are measured over twice and over half the distance, and the steps chosen anew along an
    eigenvector that shows them to be wrong: they were tried in a random direction, or one axis at a time.
    """

    rough = 0.0

    def seen(v: np.ndarray) -> np.ndarray:
        nonlocal rough
        image = scale * product(scale * v)
        if isinstance(product, Differences):
            rough = max(rough, length(scale * product.doubt))
        return image

    def found() -> lanczos.Ends:
        return outermost(seen, len(scale), enough, k)

    alone = enough is lanczos.top_alone
    if not isinstance(product, Differences) or (alone and len(scale) <= DENSE and not product.nested):
        answer = found()
        return lanczos.symmetric(answer, rough), answer.products
    answer = found()
    for _ in range(ROUNDS):
        wrong, measured = _measured(product, scale, answer, alone)
        if not wrong:
            break
        for v in wrong:
            product.fit(scale * v)
        answer = found()
    else:
        measured = _measured(product, scale, answer, alone)[1]
    return lanczos.symmetric(measured, rough), product.taken


def _measured(
    product: Differences, scale: np.ndarray, found: lanczos.Ends, alone: bool
) -> tuple[list[np.ndarray], lanczos.Ends]:
    """The eigenvectors whose products over other steps are no good, and `found` with residuals that count them."""
    k, residuals, wrong = len(found.top), found.residuals.copy(), []
    largest = np.abs(found.values).max()
    allowed = 10 * product.good * largest
    at = [*range(-1, -k - 1, -1), *range(0 if alone else k)]
    for i, v in zip(at, [*found.top, *found.bottom], strict=False):
        image = found.values[i] * v
        off = [length(scale * product(scale * v, multiple) - image) for multiple in (0.5, 2.0)]
        if max(off) > allowed + found.residuals[i]:
            wrong.append(v)
        # with a margin, since the errors are as random as these; and never below what differences can do
        residuals[i] += 3 * (sum(off) + length(scale * product.doubt)) + product.epsilon ** (2 * FIRST) * largest
    return wrong, found._replace(residuals=residuals)


def roots(preconditioner: Numbers | None, dimension: int) -> np.ndarray:
    """P^(-1/2), (d,)."""
    if preconditioner is None:
        return np.ones(dimension)
    diagonal = _check.array("preconditioner", preconditioner, above=0, hint=": add the optimizer's ε to √s")
    if diagonal.shape != (dimension,):
        raise ValueError(f"preconditioner must be the diagonal of P, of shape ({dimension},), got {diagonal.shape}")
    return diagonal**-0.5


def one_point(landscape: Any, w: Any) -> np.ndarray:
    if w is None:
        raise ValueError("w must be the point at which to take the Hessian, got None")
    point = points(_check.array("w", w), getattr(landscape, "dimension", None))
    if point.ndim != 1:
        raise ValueError(f"w must be one point of shape (d,), got shape {point.shape}")
    return point


def products(name: str, given: Any, w: Any, hvp: Callable | None = None) -> tuple[Callable, int]:
    """(v -> H(w) v, d), from whatever the landscape has, which is the argument `name`."""
    own = hvp if hvp is not None else beside(given, "hvp", "gradient")
    hessian, gradient = beside(given, "hessian", "gradient"), getattr(given, "gradient", given)
    if hvp is not None and not callable(hvp):
        raise TypeError(f"hvp must be a function of w and v, got {hvp!r:.60}")
    if not any(map(callable, (own, hessian, gradient))):
        raise TypeError(f"{name} must be a landscape or a function of w, got {given!r:.60}")
    point = one_point(given, w)
    differences = hvp is None and isinstance(given, Functions) and given.hessian_function is None
    nested = differences and given.gradient_function is None and type(given).gradient is Functions.gradient
    if differences:
        own = hessian = None  # the landscape's own have a step that is not tried out
    if callable(hessian) and hvp is None and (len(point) <= DENSE or not callable(own)):
        matrix = written_out(given, point)
        return lambda v: matrix @ v, len(point)
    shared = None if hvp is not None else beside(given, "_products", "hvp", "gradient")
    if callable(shared):
        product = shared(point)
        return lambda v: _result("the product H v", product(v), point.shape), len(point)
    if callable(own):
        return lambda v: _result("the product H v", _call("hvp", own, w=point, v=v), point.shape), len(point)

    def slopes(w: np.ndarray, scales: np.ndarray) -> np.ndarray:
        value = given._gradient(w, FIRST, scales) if nested else _call("gradient", gradient, w=w)
        return _result("the gradient", value, point.shape)

    return Differences(slopes, point, nested), len(point)


def written_out(landscape: Any, w: np.ndarray) -> np.ndarray:
    """H(w), (d, d), which must be symmetric."""
    matrix = _result("the Hessian", _call("hessian", landscape.hessian, w=w), 2 * w.shape)
    with np.errstate(all="ignore"):
        off = float(np.abs(matrix - matrix.T).max())
    if off > 1e-6 * float(np.abs(matrix).max()):
        raise ValueError(f"the Hessian must be symmetric, got one that differs from its transpose by up to {off:g}")
    return matrix


def _call(name: str, function: Callable, **given: np.ndarray) -> Any:
    """With copies, which are the function's to keep and to write to."""
    return _check.call(name, function, **{key: value.copy() for key, value in given.items()})


def _result(name: str, value: Any, shape: tuple[int, ...]) -> np.ndarray:
    result = _check.numbers(name, value)
    if result.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {result.shape}")
    if not np.isfinite(result).all():
        raise NotFinite(f"{name} must be finite at w, got {result[~np.isfinite(result)][0]:g}")
    return np.array(result)  # a copy, in its own precision: it may be one buffer at every call
