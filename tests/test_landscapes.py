"""Landscapes: published values, and what each does to gradient descent; their laws are in test_registered.py."""

import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim.landscapes import (
    beale,
    double_well,
    from_functions,
    himmelblau,
    log_cosh,
    logistic_regression,
    product_valley,
    rosenbrock,
    tanh_network,
)


def waves(hidden=(16, 16), rows=50):
    x = np.linspace(-1, 1, rows)[:, None]
    return tanh_network(x, np.sin(np.pi * x[:, 0]), hidden)


def sigmoid_data(rows=40, features=3):
    stream = np.random.default_rng(1)
    X = stream.standard_normal((rows, features))
    return logistic_regression(X, (X @ np.arange(1, features + 1) + stream.standard_normal(rows) > 0).astype(int))


def square(w):
    return np.sum(w**4, axis=0) / 4 + w[0] * w[-1]


def square_slope(w):
    slope = w**3
    slope[0] += w[-1]
    slope[-1] += w[0]
    return slope


def iterate(landscape, w, eta, steps):
    """Plain iteration: the iterates, (steps+1, d, *batch)."""
    w = np.asarray(w, float)
    path = [w]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            path.append(path[-1] - eta * landscape.gradient(path[-1]))
    return np.array(path)


@pytest.mark.parametrize("slope", [None, square_slope])
def test_your_own_functions_have_derivatives_as_those_you_leave_out(slope):
    """x⁴/4 + xy in three dimensions: gradient, Hessian and products as by hand."""
    own, w = from_functions(square, slope), np.array([[0.5, -1.0], [1.5, 0.25], [-2.0, 1.0]])
    bend = 3 * np.eye(3)[:, :, None] * w**2
    bend[0, 2] += 1
    bend[2, 0] += 1
    assert own.gradient(w) == pytest.approx(square_slope(w), abs=1e-8)
    assert own.hessian(w) == pytest.approx(bend, abs=1e-8 if slope else 1e-5)
    assert own.hvp(w, np.ones((3, 2))) == pytest.approx(bend.sum(axis=1), abs=1e-8 if slope else 1e-5)


# published values


def test_published_values():
    assert rosenbrock().loss([-1.2, 1.0]) == pytest.approx(24.2)  # Rosenbrock 1960
    assert np.linalg.eigvalsh(rosenbrock().hessian([1.0, 1.0])) == pytest.approx(
        [501 - np.sqrt(501**2 - 400), 501 + np.sqrt(501**2 - 400)]
    )
    assert beale().loss([1.0, 1.0]) == 14.203125  # Moré, Garbow & Hillstrom 1981, problem 5
    assert himmelblau().loss([-0.270845, -0.923039]) == pytest.approx(181.617, abs=1e-3)  # its local maximum
    assert np.linalg.eigvalsh(himmelblau().hessian([-0.270845, -0.923039])).max() < 0
    assert len(himmelblau().minima) == 4
    assert product_valley().loss([3.0, 0.5]) == 0.125


@given(st.floats(1e-150, 1e300))
def test_log_cosh_keeps_its_digits(x):
    with mpmath.workdps(400):
        exact = float(mpmath.log(mpmath.cosh(x))) if x < 700 else x - float(mpmath.log(2))
    for sign in (1, -1):
        assert log_cosh().loss([sign * x]) == pytest.approx(exact, rel=1e-15 * 4)
        assert log_cosh().gradient([sign * x])[0] == sign * np.tanh(x)


@given(st.floats(-1e6, 1e6) | st.floats(-0.5, 0.5))
def test_the_tilted_well_knows_its_minima(tilt):
    minima = [x for (x,) in double_well(tilt).minima]
    assert len(minima) == (2 if abs(tilt) < 2 / 27**0.5 else 1)
    for x in minima:
        assert abs(mpmath.mpf(x) ** 3 - x + mpmath.mpf(tilt)) <= 1e-15 * (abs(tilt) + 3 * abs(x) ** 3)
        assert 3 * x * x > 1 - 1e-7
    assert tilt == 0 or np.sign(minima[0]) == -np.sign(tilt)


def test_truth_values_will_do_as_labels():
    X = [[1.0, 2.0], [3.0, -1.0]]
    assert logistic_regression(X, [True, False]) == logistic_regression(X, [1, 0])


# what they do to gradient descent


def period(landscape, start, eta, settle=6000, longest=8):
    """The period of the orbit that a run settles on, up to `longest`; None beyond that."""
    tail = iterate(landscape, start, eta, settle + longest)[settle:, 0]
    return next((p for p in range(1, longest + 1) if abs(tail[p] - tail[0]) < 1e-9), None)


@pytest.mark.parametrize(
    "eta, expected", [(0.98, 1), (1.02, 2), (np.sqrt(5) - 1.005, 2), (np.sqrt(5) - 0.99, 4), (1.4, None)]
)
def test_double_well_doubles_its_period(eta, expected):
    assert period(double_well(), [0.4], eta) == expected


def test_double_well_merges_its_bands_and_escapes():
    starts = np.linspace(0.05, 0.97, 50)[None]
    merge = 1.5 * np.sqrt(3) - 1
    assert iterate(double_well(), starts, merge - 1e-3, 3000).min() > 0
    assert (iterate(double_well(), starts, merge + 1e-2, 3000).min(axis=0) < 0).all()
    assert np.abs(iterate(double_well(), starts, 1.999, 3000)).max() < np.sqrt(2)
    assert not np.isfinite(iterate(double_well(), starts, 2.05, 3000)[-1]).any()


@pytest.mark.parametrize("eta", [2.1, 4.0, 10.0])
def test_log_cosh_ends_on_a_two_cycle(eta):
    path = iterate(log_cosh(), [3.0], eta, 10_000)[:, 0]
    assert path[-1] == pytest.approx(path[-3]) and path[-1] == pytest.approx(-path[-2])
    assert 2 * abs(path[-1]) == pytest.approx(eta * np.tanh(abs(path[-1])))


@given(st.floats(0, 1e6), st.floats(-1e3, 1e3))
@settings(max_examples=20, deadline=None)
def test_log_cosh_never_diverges(eta, start):
    assert np.abs(iterate(log_cosh(), [start], eta, 300)).max() <= abs(start) + eta


@pytest.mark.parametrize("product, kept", [(1.9, True), (2.6, True), (4.04, True), (4.1, False)])
def test_product_valley_catapults(product, kept):
    start = np.array([3.0, 0.5])
    eta = product / (start @ start)
    path = iterate(product_valley(), start, eta, 5000)
    losses = product_valley().loss(path.T)
    assert (losses[-1] < 1e-20) == kept
    if kept and product > 2:
        assert losses.max() > losses[0]
        assert path[-1] @ path[-1] < 2 / eta < start @ start
    if kept and product < 2:
        assert (np.diff(losses) <= 0).all()


def test_product_valley_can_already_be_lost_below_four():
    start = np.array([2.5, 0.02])
    assert not np.isfinite(iterate(product_valley(), start, 3.9 / (start @ start), 2000)[-1]).all()


def test_network_trains_to_the_edge_of_stability():
    network, eta = waves(), 0.2
    w = network.start(seed=4)
    assert np.linalg.eigvalsh(network.hessian(w)).max() < 0.5 * 2 / eta
    losses = []
    for _ in range(5000):
        losses.append(network.loss(w))
        w = w - eta * network.gradient(w)
    assert np.linalg.eigvalsh(network.hessian(w)).max() == pytest.approx(2 / eta, rel=0.01)
    assert losses[-1] < 0.05 * losses[0] and np.diff(losses).max() > 0


# models


def test_logistic_loss_never_overflows():
    X, y = np.array([[1.0], [-1.0], [2.0]]), [1, 1, 0]
    model = logistic_regression(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.loss([1e200]) == pytest.approx(1e200)
        assert model.gradient([1e200]) == pytest.approx([1.0])
        assert model.hessian([1e200]) == pytest.approx(0)


def test_logistic_curvature_is_bounded_by_a_quarter():
    model = sigmoid_data()
    bound = np.linalg.eigvalsh(model.data.T @ model.data).max() / (4 * model.samples)
    assert np.linalg.eigvalsh(model.hessian(np.zeros(3))).max() == pytest.approx(bound)
    assert np.linalg.eigvalsh(model.hessian(np.ones(3))).max() < bound


def test_network_layout_and_start():
    network = tanh_network(np.zeros((512, 2)), np.zeros(512), (64, 64))
    assert network.dimension == 4417 and network.samples == 512
    assert np.array_equal(network.start(3), network.start(3)) and network.start().shape == (4417,)
    one = tanh_network([[1.0], [2.0]], [0.0, 0.0], (1,))
    assert one.predict([2.0, 0.5, 3.0, -1.0], [[0.7]])[0, 0] == pytest.approx(3 * np.tanh(2 * 0.7 + 0.5) - 1)


# bad input


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: double_well(tilt=np.nan), ValueError, "tilt must be finite"),
        (lambda: double_well(tilt="x"), TypeError, "tilt must be real"),
        (lambda: rosenbrock().loss([1.0, 2.0, 3.0]), ValueError, "w must have 2 coordinates"),
        (lambda: rosenbrock().gradient(3.0), ValueError, "w must have 2 coordinates"),
        (lambda: rosenbrock().gradient(["a", "b"]), TypeError, "w must be real numbers"),
        (lambda: rosenbrock().hvp([1.0, 1.0], [1.0]), ValueError, "v must have 2 coordinates"),
        (lambda: rosenbrock().hvp([1.0, 1.0], [[1.0], [1.0]]), ValueError, "v must have the shape of w"),
        (lambda: rosenbrock().loss([[1.0], [1.0, 2.0]]), ValueError, "w must be a rectangular"),
        (lambda: logistic_regression([1.0], [1]), ValueError, "X must be a table"),
        (lambda: logistic_regression([[1.0]], [2]), ValueError, "y must be labels 0 or 1, got 2"),
        (lambda: logistic_regression([[1.0]], [1, 0]), ValueError, "y must have one label a row"),
        (lambda: logistic_regression([[np.inf]], [1]), ValueError, "X must be finite"),
        (lambda: tanh_network([[1.0]], [1.0, 2.0]), ValueError, "y must have 1 rows"),
        (lambda: tanh_network([[1.0]], [1.0], hidden=()), TypeError, "hidden must be a list"),
        (lambda: tanh_network([[1.0]], [1.0], hidden=(2.5,)), TypeError, r"hidden\[0\] must be a whole"),
        (lambda: tanh_network([[1.0]], [1.0], hidden=(0,)), ValueError, r"hidden\[0\] must be >= 1"),
        (lambda: waves().start(seed=-1), ValueError, "seed must be >= 0"),
        (lambda: waves().predict(waves().start(), [[1.0, 2.0]]), ValueError, "X must have 1 columns"),
        (lambda: waves().loss(waves().start(), rows=[50]), ValueError, r"rows must be in 0\.\.49"),
        (lambda: waves().loss(waves().start(), rows=[0.5]), TypeError, "rows must be whole"),
        (lambda: waves().loss(waves().start(), rows=[[0]]), ValueError, "rows must have shape"),
        (lambda: from_functions(3), TypeError, "loss must be a function"),
        (lambda: from_functions(square, gradient=3), TypeError, "gradient must be a function"),
        (lambda: from_functions(lambda w: w).loss([1.0]), ValueError, r"loss must return shape \(\)"),
        (lambda: from_functions(lambda w: "no").loss([1.0]), TypeError, "loss must return real"),
        (lambda: from_functions(square).hvp([1.0, 2.0], [1.0]), ValueError, "v must have 2"),
    ],
)
def test_bad_input_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words):
        call()
