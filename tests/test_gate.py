"""What is a user's stays the user's, and what comes in is numbers or is refused by name."""

import pickle
import warnings

import numpy as np
import pytest

from lrsim import descend, diagnosis, landscapes, optimizers, schedules, stability
from lrsim.stability import sharpness, spectrum


class Own:
    """A landscape as a user writes one."""

    def __init__(self, loss, gradient, **more):
        self.loss, self.gradient = loss, gradient
        self.__dict__.update(more)


def loss(w):
    return (w[0] ** 2 + 20 * w[1] ** 2) / 2


def slope(w):
    return np.array([w[0], 20 * w[1]])


HONEST = Own(loss, slope)
KEPT = []


def one_buffer():
    buffers = {}

    def gradient(w):
        out = buffers.setdefault(w.shape, np.empty(w.shape))
        out[0], out[1] = w[0], 20 * w[1]
        return out

    return gradient


def one_loss_buffer():
    buffers = {}

    def value(w):
        out = buffers.setdefault(w.shape[1:], np.empty(w.shape[1:]))
        out[...] = loss(w)
        return out

    return value


def writing(w):
    w[1] *= 20
    return w


def wiping_loss(w):
    found = np.array(loss(w))
    w[...] = np.nan
    return found


def keeping(w):
    KEPT.append(w)
    return slope(w)


def filled(w, out):
    out[...] = slope(w)
    w[...] = np.nan
    KEPT.append(out)
    return loss(np.array(out) / np.array([1, 20]).reshape(2, *[1] * (out.ndim - 1)))


BADLY_BEHAVED = {
    "one buffer": Own(loss, one_buffer()),
    "one buffer for the loss": Own(one_loss_buffer(), slope),
    "writes into w": Own(loss, writing),
    "wipes w": Own(wiping_loss, slope),
    "keeps w": Own(loss, keeping),
    "returns a list": Own(lambda w: loss(w).tolist(), lambda w: slope(w).tolist()),
    "float32": Own(lambda w: np.asarray(loss(w)), lambda w: slope(w)),
    "read-only": Own(loss, lambda w: np.broadcast_to(slope(w), w.shape)),
    "both at once": Own(loss, None, loss_and_gradient=filled),
}
BADLY_BEHAVED["both at once"].gradient = slope


@pytest.mark.parametrize("name", BADLY_BEHAVED)
@pytest.mark.parametrize("start", [[1.0, 2.0], np.ones((2, 3)), np.arange(12.0).reshape(2, 3, 2)], ids=np.shape)
@pytest.mark.parametrize("end", ["continue", "freeze"])
def test_a_landscape_may_keep_and_change_what_it_gets(name, start, end):
    KEPT.clear()
    right = descend(HONEST, start, 0.09, 30, on_divergence=end, noise=0.1, optimizer=optimizers.heavy_ball(0.3))
    found = descend(
        BADLY_BEHAVED[name], start, 0.09, 30, on_divergence=end, noise=0.1, optimizer=optimizers.heavy_ball(0.3)
    )
    np.testing.assert_allclose(found.losses, right.losses, rtol=1e-12)
    np.testing.assert_allclose(found.iterates, right.iterates, rtol=1e-12)
    if name == "keeps w":
        assert len(KEPT) == 30 and all((KEPT[t] == np.moveaxis(found.iterates, -1, 0)[..., t]).all() for t in range(30))


@pytest.mark.parametrize("name", [n for n in BADLY_BEHAVED if n != "both at once"])
def test_so_may_a_function_whose_curvature_is_asked_for(name):
    bad = BADLY_BEHAVED[name]
    made = landscapes.from_functions(bad.loss, bad.gradient)
    assert sharpness(made, [1.0, 2.0]) == pytest.approx(20, rel=1e-6)
    assert spectrum(bad.gradient, [1.0, 2.0]).bottom == pytest.approx(1, rel=1e-6)
    assert made.gradient([1.0, 2.0]).tolist() == [1, 40] and made.loss([1.0, 2.0]) == 40.5
    assert made.hessian([1.0, 2.0]) == pytest.approx(np.diag([1, 20]), rel=1e-6, abs=1e-6)
    assert descend(made, [1.0, 2.0], 0.09, 30).losses == pytest.approx(descend(HONEST, [1.0, 2.0], 0.09, 30).losses)


def test_the_callers_arrays_stay_writable_and_as_they_were():
    curvatures, minimum, start, etas = np.array([1.0, 20]), np.array([1.0, 2]), np.array([3.0, 4]), np.array([0.1, 0.2])
    matrix = np.array([[2.0, 1], [1, 3]])
    X, y = np.eye(3), np.ones(3)
    given = [curvatures, minimum, start, etas, matrix, X, y]
    before = [array.copy() for array in given]
    bowl = landscapes.bowl(curvatures, minimum=minimum)
    made = [
        bowl,
        landscapes.quadratic(matrix),
        landscapes.linear_regression(X, y),
        landscapes.Quadratic(minimum, curvatures),
    ]
    run = descend(bowl, start, etas, 5)
    for array, old in zip(given, before, strict=True):
        assert array.flags.writeable and (array == old).all()
        array[...] = 7
    assert (run.iterates[:, 0] == [3, 4]).all() and run.etas[1, 0] == 0.2
    assert made[0] == landscapes.bowl([1, 20], minimum=[1, 2]) and (made[1].matrix == [[2, 1], [1, 3]]).all()
    assert made[3].loss([1, 3]) == 10


def test_what_a_landscape_holds_cannot_be_written_through():
    for landscape in (
        landscapes.bowl([1, 20], angle=0.3, minimum=[1, 2]),
        landscapes.quadratic([[2, 1], [1, 3]]),
        pickle.loads(pickle.dumps(landscapes.bowl([1, 20]))),
    ):
        held = [landscape.minimum, landscape.eigenvalues, landscape.half, landscape.negative]
        for array in [*held, *(a for a in (landscape.basis, landscape.matrix) if a is not None)]:
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
        landscape.hessian()[...] = 0
        assert landscape.hessian().any()


def test_rates_are_read_only_and_all_else_is_the_callers():
    for run in (
        descend(landscapes.bowl([1, 20]), [1, 1], 0.1, 5),
        descend(landscapes.bowl([1, 20]), [1, 1], [0.1, 0.05], 5, average=2),
        descend(landscapes.rosenbrock(), [1, 1.1], schedules.inverse_time(1e-3, 1), 5),
    ):
        with pytest.raises(ValueError, match="read-only"):
            run.etas[...] = 0
        later = run.diverged_at, run.last.copy()
        for array in (run.iterates, run.losses, run.last, run.average):
            if array is not None:
                array[...] = np.nan
        assert np.array_equal(run.diverged_at, later[0]) and (run.last == later[1]).all()


class Tensor:
    """What a torch.Tensor is to NumPy: `size` is a method; with a gradient attached `__array__` raises."""

    def __init__(self, values, attached=False):
        self.values, self.attached, self.ndim = np.asarray(values, float), attached, np.ndim(values)
        self.shape = self.values.shape

    def size(self):
        return self.shape

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        if self.attached:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return self.values if dtype is None else self.values.astype(dtype)


NO_NUMBERS = {
    "none": None,
    "text": "3",
    "complex": 5 + 1j,
    "bytes": b"3",
    "object": object(),
    "attached": Tensor(3.0, attached=True),
    "masked": np.ma.masked_array(3.0, True),
    "date": np.datetime64("2020-01-01"),
}
TAKES = {
    "a loss": lambda x: descend(Own(lambda w: x, slope), [1.0, 2.0], 0.1, 2),
    "a made loss": lambda x: landscapes.from_functions(lambda w: x).loss([1.0]),
    "a gradient": lambda x: descend(Own(loss, lambda w: [x, 1.0]), [1.0, 2.0], 0.1, 2),
    "start": lambda x: descend(landscapes.bowl([1, 20]), [x, 1.0], 0.1, 2),
    "eta": lambda x: descend(landscapes.bowl([1, 20]), [1.0, 1.0], x, 2),
    "eta of a step": lambda x: descend(landscapes.bowl([1, 20]), [1.0, 1.0], lambda t: x, 2),
    "noise": lambda x: (
        descend(landscapes.bowl([1, 20]), [1.0, 1.0], 0.1, 2, noise=x) if x is not None else sharpness(x)
    ),
    "a bowl": lambda x: landscapes.bowl([x, 1.0]),
    "a minimum": lambda x: landscapes.bowl([1.0, 1.0], minimum=[x, 1.0]),
    "w": lambda x: sharpness(landscapes.rosenbrock(), [x, 1.0]),
    "a hessian": lambda x: spectrum(None, [1.0, 1.0], hvp=lambda w, v: [x, 1.0]),
    "losses": lambda x: diagnosis.diagnose([x, 2.0, 1.0, 0.5, 0.2]),
    "curvature": lambda x: stability.noise_floor([x, 1.0], 0.1, 1.0),
}


@pytest.mark.parametrize("what", TAKES)
@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_what_is_no_number_is_refused_without_a_warning(what, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((TypeError, ValueError)):
            TAKES[what](NO_NUMBERS[kind])


def test_arrays_of_other_libraries_are_taken_or_named():
    assert sharpness(landscapes.rosenbrock(), Tensor([1.0, 1.0])) == pytest.approx(1001.6006, abs=1e-3)
    assert descend(landscapes.bowl([1, 20]), Tensor([1.0, 1.0]), Tensor([0.1, 0.2]), 3).losses.shape == (2, 4)
    for name, attempt in {
        "start": lambda x: descend(landscapes.bowl([1, 20]), x, 0.1, 3),
        "w": lambda x: sharpness(landscapes.rosenbrock(), x),
        "losses": diagnosis.diagnose,
        "eigenvalues": landscapes.bowl,
        "eta": lambda x: descend(landscapes.bowl([1, 20]), [1, 1], x, 3),
    }.items():
        with pytest.raises(TypeError, match=f"^{name} must be an array of numbers, got Tensor, which says: Can't call"):
            attempt(Tensor([1.0, 1.0], attached=True))
        hidden = np.ma.masked_array([1.0, 2.0], [False, True])
        for listed in ([1.0, np.ma.masked], (hidden, hidden), [[1.0, 2.0], [3.0, np.ma.masked]]):
            with pytest.raises(ValueError, match=f"^{name} must have no masked values, got [12]"):
                attempt(listed)
        with pytest.raises(ValueError, match=f"^{name} must have no masked values, got 1"):
            attempt(hidden)
    whole = np.ma.masked_array([1.0, 2.0], [False, False])
    assert descend(landscapes.bowl([1, 20]), whole, 0.1, 3).losses[0] == 40.5


class Tilted(landscapes.Quadratic):
    """A quadratic by its class, and another loss."""

    def loss(self, w):
        return super().loss(w) + np.asarray(w)[0]

    def gradient(self, w):
        slope = np.array(super().gradient(w))
        slope[0] += 1
        return slope

    def loss_and_gradient(self, w, out):
        out[...] = self.gradient(w)
        return self.loss(w)

    def hessian(self, w=None):
        return 2 * super().hessian(w)


def test_a_subclass_with_a_loss_of_its_own_is_asked_for_it():
    tilted = Tilted(np.zeros(2), np.array([1.0, 20]))
    run = descend(tilted, [1.0, 1.0], 0.05, 300)
    assert run.iterates[-1] == pytest.approx([-1, 0], abs=1e-5) and run.final_loss == pytest.approx(-0.5)
    assert run.regime is None and sharpness(tilted, [1.0, 1.0]) == 40
    for attempt in (
        lambda: stability.optimal_eta(tilted),
        lambda: stability.turnaround_step(tilted, [1, 1], 0.1),
        lambda: stability.expected_losses(tilted, [1, 1], 0.1, 5, 1.0),
        lambda: descend(tilted, [1, 1], 0.1, 5, method="modes"),
    ):
        with pytest.raises((TypeError, ValueError), match="quadratic"):
            attempt()


def _without(kind, landscape):
    """The same landscape as one of the subclass."""
    made = kind.__new__(kind)
    made.__dict__.update(landscape.__dict__)
    return made


class Handed:
    """A wrapper with a gradient of its own, which hands on all it lacks."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        if name == "inner":
            raise AttributeError(name)
        return getattr(self.inner, name)

    def gradient(self, w):
        return 3 * self.inner.gradient(w)


@pytest.mark.parametrize(
    ("place", "w"),
    [
        (landscapes.Quadratic(np.zeros(2), np.array([1.0, 20])), [1.0, 1.0]),
        (landscapes.rosenbrock(), [1.0, 1.5]),
        (landscapes.himmelblau(), [2.0, 1.5]),
        (landscapes.logistic_regression([[1.0, 2], [2, -3], [0.5, 1]], [0, 1, 1]), [1.0, -0.5]),
        (landscapes.from_functions(lambda w: (w**4).sum(0), lambda w: 4 * w**3), [1.0, 0.5]),
    ],
)
def test_what_was_inherited_says_nothing_of_a_loss_or_gradient_that_replaced_it(place, w):
    """A subclass need not replace `loss_and_gradient`, `hvp` and `hessian` with the loss or the gradient."""

    class Raised(type(place)):
        def loss(self, w):
            return super().loss(w) + 3

    class Steeper(type(place)):
        def gradient(self, w):
            return 3 * super().gradient(w)

    usual, top = descend(place, w, 0.001, 5, method="iterate"), sharpness(place, w)
    raised = descend(_without(Raised, place), w, 0.001, 5)
    assert raised.losses == pytest.approx(usual.losses + 3, rel=1e-13) and sharpness(_without(Raised, place), w) == top
    for steeper in (_without(Steeper, place), Handed(place)):
        run = descend(steeper, w, 0.001 / 3, 5)
        assert run.iterates == pytest.approx(usual.iterates, rel=1e-12)
        assert sharpness(steeper, w) == pytest.approx(3 * top, rel=1e-6)
        assert spectrum(steeper, w).top == pytest.approx(3 * top, rel=1e-6)


def test_a_hessian_made_from_the_gradient_is_asked_whoever_wrote_the_gradient():
    class Template:
        def hessian(self, w):
            return np.diag(self.gradient(np.ones(2)))

    class Bowl(Template):
        def loss(self, w):
            return loss(w)

        def gradient(self, w):
            return slope(w)

    assert sharpness(Bowl(), [1.0, 1.0]) == 20 and spectrum(Bowl(), [1.0, 1.0]).products <= 2


def test_brackets_that_were_forgotten_are_named():
    bowl = landscapes.bowl([1, 20])
    with pytest.raises(TypeError, match="optimizer must be an optimizer, got the function heavy_ball: call it"):
        descend(bowl, [1, 1], 0.1, 3, optimizer=optimizers.heavy_ball)
    for attempt in (
        lambda: stability.threshold(bowl, optimizer=optimizers.heavy_ball),
        lambda: stability.noise_floor(1, 0.1, 1, optimizers.nesterov),
        lambda: stability.expected_losses(bowl, [1, 1], 0.1, 3, 1.0, optimizer=optimizers.adamw),
        lambda: optimizers.clipped(optimizers.adam, norm=1),
    ):
        with pytest.raises(TypeError, match=r"optimizer must be an optimizer, got the function .*: call it"):
            attempt()
    with pytest.raises(TypeError, match="landscape"):
        descend(landscapes.rosenbrock, [1, 1], 0.1, 3)
    with pytest.raises(TypeError, match="landscape must be a landscape, got the class Quadratic: call it"):
        descend(landscapes.Quadratic, [1, 1], 0.1, 3)


class Nameless:
    """What a C extension or a mock may be: callable, of no module."""

    __module__ = None

    def __call__(self, w):
        return w


def test_what_has_no_module_is_refused_as_anything_else():
    with pytest.raises(TypeError, match="optimizer must be one of"):
        descend(landscapes.bowl([1, 20]), [1, 1], 0.1, 3, optimizer=Nameless())
    with pytest.raises(TypeError, match="optimizer must be one of"):
        optimizers.decayed(Nameless(), 0.1)

    class Made:
        loss, gradient = Nameless(), Nameless()

    with pytest.raises(ValueError, match=r"landscape\.loss must return shape"):
        descend(Made(), [1.0, 1], 0.1, 3)


def test_an_error_inside_a_users_function_is_the_users():
    def wrong(w):
        return len(w[0])

    with pytest.raises(TypeError, match="has no len"):
        descend(Own(wrong, slope), [1.0, 2.0], 0.1, 2)


NAMED = [
    landscapes.bowl([1, 20]),
    landscapes.bowl([0.1, 1 / 3], angle=0.3, minimum=[1, -2]),
    landscapes.saddle([3, -0.2], point=[1e-300, 5]),
    landscapes.quadratic([[2, 1], [1, 3]], minimum=[0.1, 0.2]),
    landscapes.bowl([1 / 7]),
    landscapes.bowl(np.linspace(0, 1, 50)),
]


@pytest.mark.parametrize("landscape", NAMED, ids=repr)
def test_the_repr_of_a_quadratic_makes_it_again(landscape):
    again = eval(repr(landscape), vars(landscapes))
    assert again == landscape and again.loss(np.ones(again.dimension)) == landscape.loss(np.ones(again.dimension))


def test_streams_are_named_by_purpose_run_and_seed():
    """None is another's, nor the user's own of the same seed; and SeedSequences and Generators hand them on."""
    bowl = landscapes.bowl([1.0] * 40)

    def noise(**options):
        return -descend(bowl, np.zeros(40), np.ones(3), 1, noise=1.0, **options).iterates[:, 1]

    every = [
        *noise(), *noise(rng=1), *noise(rng=2**32), *noise(rng=2**64 + 1), *noise(rng=2**128),
        *noise(rng=np.random.SeedSequence(0).spawn(1)[0]), *noise(rng=np.random.default_rng(0)),
        *(np.random.default_rng(seed).standard_normal(40) for seed in (0, 1)),
        *(np.random.Generator(np.random.PCG64([0, run, 0])).standard_normal(40) for run in range(1, 3)),
    ]  # fmt: skip
    correlations = np.corrcoef(every) - np.eye(len(every))
    assert np.abs(correlations).max() < 0.75
    assert (noise(seed=5) == noise(rng=5)).all() and (noise(rng=np.random.SeedSequence(5)) == noise(rng=5)).all()
    stream = np.random.default_rng(0)
    one, two = noise(rng=stream), noise(rng=stream)
    assert (one == noise(rng=np.random.default_rng(0))).all() and (one != two).all()
    for bad in ("a", 1.5, -1, True, np.random.RandomState(0)):
        with pytest.raises((TypeError, ValueError), match="rng must be"):
            noise(rng=bad)
    with pytest.raises(TypeError, match="rng and seed are two names"):
        noise(rng=1, seed=1)


def test_noise_and_minibatches_are_streams_apart():
    """The shuffles of a seed are the same with noise and without, and noise is that of a whole batch."""
    X = np.random.default_rng(1).standard_normal((30, 2))
    fit, seen = landscapes.linear_regression(X, X[:, 0]), []

    def spy(w, rows=None):
        seen.append(rows)
        return fit.gradient(w, rows)

    place = Own(fit.loss, spy, samples=30, dimension=2)
    descend(place, [1, 1], 0.1, 6, batch=5)
    plain = seen.copy()
    seen.clear()
    descend(place, [1, 1], 0.1, 6, batch=5, noise=0.3)
    assert all((a == b).all() for a, b in zip(plain, seen, strict=True))


def test_no_start_of_a_network_is_its_noise():
    stream = np.random.default_rng(1)
    for seed in range(4):
        network = landscapes.tanh_network(stream.standard_normal((40, 2)), stream.standard_normal(40), hidden=(12,))
        w = network.start(seed)
        noise = w - network.gradient(w) - descend(network, w, 1.0, 1, noise=1.0, rng=seed).iterates[1]
        weights = w != 0
        assert abs(np.corrcoef(w[weights], noise[weights])[0, 1]) < 0.6
        assert (network.start(seed) == network.start(seed)).all() and (network.start(seed + 1) != w).any()
        own = np.random.default_rng(seed).standard_normal(24)
        assert abs(np.corrcoef(own, w[:24])[0, 1]) < 0.7
