"""Spectra made to mislead Lanczos iteration, several eigenvalues at each end, and preconditioned Hessians."""

import numpy as np
import pytest

from lrsim import _random, landscapes, optimizers, stability
from lrsim._engine import lanczos
from lrsim.stability import hessian


def symmetric(eigenvalues, seed=3):
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(eigenvalues),) * 2))[0]
    return (basis * np.asarray(eigenvalues, float)) @ basis.T


def unit(d, stream):
    u = stream.standard_normal(d)
    return u / np.linalg.norm(u)


def own_start(d):
    return unit(d, _random.stream(np.random.SeedSequence(0), "lanczos start"))


def orthogonal(top, bulk):
    """Eigenvalue `top` along a direction at right angles to the very start vector, and `bulk` elsewhere."""
    u = own_start(len(bulk))
    v = unit(len(bulk), np.random.default_rng(5))
    v -= (v @ u) * u
    v /= np.linalg.norm(v)
    rest = np.eye(len(bulk)) - np.outer(v, v)
    return rest @ symmetric(bulk) @ rest + top * np.outer(v, v)


SPECTRA = {
    **{f"default_rng({seed})": ("plane", unit(60, np.random.default_rng(seed))) for seed in range(3)},
    "its own start": ("plane", own_start(200)),
    "at right angles to its start, on a plateau": np.eye(200) + 9 * (orthogonal(1.0, np.zeros(200))),
    "at right angles to its start": orthogonal(5.0, np.linspace(0, 1, 200)),
    "identity": 3 * np.eye(100),
    "zero": np.zeros((100, 100)),
    "identity + rank one": np.eye(80) + 1e-3 * np.outer(own_start(80), own_start(80)),
    "few values, many times": symmetric([2.0] * 50 + [-1.0] * 50 + [-4.0] * 3),
    "equal blocks": np.kron(np.eye(20), symmetric([1, 2, 5.0])),
    "two blocks": np.block(
        [[symmetric(np.linspace(0, 1, 50)), np.zeros((50, 50))], [np.zeros((50, 50)), symmetric(np.linspace(3, 4, 50))]]
    ),
    "zero diagonal": np.kron(np.eye(50), np.array([[0, 1.0], [1, 0]])),
    "one entry": np.diag([0.0] * 999 + [5.0]),
    "rank three, negative": symmetric([0.0] * 100 + [-1, -2, -3]),
    "an isolated top after a plateau": np.diag([1.0] * 500 + list(np.linspace(0.9, 1, 200)) + [1.02]),
    "tiny": 1e-200 * np.diag(np.linspace(1, 2, 50)),
    "huge": 1e200 * np.diag(np.linspace(1, 2, 50)),
}


@pytest.mark.parametrize("name", SPECTRA)
def test_both_ends_and_the_top(name):
    given = SPECTRA[name]
    matrix = 10 * np.eye(len(given[1])) - 9 * np.outer(given[1], given[1]) if isinstance(given, tuple) else given
    d, exact = len(matrix), np.linalg.eigvalsh(matrix)
    scale = np.abs(exact).max()
    found = stability.spectrum(None, np.zeros(d), hvp=lambda w, v: matrix @ v)
    assert abs(found.top - exact[-1]) <= 1e-7 * scale and abs(found.bottom - exact[0]) <= 1e-7 * scale
    assert found.residual <= 2e-8 * scale
    model = Products(matrix)
    assert stability.sharpness(model, np.zeros(d)) == pytest.approx(exact[-1], rel=1e-6, abs=1e-13 * scale)
    assert model.used <= min(d, 70)


class Products:
    def __init__(self, matrix):
        self.matrix, self.used = matrix, 0

    def hvp(self, w, v):
        self.used += 1
        return self.matrix @ v


@pytest.mark.parametrize("outlier", [-1e6, -1e8, -1e10])
def test_the_top_shows_beside_a_far_larger_negative_eigenvalue(outlier):
    matrix = np.diag([*np.linspace(0, 1, 300), outlier, 5.0])
    assert stability.sharpness(Products(matrix), np.zeros(302)) == pytest.approx(5, rel=1e-6)


def test_what_could_hide_is_what_a_start_does_not_show():
    """In a start with a share s of an eigenvector, s > δ/√d, that eigenvalue is never called impossible unseen."""
    d = 2000
    for share, seen in ((1e-3, False), (1e-6, True)):  # beside δ/√d = 2.2e-5
        values = np.r_[np.linspace(0, 1, d - 1), 1.5]
        start = np.r_[np.full(d - 1, np.sqrt((1 - share**2) / (d - 1))), share]
        for m in (2, 4, 8, 12):
            ritz = krylov(values, start, m)
            if ritz.values[-1] < 1.4:
                assert ritz.could_hide(1.5) or seen
    assert not krylov(values, np.full(d, d**-0.5), 40).could_hide(1.6)


def krylov(values, start, m):
    space = lanczos.Krylov(len(values), 1)
    space.stream = type("Given", (), {"standard_normal": staticmethod(lambda size: start.copy())})
    for _ in range(m):
        space.grow(lambda v: values * v)
    return space.look()


@pytest.mark.parametrize("d", [5, 33, 300])
@pytest.mark.parametrize("k", [1, 2, 5])
def test_k_ends_count_multiple_eigenvalues(d, k):
    values = np.r_[np.linspace(-0.5, 0.5, max(d - 9, 0)), 7, 7, 5, -3, -3, 4, 4, -2, -2][-d:]
    matrix = symmetric(values)
    exact = np.sort(values)
    found = stability.spectrum(None, np.zeros(d), hvp=lambda w, v: matrix @ v, k=k)
    np.testing.assert_allclose(found.top, exact[::-1][:k], atol=1e-6)
    np.testing.assert_allclose(found.bottom, exact[:k], atol=1e-6)
    assert found.top.shape == found.bottom.shape == (k,) and found.residual < 1e-6 and found.products <= d


def test_k_ends_of_a_quadratic_and_of_a_network():
    assert stability.spectrum(landscapes.bowl([1, 20, 3]), k=3).bottom.tolist() == [1, 3, 20]
    stream = np.random.default_rng(0)
    network = landscapes.tanh_network(stream.standard_normal((30, 2)), stream.standard_normal(30), hidden=(12,))
    w = network.start()
    exact = np.linalg.eigvalsh(network.hessian(w))
    for given in (network, network.gradient):
        found = stability.spectrum(given, w, k=4)
        np.testing.assert_allclose(found.top, exact[::-1][:4], atol=1e-7 * exact[-1])
        np.testing.assert_allclose(found.bottom, exact[:4], atol=1e-7 * exact[-1])


@pytest.mark.parametrize("d", [3, 50])
def test_preconditioned(d):
    """The eigenvalues of P⁻¹H, whatever gives the products."""
    matrix, diagonal = symmetric(np.linspace(-1, 20, d)), 10.0 ** np.random.default_rng(2).uniform(-2, 1, d)
    exact = np.sort(np.linalg.eigvals(matrix / diagonal[:, None]).real)
    quadratic = landscapes.quadratic(matrix)
    own = landscapes.from_functions(lambda w: w @ matrix @ w / 2, lambda w: matrix @ w, lambda w: matrix)
    ways = [(quadratic, None), (own, np.ones(d)), (lambda w: matrix @ w, np.ones(d))]
    for landscape, w in ways:
        found = stability.spectrum(landscape, w, preconditioner=diagonal)
        for value, right in ((found.top, exact[-1]), (found.bottom, exact[0])):
            assert value == pytest.approx(right, abs=1e-6 * exact[-1])
        assert stability.sharpness(landscape, w, preconditioner=diagonal) == pytest.approx(exact[-1], rel=1e-6)
        limit = stability.threshold(landscape, w, optimizers.adam(), preconditioner=diagonal)
        assert limit == pytest.approx(38 / exact[-1], rel=1e-6)
    several = stability.spectrum(quadratic, preconditioner=diagonal, k=2)
    np.testing.assert_allclose(several.top, exact[:-3:-1], rtol=1e-6)
    assert stability.sharpness(own, np.ones((d, 2)), diagonal) == pytest.approx(exact[[-1, -1]], rel=1e-6)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"preconditioner": [1, 0]}, ValueError, r"preconditioner must be > 0, got 0 at index \(1,\): add"),
        ({"preconditioner": [1, -1]}, ValueError, "preconditioner must be > 0, got -1"),
        ({"preconditioner": [1, 2, 3]}, ValueError, r"preconditioner must be the diagonal of P, of shape \(2,\)"),
        ({"preconditioner": 2.0}, ValueError, r"of shape \(2,\), got \(\)"),
        ({"preconditioner": [1, np.nan]}, ValueError, "preconditioner must be finite"),
        ({"preconditioner": "adam"}, TypeError, "preconditioner must be real numbers"),
        ({"k": 3}, ValueError, "k must be at most 2"),
        ({"k": 0}, ValueError, "k must be >= 1"),
        ({"k": 1.0}, TypeError, "k must be a whole number"),
    ],
)
def test_options_are_refused_by_name(options, error, said):
    for landscape, w in ((landscapes.bowl([1, 20]), None), (landscapes.rosenbrock(), [1.0, 1.0])):
        with pytest.raises(error, match=said):
            stability.spectrum(landscape, w, **options)


def test_a_sharpness_cannot_be_preconditioned():
    with pytest.raises(ValueError, match="preconditioner needs a landscape or a gradient function, got a sharpness"):
        stability.threshold(20, preconditioner=[1, 2])


@pytest.mark.parametrize("dimension", [5, 300])
def test_as_many_directions_as_are_asked_for_whether_all_axes_are_tried_or_not(dimension):
    curvatures = np.arange(1.0, dimension + 1)
    found = hessian.outermost(lambda v: curvatures * v, dimension, lanczos.both(2), 2)
    assert found.top.shape == found.bottom.shape == (2, dimension)
    np.testing.assert_allclose(found.values[[0, 1, -2, -1]], curvatures[[0, 1, -2, -1]], rtol=1e-6)
