"""Quadratic landscapes: derivatives, the way into the modes and back, least squares, and what they refuse."""

import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, stability

stream = np.random.default_rng(7)
TABLE = stream.standard_normal((30, 12))
X, Y = stream.standard_normal((40, 3)) * [1, 5, 0.2], stream.standard_normal(40)
SHAPES = {
    "bowl": landscapes.bowl([1, 20]),
    "turned": landscapes.bowl([0.5, 3, 12], angle=0.4, minimum=[1, -2, 3]),
    "dense": landscapes.quadratic([[2, 1], [1, 3]], minimum=[1, 1]),
    "large": landscapes.quadratic(TABLE.T @ TABLE, minimum=np.arange(12)),
    "saddle": landscapes.saddle([1, -2], angle=0.3, point=[1, 0]),
    "flat": landscapes.bowl([0, 1]),
    "regression": landscapes.linear_regression(X, Y),
    "sum": landscapes.linear_regression(X, Y, reduction="sum"),
}


@pytest.mark.parametrize("dimension", [1, 2, 8, 9, 40, 300])
def test_a_run_has_its_bits_among_any_others(dimension):
    """Products in order and those of BLAS, of a matrix as it lies in memory and of its transpose."""
    matrix = stream.standard_normal((dimension, dimension))
    w = stream.standard_normal((dimension, 21, 2)) * np.geomspace(1e-9, 1e9, 21)[:, None]
    for shape in (landscapes.quadratic(matrix + matrix.T), landscapes.linear_regression(matrix, matrix[0])):
        slopes, some = shape.gradient(w), shape.gradient(w[:, 4:9, 1])
        direct = np.tensordot(shape.hessian(), w - shape.minimum[:, None, None], 1)
        np.testing.assert_allclose(slopes, direct, rtol=1e-6, atol=1e-9 * np.abs(slopes).max())
        assert np.array_equal(some, slopes[:, 4:9, 1])
        for i, j in np.ndindex(21, 2):
            assert np.array_equal(shape.gradient(w[:, i, j]), slopes[:, i, j])


@pytest.mark.parametrize("dimension, batch", [(1, 1), (2, 7), (3, 1), (9, 4), (300, 8)])
def test_a_run_has_its_bits_on_its_own_rows_among_any_others(dimension, batch):
    model = landscapes.linear_regression(stream.standard_normal((50, dimension)), stream.standard_normal(50))
    w, rows = stream.standard_normal((dimension, 21, 2)), stream.integers(0, 50, (batch, 21, 2))
    slopes = model.gradient(w, rows)
    for i, j in np.ndindex(21, 2):
        X, y = model.residuals.data[rows[:, i, j]], model.residuals.answers[rows[:, i, j]]
        assert np.array_equal(slopes[:, i, j], model.gradient(w[:, i, j], rows[:, i, j]))
        np.testing.assert_allclose(slopes[:, i, j], (X * (X @ w[:, i, j] - y)[:, None]).mean(0), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", SHAPES)
def test_the_loss_grows_as_its_derivatives_say(name):
    """On a quadratic central differences are exact up to rounding, at any step."""
    shape = SHAPES[name]
    w, v = stream.standard_normal((2, shape.dimension))
    slope = (shape.loss(w + v) - shape.loss(w - v)) / 2
    assert shape.gradient(w) @ v == pytest.approx(slope, rel=1e-9, abs=1e-9)
    bend = shape.loss(w + v) - 2 * shape.loss(w) + shape.loss(w - v)
    assert v @ shape.hvp(w, v) == pytest.approx(bend, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(shape.hessian(w) @ v, shape.hvp(w, v), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", SHAPES)
def test_modes_are_coordinates_along_the_eigenvectors(name):
    shape = SHAPES[name]
    w = stream.standard_normal((shape.dimension, 4, 2))
    x = shape.to_modes(w)
    np.testing.assert_allclose(shape.from_modes(x), w, rtol=1e-12, atol=1e-12)
    values = shape.eigenvalues.reshape(-1, 1, 1)
    np.testing.assert_allclose(shape.loss(w), (values * x**2).sum(0) / 2 + shape.offset, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(
        np.sort(shape.eigenvalues), np.linalg.eigvalsh(shape.hessian()), rtol=1e-10, atol=1e-12)  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_point_has_the_same_bits_in_any_batch(name):
    shape = SHAPES[name]
    w = stream.standard_normal((shape.dimension, 5))
    for function in (shape.loss, shape.gradient, shape.to_modes, shape.from_modes):
        together = function(w)
        for i in range(5):
            assert (function(w[:, i]) == together[..., i]).all()


@pytest.mark.parametrize("name", SHAPES)
def test_it_compares_prints_and_pickles(name):
    shape = SHAPES[name]
    again = pickle.loads(pickle.dumps(shape))
    assert again == shape and hash(again) == hash(shape) and repr(again) == repr(shape)
    assert [other for other in SHAPES.values() if other == shape] == [shape]


def test_known_minima():
    assert SHAPES["turned"].minima[0].tolist() == [1, -2, 3]
    assert SHAPES["saddle"].minima == () == SHAPES["flat"].minima
    for name in ("turned", "regression", "large"):
        (minimum,) = SHAPES[name].minima
        assert abs(SHAPES[name].gradient(minimum)).max() < 1e-10


def test_an_angle_turns_the_axes_counter_clockwise():
    turned = landscapes.bowl([1, 20], angle=np.pi / 2)
    assert turned.loss([0, 1]) == pytest.approx(0.5) and turned.loss([1, 0]) == pytest.approx(10)


def test_least_squares_against_numpy():
    for reduction, over in (("mean", 40), ("sum", 1)):
        fit = landscapes.linear_regression(X, Y, reduction=reduction)
        answer, residual, _, _ = np.linalg.lstsq(X, Y, rcond=None)
        np.testing.assert_allclose(fit.minimum, answer, rtol=1e-10)
        assert fit.offset == pytest.approx(residual[0] / 2 / over)
        np.testing.assert_allclose(fit.hessian(), X.T @ X / over, rtol=1e-10, atol=1e-12)
        w = stream.standard_normal(3)
        assert fit.loss(w) == pytest.approx(np.sum((X @ w - Y) ** 2) / 2 / over)
        np.testing.assert_allclose(fit.gradient(w), fit.gradient(w, np.arange(40)), rtol=1e-10)


def test_a_minibatch_is_the_regression_of_its_rows():
    fit, w = landscapes.linear_regression(X, Y), np.array([1.0, -1, 2])
    rows = np.array([3, 7, 7, 20])
    own = landscapes.linear_regression(X[rows], Y[rows])
    np.testing.assert_allclose(fit.gradient(w, rows), own.gradient(w), rtol=1e-10)
    assert fit.loss(w, rows) == pytest.approx(own.loss(w))


def test_dependent_columns_give_the_shortest_minimum_and_a_flat_direction():
    double = landscapes.linear_regression(np.column_stack([X[:, 0], X[:, 0]]), X[:, 0])
    np.testing.assert_allclose(double.minimum, [0.5, 0.5])
    assert double.eigenvalues.min() == 0 and double.offset < 1e-30
    wide = landscapes.linear_regression(TABLE[:5], np.ones(5))
    assert (wide.eigenvalues == 0).sum() == 7 and wide.loss(wide.minimum) == pytest.approx(0, abs=1e-25)


def test_summing_multiplies_the_sharpness_by_the_number_of_samples():
    assert SHAPES["sum"].eigenvalues == pytest.approx(40 * SHAPES["regression"].eigenvalues)


def test_an_unscaled_feature_costs_four_powers_of_ten():
    feature = np.random.default_rng(0).uniform(0, 100, 1000)
    raw = landscapes.linear_regression(np.column_stack([np.ones(1000), feature]), feature)
    scaled = (feature - feature.mean()) / feature.std()
    standard = landscapes.linear_regression(np.column_stack([np.ones(1000), scaled]), feature)
    assert 3e3 < raw.eigenvalues.max() / raw.eigenvalues.min() < 3e4
    assert standard.eigenvalues == pytest.approx([1, 1])


def test_a_saddle_is_left_by_its_negative_direction():
    run = descend(landscapes.saddle(), [1, 1e-6], 0.1, 300)
    assert abs(run.iterates[-1, 0]) < 1e-12 and run.final_loss < -1e3
    assert stability.threshold(landscapes.saddle()) == 2


BAD = {
    "negative": (lambda: landscapes.bowl([1, -2]), "eigenvalues must be >= 0, got -2"),
    "empty": (lambda: landscapes.bowl([]), "eigenvalues must be a list of at least one number"),
    "infinite": (lambda: landscapes.bowl([1, np.inf]), "eigenvalues must be finite, got inf"),
    "angle": (lambda: landscapes.bowl([1], angle=0.1), "angle needs at least two"),
    "minimum": (lambda: landscapes.bowl([1, 2], minimum=[1]), "minimum must have 2 coordinates, got 1"),
    "crooked": (lambda: landscapes.quadratic([[1, 2], [2.5, 1]]), "hessian must be symmetric.* up to 0.5"),
    "oblong": (lambda: landscapes.quadratic([[1, 2]]), r"hessian must be a square matrix, got shape \(1, 2\)"),
    "nan": (lambda: landscapes.quadratic([[np.nan]]), "hessian must be finite"),
    "no saddle": (lambda: landscapes.saddle([1, 2]), "eigenvalues must have both signs"),
    "rows": (lambda: landscapes.linear_regression(X, Y[:3]), r"y must have one answer a row of X, shape \(40,\)"),
    "reduction": (lambda: landscapes.linear_regression(X, Y, "median"), "reduction must be one of 'mean', 'sum'"),
    "w": (lambda: SHAPES["bowl"].loss([1, 2, 3]), "w must have 2 coordinates on its first axis"),
    "v": (lambda: SHAPES["bowl"].hvp([1, 2], [1]), "v must have 2 coordinates on its first axis"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_by_name(name):
    make, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        make()


@given(
    st.lists(st.lists(st.floats(), min_size=1, max_size=3), min_size=1, max_size=3), st.lists(st.floats(), max_size=3)
)
@settings(max_examples=200, deadline=None)
def test_whatever_comes_only_documented_errors_and_no_warning(matrix, vector):
    makers = (
        landscapes.bowl,
        landscapes.quadratic,
        landscapes.saddle,
        lambda m: landscapes.linear_regression(m, vector),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for make in makers:
            for given_ in (matrix, vector):
                try:
                    made = make(given_)
                    assert not np.isnan(made.loss(np.zeros(made.dimension)))
                except (ValueError, TypeError):
                    continue
