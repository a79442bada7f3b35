"""`descend`: what it records, what noise, minibatches and divergence do, and what it refuses."""

import copy
import pickle
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import Trajectory, descend, landscapes, optimizers, schedules

BOWL, VALLEY = landscapes.bowl([1, 20]), landscapes.rosenbrock()
stream = np.random.default_rng(5)
X, Y = stream.standard_normal((24, 3)), stream.standard_normal(24)
FIT = landscapes.linear_regression(X, Y)
START = [10, 0.05]


@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_shapes_put_the_batch_first_then_time_then_coordinates(method):
    run = descend(BOWL, START, 0.1, 7, method=method)
    assert (run.iterates.shape, run.losses.shape, run.etas.shape, run.batch) == ((8, 2), (8,), (7,), ())
    grid = schedules.inverse_time(np.array([0.1, 0.2, 0.3])[None, :], k=np.array([0.0, 1.0])[:, None])
    run = descend(BOWL, START, grid, 7, method=method)
    assert (run.iterates.shape, run.losses.shape, run.etas.shape) == ((2, 3, 8, 2), (2, 3, 8), (2, 3, 7))
    assert run.final_loss.shape == run.peak_loss.shape == run.diverged_at.shape == run.recovered.shape == (2, 3)
    starts = np.ones((2, 4, 1))
    assert descend(BOWL, starts, [0.1, 0.2], 7, method=method).iterates.shape == (4, 2, 8, 2)


@pytest.mark.parametrize("landscape", [BOWL, VALLEY, landscapes.bowl([1, 20], angle=0.4)])
def test_each_rate_carries_an_iterate_to_the_next(landscape):
    eta = schedules.inverse_time(1e-3, k=0.3)
    run = descend(landscape, [-1.2, 1], eta, 20)
    for t in range(20):
        step = run.iterates[t] - run.etas[t] * landscape.gradient(run.iterates[t])
        np.testing.assert_allclose(run.iterates[t + 1], step, rtol=1e-12)
        assert run.etas[t] == eta(t) and run.losses[t] == pytest.approx(landscape.loss(run.iterates[t]), rel=1e-12)


@pytest.mark.parametrize("landscape", [BOWL, VALLEY])
@pytest.mark.parametrize("every", [1, 3, 10, 50])
def test_keeping_fewer_steps_keeps_those_and_always_the_last(landscape, every):
    whole = descend(landscape, [-1.2, 1], [1e-3, 5e-4], 20)
    run = descend(landscape, [-1.2, 1], [1e-3, 5e-4], 20, every=every)
    assert run.steps[0] == 0 and run.steps[-1] == 20 and (np.diff(run.steps)[:-1] == every).all()
    np.testing.assert_array_equal(run.iterates, whole.iterates[:, run.steps])
    np.testing.assert_array_equal(run.losses, whole.losses[:, run.steps])
    np.testing.assert_array_equal(run.etas, whole.etas[:, run.steps[:-1]])
    assert (run.peak_loss == whole.peak_loss).all()


def test_no_steps_is_the_start():
    for method in ("modes", "iterate"):
        run = descend(BOWL, START, 0.1, 0, method=method)
        assert run.iterates.tolist() == [START] and run.etas.size == 0 and run.final_loss == run.peak_loss == 50.025


def test_a_plain_function_of_the_step_is_a_schedule():
    by_function = descend(BOWL, START, lambda t: 0.1 if t < 5 else 0.01, 12)
    by_pieces = descend(BOWL, START, schedules.piecewise([0.1, 0.01], at=[5]), 12)
    assert (by_function.iterates == by_pieces.iterates).all()


def test_other_kinds_of_numbers_are_computed_in_float64():
    one = descend(BOWL, np.array([10, 1], dtype=np.int32), np.float32(0.25), np.int64(5))
    assert one.iterates.dtype == one.losses.dtype == np.float64
    assert (one.iterates == descend(BOWL, [10.0, 1.0], 0.25, 5).iterates).all()


class Cosh:
    """The least that a landscape can be."""

    def loss(self, w):
        return np.cosh(w).sum(axis=0)

    def gradient(self, w):
        return np.sinh(w)


def test_anything_with_a_loss_and_a_gradient_is_a_landscape():
    run = descend(Cosh(), [1.0, -2.0, 0.5], [0.1, 0.3], 50)
    assert run.iterates.shape == (2, 51, 3) and run.regime is None
    np.testing.assert_allclose(run.final_loss, 3, atol=1e-3)


# Divergence ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_divergence_is_a_result(record, method, recwarn):
    run = descend(BOWL, START, [0.05, 0.105, 5.0], 2000, record=record, method=method)
    assert run.diverged_at.tolist() == [-1, 113, 3] and not recwarn.list
    assert run.peak_loss[0] == 50.025 and np.isinf(run.peak_loss[2]) and not run.recovered.any()
    assert descend(BOWL, START, 0.05, 5).diverged_at is None and descend(BOWL, START, 0.105, 200).diverged_at == 113


@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_the_step_of_divergence_is_the_first_above_a_million_times_the_start(method):
    run = descend(BOWL, START, 0.105, 200, method=method)
    above = run.losses > 1e6 * run.losses[0]
    assert above.argmax() == run.diverged_at == 113


@pytest.mark.parametrize("landscape", [BOWL, VALLEY])
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
def test_a_frozen_run_stays_where_it_was_lost(landscape, record):
    etas = np.array([1e-3, 0.3])
    free = descend(landscape, [-1.2, 1], etas, 60)
    run = descend(landscape, [-1.2, 1], etas, 60, on_divergence="freeze", record=record)
    lost = free.diverged_at[1]
    assert run.diverged_at.tolist() == free.diverged_at.tolist() and lost > 0
    assert run.final_loss[0] == pytest.approx(free.final_loss[0], rel=1e-12)
    assert run.final_loss[1] == pytest.approx(free.losses[1, lost], rel=1e-12)
    if record == "path":
        assert (run.iterates[1, lost:] == run.iterates[1, lost]).all()
        np.testing.assert_allclose(run.iterates[1, :lost], free.iterates[1, :lost], rtol=1e-11)


@pytest.mark.parametrize("landscape", [BOWL, VALLEY])
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
def test_a_lost_run_can_be_an_error_that_names_run_and_step(landscape, record):
    etas = np.array([1e-4, 1e-4, 0.3])
    lost = descend(landscape, [-1.2, 1], etas, 60).diverged_at[2]
    with pytest.raises(FloatingPointError, match=f"run 2 diverged at step {lost}: its loss is"):
        descend(landscape, [-1.2, 1], etas, 60, on_divergence="raise", record=record)
    assert descend(landscape, [-1.2, 1], 1e-4, 60, on_divergence="raise", record=record).diverged_at is None
    with pytest.raises(FloatingPointError, match=f"run diverged at step {lost}"):
        descend(landscape, [-1.2, 1], 0.3, 60, on_divergence="raise", record=record)


def test_recovered_is_above_the_start_and_back():
    hump = descend(BOWL, [5, 0.01], schedules.inverse_time(0.2, k=0.1), 60)
    assert hump.recovered is True and hump.peak_loss > hump.losses[0]
    assert descend(BOWL, [5, 0.01], 0.05, 60).recovered is False
    assert descend(BOWL, [5, 0.01], 0.2, 60).recovered is False


def test_a_start_of_loss_zero_is_lost_only_when_not_finite():
    saddle = landscapes.saddle()
    assert descend(saddle, [1, 1], 0.1, 100).diverged_at is None
    assert descend(saddle, [1, 1], 10.0, 1000).diverged_at > 100


def test_a_landscape_that_is_nan_is_lost_at_once():
    hole = landscapes.from_functions(lambda w: w[0] * np.nan, lambda w: w)
    run = descend(hole, [1.0], 0.1, 3)
    assert run.diverged_at == 0 and np.isinf(run.peak_loss)


def test_the_regime_of_a_sweep_and_of_what_has_none():
    run = descend(BOWL, START, [0, 0.05, 0.09, 0.1, 0.11], 3)
    assert run.regime.tolist() == ["frozen", "monotone", "oscillating", "marginal", "diverging"]
    assert descend(BOWL, START, schedules.inverse_time(0.1, 1), 3).regime is None
    assert descend(BOWL, START, 0.1, 3, optimizer=optimizers.heavy_ball(0.9)).regime is None


# Noise and minibatches ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_noise_ends_at_its_floor(method):
    """ησ²/(2(2-ηλ)) a mode: 0.2494 for η = 0.09, σ = 1, λ = (1, 20), as the second moments say."""
    etas = np.full(4000, 0.09)
    run = descend(BOWL, [5, 0.01], etas, 120, noise=1.0, method=method, record="summary", seed=3)
    floor = sum(0.09 / (2 * (2 - 0.09 * c)) for c in (1, 20))
    assert run.final_loss.mean() == pytest.approx(floor, rel=0.06)
    assert run.final_loss.std() > 0.1


def test_noise_is_a_stream_for_each_run_and_seed():
    many = descend(VALLEY, [-1.2, 1], np.full(5, 1e-4), 30, noise=0.1)
    assert len({tuple(path[-1]) for path in many.iterates}) == 5
    again = descend(VALLEY, [-1.2, 1], np.full(5, 1e-4), 30, noise=0.1)
    other = descend(VALLEY, [-1.2, 1], np.full(5, 1e-4), 30, noise=0.1, seed=1)
    assert (many.iterates == again.iterates).all() and (many.iterates[:, -1] != other.iterates[:, -1]).all()
    first = descend(VALLEY, [-1.2, 1], np.full(2, 1e-4), 30, noise=0.1)
    assert (first.iterates == many.iterates[:2]).all()
    longer = descend(VALLEY, [-1.2, 1], np.full(2, 1e-4), 90, noise=0.1)
    assert (longer.iterates[:, :31] == first.iterates).all()


def test_one_step_of_noise_is_normal_with_the_given_width():
    run = descend(landscapes.bowl([1.0, 1.0]), [0, 0], np.full(5000, 0.5), 1, noise=2.0, method="iterate")
    moves = run.iterates[:, 1]
    assert abs(moves.mean(axis=0)).max() < 0.05
    np.testing.assert_allclose(np.cov(moves.T), np.eye(2), atol=0.06)


@pytest.mark.parametrize("landscape", [
    FIT, landscapes.logistic_regression(X, 1 * (Y > 0)), landscapes.tanh_network(X, Y, hidden=(4,))], ids=repr)  # fmt: skip
def test_an_epoch_of_minibatches_uses_every_row_once(landscape):
    seen = []

    class Spy:
        samples, dimension = landscape.samples, landscape.dimension
        loss = staticmethod(landscape.loss)

        def gradient(self, w, rows=None):
            seen.append(rows)
            return landscape.gradient(w, rows)

    start = np.full(landscape.dimension, 0.1)
    run = descend(Spy(), start, 0.01, 8, batch=6)
    epochs = np.array(seen).reshape(2, 24)
    assert all(sorted(epoch) == list(range(24)) for epoch in epochs) and (epochs[0] != epochs[1]).any()
    assert (run.iterates == descend(landscape, start, 0.01, 8, batch=6).iterates).all()


def test_a_minibatch_of_all_rows_is_the_whole_gradient():
    one = descend(FIT, [1, 1, 1], 0.1, 20, batch=24)
    np.testing.assert_allclose(one.iterates, descend(FIT, [1, 1, 1], 0.1, 20).iterates, rtol=1e-10)


def test_minibatches_of_a_sweep_are_each_runs_own():
    many = descend(FIT, [1, 1, 1], np.full(3, 0.1), 20, batch=5, seed=4)
    assert (many.iterates[0, -1] != many.iterates[1, -1]).all()
    assert (descend(FIT, [1, 1, 1], np.full(2, 0.1), 20, batch=5, seed=4).iterates == many.iterates[:2]).all()


# Keeping a trajectory --------------------------------------------------------------------------------------------

RUNS = {
    "one": lambda: descend(BOWL, START, 0.105, 200),
    "sweep": lambda: descend(BOWL, START, [0.05, 0.105], 200, every=7),
    "losses": lambda: descend(VALLEY, START, [1e-5, 1e-3], 20, record="loss"),
    "summary": lambda: descend(BOWL, START, [0.05, 0.105], 200, record="summary"),
}
FACTS = ("iterates", "losses", "etas", "steps", "final_loss", "peak_loss", "diverged_at", "recovered", "regime", "batch")


@pytest.mark.parametrize("name", RUNS)
def test_a_trajectory_survives_file_pickle_and_copy(name, tmp_path):
    run = RUNS[name]()
    run.save(tmp_path / "run.npz")
    for again in (Trajectory.load(tmp_path / "run.npz"), pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):
        for fact in FACTS:
            before, after = getattr(run, fact), getattr(again, fact)
            assert type(before) is type(after), fact
            numeric = isinstance(before, np.ndarray) and before.dtype.kind == "f"
            assert np.array_equal(before, after, equal_nan=numeric), fact
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_killed_save_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    RUNS["one"]().save(path)
    old = path.read_bytes()

    def die(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", die)
    with pytest.raises(KeyboardInterrupt):
        RUNS["sweep"]().save(path)
    assert path.read_bytes() == old and [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_file_that_is_no_trajectory_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", a=1)
    for name in ("text.npz", "other.npz"):
        with pytest.raises(ValueError, match="path must be a file that Trajectory.save wrote"):
            Trajectory.load(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        Trajectory.load(tmp_path / "none.npz")


def test_as_xarray():
    pytest.importorskip("xarray")
    data = RUNS["sweep"]().to_xarray()
    assert data.losses.dims == ("run", "step") and data.iterates.dims == ("run", "step", "coordinate")
    assert float(data.losses.sel(step=14)[0]) == descend(BOWL, START, 0.05, 200).losses[14]
    assert RUNS["one"]().to_xarray().losses.dims == ("step",)
    grid = schedules.inverse_time(np.ones((1, 3)), np.ones((2, 1)))
    assert descend(BOWL, START, grid, 5, record="summary").to_xarray().final_loss.dims == ("run_0", "run_1")


# Bad input -------------------------------------------------------------------------------------------------------

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
    "loss shape": (dict(landscape=SimpleNamespace(loss=lambda w: w, gradient=lambda w: w)), r"landscape.loss must return"),
    "slope": (dict(landscape=SimpleNamespace(loss=lambda w: w[0], gradient=lambda w: 1)), r"landscape.gradient must return"),
    "bytes": (dict(steps=10**8), r"steps=100000000 with record='path' would take 3,200,000,072 bytes for 1 runs.*"
                                 r"record='loss', record='summary', every=2 or more"),
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
def test_whatever_comes_only_documented_errors_no_warning_and_no_nan_before_an_overflow(place, start, eta, steps, given_):
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
        st.lists(st.floats(0, 2), min_size=1, max_size=4), st.integers(0, 40), st.sampled_from(["path", "loss", "summary"]),
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
