"""What `descend` refuses, and that whatever comes gives a documented error or a documented result."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, optimizers, schedules

BOWL, VALLEY = landscapes.bowl([1, 20]), landscapes.rosenbrock()
START = [10, 0.05]
stream = np.random.default_rng(5)
X, Y = stream.standard_normal((24, 3)), stream.standard_normal(24)
FIT = landscapes.linear_regression(X, Y)

BAD = {
    "eta": (dict(eta=-0.1), "eta must be >= 0, got -0.1; to climb, negate the landscape"),
    "eta at": (dict(eta=[0, 1, -0.1]), r"eta must be >= 0, got -0.1 at index \(2,\)"),
    "eta nan": (dict(eta=np.nan), "eta must be finite, got nan"),
    "eta text": (dict(eta="big"), "eta must be real numbers, got 'big'"),
    "eta none": (dict(eta=None), "eta must be real numbers, got None"),
    "eta function": (dict(eta=lambda t: -t), r"eta\(1\) must be >= 0, got -1"),
    "eta shapes": (dict(eta=lambda t: np.ones(t + 1)), "eta must return one shape at every step"),
    "table": (dict(eta=schedules.table([0.1, 0.2])), "step must be below 2, the length of the table"),
    "start": (dict(start=[1, 2, 3]), r"start must have 2 coordinates on its first axis, got shape \(3,\)"),
    "start nan": (dict(start=[1, np.nan]), r"start must be finite, got nan at index \(1,\)"),
    "start inf": (dict(start=[1, float("inf")]), r"start must be finite, got inf at index \(1,\)"),
    "start number": (dict(start=1.0), r"start must have 2 coordinates on its first axis, got shape \(\)"),
    "start bool": (dict(start=[True, False]), "start must be real numbers"),
    "start empty": (dict(start=[]), "start must have 2 coordinates"),
    "start ragged": (dict(start=[[1], [1, 2]]), "start must be a rectangular array"),
    "steps": (dict(steps=-1), "steps must be >= 0, got -1"),
    "steps half": (dict(steps=2.5), "steps must be a whole number, got 2.5"),
    "steps bool": (dict(steps=True), "steps must be a whole number, got True"),
    "shapes": (dict(start=np.ones((2, 3)), eta=[0.1, 0.2]), "start and eta must broadcast together"),
    "record": (dict(record="all"), "record must be one of 'path', 'loss', 'summary', got 'all'"),
    "every": (dict(every=0), "every must be >= 1, got 0"),
    "every half": (dict(every=1.5), "every must be a whole number"),
    "method": (dict(method="magic"), "method must be one of 'auto', 'modes', 'iterate', got 'magic'"),
    "end": (dict(on_divergence="panic"), "on_divergence must be one of"),
    "noise": (dict(noise=-1), "noise must be >= 0, got -1"),
    "noise many": (dict(noise=[1, 2]), "noise must be one number"),
    "seed": (dict(seed=-1), "seed must be >= 0"),
    "seed text": (dict(seed="a"), "seed must be a whole number"),
    "batch": (dict(batch=4), "batch needs a landscape with data"),
    "batch size": (dict(landscape=FIT, start=[1, 1, 1], batch=25), "batch must be at most the 24 rows"),
    "batch zero": (dict(landscape=FIT, start=[1, 1, 1], batch=0), "batch must be >= 1"),
    "optimizer": (dict(optimizer="adam"), "optimizer must be one of lrsim.optimizers, got 'adam'"),
    "executor": (dict(executor=4), "executor must be a concurrent.futures.Executor, got 4"),
    "landscape": (dict(landscape=3), r"landscape must have a function loss\(w\), got 3"),
    "modes": (dict(landscape=VALLEY, method="modes"), "method='modes' needs a quadratic landscape"),
    "modes adam": (dict(method="modes", optimizer=optimizers.adam()), "method='modes' needs a quadratic landscape"),
    "loss": (dict(landscape=SimpleNamespace(loss=lambda w: w, gradient=lambda w: w)), "landscape.loss must return"),
    "slope": (dict(landscape=SimpleNamespace(loss=sum, gradient=lambda w: 1)), "landscape.gradient must return"),
    "bytes": (dict(steps=10**8), r"steps=100000000 with record='path' would take 3,200,000,072 bytes for 1 runs.*"
                                 r"record='loss', record='summary', every=2 or more"),
    "every beyond an integer": (dict(every=10**400), "every must be at most 4.6.*a number of 401 digits"),
    "a rate of nothing": (dict(eta=lambda: 0.1), "eta must be a function of step"),
    "bytes of a long run": (dict(eta=np.ones(200), steps=10**7), "record less: record='summary', every=30 or more$"),
    "bytes of too many": (dict(eta=np.ones(10**8), steps=1), "record less: fewer runs at once$"),
    "bytes of a sweep": (dict(eta=np.ones(10**5), steps=10**5, record="loss"), "would take 160,.*record='summary'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_by_name(name):
    changed, message = BAD[name]
    arguments = dict(landscape=BOWL, start=START, eta=0.1, steps=5) | changed
    with pytest.raises((ValueError, TypeError), match=message):
        descend(**arguments)


numbers = st.one_of(st.floats(), st.integers(-5, 50), st.sampled_from([True, None, "a", 1e308, 5e-324]))
vectors = st.one_of(numbers, st.lists(numbers, max_size=3), st.lists(st.lists(st.floats(), max_size=2), max_size=3))
rates = st.one_of(
    vectors, st.builds(schedules.inverse_time, st.floats(0, 1e3), st.floats(0, 9)),
    st.builds(lambda etas: schedules.cosine(etas, 9), st.lists(st.floats(0, 1e3), min_size=1, max_size=3)),
)  # fmt: skip
options = st.fixed_dictionaries({}, optional={
    "record": st.sampled_from(["path", "loss", "summary", "x"]), "every": st.one_of(st.integers(-1, 5), numbers),
    "method": st.sampled_from(["auto", "modes", "iterate", "y"]), "noise": numbers, "seed": st.integers(-1, 9),
    "on_divergence": st.sampled_from(["continue", "freeze", "raise", 3]), "batch": st.sampled_from([None, 2, 0, "z"]),
    "optimizer": st.sampled_from([None, optimizers.heavy_ball(0.5), optimizers.nesterov(0.9), optimizers.adam(), 7]),
})  # fmt: skip
places = st.sampled_from([
    BOWL, landscapes.bowl([1e-300, 1e300]), landscapes.saddle(angle=1.0), FIT, VALLEY, landscapes.log_cosh(),
    landscapes.quadratic([[2, 1], [1, 2]]), landscapes.beale(), landscapes.double_well(0.1), None,
])  # fmt: skip


@given(places, vectors, rates, st.one_of(st.integers(-1, 30), numbers), options)
@settings(max_examples=500, deadline=None)
def test_whatever_comes_only_documented_errors_no_warning_and_no_nan_before_an_overflow(
    place, start, eta, steps, given_
):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            run = descend(place, start, eta, steps, **given_)
            facts = run.final_loss, run.peak_loss, run.diverged_at, run.recovered, run.regime
        except (ValueError, TypeError):
            return
        except FloatingPointError:
            assert given_["on_divergence"] == "raise"
            return
    assert not np.isnan(facts[1]).any()
    sound = np.asarray(run.diverged_at if run.batch else -1 if run.diverged_at is None else 0) < 0
    assert np.isfinite(np.asarray(run.final_loss)[sound]).all()
    if run.iterates is not None:
        assert not np.isnan(run.losses[sound]).any()


def finite_problem(place):
    size = place.dimension
    return st.tuples(
        st.just(place), st.lists(st.floats(-5, 5), min_size=size, max_size=size),
        st.lists(st.floats(0, 2), min_size=1, max_size=4), st.integers(0, 40),
        st.sampled_from(["path", "loss", "summary"]),
        st.sampled_from([None, optimizers.heavy_ball(0.5), optimizers.adam()]), st.sampled_from([0.0, 0.3]),
        st.sampled_from(["continue", "freeze"]), st.integers(1, 9),
    )  # fmt: skip


@given(st.sampled_from([BOWL, FIT, VALLEY, landscapes.quadratic(np.diag(np.arange(1.0, 13)))]).flatmap(finite_problem))
@settings(max_examples=150, deadline=None)
def test_a_run_has_the_same_bits_alone_and_in_any_sweep(problem):
    place, start, etas, steps, record, optimizer, noise, end, every = problem
    options = dict(optimizer=optimizer, noise=noise, record=record, on_divergence=end, every=every)
    sweep = descend(place, start, etas, steps, **options)
    first = descend(place, start, etas[:1], steps, **options)
    for fact in ("iterates", "losses", "final_loss", "peak_loss", "diverged_at", "recovered"):
        whole, own = getattr(sweep, fact), getattr(first, fact)
        if whole is not None:
            assert np.array_equal(whole[:1], own, equal_nan=True), fact


def test_an_array_where_one_word_or_number_belongs_is_refused_by_name():
    two = np.array(["path", "loss"])
    for name, value in {
        "record": two,
        "method": two,
        "on_divergence": two,
        "every": np.ones(2),
        "noise": np.zeros(2),
    }.items():
        with pytest.raises((ValueError, TypeError), match=f"^{name} must be"):
            descend(BOWL, START, 0.1, 5, **{name: value})


def test_a_wide_bowl_takes_little_memory_and_keeps_its_bits():
    values = np.linspace(0, 1, 30_000)
    run = descend(landscapes.bowl(values), np.ones(30_000), 0.5, 300, record="loss")
    sweep = descend(landscapes.bowl(values), np.ones(30_000), [0.5, 0.1], 300, record="loss", every=100)
    assert (sweep.losses[0] == run.losses[::100]).all()
    np.testing.assert_allclose(run.losses[300], 0.5 * values @ (1 - 0.5 * values) ** 600, rtol=1e-11)
