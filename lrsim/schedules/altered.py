"""Schedules made from another one: scaled, shifted in time, started again and again."""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim.schedules.pieces import as_part
from lrsim.schedules.schedule import Schedule, before, finite, make, rate

FAR = 2**62  # steps
LAST = 2**63 - 1


def scaled(schedule: Any, by: Any) -> Schedule:
    """by · η_t, by ≥ 0: what `schedule * by` and `by * schedule` make; an array is a sweep.

    Keras, optax: `lambda t: by * schedule(t)`, t counts batches, or updates. PyTorch: the optimizer's `lr` times `by`,
    which every scheduler starts from.

    Raises:
        ValueError: also when called with a step whose rate passes the largest float.

    >>> from lrsim.schedules import cosine
    >>> (cosine(0.4, steps=10) * 2)([0, 10])
    array([0.8, 0. ])
    """
    given = as_part("schedule", schedule)
    made = make("scaled", _scaled, schedule=given, by=rate("by", by))
    if given.name != "constant":
        return made
    with np.errstate(all="ignore"):
        product = given.parameters[0][1] * made.parameters[1][1]
    if not np.isfinite(product).all():
        raise ValueError(f"by times eta must be finite, got {np.max(product):g}")
    return make("constant", given.rule, eta=np.array(product))


def _scaled(t: np.ndarray, schedule: Schedule, by: np.ndarray) -> np.ndarray:
    return finite("scaled", t, schedule.rates(t) * before(t, by)[0])


def shifted(schedule: Any, by: int) -> Schedule:
    """η_{t+by}, by ≥ 0: what is left of a schedule after its first `by` steps.

    Keras, optax: `lambda t: schedule(t + by)`, t counts batches, or updates. PyTorch: `by` calls of `scheduler.step()`
    before the first update. To put steps in front of a schedule there are `warmup` and `join`.

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


def restarts(schedule: Any, period: int, factor: int = 1) -> Schedule:
    """The first `period` steps of a schedule again and again, each time over a period `factor` times as long.

    Cycle i begins at t_i = period (1 + factor + … + factorⁱ⁻¹), and in it η_t is the schedule's rate at (t - t_i) /
    factorⁱ, between its steps where that is no whole number (a `table` holds each of its rates longer). SGDR is
    `restarts(cosine(eta, period, floor), period, factor)`. PyTorch: `CosineAnnealingWarmRestarts(T_0=period,
    T_mult=factor, eta_min=floor)`, t counts calls of `scheduler.step()`. Keras: `CosineDecayRestarts(eta, period,
    t_mul=factor, alpha=floor/eta)`, whose default factor is 2; t counts batches. optax: `sgdr_schedule`, one entry a
    cycle; t counts updates. Source: as for `cosine`.

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
    starts, stretches = [0], [1]
    while starts[-1] + period * stretches[-1] <= LAST:
        starts.append(starts[-1] + period * stretches[-1])
        stretches.append(stretches[-1] * factor)
    cycle = np.searchsorted(np.array(starts), t, side="right") - 1
    return schedule.rates((t - np.array(starts)[cycle]) / np.array(stretches, dtype=float)[cycle])
