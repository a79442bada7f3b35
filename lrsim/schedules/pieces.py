"""Schedules put together from others, or given piece by piece."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.schedules.decays import constant, steady
from lrsim.schedules.schedule import Schedule, make, rate, whole


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
    return values[..., t]


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
    """η_t = (t+1)/steps of `then`'s first rate for t < steps; then `then` from its own step 0.

    `then` is a schedule or a constant rate. Keras: `CosineDecay(warmup_target=, warmup_steps=)`, which starts from
    t/steps; t counts batches. PyTorch: `SequentialLR([LinearLR(start_factor=1/steps, total_iters=steps - 1), then],
    milestones=[steps])`, t counts calls of `scheduler.step()`. optax: `warmup_cosine_decay_schedule`, also from
    t/steps; t counts updates.

    >>> from lrsim.schedules import exponential
    >>> warmup(4, then=exponential(0.4, 0.5))(range(6))
    array([0.1, 0.2, 0.3, 0.4, 0.4, 0.2])
    """
    return make("warmup", _warmup, steps=_check.count("steps", steps, 1), then=_schedule("then", then))


def _warmup(t: np.ndarray, steps: int, then: Schedule) -> np.ndarray:
    first = then.rates(np.zeros(1, dtype=np.int64))

    def ramp(steps_taken: np.ndarray) -> np.ndarray:
        return first * ((steps_taken + 1) / steps)

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
        raise TypeError(f"parts must be a list of schedules, got {parts!r}")
    made = tuple(_schedule(f"parts[{i}]", part) for i, part in enumerate(parts))
    bounds = _boundaries(at)
    if len(made) != len(bounds) + 1:
        raise ValueError(f"parts must be one more than the {len(bounds)} boundaries, got {len(made)}")
    if not isinstance(restart, (bool, np.bool_)):
        raise TypeError(f"restart must be True or False, got {restart!r}")
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
        return Schedule("constant", steady, (("eta", np.array(eta)),))  # the common case, at once
    if not callable(eta):
        return constant(eta)
    rates = [rate(f"eta({t})", _check.call("eta", eta, step=t)) for t in range(first, first + steps)]
    shapes = {r.shape for r in rates}
    if len(shapes) > 1:
        raise ValueError(f"eta must return one shape at every step, got {sorted(shapes)}")
    return table(np.stack(rates, axis=-1)) if rates else constant(0.0)


def _schedule(name: str, value: Any) -> Schedule:
    if isinstance(value, Schedule):
        return value
    if callable(value):
        raise TypeError(f"{name} must be a schedule or a rate, got {value!r}")
    return make("constant", steady, eta=rate(name, value))


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
