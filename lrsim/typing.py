"""What goes in and what comes out, for signatures: yours too. Protocols say what an object of your own must have.

>>> import numpy as np
>>> class Quartic:
...     def loss(self, w: np.ndarray) -> np.ndarray:
...         return np.sum(w**4, axis=0) / 4
...
...     def gradient(self, w: np.ndarray) -> np.ndarray:
...         return w**3
>>> own: LandscapeLike = Quartic()
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

__all__ = [
    "Array",
    "Gradient",
    "HasColumns",
    "HasHistory",
    "HasIterates",
    "LandscapeLike",
    "LogLike",
    "Numbers",
    "OptimizerLike",
    "ScheduleLike",
    "SupportsArray",
    "SupportsRead",
]

Array = np.ndarray[Any, np.dtype[np.float64]]
"""An array of float64, as results are."""


class SupportsArray(Protocol):
    """An array: NumPy's, or another library's that NumPy can read."""

    def __array__(self) -> np.ndarray[Any, Any]: ...


Number = float | np.floating[Any] | np.integer[Any] | SupportsArray
Numbers = Number | Sequence[Number] | Sequence[Sequence[Number]] | Sequence[Sequence[Sequence[Number]]]
"""Real numbers: one, an array, or lists. NumPy's `ArrayLike` takes text and complex numbers too."""


class HasIterates(Protocol):
    """A path: what has `iterates`, (*batch, steps+1, d), as a `Trajectory` has."""

    @property
    def iterates(self) -> Any: ...


ScheduleLike = Callable[[int], Numbers]
"""η_t: one of `lrsim.schedules`, or your own function of the step."""

Gradient = Callable[[Array], Numbers]
"""∇L of your own model, at a point w (d,)."""


class LandscapeLike(Protocol):
    """A loss with its gradient, at w (d, *batch): (*batch) and (d, *batch).

    `hvp(w, v)`, `hessian(w)`, `loss_and_gradient(w, out)`, `dimension` and `minima` are used where they are there.
    """

    def loss(self, w: Array, /) -> Numbers: ...

    def gradient(self, w: Array, /) -> Numbers: ...


class OptimizerLike(Protocol):
    """An update rule, as those of `lrsim.optimizers`."""

    @property
    def name(self) -> str: ...

    @property
    def linear(self) -> bool: ...

    def init(self, w: Array, /) -> tuple[Array, ...]: ...

    def step(self, w: Array, gradient: Array, eta: Any, state: tuple[Array, ...], t: int, /) -> None: ...


class SupportsRead(Protocol):
    """An open file, of text or of bytes."""

    def read(self, size: int = ..., /) -> str | bytes: ...


class HasColumns(Protocol):
    """A table by its columns, as a pandas frame is."""

    @property
    def columns(self) -> Iterable[Any]: ...

    def __getitem__(self, name: Any, /) -> Any: ...


class HasHistory(Protocol):
    """What Keras's `fit` returns."""

    @property
    def history(self) -> Mapping[str, Iterable[Any]]: ...


LogLike = str | os.PathLike[str] | SupportsRead | Mapping[str, Iterable[Any]] | HasColumns | HasHistory
"""A training log: a path, an open file, a dictionary of lists, a frame, a history."""
