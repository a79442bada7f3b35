"""Schedules put together from others, or given piece by piece."""

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.schedules.decays import constant, steady
from lrsim.schedules.schedule import Schedule, make, rate, whole

MOST, BLOCK = 2**27, 2**16  # rates of a function that are collected, and how many at once
SCALARS = {float, int, np.float64, np.float32, np.int64}


def table(values: Any) -> Schedule:
    """η_t = values[t], one rate a step; `values` (T,) or (*sweep, T). It has no rate for a step past the last.

    Keras, PyTorch, optax: a function that looks the step up.

    Raises:
        ValueError: also when called with t ≥ T.

    >>> table([0.1, 0.1, 0.02])(2)
    np.float64(0.02)
    """
    return make("table", _table, values=_in_time("values", values))


def _table(t: np.ndarray, values: np.ndarray) -> np.ndarray:
    if t.size and t.max() >= values.shape[-1]:
        raise ValueError(f"step must be below {values.shape[-1]}, the length of the table, got {t.max()}")
    return values[..., t if t.dtype.kind == "i" else t.astype(np.int64)]  # within `restarts` t may be between steps


def piecewise(etas: Any, at: Any) -> Schedule:
    """η_t = etas[i] for at[i-1] ≤ t < at[i]: one rate more than there are boundaries; `etas` (m,) or (*sweep, m).

    Keras: `PiecewiseConstantDecay([b - 1 for b in at], etas)`, whose boundary still has the old rate; t counts batches.
    PyTorch: `MultiStepLR(milestones=at, gamma=)`, t counts calls of `scheduler.step()`. optax:
    `piecewise_constant_schedule(etas[0], {b: ratio})`, which multiplies; t counts updates.

    >>> piecewise([0.1, 0.01], at=[100])([0, 99, 100])
    array([0.1 , 0.1 , 0.01])
    """
    etas, at = _in_time("etas", etas), _boundaries(at)
    if etas.shape[-1] != len(at) + 1:
        raise ValueError(f"etas must have one rate more than the {len(at)} boundaries, got {etas.shape[-1]}")
    return make("piecewise", _piecewise, etas=etas, at=at)


def _piecewise(t: np.ndarray, etas: np.ndarray, at: tuple[int, ...]) -> np.ndarray:
    return etas[..., np.searchsorted(np.array(at, dtype=np.int64), t, side="right")]


def warmup(steps: int, then: Any) -> Schedule:
    """η_t = (t+1)/steps of `then`'s first rate for t < steps; then `then` from its own step 0; `then` if steps is 0.

    `then` is a schedule or a constant rate. Keras: `CosineDecay(warmup_target=, warmup_steps=)`, which starts from
    t/steps; t counts batches. PyTorch: `SequentialLR([LinearLR(start_factor=1/steps, total_iters=steps - 1), then],
    milestones=[steps])`, t counts calls of `scheduler.step()`. optax: `warmup_cosine_decay_schedule`, also from
    t/steps; t counts updates.

    >>> from lrsim.schedules import exponential
    >>> warmup(4, then=exponential(0.4, 0.5))(range(6))
    array([0.1, 0.2, 0.3, 0.4, 0.4, 0.2])
    """
    steps, then = _check.count("steps", steps, high=2**62), as_part("then", then)
    return make("warmup", _warmup, steps=steps, then=then) if steps else then


def _warmup(t: np.ndarray, steps: int, then: Schedule) -> np.ndarray:
    first = then.rates(np.zeros(1, dtype=np.int64))

    def ramp(steps_taken: np.ndarray) -> np.ndarray:
        return first * np.minimum((steps_taken + 1) / steps, 1)

    return _pieces(t, (ramp, then.rates), (steps,), True, then.batch)


def join(parts: Iterable[Any], at: Any, restart: bool = True) -> Schedule:
    """parts[i] for at[i-1] ≤ t < at[i]: each from its own step 0, or, without `restart`, at the step of the whole.

    Only the active part is evaluated. A part is a schedule or a constant rate. PyTorch: `SequentialLR(schedulers,
    milestones=at)`, t counts calls of `scheduler.step()`. optax: `join_schedules(parts, at)`, which restarts and
    evaluates every part; t counts updates. Keras: none.

    >>> from lrsim.schedules import inverse_time
    >>> join([0.1, inverse_time(0.4, k=1)], at=[2])(range(4))
    array([0.1, 0.1, 0.4, 0.2])
    """
    if isinstance(parts, Schedule) or not isinstance(parts, Iterable) or getattr(parts, "ndim", 1) == 0:
        raise TypeError(f"parts must be a list of schedules, got {_check.said(parts)}")
    made = tuple(as_part(f"parts[{i}]", part) for i, part in enumerate(parts))
    bounds = _boundaries(at)
    if len(made) != len(bounds) + 1:
        raise ValueError(f"parts must be one more than the {len(bounds)} boundaries, got {len(made)}")
    if not isinstance(restart, (bool, np.bool_)):
        raise TypeError(f"restart must be True or False, got {_check.said(restart)}")
    return make("join", _join, parts=made, at=bounds, restart=bool(restart))


def _join(t: np.ndarray, parts: tuple[Schedule, ...], at: tuple[int, ...], restart: bool) -> np.ndarray:
    batch = np.broadcast_shapes(*(part.batch for part in parts))
    return _pieces(t, [part.rates for part in parts], at, restart, batch)


def _pieces(t: np.ndarray, parts: Any, at: tuple[int, ...], restart: bool, batch: tuple[int, ...]) -> np.ndarray:
    flat = t.reshape(-1)
    which = np.searchsorted(np.array(at, dtype=np.int64), flat, side="right")
    out = np.empty((*batch, flat.size))
    for i, part in enumerate(parts):
        active = which == i
        if active.any():
            own = flat[active] - (at[i - 1] if restart and i else 0)
            out[..., active] = part(own)
    return out.reshape(batch + t.shape)


def as_schedule(eta: Any, steps: int, first: int = 0) -> Schedule:
    """`eta` itself, a constant, or a plain function of the step as a table of its rates from step `first` on."""
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
    return make("table", _table, values=blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=-1))


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


def _in_time(name: str, value: Any) -> np.ndarray:
    rates = rate(name, value)
    if not rates.ndim or not rates.shape[-1]:
        raise ValueError(f"{name} must have at least one rate on its last axis, got shape {rates.shape}")
    return rates


def _boundaries(at: Any) -> tuple[int, ...]:
    bounds = whole("at", at, 1)
    if bounds.ndim != 1:
        raise ValueError(f"at must be a list of steps, got shape {bounds.shape}")
    if (np.diff(bounds) <= 0).any():
        raise ValueError(f"at must be increasing, got {bounds.tolist()}")
    return tuple(bounds.tolist())
