"""What `descend` may be asked for: each argument is taken, or refused by its name."""

import math
from typing import Any, Literal, get_args

import numpy as np

from lrsim import _check, _random, optimizers
from lrsim._engine.ending import End
from lrsim.landscapes._points import points
from lrsim.landscapes._quadratic import Quadratic
from lrsim.optimizers._optimizer import called

Record = Literal["path", "loss", "summary"]
Method = Literal["auto", "modes", "iterate"]
OnDivergence = Literal["continue", "freeze", "raise"]
RECORDS, METHODS, ENDS = get_args(Record), get_args(Method), get_args(OnDivergence)
MOST, FAR = 2**31, 2**62  # bytes, steps
PLAIN = optimizers.gradient_descent()


def point(start: Any, dimension: int | None) -> np.ndarray:
    if type(start) in (list, tuple) and _plain_numbers(start):
        point = np.array(start, dtype=float)  # the common case, in a fraction of the time
    else:
        point = _check.array("start", start)
    return point if point.ndim and len(point) == dimension else points(point, dimension, "start")


def _plain_numbers(values: Any) -> bool:
    for value in values:
        if (type(value) is not float and type(value) is not int) or not -1e300 < value < 1e300:
            return False
    return True


def streams(rng: Any, seed: Any, before: End | None, used: bool) -> Any:
    """What names the random streams: `rng`, or `seed`, which is another word for it; else those of the run before."""
    if rng is not None and seed is not None:
        raise TypeError("rng and seed are two names of one argument: give one of them")
    if rng is not None or seed is not None:
        return _random.source("seed" if rng is None else "rng", seed if rng is None else rng)
    known = None if before is None else before.task.seed
    return _random.source("rng", 0) if known is None and used else known


def options(landscape: Any, record: Any, every: Any, method: Any, end: Any, executor: Any) -> None:
    if type(landscape) is not Quadratic:
        for name in ("loss", "gradient"):
            if not callable(getattr(landscape, name, None)):
                raise TypeError(f"landscape must have a function {name}(w), got {landscape!r:.60}")
        if isinstance(landscape, type):
            raise TypeError(f"landscape must be a landscape, got the class {landscape.__name__}: call it")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor must be a concurrent.futures.Executor, got {executor!r:.60}")
    _check.choice("record", record, RECORDS)
    _check.choice("method", method, METHODS)
    _check.choice("on_divergence", end, ENDS)
    _check.count("every", every, 1, FAR)


def optimizer(optimizer: Any) -> Any:
    if optimizer is None:
        return PLAIN
    called(optimizer)
    if not all(hasattr(optimizer, name) for name in ("init", "step", "name", "linear")):
        raise TypeError(f"optimizer must be one of lrsim.optimizers, got {optimizer!r:.60}")
    return optimizer


def minibatch(landscape: Any, batch: Any) -> None:
    samples = getattr(landscape, "samples", None)
    if samples is None:
        raise ValueError(f"batch needs a landscape with data (samples and gradient(w, rows)), got {landscape!r:.60}")
    if _check.count("batch", batch, 1) > samples:
        raise ValueError(f"batch must be at most the {samples} rows of the data, got {batch}")


def average(average: Any, begin: int, end: int, before: End | None) -> None:
    if _check.count("average", average) > end:
        raise ValueError(f"average must be at most the last step, {end}, got {average}")
    if average < begin and (before is None or average != before.task.average):
        raise ValueError(
            f"average must be at least the step at which the run is taken up, {begin}, or the one it was averaged from "
            f"before, got {average}"
        )


def fits(shape: tuple[int, ...], sweep: tuple[int, ...], steps: int, record: str, every: int) -> None:
    """Refuses a result above 2 GiB, before anything is computed."""
    runs, width = math.prod(sweep), {"path": shape[0] + 2, "loss": 2, "summary": 0}

    def size(record: str, every: int) -> int:
        kept = -(-steps // every) + 1
        return 8 * max(runs, record != "summary") * (kept * width[record] + 5)

    if size(record, every) <= MOST:
        return
    instead = [f"record={name!r}" for name in RECORDS[RECORDS.index(record) + 1 :] if size(name, every) <= MOST]
    if record != "summary" and size(record, max(steps, 1)) <= MOST:
        kept = (MOST // (8 * max(runs, 1)) - 5) // width[record]
        instead.append(f"every={-(-steps // (kept - 1))} or more")
    raise ValueError(
        f"steps={steps} with record={record!r} would take {size(record, every):,} bytes for {runs:,} runs, and 2 GiB "
        f"is the most; record less: {', '.join(instead) or 'fewer runs at once'}"
    )
