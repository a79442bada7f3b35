"""What `descend` takes for a schedule: one of them, a rate, or a function of the step."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.schedules._schedule import Schedule, make, rate, steady
from lrsim.schedules.stepwise import constant, tabulated

MOST, BLOCK = 2**27, 2**16  # rates of a function that are collected, and how many at once
SCALARS = {float, int, np.float64, np.float32, np.int64}


def as_schedule(eta: Any, steps: int, first: int = 0) -> Schedule:
    """`eta` itself, a constant, or a function of the step as a table of its rates from step `first` on."""
    if isinstance(eta, Schedule):
        return eta
    if type(eta) is float and 0 <= eta <= 1e300:
        return Schedule("constant", steady, (("eta", np.array(eta + 0.0)),))  # the common case, at once
    if not callable(eta):
        return constant(eta)
    _no_maker("eta", eta)
    return _tabulated(eta, steps, first) if steps else constant(0.0)


def _tabulated(eta: Callable, steps: int, first: int) -> Schedule:
    """The function is asked once a step and what it returns is copied; the rates are checked all together, after."""
    blocks: list[np.ndarray] = []
    for begin in range(first, first + steps, BLOCK):
        found = _block(eta, begin, min(first + steps, begin + BLOCK), steps)
        if blocks and found.shape[:-1] != blocks[0].shape[:-1]:
            raise _shapes_differ({found.shape[:-1], blocks[0].shape[:-1]})
        blocks.append(found)
    return make("table", tabulated, values=blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=-1))


def _block(eta: Callable, begin: int, end: int, steps: int) -> np.ndarray:
    values = [_kept(_check.call("eta", eta, step=begin), begin)]
    runs = max(1, np.size(values[0]))
    if steps * runs > MOST:
        many = f" of {runs} runs" if runs > 1 else ""
        raise ValueError(
            f"steps must be fewer for a function as eta, whose rates are collected first, at most {MOST:,}; "
            f"got {steps:,} steps{many}: give one of lrsim.schedules, which are computed as the run goes on"
        )
    with np.errstate(all="ignore"):
        for t in range(begin + 1, end):
            value = eta(t)
            values.append(value if type(value) in SCALARS else _kept(value, t))
        shapes = {getattr(value, "shape", ()) for value in values}
        if len(shapes) > 1:
            raise _shapes_differ(shapes)
        try:
            rates = np.array(values, dtype=float) if () in shapes else np.stack(values, axis=-1)
        except OverflowError:  # a whole number beyond the largest float
            rates = np.array([rate(f"eta({t})", value) for t, value in enumerate(values, begin)])
        bad = ~(np.isfinite(rates) & (rates >= 0)).reshape(-1, len(values)).all(axis=0)
    if bad.any():
        at = int(bad.argmax())
        rate(f"eta({begin + at})", rates[..., at])  # says what is wrong
    return rates


def _kept(value: Any, t: int) -> Any:
    """As it is, where it cannot change; else a copy. What is no number at first sight is looked at closely."""
    kind = type(value)
    if kind in SCALARS:
        return value
    if kind in (list, tuple) and value and all(type(item) is float for item in value):
        return np.array(value)
    if kind is np.ndarray and value.dtype.kind in "iuf":
        return value.astype(float) if value.ndim else value.item()
    return rate(f"eta({t})", value)


def _shapes_differ(shapes: Any) -> ValueError:
    return ValueError(f"eta must return one shape at every step, got {sorted(shapes)}")


def as_part(name: str, value: Any) -> Schedule:
    """A schedule, or a constant rate, that another schedule is made of."""
    if isinstance(value, Schedule):
        return value
    if callable(value):
        _no_maker(name, value)
        raise TypeError(f"{name} must be a schedule or a rate, got {value!r:.60}: table makes one of a list of rates")
    return make("constant", steady, eta=rate(name, value))


def _no_maker(name: str, value: Any) -> None:
    if isinstance(value, (FunctionType, type)) and str(value.__module__).startswith(str(__package__)):
        raise TypeError(f"{name} must be a schedule or a rate, got the function {value.__name__}: call it")
