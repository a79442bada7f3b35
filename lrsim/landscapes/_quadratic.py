"""½ (w-w*)ᵀ H (w-w*) as an object: loss, derivatives, and the way into its eigen-coordinates and back."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lrsim._arithmetic import halves, in_order, product
from lrsim.landscapes._points import points
from lrsim.typing import Array, Numbers


@dataclass(frozen=True, eq=False, repr=False)
class Quadratic:
    """L(w) = ½ Σ λ_i x_i² + offset, with x = Bᵀ(w - minimum) the coordinates along the eigenvectors.

    Made by `bowl`, `quadratic`, `saddle`, `linear_regression`. Either `curvatures` (d,) with `rotation` (d, d), its
    orthonormal eigenvectors as columns (None: the axes), or `matrix` (d, d), whose eigenvectors are found when first
    needed. Where λ is nowhere negative `minimum` is one; elsewhere it is the stationary point.
    """

    minimum: np.ndarray
    curvatures: np.ndarray | None = None
    rotation: np.ndarray | None = None
    matrix: np.ndarray | None = None
    offset: float = 0.0
    angle: float = 0.0  # by which `bowl` and `saddle` turned the axes; `rotation` follows from it

    def __post_init__(self) -> None:
        for name in ("minimum", "curvatures", "rotation", "matrix"):
            array = self.__dict__[name]
            if array is not None:
                object.__setattr__(self, name, own(array))

    @property
    def dimension(self) -> int:
        return len(self.minimum)

    @property
    def minima(self) -> tuple[Array, ...]:
        return (self.minimum,) if (self.eigenvalues > 0).all() else ()

    @cached_property
    def _eigen(self) -> tuple[np.ndarray, np.ndarray | None]:
        if self.curvatures is not None:
            return self.curvatures, self.rotation
        values, vectors = np.linalg.eigh(self.matrix)  # type: ignore[arg-type]
        return own(values), own(vectors)

    @property
    def eigenvalues(self) -> Array:
        """λ_i, (d,), in the order of the modes."""
        return self._eigen[0]

    @property
    def basis(self) -> Array | None:
        """The eigenvectors as columns, (d, d), or None where they are the axes."""
        return self._eigen[1]

    @cached_property
    def half(self) -> np.ndarray:
        """½λ, (d,)."""
        return own(0.5 * self.eigenvalues)

    @cached_property
    def negative(self) -> np.ndarray:
        """-λ, (d,)."""
        return own(-self.eigenvalues)

    @cached_property
    def bounded(self) -> bool:
        """Whether the loss falls nowhere without end."""
        return bool((self.eigenvalues >= 0).all())

    @cached_property
    def centred(self) -> bool:
        """Whether the minimum is the origin."""
        return not self.minimum.any()

    @cached_property
    def at_home(self) -> bool:
        """Whether w itself is the mode coordinates."""
        return self.basis is None and self.centred

    @cached_property
    def top(self) -> float:
        """λ_max."""
        return float(self.eigenvalues.max())

    @cached_property
    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """λ as the upper half of its digits, and the rest."""
        return halves(self.eigenvalues)

    @cached_property
    def remembered(self) -> dict:
        """What was found out about it and is dear to find again; it changes no result and is not pickled."""
        return {}

    def modal(self) -> "Quadratic":
        """The same with its eigenvectors written out, so that they travel to another process."""
        if type(self) is Quadratic and self.curvatures is not None:
            return self
        return Quadratic(self.minimum, self.eigenvalues, self.basis, offset=self.offset)

    def to_modes(self, w: Numbers) -> Array:
        """x = Bᵀ(w - minimum), coordinates first."""
        shifted = self._shift(w, -1)
        return shifted if self.basis is None else product(self.basis.T, shifted)

    def from_modes(self, x: Array) -> Array:
        """w = minimum + B x, coordinates first."""
        return self._shift(x if self.basis is None else product(self.basis, x), 1)

    def loss(self, w: Numbers) -> Any:
        """½ (w-w*)ᵀ H (w-w*) + offset; w (d, *batch) -> (*batch)."""
        with np.errstate(all="ignore"):
            return self._height(self._points("w", w))

    def gradient(self, w: Numbers) -> Array:
        """H (w-w*), the shape of w."""
        with np.errstate(all="ignore"):
            return self._slope(self._points("w", w))

    def loss_and_gradient(self, w: Numbers, out: Array) -> Any:
        """L(w), with ∇L(w) written into `out`: one product with H for both."""
        with np.errstate(all="ignore"):
            return self._joint(self._points("w", w), out)

    # as the functions without an underscore, of a w known to be good, where NumPy's warnings are off

    def _height(self, w: np.ndarray) -> Any:
        shifted = self._moved(w, -1)
        return 0.5 * in_order(shifted * self._apply(shifted))[()] + self.offset

    def _slope(self, w: np.ndarray) -> np.ndarray:
        return self._apply(self._moved(w, -1))

    def _joint(self, w: np.ndarray, out: np.ndarray) -> Any:
        shifted = self._moved(w, -1)
        out[...] = self._apply(shifted)
        return 0.5 * in_order(shifted * out)[()] + self.offset

    def hvp(self, w: Numbers, v: Numbers) -> Array:
        """H v, whatever w."""
        with np.errstate(all="ignore"):
            return self._apply(self._points("v", v))

    def hessian(self, w: Numbers | None = None) -> Array:
        """H, (d, d), the same everywhere."""
        return self.matrix.copy() if self.matrix is not None else self._apply(np.eye(self.dimension))

    def _apply(self, v: np.ndarray) -> np.ndarray:
        if self.curvatures is None:
            return product(self.matrix, v)  # type: ignore[arg-type]
        scale = self.curvatures.reshape(-1, *[1] * (v.ndim - 1))
        if self.rotation is None:
            return scale * v
        return product(self.rotation, scale * product(self.rotation.T, v))

    def _shift(self, w: Any, sign: int) -> np.ndarray:
        return self._moved(self._points("w", w), sign)

    def _moved(self, w: np.ndarray, sign: int) -> np.ndarray:
        return w if self.centred else w + sign * self.minimum.reshape(-1, *[1] * (w.ndim - 1))

    def _points(self, name: str, value: Any) -> np.ndarray:
        given = points(value, self.dimension, name)
        return given if given.dtype == np.float64 else given.astype(np.float64)

    def __repr__(self) -> str:
        centre = "" if self.centred else f", minimum={_said(self.minimum)}"
        if self.matrix is not None:
            return f"quadratic({_said(self.matrix)}{centre})"
        curvatures = self.curvatures
        named = bool((curvatures >= 0).all() or curvatures.min() < 0 < curvatures.max())  # type: ignore[operator, union-attr]
        if not named or (self.rotation is not None and not self.angle):
            return f"Quadratic({_said(self.minimum)}, {_said(self.curvatures)}, {_said(self.rotation)})"
        bowl = curvatures.min() >= 0  # type: ignore[union-attr]
        turned = f", angle={self.angle!r}" if self.angle else ""
        name, centre = ("bowl", centre) if bowl else ("saddle", centre.replace("minimum", "point"))
        return f"{name}({_said(curvatures)}{turned}{centre})"

    def _key(self) -> tuple:
        arrays = (self.minimum, self.curvatures, self.rotation, self.matrix)
        return (*(None if a is None else a.tobytes() for a in arrays), self.offset)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __getstate__(self) -> dict:
        return {key: self.__dict__[key] for key in self.__dataclass_fields__}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        Quadratic.__post_init__(self)


def ours(landscape: Any) -> bool:
    """Whether a landscape's functions are this library's own, which keep nothing of w and change nothing in it."""
    return all(
        str(getattr(getattr(type(landscape), name, None), "__module__", "")).startswith("lrsim.")
        for name in ("loss", "gradient", "loss_and_gradient")
        if hasattr(landscape, name)
    )


def is_quadratic(landscape: Any) -> bool:
    """Whether its eigenvalues say everything: a subclass with a loss or a gradient of its own is another landscape."""
    return type(landscape) is Quadratic or (isinstance(landscape, Quadratic) and ours(landscape))


def own(array: Any) -> np.ndarray:
    """A read-only array that nobody else can write through: a copy of what may be the user's."""
    if isinstance(array, np.ndarray) and array.base is None and not array.flags.writeable:
        return array
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def _said(array: Any, most: int = 1000) -> str:
    """As `repr` writes it, to be read again, unless it is very long."""
    array = np.asarray(array)
    return repr(array.tolist()) if array.size <= most else f"<{' x '.join(map(str, array.shape))} numbers>"
