"""`descend`: what it records, and what noise and minibatches do."""

import numpy as np
import pytest

from lrsim import descend, landscapes, schedules

BOWL, VALLEY = landscapes.bowl([1, 20]), landscapes.rosenbrock()
START = [10, 0.05]
stream = np.random.default_rng(5)
X, Y = stream.standard_normal((24, 3)), stream.standard_normal(24)
FIT = landscapes.linear_regression(X, Y)


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


class Both(Cosh):
    """With a function that gives both at once, and a gradient that nobody should call."""

    def loss_and_gradient(self, w, out):
        np.sinh(w, out=out)
        return self.loss(w)

    def gradient(self, w):
        raise AssertionError


@pytest.mark.parametrize("end", ["continue", "freeze"])
def test_a_loss_that_comes_with_its_gradient_gives_the_same_run(end):
    options = dict(noise=0.1, on_divergence=end, every=3)
    one, other = (descend(place, [1.0, -2.0], [0.1, 3.0], 20, **options) for place in (Both(), Cosh()))
    assert np.array_equal(one.iterates, other.iterates, equal_nan=True)
    assert one.diverged_at.tolist() == other.diverged_at.tolist() and one.diverged_at[0] == -1 < one.diverged_at[1]


@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_noise_ends_at_its_floor(method):
    """ησ²/(2(2-ηλ)) a mode: 0.2494 for η = 0.09, σ = 1, λ = (1, 20), as the second moments say."""
    etas = np.full(4000, 0.09)
    run = descend(BOWL, [5, 0.01], etas, 120, noise=1.0, method=method, record="summary", seed=3)
    floor = sum(0.09 / (2 * (2 - 0.09 * c)) for c in (1, 20))
    assert run.final_loss.mean() == pytest.approx(floor, rel=0.06)
    assert run.final_loss.std() > 0.1


@pytest.mark.parametrize(
    ("eta0", "k", "after"),
    [(0.09, 0.0, 0.249), (0.01, 0.0, 1.68), (0.09, 0.02, 0.0199), (0.09, 0.09, 0.112), (0.09, 0.5, 2.70)],
)
def test_the_noisy_race_has_its_expected_losses(eta0, k, after):
    """E x² obeys m ← (1-ηλ)² m + η²σ²: exactly known, and met by the mean of many runs."""
    eta, moments = schedules.inverse_time(eta0, k), np.array([5.0, 0.01]) ** 2
    for rate in eta(np.arange(100)):
        moments = (1 - rate * np.array([1, 20])) ** 2 * moments + rate**2
    expected = 0.5 * moments @ [1, 20]
    assert float(f"{expected:.2e}") == after
    runs = descend(BOWL, [5, 0.01], schedules.inverse_time(np.full(3000, eta0), k), 100, noise=1.0, record="summary")
    assert runs.final_loss.mean() == pytest.approx(expected, abs=4 * runs.final_loss.std() / 3000**0.5)


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
    FIT, landscapes.logistic_regression(X, 1 * (Y > 0)), landscapes.tanh_network(X, Y, hidden=(4,)),
], ids=repr)  # fmt: skip
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


def test_the_regime_of_a_large_hessian_is_that_of_its_eigenvalues_without_asking_for_them():
    stream = np.random.default_rng(5)
    tall = stream.standard_normal((300, 300))
    hessian = tall @ tall.T / 300
    top = np.linalg.eigvalsh(hessian)[-1]
    for share, name in ((1, "marginal"), (1 + 1e-8, "diverging"), (1 - 1e-8, "oscillating"), (0.1, "monotone")):
        place = landscapes.quadratic(hessian)
        run = descend(place, np.ones(300), 2 / top * share, 30, record="summary")
        assert run.regime == name and "_eigen" not in vars(place)
