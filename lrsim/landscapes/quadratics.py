"""Quadratic losses, ½ (w-w*)ᵀ H (w-w*): the landscapes on which every statement about the learning rate is exact."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lrsim import _check


@dataclass(frozen=True, eq=False)
class Quadratic:
    """L(w) = ½ Σ λ_i x_i² + offset, with x = Bᵀ(w - minimum) the coordinates along the eigenvectors.

    Made by `bowl`, `quadratic`. Either `curvatures` (d,) with `rotation` (d, d), its orthonormal
    eigenvectors as columns (None: the axes), or `matrix` (d, d), whose eigenvectors are found when first needed.
    """

    minimum: np.ndarray
    curvatures: np.ndarray | None = None
    rotation: np.ndarray | None = None
    matrix: np.ndarray | None = None
    offset: float = 0.0

    @property
    def dimension(self) -> int:
        return len(self.minimum)

    @property
    def minima(self) -> tuple[np.ndarray, ...]:
        return (self.minimum,) if (self.eigenvalues > 0).all() else ()

    @cached_property
    def _eigen(self) -> tuple[np.ndarray, np.ndarray | None]:
        if self.curvatures is not None:
            return self.curvatures, self.rotation
        values, vectors = np.linalg.eigh(self.matrix)  # type: ignore[arg-type]
        return values, vectors

    @property
    def eigenvalues(self) -> np.ndarray:
        """λ_i, (d,), in the order of the modes."""
        return self._eigen[0]

    @property
    def basis(self) -> np.ndarray | None:
        """The eigenvectors as columns, (d, d), or None where they are the axes."""
        return self._eigen[1]

    def to_modes(self, w: Any) -> np.ndarray:
        """x = Bᵀ(w - minimum), coordinates first."""
        shifted = _shift(w, self.minimum, -1)
        return shifted if self.basis is None else np.tensordot(self.basis.T, shifted, 1)

    def from_modes(self, x: np.ndarray) -> np.ndarray:
        """w = minimum + B x, coordinates first."""
        return _shift(x if self.basis is None else np.tensordot(self.basis, x, 1), self.minimum, 1)

    def loss(self, w: Any) -> np.ndarray:
        """½ (w-w*)ᵀ H (w-w*) + offset; w (d, *batch) -> (*batch)."""
        if self.curvatures is None:
            shifted = _shift(w, self.minimum, -1)
            return 0.5 * np.sum(shifted * np.tensordot(self.matrix, shifted, 1), axis=0) + self.offset
        return 0.5 * np.tensordot(self.eigenvalues, self.to_modes(w) ** 2, 1) + self.offset

    def gradient(self, w: Any) -> np.ndarray:
        """H (w-w*), the shape of w."""
        return self.hvp(w, _shift(w, self.minimum, -1))

    def hvp(self, w: Any, v: Any) -> np.ndarray:
        """H v, whatever w."""
        v = np.asarray(v, float)
        if self.curvatures is None:
            return np.tensordot(self.matrix, v, 1)
        scale = self.curvatures.reshape(-1, *[1] * (v.ndim - 1))
        if self.rotation is None:
            return scale * v
        return np.tensordot(self.rotation, scale * np.tensordot(self.rotation.T, v, 1), 1)

    def hessian(self, w: Any = None) -> np.ndarray:
        """H, (d, d), the same everywhere."""
        return self.matrix if self.matrix is not None else self.hvp(None, np.eye(self.dimension))

    def _key(self) -> tuple:
        return tuple(
            None if a is None else np.asarray(a).tobytes()
            for a in (self.minimum, self.curvatures, self.rotation, self.matrix)
        ) + (self.offset,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quadratic) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


def _shift(w: Any, by: np.ndarray, sign: int) -> np.ndarray:
    w = np.asarray(w, float)
    if w.ndim == 0 or w.shape[0] != len(by):
        raise ValueError(f"w must have {len(by)} coordinates on its first axis, got shape {w.shape}")
    return w + sign * by.reshape(-1, *[1] * (w.ndim - 1)) if by.any() else w


def bowl(eigenvalues: Any, *, angle: float = 0.0, minimum: Any = None) -> Quadratic:
    """½ Σ λ_i x_i²: a bowl given by its curvatures λ_i ≥ 0, (d,); any dimension.

    `angle` (radians) turns the first two axes counter-clockwise; `minimum` (d,) is where the loss is 0.

    >>> bowl([1, 20]).loss([10, 0.05])
    np.float64(50.025)
    """
    curvatures = _vector("eigenvalues", eigenvalues, low=0)
    angle = _check.real("angle", angle)
    rotation = None
    if angle:
        if len(curvatures) < 2:
            raise ValueError("angle needs at least two eigenvalues, got one")
        rotation = np.eye(len(curvatures))
        rotation[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return Quadratic(_minimum(minimum, len(curvatures)), curvatures, rotation)


def quadratic(hessian: Any, *, minimum: Any = None) -> Quadratic:
    """½ (w-w*)ᵀ H (w-w*) for a symmetric H, (d, d).

    >>> quadratic([[2, 1], [1, 2]]).eigenvalues
    array([1., 3.])
    """
    matrix = _check.array("hessian", hessian)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"hessian must be a square matrix, got shape {matrix.shape}")
    off = float(np.abs(matrix - matrix.T).max())
    if off > 1e-12 * max(1.0, float(np.abs(matrix).max())):
        raise ValueError(f"hessian must be symmetric, got one whose entries differ from its transpose by up to {off:g}")
    return Quadratic(_minimum(minimum, len(matrix)), matrix=(matrix + matrix.T) / 2)


def _vector(name: str, value: Any, **bounds: Any) -> np.ndarray:
    vector = _check.array(name, value, **bounds)
    if vector.ndim != 1 or not vector.size:
        raise ValueError(f"{name} must be a list of at least one number, got shape {vector.shape}")
    return vector


def _minimum(minimum: Any, dimension: int) -> np.ndarray:
    if minimum is None:
        return np.zeros(dimension)
    point = _vector("minimum", minimum)
    if len(point) != dimension:
        raise ValueError(f"minimum must have {dimension} coordinates, got {len(point)}")
    return point
