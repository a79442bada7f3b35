"""How large a learning rate may be: sharpness, the threshold of each optimizer, the names of the regimes."""

import math
from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from lrsim import _check
from lrsim._engine.lanczos import top_alone
from lrsim.landscapes._points import points
from lrsim.landscapes._quadratic import Quadratic, is_quadratic
from lrsim.optimizers import Optimizer
from lrsim.optimizers._optimizer import called
from lrsim.stability.hessian import NotFinite, extremes, products, roots, spectrum
from lrsim.typing import Array, Gradient, HasIterates, LandscapeLike, Numbers

__all__ = ["optimal_eta", "regime", "sharpness", "threshold"]

MARGIN = 1e-9  # relative distance from ηλ = 2 that still counts as marginal


@overload
def sharpness(
    landscape: LandscapeLike | Gradient, w: Sequence[float] | None = None, preconditioner: Numbers | None = None
) -> float: ...
@overload
def sharpness(
    landscape: LandscapeLike | Gradient, w: Numbers | HasIterates, preconditioner: Numbers | None = None
) -> Array | Any: ...
def sharpness(landscape: Any, w: Any = None, preconditioner: Numbers | None = None) -> Any:
    """λ_max, the largest eigenvalue of the Hessian at w, to 1e-8 (1e-5 where the largest two are that close).

    The products H v are those of `spectrum`, of which fewer are needed than for both ends, and so is `preconditioner`,
    P (d,), for λ_max of P⁻¹H. Up to 32 parameters nothing is left to chance; beyond, a larger one than 1.001 λ_max is
    missed less often than once in a thousand.

    A quadratic needs no w. Points (d, *batch) give an array (*batch); a `Trajectory` with iterates gives the
    sharpness along it, (*batch, steps+1), nan where an iterate or its Hessian is not finite. A gradient function will
    do in place of a landscape.

    >>> from lrsim import landscapes
    >>> sharpness(landscapes.bowl([1, 20]))
    20.0
    >>> sharpness(landscapes.double_well(), [[-1.0, 0.0, 1.0]])
    array([ 2., -1.,  2.])
    """
    return _sharpness("landscape", landscape, w, preconditioner)


def _sharpness(name: str, landscape: Any, w: Any, preconditioner: Numbers | None = None) -> Any:
    dimension = getattr(landscape, "dimension", None)
    if hasattr(w, "iterates") and w.iterates is None:
        raise ValueError('w must be a trajectory with iterates, got one without: record="path" keeps them')
    along = hasattr(w, "iterates")
    if along:
        where = points(np.moveaxis(w.iterates, -1, 0), dimension)
    elif w is not None:
        where = points(_check.array("w", w), dimension)
    if is_quadratic(landscape):
        top = landscape.top if preconditioner is None else spectrum(landscape, preconditioner=preconditioner).top
        shape = () if w is None else where.shape[1:]
        return np.full(shape, top) if shape else top

    def top_at(point: np.ndarray | None) -> float:
        product, size = products(name, landscape, point)
        return float(extremes(product, roots(preconditioner, size), top_alone)[0].values[-1])

    def or_nan(point: np.ndarray) -> float:
        try:
            return top_at(point) if np.isfinite(point).all() else math.nan
        except NotFinite:
            return math.nan

    if w is None or where.ndim < 2:
        return top_at(None if w is None else where)
    values = [or_nan(point) if along else top_at(point) for point in where.reshape(len(where), -1).T]
    return np.array(values).reshape(where.shape[1:])


@overload
def threshold(
    landscape_or_gradient: LandscapeLike | Gradient | float,
    w: Sequence[float] | None = None,
    optimizer: Optimizer | None = None,
    preconditioner: Numbers | None = None,
) -> float: ...
@overload
def threshold(
    landscape_or_gradient: LandscapeLike | Gradient | Numbers,
    w: Numbers | HasIterates | None = None,
    optimizer: Optimizer | None = None,
    preconditioner: Numbers | None = None,
) -> Array | Any: ...
def threshold(
    landscape_or_gradient: Any,
    w: Any = None,
    optimizer: Optimizer | None = None,
    preconditioner: Numbers | None = None,
) -> Any:
    """2/λ_max: gradient descent on a quadratic diverges above it. Infinite where λ_max ≤ 0.

    Other optimizers, β their momentum: heavy_ball 2(1+β)/λ_max, nesterov 2(1+β)/((1+2β) λ_max), rmsprop 2/λ_max,
    adam 2(1+β₁)/((1-β₁) λ_max). For the last two λ_max belongs to the *preconditioned* Hessian P⁻¹H with
    P = diag(√v + ε) held still: pass that diagonal from your optimizer's state as `preconditioner`; without, P = 1.

    A clipped optimizer has the threshold of its rule, below which it is stable near a minimum; farther away clipping
    bounds its steps. Where the rule's is a/λ_max, decoupled decay μ makes it a/(λ_max + aμ/2): 2/(λ_max + μ) for
    gradient descent.

    Takes a landscape (with a point w unless it is quadratic), your model's gradient function with a point w, or
    λ_max itself, a number or an array. Elsewhere than on a quadratic the threshold at a minimum is that of local
    stability.

    Source: J. Cohen et al., arXiv:2103.00065 (momentum) and arXiv:2207.14484 (Adam).

    >>> threshold(20), round(threshold(lambda w: w**3, w=[2.0]), 6)
    (0.1, 0.166667)
    >>> from lrsim import landscapes, optimizers
    >>> adam = {"optimizer": optimizers.adam(), "preconditioner": [0.1, 4.0]}
    >>> round(threshold(landscapes.bowl([1, 20]), **adam), 9)
    3.8
    """
    top = _top(landscape_or_gradient, w, "landscape_or_gradient", preconditioner)
    limit, decay = _limit(optimizer)
    with np.errstate(all="ignore"):
        pull = top + decay * limit / 2
        result = np.where(pull <= 0, math.inf, limit / pull)
    return result if result.ndim else float(result)


def _limit(optimizer: Any) -> tuple[float, float]:
    """The largest stable ηλ of an optimizer, and its decoupled weight decay."""
    name = "gradient_descent" if optimizer is None else getattr(optimizer, "name", None)
    if name in ("gradient_descent", "rmsprop"):
        return 2.0, 0.0
    if name == "adam":
        return 2 * (1 + optimizer.beta1) / (1 - optimizer.beta1), 0.0
    if name == "heavy_ball":
        return 2 * (1 + optimizer.beta), 0.0
    if name == "nesterov":
        return 2 * (1 + optimizer.beta) / (1 + 2 * optimizer.beta), 0.0
    if name == "clipped":  # near a minimum gradients are short
        return _limit(optimizer.optimizer)
    if name == "decayed":
        return _limit(optimizer.optimizer)[0], optimizer.decay
    called(optimizer)
    raise TypeError(f"optimizer must be one made by lrsim.optimizers, got {optimizer!r:.60}")


def optimal_eta(landscape: Quadratic) -> float:
    """η* = 2/(λ_min + λ_max): the constant rate with the smallest worst factor, (κ-1)/(κ+1) a step.

    For quadratics whose every eigenvalue is positive; a flat direction (λ = 0) is never traversed.

    >>> from lrsim import landscapes
    >>> round(optimal_eta(landscapes.bowl([1, 20])), 5)
    0.09524
    """
    if not is_quadratic(landscape):
        raise TypeError(f"landscape must be a quadratic, got {landscape!r:.60}")
    low, high = float(landscape.eigenvalues.min()), float(landscape.eigenvalues.max())
    if low <= 0:
        raise ValueError(f"landscape must have positive eigenvalues, got a smallest of {low:g}")
    return 1 / (low / 2 + high / 2 or low)  # half of the least float is none


@overload
def regime(eta: float, landscape_or_sharpness: Quadratic | float) -> str: ...
@overload
def regime(eta: Numbers, landscape_or_sharpness: Quadratic | Numbers) -> np.ndarray[Any, np.dtype[np.str_]] | Any: ...
def regime(eta: Numbers, landscape_or_sharpness: Quadratic | Numbers) -> Any:
    """By ηλ_max: "frozen" (η = 0), "monotone" (≤ 1), "oscillating" (< 2), "marginal" (2 to 1e-9), "diverging" (> 2).

    One η and one sharpness give a str; arrays broadcast to an array of names. Negative curvature counts as
    monotone: the loss falls without end.

    >>> regime(0.105, 20)
    'diverging'
    >>> regime([0, 0.05, 0.1], 20)
    array(['frozen', 'monotone', 'marginal'], dtype='<U11')
    """
    eta = _check.array("eta", eta, low=0, hint="; to climb, negate the landscape")
    eta, top = _check.together(
        eta=eta, landscape_or_sharpness=_top(landscape_or_sharpness, None, "landscape_or_sharpness")
    )
    with np.errstate(all="ignore"):
        product = eta * top
        rules = [eta + 0 * product == 0, np.abs(product - 2) <= 2 * MARGIN, product <= 1, product < 2]
    names = np.select(rules, ["frozen", "marginal", "monotone", "oscillating"], "diverging")
    return names if names.ndim else str(names)


def _top(given: Any, w: Any, name: str, preconditioner: Numbers | None = None) -> np.ndarray:
    """λ_max from a landscape, a gradient function or the number itself."""
    if w is None and not is_quadratic(given):
        if callable(given) or hasattr(given, "gradient"):
            raise ValueError(f"{name} is not a quadratic: give a point w, or sharpness(landscape, w) in its place")
        if preconditioner is not None:
            raise ValueError(f"preconditioner needs a landscape or a gradient function, got a sharpness, {given!r:.60}")
        top = _check.array(name, given)
        if not top.size:
            raise ValueError(f"{name} must hold at least one sharpness, got shape {top.shape}")
        return top
    return np.asarray(_sharpness(name, given, w, preconditioner))
