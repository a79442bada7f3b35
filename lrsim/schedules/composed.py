"""Schedules made from others: one after another, scaled, shifted in time, started again and again."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.schedules._given import as_part
from lrsim.schedules._schedule import Schedule, make, times
from lrsim.schedules.stepwise import boundaries
from lrsim.typing import Numbers

__all__ = ["join", "restarts", "scaled", "shifted", "warmup"]

FAR = 2**62  # steps
LAST = 2**63 - 1


@examples("warmup(5, then=cosine(0.4, 30))", "warmup(6, then=cosine([0.2, 0.5, 0.9], 20))")
def warmup(steps: int, then: Schedule | Numbers) -> Schedule:
    """η_t = (t+1)/steps of `then`'s first rate for t < steps; then `then` from its own step 0; `then` if steps is 0.

    `then` is a schedule or a constant rate. Keras: `CosineDecay(warmup_target=, warmup_steps=)`, which starts from
    t/steps; t counts minibatches. PyTorch: `SequentialLR([LinearLR(start_factor=1/steps, total_iters=steps - 1), then],
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


@examples(
    "join([0.1, inverse_time(0.4, k=1)], at=[7])",
    "join([[0.2, 0.5, 0.9], exponential([0.1, 0.2, 0.3], 0.9), 0.01], at=[4, 20], restart=False)",
)
def join(parts: Iterable[Schedule | Numbers], at: Numbers, restart: bool = True) -> Schedule:
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
    bounds = boundaries(at)
    if len(made) != len(bounds) + 1:
        raise ValueError(f"parts must be one more than the {len(bounds)} boundaries, got {len(made)}")
    if not isinstance(restart, (bool, np.bool_)):
        raise TypeError(f"restart must be True or False, got {_check.said(restart)}")
    return make("join", _join, parts=made, at=bounds, restart=bool(restart))


def _join(t: np.ndarray, parts: tuple[Schedule, ...], at: tuple[int, ...], restart: bool) -> np.ndarray:
    sweep = np.broadcast_shapes(*(part.batch for part in parts))
    return _pieces(t, [part.rates for part in parts], at, restart, sweep)


def _pieces(t: np.ndarray, parts: Any, at: tuple[int, ...], restart: bool, sweep: tuple[int, ...]) -> np.ndarray:
    flat = t.reshape(-1)
    which = np.searchsorted(np.array(at, dtype=np.int64), flat, side="right")
    out = np.empty((*sweep, flat.size))
    for i, part in enumerate(parts):
        active = which == i
        if active.any():
            own = flat[active] - (at[i - 1] if restart and i else 0)
            out[..., active] = part(own)
    return out.reshape(sweep + t.shape)


@examples("scaled(cosine(0.4, 30), by=2)", "scaled(inverse_time([0.2, 0.5, 0.9], k=0.1), by=[1, 2, 3])")
def scaled(schedule: Schedule | Numbers, by: Numbers) -> Schedule:
    """by · η_t, by ≥ 0: what `schedule * by` and `by * schedule` make; an array is a sweep.

    Keras, optax: `lambda t: by * schedule(t)`, t counts minibatches, or updates. PyTorch: the optimizer's `lr` times
    `by`, which every scheduler starts from.

    Raises:
        ValueError: also when called with a step whose rate passes the largest float.

    >>> from lrsim.schedules import cosine
    >>> (cosine(0.4, steps=10) * 2)([0, 10])
    array([0.8, 0. ])
    """
    return times(as_part("schedule", schedule), by)


@examples("shifted(inverse_time(0.4, k=1), by=3)", "shifted(exponential([0.2, 0.5, 0.9], 1.1), by=9)")
def shifted(schedule: Schedule | Numbers, by: int) -> Schedule:
    """η_{t+by}, by ≥ 0: what is left of a schedule after its first `by` steps.

    Keras, optax: `lambda t: schedule(t + by)`, t counts minibatches, or updates. PyTorch: `by` calls of
    `scheduler.step()` before the first update. To put steps in front of a schedule there are `warmup` and `join`.

    >>> from lrsim.schedules import inverse_time
    >>> shifted(inverse_time(0.4, k=1), by=3)([0, 1])
    array([0.1 , 0.08])
    """
    given, by = as_part("schedule", schedule), _check.count("by", by, high=FAR)
    return given if given.name == "constant" or not by else make("shifted", _shifted, schedule=given, by=by)


def _shifted(t: np.ndarray, schedule: Schedule, by: int) -> np.ndarray:
    if t.size and t.max() > LAST - by:
        raise ValueError(f"step must be at most {LAST - by}, 2**63 - 1 less the shift by {by}, got {t.max()}")
    return schedule.rates(t + by)


@examples(
    "restarts(cosine(0.4, 10), period=10, factor=2)",
    "restarts(warmup(3, cosine([0.2, 0.5, 0.9], [4, 5, 30])), period=6, factor=3)",
)
def restarts(schedule: Schedule | Numbers, period: int, factor: int = 1) -> Schedule:
    """The first `period` steps of a schedule again and again, each time over a period `factor` times as long.

    Cycle i begins at t_i = period (1 + factor + … + factorⁱ⁻¹), and in it η_t is the schedule's rate at (t - t_i) /
    factorⁱ, between its steps where that is no whole number (a `table` holds each of its rates longer). SGDR is
    `restarts(cosine(eta, period, floor), period, factor)`. PyTorch: `CosineAnnealingWarmRestarts(T_0=period,
    T_mult=factor, eta_min=floor)`, t counts calls of `scheduler.step()`. Keras: `CosineDecayRestarts(eta, period,
    t_mul=factor, alpha=floor/eta)`, whose default factor is 2; t counts minibatches. optax: `sgdr_schedule`, one entry
    a cycle; t counts updates. Source: as for `cosine`.

    >>> from lrsim.schedules import polynomial
    >>> restarts(polynomial(0.4, steps=2), period=2, factor=2)(range(7))
    array([0.4, 0.2, 0.4, 0.3, 0.2, 0.1, 0.4])
    """
    given = as_part("schedule", schedule)
    period, factor = _check.count("period", period, 1, FAR), _check.count("factor", factor, 1, FAR)
    if given.name == "constant":
        return given
    return make("restarts", _restarts, schedule=given, period=period, factor=factor)


def _restarts(t: np.ndarray, schedule: Schedule, period: int, factor: int) -> np.ndarray:
    if factor == 1:
        return schedule.rates(np.asarray(t % period))
    starts, scales = [0], [1]
    while starts[-1] + period * scales[-1] <= LAST:
        starts.append(starts[-1] + period * scales[-1])
        scales.append(scales[-1] * factor)
    cycle = np.searchsorted(np.array(starts), t, side="right") - 1
    return schedule.rates((t - np.array(starts)[cycle]) / np.array(scales, dtype=float)[cycle])
