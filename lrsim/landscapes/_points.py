"""What every landscape asks of the points it is given, and what is asked of the landscape."""

from typing import Any

import numpy as np

from lrsim import _check


def points(w: Any, dimension: int | None = None, name: str = "w") -> np.ndarray:
    """`w` as float64, coordinates on the first axis. Not finite is let through, since a run may overflow."""
    given = _check.numbers(name, w)
    if given.ndim == 0 or not given.shape[0] or (dimension is not None and given.shape[0] != dimension):
        needed = f"{dimension} coordinate{'s' * (dimension != 1)}" if dimension else "its coordinates"
        raise ValueError(f"{name} must have {needed} on its first axis, got shape {given.shape}")
    return given.astype(np.float64, copy=False)


def directions(v: Any, w: np.ndarray) -> np.ndarray:
    """`v` as float64 with the shape of w."""
    v = points(v, len(w), "v")
    if v.shape != w.shape:
        raise ValueError(f"v must have the shape of w, {w.shape}, got {v.shape}")
    return v


def beside(landscape: Any, name: str, *others: str) -> Any:
    """The landscape's function `name`, or None where it came with other functions `others` than the landscape has.

    So it does when a subclass replaces the gradient and inherits the Hessian, or when a wrapper hands on what it lacks.
    """
    found, held = getattr(landscape, name, None), getattr(landscape, "__dict__", {})
    if not callable(found) or name in held:
        return found if callable(found) else None
    home = next((kind for kind in type(landscape).__mro__ if name in vars(kind)), object)
    for other in others:
        here = held.get(other, _defined(type(landscape), other))
        there = _defined(home, other)
        if here is not there and (there is not None or home is object):
            return None
    return found


def _defined(kind: type, name: str) -> Any:
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
