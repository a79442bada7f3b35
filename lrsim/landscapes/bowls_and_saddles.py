"""Quadratic losses, ½ (w-w*)ᵀ H (w-w*): the landscapes on which every statement about the learning rate is exact."""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.landscapes._quadratic import Quadratic
from lrsim.typing import Numbers

__all__ = ["bowl", "quadratic", "saddle"]


@examples("bowl([1, 20])", "bowl([1, 3, 0, 20], angle=0.7, minimum=[3, -1, 0.5, 0])")
def bowl(eigenvalues: Numbers, *, angle: float = 0.0, minimum: Numbers | None = None) -> Quadratic:
    """½ Σ λ_i x_i²: a bowl given by its curvatures λ_i ≥ 0, (d,); any dimension.

    `angle` (radians) turns the first two axes counter-clockwise; `minimum` (d,) is where the loss is 0.

    Raises:
        ValueError, TypeError: negative (see `saddle`), none, or not finite; an angle with one eigenvalue.

    >>> bowl([1, 20]).loss([10, 0.05])
    np.float64(50.025)
    """
    return _turned(vector("eigenvalues", eigenvalues, low=0), angle, "minimum", minimum)


@examples("saddle()", "saddle([2, -1, 0.5], angle=1, point=[1, 2, 3])")
def saddle(eigenvalues: Numbers = (1.0, -1.0), *, angle: float = 0.0, point: Numbers | None = None) -> Quadratic:
    """½ Σ λ_i x_i² with at least one λ_i < 0 and one > 0, (d,): a pass; the loss falls without end along the negative.

    `angle` (radians) turns the first two axes counter-clockwise; `point` (d,) is the stationary point. Gradient descent
    leaves it along the negative directions, |1 - ηλ| > 1 at any η > 0, unless it starts exactly on the others: J. D.
    Lee et al., "Gradient descent only converges to minimizers", COLT 2016, arXiv:1602.04915.

    >>> saddle().loss([2, 1])
    np.float64(1.5)
    """
    curvatures = vector("eigenvalues", eigenvalues)
    if curvatures.min() >= 0 or curvatures.max() <= 0:
        raise ValueError(f"eigenvalues must have both signs, got {curvatures.min():g} to {curvatures.max():g}")
    return _turned(curvatures, angle, "point", point)


def _turned(curvatures: np.ndarray, angle: Any, name: str, centre: Any) -> Quadratic:
    angle, rotation = _check.real("angle", angle), None
    if angle:
        if len(curvatures) < 2:
            raise ValueError("angle needs at least two eigenvalues, got one")
        rotation = np.eye(len(curvatures))
        rotation[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return Quadratic(_centre(name, centre, len(curvatures)), curvatures, rotation, angle=angle)


@examples("quadratic([[2, 1], [1, 2]])", "quadratic([[0, 1], [1, 0]], minimum=[1, -1])")
def quadratic(hessian: Numbers, *, minimum: Numbers | None = None) -> Quadratic:
    """½ (w-w*)ᵀ H (w-w*) for a symmetric H, (d, d).

    Symmetric to 1e-12 of its largest entry; any signs. The eigenvectors are found when first needed, in O(d³).

    >>> quadratic([[2, 1], [1, 2]]).eigenvalues
    array([1., 3.])
    """
    matrix = _check.array("hessian", hessian)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"hessian must be a square matrix, got shape {matrix.shape}")
    off = _asymmetry(matrix)
    if off and off > 1e-12 * (size := float(np.abs(matrix).max())):
        raise ValueError(
            f"hessian must be symmetric, got entries that differ from their mirror image by up to {off:g}, "
            f"where the largest is {size:g}"
        )
    if off:
        matrix = matrix / 2 + matrix.T / 2
    matrix.flags.writeable = False  # a copy already
    return Quadratic(_centre("minimum", minimum, len(matrix)), matrix=matrix)


def _asymmetry(matrix: np.ndarray, block: int = 128) -> float:
    """max |H - Hᵀ|, in blocks that fit the cache."""
    off, starts = 0.0, range(0, len(matrix), block)
    with np.errstate(over="ignore"):
        for i in starts:
            for j in range(0, i + 1, block):
                here, mirror = matrix[i : i + block, j : j + block], matrix[j : j + block, i : i + block].T
                if not (here == mirror).all():
                    off = max(off, float(np.abs(here - mirror).max()))
    return off


def vector(name: str, value: Any, **bounds: Any) -> np.ndarray:
    vector = _check.array(name, value, **bounds)
    if vector.ndim != 1 or not vector.size:
        raise ValueError(f"{name} must be a list of at least one number, got shape {vector.shape}")
    return vector


def _centre(name: str, value: Any, dimension: int) -> np.ndarray:
    if value is None:
        return np.zeros(dimension)
    point = vector(name, value)
    if len(point) != dimension:
        raise ValueError(f"{name} must have {dimension} coordinates, got {len(point)}")
    return point
