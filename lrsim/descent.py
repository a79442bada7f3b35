"""Gradient descent, w_{t+1} = w_t - η_t ∇L(w_t): one run, or a sweep of many."""

import math
from functools import partial
from typing import Any

import numpy as np

from lrsim import _check, optimizers
from lrsim._engine import executors, krylov, modes
from lrsim._engine.task import Room, Task, recorded
from lrsim.landscapes.form import Quadratic
from lrsim.landscapes.functions import points
from lrsim.schedules import Schedule
from lrsim.schedules.pieces import as_schedule
from lrsim.trajectory import Trajectory

RECORDS = ("path", "loss", "summary")
METHODS = ("auto", "modes", "iterate")
ENDS = ("continue", "freeze", "raise")
MOST, FAR = 2**31, 2**62  # bytes, steps
PLAIN = optimizers.gradient_descent()
PATH, AUTO, GO, ONE, ZERO = "path", "auto", "continue", 1, 0  # Python keeps one of each: compared by identity


def descend(
    landscape: Any,
    start: Any,
    eta: Any,
    steps: int,
    *,
    optimizer: Any = None,
    noise: float = 0.0,
    batch: int | None = None,
    seed: int = 0,
    record: str = "path",
    every: int = 1,
    method: str = "auto",
    on_divergence: str = "continue",
    executor: Any = None,
) -> Trajectory:
    """Run w_{t+1} = w_t - η_t ∇L(w_t), or another optimizer's rule, for `steps` updates from `start`.

    Args:
        landscape: anything with `loss(w)` and `gradient(w)`, coordinates first: (d, *batch) -> (*batch), (d, *batch);
            `loss_and_gradient(w, out)`, which writes the gradient into `out`, saves time where there is one.
        start: the point w_0, (d,), or many, (d, *batch).
        eta: a learning rate; an array of them, one run each; a schedule; or a function of the step. Its sweep and the
            batch of `start` broadcast together.
        steps: how many updates; the result has steps+1 iterates and losses and `steps` rates.
        optimizer: one of `lrsim.optimizers`; gradient descent unless given.
        noise: σ of normal noise added to every coordinate of every gradient.
        batch: rows in a minibatch, on a landscape with data. Each epoch is a new shuffle of the rows, cut into
            minibatches; what is left over is dropped. Losses are of all the data.
        seed: names the random streams, one a run: the same numbers in any chunk, order or executor.
        record: "path", "loss" (no iterates) or "summary" (final, peak and divergence only).
        every: keep each `every`-th step, and always the last. Peaks and divergence are of all steps.
        method: "modes" (quadratics with gradient descent or momentum: exact to rounding), "iterate" (what hardware
            does), "auto" (modes where possible). Without the path, a large Hessian is not diagonalised where fewer
            products with it do: losses are then good to 1e-8, or 1e-25 of the start's.
        on_divergence: "continue" (after an overflow iterates and losses are infinite or NaN), "freeze" (a lost run
            stays where it was lost) or "raise" (a FloatingPointError that names run and step).
        executor: any `concurrent.futures.Executor`, to spread a sweep over. Across processes the landscape must pickle.

    All is computed in float64. Divergence is a result, not an error, and prints no warning. It is measured against the
    start: where its loss is 0, only one that is not finite counts as lost.

    Raises:
        ValueError, TypeError: naming the argument, what was needed and what came; also for a result above 2 GiB.

    >>> from lrsim import landscapes
    >>> run = descend(landscapes.bowl([1, 20]), start=[10, 0.05], eta=0.105, steps=200)
    >>> run.diverged_at, run.regime
    (113, 'diverging')
    """
    if type(steps) is not int or not 0 <= steps <= FAR:
        steps = _check.count("steps", steps, high=FAR)
    start, schedule = _point(start, landscape), eta if type(eta) is Schedule else as_schedule(eta, steps)
    quadratic = isinstance(landscape, Quadratic) and batch is None
    if quadratic and optimizer is None and executor is None and start.ndim == 1 and not schedule.batch:
        usual = record is PATH and method is AUTO and on_divergence is GO and every is ONE and seed is ZERO
        if usual and type(noise) is float and noise == 0 and steps <= modes.longest(start.size):
            return _single(landscape, start, schedule, steps)
    optimizer = PLAIN if optimizer is None else optimizer
    _options(landscape, optimizer, record, every, method, on_divergence, executor)
    noise, seed = _check.real("noise", noise, low=0), _check.count("seed", seed)
    exact = quadratic and optimizer.linear and method != "iterate"
    if batch is not None:
        _minibatch(landscape, batch)
    if method == "modes" and not exact:
        raise ValueError(
            "method='modes' needs a quadratic landscape, whole batches and gradient descent or momentum, "
            f"got {landscape!r:.60}, batch={batch} and {optimizer!r}"
        )
    sweep = _sweep(start, schedule)
    _fits(start.shape, sweep, steps, record, every)
    runs = np.arange(math.prod(sweep)).reshape(sweep)
    task = Task(
        landscape, start, schedule, steps, optimizer, runs, noise, batch, seed, record, every,
        exact, on_divergence,
    )  # fmt: skip
    return _run(task, executor)


def _single(landscape: Quadratic, start: np.ndarray, schedule: Schedule, steps: int) -> Trajectory:
    """One exact run with every step kept, without the machinery of a sweep, which would take longer than the run."""
    at_home, product = landscape.at_home, None
    with np.errstate(all="ignore"):
        x = np.empty((start.size, steps + 1))
        x[:, 0] = start if at_home else landscape.to_modes(start)
        if schedule.name == "constant":
            eta = schedule.parameters[0][1]
            rates = np.empty(steps)
            rates.fill(eta)
            modes.powers(x, modes.factor(landscape, eta))
            product = eta * landscape.top
        else:
            rates = schedule.rates(np.arange(steps))
            modes.stretch(landscape, x, rates)
        losses = modes.heights(landscape, x)
        if losses[-1] != losses[-1]:
            losses = modes.mended(landscape, x, losses)
        return Trajectory((x if at_home else landscape.from_modes(x)).T, losses, rates, steps, product=product)


def _run(task: Task, executor: Any) -> Trajectory:
    landscape = task.landscape
    with np.errstate(all="ignore"):
        if _large(task):
            found = _few(task, executor)
            if found is not None:
                return found
        if task.exact:
            task = task._replace(landscape=landscape.modal(), start=landscape.to_modes(task.start))
        return _result(task, executors.run(_spread(task), executor))


def _large(task: Task) -> bool:
    wanted = task.exact and task.record != "path" and not task.noise and task.start.ndim == 1
    return wanted and not task.landscape.solved and len(task.start) >= krylov.FROM


def _few(task: Task, executor: Any) -> Trajectory | None:
    def follow(few: Quadratic, x: np.ndarray, every: int) -> Room:
        return executors.run(_spread(task._replace(landscape=few, start=x, every=every)), executor)

    found = krylov.curve(task.landscape, task.start, task.steps, task.every, follow)
    return None if found is None else _result(task, found)


def _spread(task: Task) -> Task:
    """Its start as (d, *batch)."""
    start, batch = task.start, task.batch
    aligned = start.reshape(len(start), *[1] * (len(batch) - start.ndim + 1), *start.shape[1:])
    return task._replace(start=np.broadcast_to(aligned, (len(start), *batch)))


def _result(task: Task, found: Room) -> Trajectory:
    etas: Any = None
    product: Any = None
    if task.record != "summary":
        rates = task.schedule.rates(recorded(task.steps, task.every)[:-1])
        etas = np.broadcast_to(rates, (*task.batch, rates.shape[-1]))
    if task.schedule.name == "constant" and task.exact and task.optimizer.name == "gradient_descent":
        product = partial(_product, task.schedule(0), task.landscape)  # a large Hessian's λ_max may never be asked for
        product = product() if task.landscape.solved else product
    summary = found.first, found.final, found.peak, found.diverged
    return Trajectory(found.iterates, found.losses, etas, task.steps, task.every, summary, product)


def _product(eta: Any, landscape: Quadratic) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.asarray(eta * landscape.top)


def _point(start: Any, landscape: Any) -> np.ndarray:
    if type(start) in (list, tuple) and all([type(x) in (float, int) and -1e300 < x < 1e300 for x in start]):
        point = np.array(start, dtype=float)  # the common case, in a fraction of the time
    else:
        point = _check.array("start", start)
    dimension = getattr(landscape, "dimension", None)
    return point if point.ndim and len(point) == dimension else points(point, dimension, "start")


def _sweep(start: np.ndarray, schedule: Schedule) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(start.shape[1:], schedule.batch)
    except ValueError:
        raise ValueError(
            f"start and eta must broadcast together, got a batch of {start.shape[1:]} starts and {schedule.batch} rates"
        ) from None


def _options(landscape: Any, optimizer: Any, record: Any, every: Any, method: Any, end: Any, executor: Any) -> None:
    for name in ("loss", "gradient"):
        if not callable(getattr(landscape, name, None)):
            raise TypeError(f"landscape must have a function {name}(w), got {landscape!r:.60}")
    if not all(hasattr(optimizer, name) for name in ("init", "step", "name", "linear")):
        raise TypeError(f"optimizer must be one of lrsim.optimizers, got {optimizer!r:.60}")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor must be a concurrent.futures.Executor, got {executor!r:.60}")
    _check.choice("record", record, RECORDS)
    _check.choice("method", method, METHODS)
    _check.choice("on_divergence", end, ENDS)
    _check.count("every", every, 1, FAR)


def _minibatch(landscape: Any, batch: Any) -> None:
    samples = getattr(landscape, "samples", None)
    if samples is None:
        raise ValueError(f"batch needs a landscape with data (samples and gradient(w, rows)), got {landscape!r:.60}")
    if _check.count("batch", batch, 1) > samples:
        raise ValueError(f"batch must be at most the {samples} rows of the data, got {batch}")


def _fits(shape: tuple[int, ...], sweep: tuple[int, ...], steps: int, record: str, every: int) -> None:
    """Refuses a result above 2 GiB, before anything is computed."""
    runs, width = math.prod(sweep), {"path": shape[0] + 2, "loss": 2, "summary": 0}

    def size(record: str, every: int) -> int:
        return 8 * runs * ((-(-steps // every) + 1) * width[record] + 5)

    if size(record, every) <= MOST:
        return
    instead = [f"record={name!r}" for name in RECORDS[RECORDS.index(record) + 1 :] if size(name, every) <= MOST]
    if record != "summary" and size(record, steps) <= MOST:
        kept = (MOST // (8 * runs) - 5) // width[record]
        instead.append(f"every={-(-steps // (kept - 1))} or more")
    raise ValueError(
        f"steps={steps} with record={record!r} would take {size(record, every):,} bytes for {runs:,} runs, and 2 GiB "
        f"is the most; record less: {', '.join(instead) or 'fewer runs at once'}"
    )
