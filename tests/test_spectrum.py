"""The ends of the spectrum, from products alone: against LAPACK, on indefinite Hessians, and in few products."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, stability


def network(stream, rows=512, hidden=(64, 64)):
    X = stream.uniform(-1, 1, (rows, 2))
    return landscapes.tanh_network(X, np.sin(np.pi * X[:, 0]) * X[:, 1], hidden)


def symmetric(eigenvalues, seed):
    size = len(eigenvalues)
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]
    return (basis * eigenvalues) @ basis.T


class Counted:
    """A landscape that counts its Hessian-vector products, and has no other second derivative."""

    def __init__(self, landscape):
        self.landscape, self.used = landscape, 0
        self.loss, self.gradient = landscape.loss, landscape.gradient

    def hvp(self, w, v):
        self.used += 1
        return self.landscape.hvp(w, v)


def tanh():
    stream = np.random.default_rng(5)
    network = landscapes.tanh_network(stream.standard_normal((20, 3)), stream.standard_normal((20, 2)), hidden=(6, 5))
    return network, network.start()


def logistic():
    stream = np.random.default_rng(6)
    X = stream.standard_normal((50, 40))
    return landscapes.logistic_regression(X, X[:, 0] > 0), stream.standard_normal(40)


@given(st.lists(st.floats(-100, 100, allow_subnormal=False), min_size=1, max_size=40), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_both_ends_with_their_signs(eigenvalues, seed):
    matrix = symmetric(np.array(eigenvalues), seed)
    found = stability.spectrum(None, np.zeros(len(matrix)), hvp=lambda w, v: matrix @ v)
    low, *_, high = exact = np.linalg.eigvalsh(matrix) if len(matrix) > 1 else 2 * [matrix[0, 0]]
    scale = np.abs(exact).max()
    assert abs(found.top - high) <= 1e-8 * scale and abs(found.bottom - low) <= 1e-8 * scale
    assert found.residual <= 1e-8 * scale and 1 <= found.products <= len(matrix)


def test_products_that_overflow_are_refused():
    network, w = tanh()
    with pytest.raises(ValueError, match="the product H v must be finite at w"):
        stability.spectrum(network, w * 1e160)


@pytest.mark.parametrize("make", [tanh, logistic])
def test_what_the_products_at_one_point_share_is_computed_once_and_changes_no_bit(make):
    landscape, w = make()
    product, d = stability.hessian.products("landscape", landscape, w)
    for seed in range(3):
        v = np.random.default_rng(seed).standard_normal(d)
        kept = v.copy()
        assert (product(v) == landscape.hvp(w, v)).all() and (v == kept).all()

    class Scaled(type(landscape)):
        def hvp(self, w, v):
            return 2 * super().hvp(w, v)

    own = Scaled(**vars(landscape))
    assert stability.sharpness(own, w) == pytest.approx(2 * stability.sharpness(landscape, w), rel=1e-7)


@pytest.mark.parametrize("spread", ["even", "clustered top", "one far out", "all negative", "flat"])
def test_many_parameters(spread):
    d = 200
    values = {
        "even": np.linspace(-1, 5, d),
        "clustered top": np.r_[np.linspace(-2, 9, d - 20), np.linspace(9.999, 10, 20)],
        "one far out": np.r_[np.random.default_rng(1).standard_normal(d - 1), 1e6],
        "all negative": -np.linspace(1, 2, d),
        "flat": np.r_[np.zeros(d - 2), -3.0, 1.0],
    }[spread]
    matrix = symmetric(values, 2)
    scale = np.abs(values).max()
    found = stability.spectrum(None, np.zeros(d), hvp=lambda w, v: matrix @ v)
    assert found.top == pytest.approx(values.max(), abs=1e-8 * scale)
    assert found.bottom == pytest.approx(values.min(), abs=1e-8 * scale)
    assert found.products <= d
    alone = stability.sharpness(Hessian(matrix), np.zeros(d))
    assert alone == pytest.approx(values.max(), rel=1e-8, abs=1e-14 * scale)


class Hessian:
    def __init__(self, matrix):
        self.matrix = matrix

    def hvp(self, w, v):
        return self.matrix @ v


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_twelve_products_for_a_network(seed):
    """4,417 parameters, at the start and after training, for several data sets."""
    problem = network(np.random.default_rng(seed))
    w = problem.start(seed)
    for _ in range(2):
        counted = Counted(problem)
        top = stability.sharpness(counted, w)
        thorough = stability.spectrum(problem, w)
        assert len(w) == 4417 and counted.used <= 12
        assert top == pytest.approx(thorough.top, rel=1e-8)
        assert thorough.bottom < 0 < thorough.top
        w = descend(problem, w, 0.1, 20, record="path", every=20).iterates[-1]


def test_a_hessian_written_out_agrees():
    problem = network(np.random.default_rng(5), rows=40, hidden=(6, 5))
    w = problem.start(3)
    exact = np.linalg.eigvalsh(problem.hessian(w))
    found = stability.spectrum(problem, w)
    assert found.top == pytest.approx(exact[-1], rel=1e-8)
    assert found.bottom == pytest.approx(exact[0], abs=1e-8 * exact[-1])


def test_a_gradient_function_alone():
    """Central differences: about nine digits in double precision, three in single."""
    problem = network(np.random.default_rng(0), rows=64, hidden=(16,))
    w = problem.start()
    exact = stability.sharpness(problem, w)
    assert stability.threshold(problem.gradient, w) == pytest.approx(2 / exact, rel=1e-8)
    single = stability.threshold(lambda w: problem.gradient(w).astype(np.float32), w)
    assert single == pytest.approx(2 / exact, rel=1e-3)
    assert stability.spectrum(problem.gradient, w, hvp=problem.hvp).top == pytest.approx(exact, rel=1e-8)


def test_the_same_answer_each_time():
    problem = network(np.random.default_rng(0), rows=32, hidden=(8,))
    assert stability.spectrum(problem, problem.start()) == stability.spectrum(problem, problem.start())


@pytest.mark.parametrize(
    ("point", "top", "bottom"),
    [([1.0], 2.0, 2.0), ([0.0], -1.0, -1.0)],
)
def test_a_double_well(point, top, bottom):
    """(x²-1)²/4 has curvature 3x² - 1."""
    found = stability.spectrum(landscapes.double_well(), point)
    assert (found.top, found.bottom) == pytest.approx((top, bottom))
    assert stability.sharpness(landscapes.double_well(), point) == pytest.approx(top)


def test_along_a_trajectory():
    """½(uv-1)² at its minima has sharpness u² + v²; a catapult ends below 2/η."""
    valley, eta = landscapes.product_valley(), 0.25
    run = descend(valley, [3, 0.5], eta, 400)
    along = stability.sharpness(valley, run)
    u, v = run.iterates.T
    exact = [
        np.linalg.eigvalsh([[b * b, 2 * a * b - 1], [2 * a * b - 1, a * a]])[-1] for a, b in zip(u, v, strict=True)
    ]
    np.testing.assert_allclose(along, exact, rtol=1e-10)
    assert along[0] * eta > 2 > along[-1] * eta
    many = descend(valley, [3, 0.5], [0.01, 0.02, 0.03], 4)
    assert stability.sharpness(valley, many).shape == (3, 5)
    assert stability.sharpness(valley, run.iterates.T).shape == (401,)


def test_along_a_trajectory_that_overflows():
    run = descend(landscapes.rosenbrock(), [-1.2, 1.0], 1.0, 30)
    along = stability.sharpness(landscapes.rosenbrock(), run)
    lost = ~np.isfinite(run.iterates).all(axis=-1)
    assert lost.any() and not np.isnan(along[0]) and np.isnan(along[lost]).all()


def test_a_quadratic_knows_its_spectrum():
    found = stability.spectrum(landscapes.bowl([1, 20, 3]))
    assert (found.top, found.bottom, found.residual, found.products) == (20, 1, 0, 0)
    assert stability.spectrum(landscapes.saddle()).bottom < 0


@pytest.mark.parametrize(
    ("arguments", "options", "error", "said"),
    [
        ((landscapes.rosenbrock(),), {}, ValueError, "w must"),
        ((landscapes.rosenbrock(), [np.nan, 1]), {}, ValueError, "w must be finite"),
        (
            (landscapes.rosenbrock(), 1.0),
            {},
            ValueError,
            r"w must have 2 coordinates on its first axis, got shape \(\)",
        ),
        ((landscapes.rosenbrock(), []), {}, ValueError, r"w must have 2 coordinates"),
        ((landscapes.rosenbrock(), [[1.0, 2], [3, 4]]), {}, ValueError, r"w must be one point of shape \(d,\)"),
        ((landscapes.bowl([1, 20]), [1.0, 2, 3]), {}, ValueError, r"w must have 2 coordinates"),
        ((None,), {}, TypeError, "landscape_or_gradient must be a landscape or a function"),
        ((landscapes.rosenbrock(), [1, 2]), {"hvp": lambda v: v}, TypeError, "hvp must be a function of w and v"),
        ((lambda w, rows: w, [1.0, 2.0]), {}, TypeError, "gradient must be a function of w, got one that says"),
        (
            (lambda w: [w[0] + w[1], 3 * w[1]], [1.0, 2.0]),
            {},
            ValueError,
            "symmetric .* is that the gradient of a loss",
        ),
        ((7, [1.0]), {}, TypeError, "landscape_or_gradient must be a landscape or a function"),
        ((None, [1.0]), {"hvp": 3}, TypeError, "hvp must be a function of w and v"),
        ((lambda w: w[:1], [1.0, 2.0]), {}, ValueError, r"gradient must have shape \(2,\), got \(1,\)"),
        ((lambda w: w * np.inf, [1.0, 2.0]), {}, ValueError, "gradient must be finite"),
        ((lambda w: ["a", "b"], [1.0, 2.0]), {}, TypeError, "gradient must be real numbers"),
    ],
)
def test_bad_input(arguments, options, error, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=said):
            stability.spectrum(*arguments, **options)


def test_a_hessian_that_is_not_symmetric():
    skew = landscapes.from_functions(lambda w: w[0] * w[1], hessian=lambda w: np.array([[0.0, 1], [1.5, 0]]))
    with pytest.raises(ValueError, match="Hessian must be symmetric, got one that differs from its transpose"):
        stability.sharpness(skew, [1.0, 1.0])


def test_products_that_are_not_symmetric_are_refused_and_nearly_symmetric_ones_show_in_the_residual():
    rng = np.random.default_rng(5)
    for d in (2, 3, 40):
        matrix = np.diag(np.arange(1.0, d + 1))
        turn = rng.standard_normal((d, d))
        turn -= turn.T
        turn *= 1 / np.abs(np.linalg.eigvals(turn)).max()
        with pytest.raises(ValueError, match="symmetric"):
            stability.spectrum(None, np.zeros(d), hvp=lambda w, v, m=matrix + d / 2 * turn: m @ v)
        found = stability.spectrum(None, np.zeros(d), hvp=lambda w, v, m=matrix + 1e-4 * turn: m @ v)
        assert abs(found.top - d) <= found.residual < 1e-3


@pytest.mark.parametrize("single", [False, True], ids=["double", "single"])
def test_the_residual_covers_the_error_of_differences(single):
    precision = np.float32 if single else np.float64
    for problem, w in ((landscapes.beale(), [1.0, 1.3]), (landscapes.himmelblau(), [-3.0, 2.5])):
        exact = np.linalg.eigvalsh(problem.hessian(w))
        found = stability.spectrum(lambda w, p=problem: p.gradient(w).astype(precision), w)
        for value, true in ((found.top, exact[-1]), (found.bottom, exact[0])):
            assert abs(value - true) <= found.residual
        assert found.residual <= (1e-1 if single else 1e-7) * np.abs(exact).max()
