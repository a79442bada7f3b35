"""Hessians from gradients alone: coordinates of any size, rough and single-precision values, functions that keep house.

The eigenvalue is right, and where it is not to the last digits the residual says so.
"""

import numpy as np
import pytest

from lrsim import descend, landscapes, stability

CURVATURES = np.diag(np.arange(1.0, 41)) + np.diag(np.full(39, 0.25), 1) + np.diag(np.full(39, 0.25), -1)


def logistic(scales, seed=0):
    """Features of these sizes, and weights of one over them."""
    stream, scales = np.random.default_rng(seed), np.asarray(scales, float)
    X = stream.standard_normal((200, len(scales))) * scales
    model = landscapes.logistic_regression(X, (X / scales).sum(axis=1) > 0)
    return model, stream.uniform(0.3, 1, len(scales)) / scales


def held(found, exact):
    return abs(found.top - exact[-1]) <= found.residual and abs(found.bottom - exact[0]) <= found.residual


@pytest.mark.parametrize("large", [1e3, 1e5, 1e8, 1e12])
@pytest.mark.parametrize("d", [2, 40])
def test_a_large_coordinate_beside_a_small(large, d):
    w = np.r_[large, np.zeros(d - 1)]
    assert stability.sharpness(np.tanh, w) == pytest.approx(1, rel=1e-8)
    found = stability.spectrum(np.tanh, w)
    assert held(found, [0, 1]) and found.residual < 1e-8


@pytest.mark.parametrize("d", [2, 20, 40])
def test_coordinates_of_every_size(d):
    w = np.logspace(-8, 8, d)
    matrix = CURVATURES[:d, :d]
    exact = np.linalg.eigvalsh(matrix)
    for constant in (0.0, 1e6):
        found = stability.spectrum(lambda w, c=constant: matrix @ w + c, w)
        assert held(found, exact) and found.residual < 1e-2 * exact[-1]
        assert found.top == pytest.approx(exact[-1], rel=1e-7)
    assert stability.sharpness(np.tanh, w) == pytest.approx(1, rel=1e-6)
    far = stability.sharpness(lambda x: np.tanh(x - w), w)  # curvature 1 about a minimum that is far away
    assert far == pytest.approx(1, rel=1e-8 if d <= 20 else 1e-3)


@pytest.mark.parametrize("direction", [1e-300, 1e-20])
def test_what_hardly_moves_does_not_shorten_the_step(direction):
    own = landscapes.from_functions(lambda w: np.sum(w**4, axis=0), lambda w: 4 * w**3)
    v = np.array([1.0, direction])
    assert own.hvp([1.0, 2.0], v)[0] == pytest.approx(12, rel=1e-8)
    assert own.hvp([1e8, 1.0], [0.0, 1.0])[1] == pytest.approx(12, rel=1e-8)


@pytest.mark.parametrize(
    "scales", [[1, 1e-5, 5], [1, 1e5, 1], [1e8, 1, 1e-8], [1e-8, 1e-8, 1], [1e3, 1e4, 1e5], [1e-3, 1e7]]
)
@pytest.mark.parametrize("known", ["gradient", "its landscape", "loss alone"])
def test_raw_features(scales, known):
    model, w = logistic(scales)
    exact = np.linalg.eigvalsh(model.hessian(w))
    given, digits = {
        "gradient": (model.gradient, 1e-6),
        "its landscape": (landscapes.from_functions(model.loss, model.gradient), 1e-6),
        "loss alone": (landscapes.from_functions(model.loss), 1e-4),
    }[known]
    assert stability.sharpness(given, w) == pytest.approx(exact[-1], rel=digits)
    assert held(stability.spectrum(given, w), exact)


@pytest.mark.parametrize("seed", range(3))
def test_sixty_raw_features(seed):
    stream = np.random.default_rng(seed)
    X = stream.standard_normal((300, 60)) * np.exp(3 * stream.standard_normal(60))
    model, w = landscapes.logistic_regression(X, X[:, 0] > 0), stream.standard_normal(60) / np.abs(X).max(axis=0)
    exact = np.linalg.eigvalsh(model.hessian(w))
    assert stability.sharpness(model.gradient, w) == pytest.approx(exact[-1], rel=1e-5)
    assert held(stability.spectrum(model.gradient, w), exact)


def hashed(values):
    """Noise of a part in a million, another at each point."""
    stream = np.random.default_rng(np.frombuffer(values.tobytes(), np.uint32))
    return values * (1 + 1e-6 * stream.standard_normal(values.shape))


ROUGH = {
    "single": (lambda g: g.astype(np.float32), 1e-3),
    "single in double's clothes": (lambda g: g.astype(np.float32).astype(float), 1e-3),
    "half": (lambda g: g.astype(np.float16), 2e-2),
    "noisy": (hashed, 1e-3),
    "rounded": (lambda g: np.round(g, 4), 1e-2),
}


@pytest.mark.parametrize("name", ROUGH)
def test_rough_gradients(name):
    rough, digits = ROUGH[name]
    points = (
        (landscapes.beale(), [1, 1.3]),
        (landscapes.himmelblau(), [-3, 2.5]),
        (landscapes.rosenbrock(), [-1.2, 1]),
    )
    for problem, w in points:
        exact = np.linalg.eigvalsh(problem.hessian(w))
        found = stability.spectrum(lambda w, p=problem: rough(p.gradient(w)), w)
        assert found.top == pytest.approx(exact[-1], rel=digits) and held(found, exact)


@pytest.mark.parametrize("inside", [False, True])
def test_a_network_in_single_precision(inside):
    """Also where it is w that is rounded first."""
    stream = np.random.default_rng(0)
    network = landscapes.tanh_network(stream.uniform(-1, 1, (64, 2)), stream.standard_normal(64), hidden=(16,))
    w = network.start()
    exact = np.linalg.eigvalsh(network.hessian(w))

    def gradient(w):
        w = w.astype(np.float32).astype(float) if inside else w
        return network.gradient(w).astype(np.float32).astype(float)

    assert stability.sharpness(gradient, w) == pytest.approx(exact[-1], rel=1e-4)
    assert held(stability.spectrum(gradient, w), exact)


def test_the_residual_holds_wherever_it_is_asked():
    """A hundred and twenty points of three landscapes and two precisions."""
    stream = np.random.default_rng(0)
    for problem in (landscapes.beale(), landscapes.himmelblau(), logistic([1e-8, 1e-8, 1])[0]):
        for _ in range(20):
            w = stream.uniform(-2, 2, problem.dimension)
            exact = np.linalg.eigvalsh(problem.hessian(w))
            for kind in (np.float32, np.float64):
                assert held(stability.spectrum(lambda w, p=problem, k=kind: p.gradient(w).astype(k), w), exact)


def test_single_precision_is_known_by_the_values_in_own_functions_too():
    def short(function):
        return lambda w: np.asarray(function(w), np.float32).astype(float)

    beale, w, v = landscapes.beale(), np.array([1.1, 1.3]), np.array([0.3, 0.7])
    exact = beale.hessian(w)
    from_gradient = landscapes.from_functions(beale.loss, short(beale.gradient))
    from_loss = landscapes.from_functions(short(beale.loss))
    scale = np.abs(exact).max()
    np.testing.assert_allclose(from_gradient.hessian(w), exact, atol=2e-3 * scale)
    np.testing.assert_allclose(from_gradient.hvp(w, v), exact @ v, atol=2e-3 * scale)
    np.testing.assert_allclose(from_loss.gradient(w), beale.gradient(w), atol=2e-3 * scale)
    np.testing.assert_allclose(from_loss.hessian(w), exact, atol=5e-2 * scale)


# functions that keep house: one buffer for all calls, a view of w, writes into w


def reused():
    buffer = np.empty(2)

    def gradient(w):
        buffer[:] = w[0], 20 * w[1]
        return buffer

    return gradient


def written(w):
    w *= [1, 20]
    return w


def kept():
    seen = []

    def gradient(w):
        seen.append(w)
        for old in seen[:-1]:
            old[:] = 7
        return np.array([w[0], 20 * w[1]])

    return gradient


def turned():
    buffer = np.empty((2, 1))

    def gradient(w):
        buffer[:, 0] = w[0], 20 * w[1]
        return buffer.T[0]

    return gradient


@pytest.mark.parametrize("gradient", [reused(), written, kept(), turned()], ids=["reused", "written", "kept", "turned"])
def test_gradients_that_reuse_or_write(gradient):
    own = landscapes.from_functions(lambda w: (w[0] ** 2 + 20 * w[1] ** 2) / 2, gradient)
    w = np.array([1.0, 1.0])
    for given in (own, gradient):
        assert stability.sharpness(given, w) == pytest.approx(20, rel=1e-8)
        assert stability.spectrum(given, w).bottom == pytest.approx(1, rel=1e-7)
    np.testing.assert_allclose(own.hessian(w), [[1, 0], [0, 20]], atol=1e-7)
    first = own.gradient(w)
    own.gradient(2 * w)
    assert first.tolist() == [1, 20] and w.tolist() == [1, 1]
    right = descend(landscapes.bowl([1, 20]), w, 0.01, 3, method="iterate").losses
    np.testing.assert_allclose(descend(own, w, 0.01, 3).losses, right)


def test_products_and_hessians_that_write_into_what_they_get():
    matrix = np.diag([1.0, 20.0, 3.0])

    def hvp(w, v):
        w[:] = np.nan
        v *= np.diag(matrix)
        return v

    def hessian(w):
        w[:] = 5
        return matrix

    w = np.ones(3)
    assert stability.spectrum(None, w, hvp=hvp)[:2] == (20, 1)
    large = np.linspace(1, 2, 50)
    buffer = np.empty(50)
    found = stability.spectrum(None, np.ones(50), hvp=lambda w, v: np.multiply(large, v, out=buffer))
    assert found[:2] == pytest.approx((2, 1), rel=1e-7)
    own = landscapes.from_functions(lambda w: 0.0, hessian=hessian)
    assert stability.sharpness(own, w) == 20 and w.tolist() == [1, 1, 1]
    own.hessian(w)[:] = 0
    assert matrix[1, 1] == 20


class Tensor:
    """What NumPy sees of other libraries' arrays: `size` is a method."""

    def __init__(self, values):
        self.values = np.asarray(values, float)
        self.ndim, self.shape = self.values.ndim, self.values.shape

    def size(self):
        return self.shape

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        return self.values if dtype is None else self.values.astype(dtype)


def test_points_and_gradients_of_another_library():
    valley, w = landscapes.rosenbrock(), [1.0, 1.0]
    top = stability.sharpness(valley, w)
    assert stability.sharpness(valley, Tensor(w)) == stability.spectrum(valley, Tensor(w)).top == top
    assert stability.threshold(valley, Tensor(w)) == 2 / top
    assert stability.sharpness(valley, Tensor([[1.0, 2], [1, 2]])).shape == (2,)
    assert stability.sharpness(lambda w: Tensor(valley.gradient(w)), Tensor(w)) == pytest.approx(top)


def test_round_points_are_not_taken_for_single_precision():
    """ε^(1/4) is a power of two: a step of that leaves values of few digits, and then a longer one was taken."""
    own = landscapes.from_functions(lambda w: np.sum(w**4, axis=0) / 4 + w[0] * w[2])
    stream = np.random.default_rng(0)
    for _ in range(200):
        w = stream.choice([0, 0, 1, -1, 0.5, -0.25, 2.0**-6, 1e-3], 3)
        right = np.diag(3 * w**2) + np.fliplr(np.diag([1.0, 0, 1.0]))
        np.testing.assert_allclose(own.hessian(w), right, atol=1e-6)


@pytest.mark.parametrize("size", [6, 10, 3])
def test_a_loss_for_single_points_is_not_taken_for_one_of_batches(size):
    """With as many answers as points in the batch, y broadcasts along the wrong axis and nothing complains."""
    stream = np.random.default_rng(1)
    X, y, w = stream.standard_normal((size, 3)), stream.standard_normal(size), stream.standard_normal(3)
    calls = []

    def loss(w):
        calls.append(w.shape)
        return np.sum((X @ w - y) ** 2, axis=0)

    np.testing.assert_allclose(landscapes.from_functions(loss).gradient(w), 2 * X.T @ (X @ w - y), atol=1e-8)
    assert (3, 3) in calls


def test_differences_of_a_loss_that_takes_batches_are_one_batch():
    calls = []

    def loss(w):
        calls.append(w.shape)
        return np.sum(w**4 / 4 + np.roll(w, 1, axis=0) * w, axis=0)

    own, w = landscapes.from_functions(loss), np.random.default_rng(2).uniform(-3, 3, (20, 2, 3))
    right = w**3 + np.roll(w, 1, axis=0) + np.roll(w, -1, axis=0)
    np.testing.assert_allclose(own.gradient(w), right, atol=1e-8)
    assert len(calls) <= 4
    assert all((own.gradient(w)[:, i, j] == own.gradient(w[:, i, j])).all() for i in range(2) for j in range(3))


def test_a_large_point_is_cut_into_batches():
    own, w = landscapes.from_functions(lambda w: np.sum(w**4, axis=0) / 4), np.linspace(-2, 2, 700)
    np.testing.assert_allclose(own.gradient(w), w**3, atol=1e-7)
