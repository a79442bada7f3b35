"""Sweeps on threads, processes and Dask: equal to the bit in every chunking, and what happens when workers die."""

import os
import signal
import warnings
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from lrsim import descend, landscapes, optimizers, schedules
from lrsim._engine import executors, task

PLACES = {
    "bowl": landscapes.bowl([1, 20], angle=0.5, minimum=[1, 2]),
    "dense": landscapes.quadratic(np.diag(np.arange(1.0, 11)) + 0.1),
    "rosenbrock": landscapes.rosenbrock(),
    "regression": landscapes.linear_regression(np.random.default_rng(0).standard_normal((20, 2)), np.arange(20.0)),
}
ETAS = schedules.warmup(
    3, schedules.inverse_time(np.geomspace(1e-4, 0.3, 7)[:, None], k=np.array([0.0, 0.1, 1.0])[None, :])
)
WAYS = {
    "plain": {},
    "noise": {"noise": 0.2, "seed": 5},
    "momentum": {"optimizer": optimizers.heavy_ball(0.7)},
    "adam": {"optimizer": optimizers.adam(), "noise": 0.1},
    "summary": {"record": "summary"},
    "frozen": {"on_divergence": "freeze", "record": "loss", "every": 4},
}
FACTS = ("iterates", "losses", "etas", "final_loss", "peak_loss", "diverged_at", "recovered")


def sweep(place, **options):
    landscape = PLACES[place]
    if place == "regression":
        options = {"batch": 3} | options
    return descend(landscape, np.full(landscape.dimension, 0.7), ETAS, 25, **options)


def same(one, other):
    for fact in FACTS:
        a, b = getattr(one, fact), getattr(other, fact)
        assert (a is None and b is None) or np.array_equal(a, b, equal_nan=True), fact


@pytest.fixture(scope="module")
def threads():
    with ThreadPoolExecutor(3) as pool:
        yield pool


@pytest.fixture(scope="module")
def processes():
    from multiprocessing import get_context

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES)
def test_threads_and_any_chunks_give_the_same_bits(place, way, threads, monkeypatch):
    whole = sweep(place, **WAYS[way])
    same(whole, sweep(place, executor=threads, **WAYS[way]))
    for size in (1, 40, 700):
        monkeypatch.setattr(executors, "STATE", size)
        monkeypatch.setattr(executors, "BLOCK", size * 26)
        same(whole, sweep(place, **WAYS[way]))


@pytest.mark.parametrize("end", ["continue", "raise"])
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize(
    "place", [PLACES["bowl"], PLACES["dense"], landscapes.saddle(angle=0.3)], ids=["bowl", "dense", "saddle"]
)
def test_constant_rates_give_the_same_bits_in_any_chunk(place, record, end, threads, monkeypatch):
    etas, start = np.linspace(0, 0.02, 150), np.full(place.dimension, 0.7)
    options = dict(record=record, on_divergence=end, every=5)
    whole = descend(place, start, etas, 300, **options)
    same(whole, descend(place, start, etas, 300, executor=threads, **options))
    ends = descend(place, start, etas[[0, 77, 149]], 300, **options)
    assert (ends.final_loss == whole.final_loss[[0, 77, 149]]).all()
    monkeypatch.setattr(executors, "BLOCK", 4000)
    monkeypatch.setattr(executors, "STATE", 21)
    same(whole, descend(place, start, etas, 300, **options))


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_processes_give_the_same_bits(place, processes):
    for options in WAYS.values():
        same(sweep(place, **options), sweep(place, executor=processes, **options))


@pytest.mark.slow
def test_dask_gives_the_same_bits():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        for place in PLACES:
            same(sweep(place, noise=0.1), sweep(place, noise=0.1, executor=client.get_executor()))


@pytest.mark.parametrize("most", [1, 2, 5, 6, 7, 30, 1000])
@pytest.mark.parametrize("batch", [(), (1,), (7,), (3, 5), (2, 3, 5), (0,), (4, 0)])
def test_chunks_are_the_whole_batch_once_and_small_enough(batch, most):
    seen = np.zeros(batch, dtype=int)
    for where in task.chunks(batch, most):
        part = seen[*where, ...]
        assert part.size <= most
        part += 1
    assert (seen == 1).all()


class Doomed:
    """A landscape whose first gradient in another process kills it."""

    dimension, home = 1, os.getpid()

    def loss(self, w):
        return w[0] ** 2

    def gradient(self, w):
        if os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * w

    def __reduce__(self):
        return _doomed, (self.home,)


def _doomed(home):
    landscape = Doomed()
    landscape.home = home
    return landscape


@pytest.mark.slow
def test_when_workers_are_killed_the_caller_lives_and_is_told_what_to_do():
    from multiprocessing import get_context

    etas = np.linspace(0.01, 0.4, 9)
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        for _ in range(2):  # the second time it is broken before it is asked
            with pytest.raises(BrokenExecutor, match=r"executor must outlive the sweep.*record='summary'.*new"):
                descend(Doomed(), [1.0], etas, 10, executor=pool)


class Slow:
    """An executor that does nothing; the first result is a keyboard interrupt."""

    _max_workers = 2

    def __init__(self):
        self.futures = []

    def submit(self, function, *arguments):
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.futures[0].set_exception(KeyboardInterrupt())
        return self.futures[-1]


def test_an_interrupt_cancels_what_has_not_begun():
    pool = Slow()
    with pytest.raises(KeyboardInterrupt):
        descend(PLACES["bowl"], [1, 1], np.linspace(0, 0.1, 50), 10, executor=pool)
    assert len(pool.futures) > 2 and all(future.cancelled() for future in pool.futures[1:])


def test_an_error_in_a_worker_is_the_callers(threads):
    with pytest.raises(FloatingPointError, match="run 3 diverged at step"):
        descend(PLACES["bowl"], [1, 1], [0, 0, 0, 0.5], 50, executor=threads, on_divergence="raise")


@pytest.mark.slow
def test_what_does_not_pickle_is_named(processes):
    own = landscapes.from_functions(lambda w: (w * w).sum(axis=0))
    with pytest.raises(TypeError, match="landscape must pickle to be sent to another process"):
        descend(own, [1, 1], [0.1, 0.2], 5, executor=processes)


def test_no_warning_escapes_from_a_thread(threads):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        descend(PLACES["rosenbrock"], [1, 5], [0.1, 1.0], 50, executor=threads)


def test_a_single_run_stays_here(threads):
    same(descend(PLACES["bowl"], [1, 1], 0.1, 5, executor=threads), descend(PLACES["bowl"], [1, 1], 0.1, 5))
