"""Argument checks shared by all rooms: bad input is refused, naming the argument, what was needed and what came."""

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def array(
    name: str,
    value: Any,
    *,
    low: float | None = None,
    above: float | None = None,
    below: float | None = None,
    hint: str = "",
    kinds: str = "iuf",
) -> np.ndarray:
    """`value` as a float64 array of finite reals within the bounds, or an error about `name`.

    Raises:
        TypeError: not real numbers. ValueError: ragged, not finite, or out of bounds.
    """
    result = numbers(name, value, kinds).astype(np.float64)
    with np.errstate(all="ignore"):
        sound = np.isfinite(result.sum())  # one pass; an infinite sum may still be of finite numbers
    if not sound:
        _refuse(name, result, ~np.isfinite(result), "be finite", "")
    if low is not None:
        _refuse(name, result, result < low, f"be >= {low:g}", hint)
    if above is not None:
        _refuse(name, result, result <= above, f"be > {above:g}", hint)
    if below is not None:
        _refuse(name, result, result >= below, f"be < {below:g}", hint)
    return result


def numbers(name: str, value: Any, kinds: str = "iuf", needed: str = "be real numbers") -> np.ndarray:
    """`value` as an array of real numbers, finite or not, of whatever precision it has; `kinds` as in `dtype.kind`."""
    given = rectangular(name, value)
    if "f" in kinds and huge(given):
        try:
            return given.astype(np.float64)
        except OverflowError:
            largest = max(given.flat, key=abs)
            raise ValueError(f"{name} must {needed} below 1.8e308, got {said(largest)}") from None
    if given.dtype.kind not in kinds:
        raise TypeError(f"{name} must {needed}, got {_kind(value, given)}")
    return given


def returned(name: str, value: Any) -> np.ndarray:
    """What a user's function `name` returned, in float64: real numbers, finite or not. It may still be the user's."""
    if type(value) is np.ndarray and value.dtype == np.float64:
        return value
    return numbers(name, value, needed="return real numbers").astype(np.float64)


def together(**given: Any) -> list[np.ndarray]:
    """Arrays broadcast together, or an error that names each with its shape."""
    arrays = {name: rectangular(name, value) for name, value in given.items()}
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{', '.join(arrays)} must broadcast together, got shapes {shapes}") from None


def call(name: str, function: Callable, **given: Any) -> Any:
    """function(*given values) with NumPy's warnings off, or an error that says what `name` must take."""
    try:
        with np.errstate(all="ignore"):
            return function(*given.values())
    except TypeError as error:
        if error.__traceback__ is None or error.__traceback__.tb_next is None:  # it was never entered
            needed = " and ".join(given)
            raise TypeError(f"{name} must be a function of {needed}, got one that says: {error}") from None
        raise


def rectangular(name: str, value: Any) -> np.ndarray:
    """`value` as an array, or an error: of rows of different lengths, masked, or what does not become one."""
    if type(value) is np.ndarray:
        return value
    if "numpy.ma" in sys.modules and (hidden := _masked(value)):
        raise ValueError(f"{name} must have no masked values, got {hidden}: fill or drop them")
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be a rectangular array of numbers, got rows of different lengths") from None
    except Exception as error:  # another library's array may refuse, as PyTorch's tensors with gradients do
        said = " ".join(str(error).split())
        raise TypeError(f"{name} must be an array of numbers, got {type(value).__name__}, which says: {said}") from None


def _masked(value: Any, depth: int = 0) -> int:
    """How many values are masked in an array, or in lists that hold such arrays or `np.ma.masked`."""
    if isinstance(value, np.ma.MaskedArray):
        return int(np.ma.count_masked(value))
    nested = isinstance(value, (list, tuple)) and depth < 64  # the most axes that NumPy knows
    if not nested or not any(issubclass(kind, (list, tuple, np.ma.MaskedArray)) for kind in set(map(type, value))):
        return 0
    return sum(_masked(item, depth + 1) for item in value)


def huge(given: np.ndarray) -> bool:
    """Whether these are Python's whole numbers, some beyond 64 bits: NumPy keeps them as objects."""
    if given.dtype.kind != "O" or not all(type(item) is int for item in given.flat):
        return False
    return any(abs(item) >= 2**63 for item in given.flat)


def said(value: Any) -> str:
    """`repr` in 60 characters; of a huge whole number how long it is, since Python refuses to print some."""
    if isinstance(value, int) and abs(value) >= 10**20:
        return f"a {'negative ' if value < 0 else ''}number of {int(math.log10(abs(value))) + 1} digits"
    return repr(value)[:60]


def real(name: str, value: Any, **bounds: Any) -> float:
    """`value` as one finite float within the bounds (as in `array`)."""
    result = array(name, value, **bounds)
    if result.ndim:
        raise ValueError(f"{name} must be one number, got an array of shape {result.shape}")
    return float(result)


def count(name: str, value: Any, low: int = 0, high: float = math.inf) -> int:
    """`value` as a whole number from `low` to `high`; 3.0 and True are refused, since they are rarely meant."""
    if type(value) is int and low <= value <= high:  # the common case, at once
        return value
    if isinstance(value, (bool, np.bool_, np.timedelta64)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {said(value)}")
    if value < low:
        raise ValueError(f"{name} must be >= {low}, got {said(int(value))}")
    if value > high:
        raise ValueError(f"{name} must be at most {high:g}, got {said(int(value))}")
    return int(value)


def choice(name: str, value: Any, options: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}, got {value!r}")
    return value


def _refuse(name: str, values: np.ndarray, bad: np.ndarray, needed: str, hint: str) -> None:
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        where = f" at index {index}" if index else ""
        raise ValueError(f"{name} must {needed}, got {values[index]:g}{where}{hint}")


def _kind(value: Any, given: np.ndarray) -> str:
    return said(value) if given.ndim == 0 else f"an array of {given.dtype}"
