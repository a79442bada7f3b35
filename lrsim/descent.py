"""Gradient descent, w_{t+1} = w_t - η_t ∇L(w_t): one run, or a sweep of many."""

import math
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from lrsim import _check
from lrsim._engine import asked, executors, krylov, modes
from lrsim._engine.asked import FAR, PLAIN, Method, OnDivergence, Record
from lrsim._engine.ending import End, Reached, frame
from lrsim._engine.task import Past, Results, Task, results, spread, sweep
from lrsim.landscapes._points import points
from lrsim.landscapes._quadratic import Quadratic, is_quadratic
from lrsim.schedules import Schedule
from lrsim.schedules._given import as_schedule
from lrsim.trajectory import Trajectory
from lrsim.typing import LandscapeLike, Numbers, OptimizerLike, ScheduleLike

__all__ = ["descend"]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from typing import TypedDict, Unpack

    from lrsim.trajectory import SingleRun

    class Options(TypedDict, total=False):
        """What `descend` takes by name."""

        optimizer: OptimizerLike | None
        noise: float | None
        batch: int | None
        rng: int | np.random.SeedSequence | np.random.Generator | None
        record: Record
        every: int
        method: Method
        on_divergence: OnDivergence
        average: int | None
        executor: Executor | None
        seed: int | np.random.SeedSequence | np.random.Generator | None


@overload
def descend(
    landscape: LandscapeLike, start: "Sequence[float] | SingleRun", eta: float, steps: int, **by_name: "Unpack[Options]"
) -> "SingleRun": ...
@overload
def descend(
    landscape: LandscapeLike,
    start: Numbers | Trajectory,
    eta: Numbers | ScheduleLike,
    steps: int,
    **by_name: "Unpack[Options]",
) -> Trajectory: ...
def descend(
    landscape: LandscapeLike,
    start: Numbers | Trajectory,
    eta: Numbers | ScheduleLike,
    steps: int,
    *,
    optimizer: OptimizerLike | None = None,
    noise: float | None = None,
    batch: int | None = None,
    rng: "int | np.random.SeedSequence | np.random.Generator | None" = None,  # quoted: slow to import
    record: Record = "path",
    every: int = 1,
    method: Method = "auto",
    on_divergence: OnDivergence = "continue",
    average: int | None = None,
    executor: "Executor | None" = None,
    seed: "int | np.random.SeedSequence | np.random.Generator | None" = None,
) -> Trajectory:
    """Run w_{t+1} = w_t - η_t ∇L(w_t), or another optimizer's rule, for `steps` updates from `start`.

    Args:
        landscape: anything with `loss(w)` and `gradient(w)`, coordinates first: (d, *batch) -> (*batch), (d, *batch);
            `loss_and_gradient(w, out)`, which writes the gradient into `out`, saves time where there is one. Yours gets
            copies of w, and what it returns is copied.
        start: the point w_0, (d,), or many, (d, *batch); or a `Trajectory`, taken up where it ended: see below.
        eta: a learning rate; an array of them, one run each; a schedule; or a function of the step. Its sweep and the
            batch of `start` broadcast together.
        steps: how many updates; the result has steps+1 iterates and losses and `steps` rates.
        optimizer: one of `lrsim.optimizers`; gradient descent unless given.
        noise: σ of normal noise added to every coordinate of every gradient; 0 unless given.
        batch: rows in a minibatch, on a landscape with data. Each epoch is a new shuffle of the rows, cut into
            minibatches; what is left over is dropped. Losses are of all the data.
        rng: names the random streams, one a run and purpose: the same numbers in any chunk, order or executor. A whole
            number (0 unless given), a `numpy.random.SeedSequence`, or a `Generator`, drawn from once for a seed. `seed`
            is another name for it.
        record: `"path"`, `"loss"` (no iterates) or `"summary"` (final, peak and divergence only).
        every: keep the steps that are a multiple of it, the first and the last. Peaks and divergence are of all steps.
        method: `"modes"` (quadratics with gradient descent or momentum: exact to rounding), `"iterate"` (what hardware
            does), `"auto"` (modes where possible). Without the path, a large Hessian is not diagonalised where fewer
            products with it do: losses are then good to 1e-8, or 1e-25 of the start's.
        on_divergence: `"continue"` (after an overflow iterates and losses are infinite or NaN), `"freeze"` (a lost run
            stays where it was lost) or `"raise"` (a FloatingPointError that names run and step).
        average: the step from which on the iterates are averaged, for the result's `average`.
        executor: any `concurrent.futures.Executor`, to spread a sweep over. Across processes the landscape must pickle.

    All is computed in float64. Divergence is a result, not an error, and prints no warning: `Trajectory.diverged_at`
    says what counts.

    A run that is taken up goes on counting its steps, for the schedule too, and keeps its optimizer, noise, minibatches
    and random streams unless others are given; another optimizer begins afresh. n steps in two parts are n in one, to
    the bit where they are walked, to rounding where powers are taken. Its peak and divergence are those of the whole
    run.

    Raises:
        ValueError, TypeError: naming the argument, what was needed and what came; also for a result above 2 GiB.
        BrokenExecutor: the executor died before the sweep was done.

    >>> from lrsim import landscapes
    >>> bowl = landscapes.bowl([1, 20])
    >>> run = descend(bowl, start=[10, 0.05], eta=0.105, steps=100)
    >>> run.diverged_at, run.regime
    (None, 'diverging')
    >>> descend(bowl, run, eta=0.105, steps=100).diverged_at
    113
    """
    asked.options(landscape, record, every, method, on_divergence, executor)
    before = start._end if isinstance(start, Trajectory) else None
    begin = 0 if before is None else before.task.begin
    steps = _check.count("steps", steps, high=FAR - begin)
    dimension = getattr(landscape, "dimension", None)
    point = asked.point(start, dimension) if before is None else points(before.last, dimension, "start")
    if callable(eta) and not isinstance(eta, Schedule):  # before it is asked for every step
        asked.fits(point.shape, point.shape[1:], steps, record, every)
    schedule = as_schedule(eta, steps, begin)
    unsaid = optimizer is noise is batch is rng is seed is average is executor is before is None
    usual = unsaid and record == "path" and every == 1 and method == "auto" and on_divergence == "continue"
    one = usual and point.ndim == 1 and not schedule.batch and is_quadratic(landscape)
    if one and steps <= modes.LONGEST and steps * len(point) <= modes.MOST:
        return _single(landscape, point, schedule, steps)
    if before is not None:
        optimizer, noise, batch, average = before.unless(optimizer, noise, batch, average)
    optimizer, noise = asked.optimizer(optimizer), _check.real("noise", 0.0 if noise is None else noise, low=0)
    if batch is not None:
        asked.minibatch(landscape, batch)
    if average is not None:
        asked.average(average, begin, begin + steps, before)
    exact = is_quadratic(landscape) and batch is None and optimizer.linear and method != "iterate"
    if method == "modes" and not exact:
        raise ValueError(
            "method='modes' needs a quadratic landscape, no minibatches and gradient descent or momentum, "
            f"got {landscape!r:.60}, batch={batch} and {optimizer!r}"
        )
    swept = sweep(point.shape[1:], schedule.batch)
    asked.fits(point.shape, swept, steps, record, every)
    task = Task(
        landscape, point, schedule, steps, optimizer, np.arange(math.prod(swept)).reshape(swept), noise, batch,
        asked.streams(rng, seed, before, used=noise > 0 or batch is not None), record, every, exact, on_divergence,
        average, begin, origin=begin if callable(eta) and eta is not schedule else 0,
    )  # fmt: skip
    return _run(task, executor, before)


def _single(landscape: Any, start: np.ndarray, schedule: Schedule, steps: int) -> Trajectory:
    """One exact run with every step kept, without the machinery of a sweep.

    With it 100 steps take 10 times as long, 1,000 steps 5 times.
    """
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
            modes.cumulative_products(landscape, x, rates)
        losses = modes.heights(landscape, x)
        if losses[-1] != losses[-1]:
            losses = modes.mended(landscape, x, losses)
        iterates = (x if at_home else landscape.from_modes(x)).T
    rates.setflags(write=False)
    later = partial(_single_end, landscape, start, schedule, steps)
    return Trajectory(iterates, losses, rates, steps, product=product, ending=later)


def _single_end(landscape: Quadratic, start: np.ndarray, schedule: Schedule, steps: int) -> End:
    """Computed anew when somebody asks, since the iterates and losses are the user's by then."""
    run = np.array(0)
    task = Task(landscape, start, schedule, steps, PLAIN, run, 0.0, None, None, "loss", 1, True, "continue")
    with np.errstate(all="ignore"):
        task = _in_modes(task)
        found = results(task, time_inside=True)
        modes.run(task, found)
    return _end(task, found)


def _run(task: Task, executor: Any, before: End | None) -> Trajectory:
    with np.errstate(all="ignore"):
        if before is None and _large(task):

            def follow(few: Quadratic, x: np.ndarray, every: int) -> Results:
                return executors.run(_spread(task._replace(landscape=few, start=x, every=every)), executor)

            found = krylov.curve(task.landscape, task.start, task.every, _problem(task), follow)
            if found is not None:
                return _result(_spread(task), found, partial(_end_of_large, task))
        task = _in_modes(task)
        if before is not None:
            task = before.taken_up_by(task)
        task = _spread(task)
        found = executors.run(task, executor)
    return _result(task, found, partial(_end, task, found._replace(iterates=None, losses=None)))


def _large(task: Task) -> bool:
    """Whether a few products with the Hessian may do for its eigenvectors."""
    curve = task.record != "path" and not task.noise and task.average is None and task.start.ndim == 1
    return curve and task.exact and task.landscape.matrix is not None and len(task.start) >= krylov.FROM


def _problem(task: Task) -> tuple:
    return task.steps, task.every, task.record, task.schedule, task.optimizer, task.on_divergence


def _in_modes(task: Task) -> Task:
    if not task.exact:
        return task
    return task._replace(landscape=task.landscape.modal(), start=task.landscape.to_modes(task.start))


def _spread(task: Task) -> Task:
    """What it starts from as (d, *runs), or (*runs)."""
    shape = task.runs.shape
    return task._replace(
        start=spread(task.start, shape),
        state=task.state and tuple(spread(buffer, shape) for buffer in task.state),
        past=task.past and Past(*(np.broadcast_to(value, shape) for value in task.past)),
        total=None if task.total is None else spread(task.total, shape),
    )


def _result(task: Task, found: Results, ending: Any) -> Trajectory:
    etas: Any = None
    product: Any = None
    average: Any = None
    with np.errstate(all="ignore"):
        if task.record != "summary":
            rates = task.rates(task.kept[:-1])
            etas = np.broadcast_to(rates, (*task.runs.shape, rates.shape[-1]))
        steady = task.schedule.name == "constant" and task.optimizer.name == "gradient_descent"
        if steady and is_quadratic(task.landscape) and task.minibatch is None:
            product = partial(_product, task.schedule(0), task.landscape)
        if found.total is not None:
            average = found.total / (task.begin + task.steps - task.average + 1)  # type: ignore[operator]
            average = task.landscape.from_modes(average) if task.exact else average
    reached = Reached(found.past, found.final)
    return Trajectory(
        found.iterates, found.losses, etas, task.steps, task.every, task.begin, average, reached, product, ending
    )


def _product(eta: Any, landscape: Quadratic) -> np.ndarray:
    """ηλ_max; a large Hessian's λ_max may never be asked for, and takes less than all its eigenvalues."""
    from lrsim.stability import sharpness

    matrix = landscape.matrix
    large = matrix is not None and len(matrix) >= krylov.FROM
    top = sharpness(SimpleNamespace(hvp=landscape.hvp), landscape.minimum) if large else landscape.top
    with np.errstate(all="ignore"):
        return np.asarray(eta * top)


def _end(task: Task, found: Results) -> End:
    with np.errstate(all="ignore"):
        last = task.landscape.from_modes(found.last) if task.exact else np.array(found.last)
    held = task._replace(
        landscape=None, schedule=None, start=found.last, begin=task.begin + task.steps, steps=0,
        state=found.state, past=found.past, total=found.total,
    )  # fmt: skip
    return End(held, last, found.final, frame(task.landscape) if task.exact else b"")


def _end_of_large(task: Task) -> End:
    with np.errstate(all="ignore"):
        task = _spread(_in_modes(task._replace(record="summary")))
        return _end(task, executors.run(task))
