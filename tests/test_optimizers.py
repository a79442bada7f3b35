"""Update rules: what PyTorch and Keras print for the same runs, and what the rules are in themselves."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from lrsim import Trajectory, _examples, descend, landscapes, optimizers, schedules, stability

STEPS = [1, 2, 10, 100, 300]

# Rosenbrock from (-1.2, 1) in float64: the iterates of PyTorch's and Keras' optimizers at STEPS (`make reference`).
THEIRS = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["optimizers"]
# Of PyTorch's η is η₀/(1 + 0.01t), set before every step.
PYTORCH = {
    "PyTorch SGD": (optimizers.gradient_descent(), 1e-3),
    "PyTorch SGD(momentum=0.9)": (optimizers.heavy_ball(0.9), 2e-4),
    "PyTorch SGD(momentum=0.9, nesterov=True)": (optimizers.nesterov(0.9), 2e-4),
    "PyTorch RMSprop(alpha=0.95, eps=1e-6)": (optimizers.rmsprop(0.95, 1e-6), 1e-2),
    "PyTorch Adam(betas=(0.8, 0.99), eps=1e-7)": (optimizers.adam(0.8, 0.99, 1e-7), 5e-2),
}
# Of Keras' it is constant: there momentum's η is inside the buffer, which makes no difference then, and ε stands
# elsewhere, which makes none where it is tiny.
KERAS = {
    "Keras SGD(2e-4, momentum=0.9)": (optimizers.heavy_ball(0.9), 2e-4),
    "Keras SGD(2e-4, momentum=0.9, nesterov=True)": (optimizers.nesterov(0.9), 2e-4),
    "Keras Adam(5e-2, beta_1=0.8, beta_2=0.99, epsilon=1e-12)": (optimizers.adam(0.8, 0.99, 0.0), 5e-2),
    "Keras RMSprop(1e-2, rho=0.95, epsilon=1e-16)": (optimizers.rmsprop(0.95, 0.0), 1e-2),
}


@pytest.mark.parametrize("name", PYTORCH)
def test_the_iterates_that_pytorch_prints(name):
    optimizer, eta0 = PYTORCH[name]
    run = descend(landscapes.rosenbrock(), [-1.2, 1], schedules.inverse_time(eta0, k=0.01), 300, optimizer=optimizer)
    np.testing.assert_allclose(run.iterates[STEPS], THEIRS[name], rtol=1e-12)


@pytest.mark.parametrize("name", KERAS)
def test_the_iterates_that_keras_prints(name):
    optimizer, eta = KERAS[name]
    run = descend(landscapes.rosenbrock(), [-1.2, 1], eta, 100, optimizer=optimizer)
    np.testing.assert_allclose(run.iterates[STEPS[:4]], THEIRS[name], rtol=1e-12 if "SGD" in name else 1e-8)


def test_every_recorded_optimizer_has_ours():
    assert THEIRS.keys() == PYTORCH.keys() | KERAS.keys()


MADE = _examples.made(optimizers)
ALL = list(MADE.values())
LINEAR = [optimizer for optimizer in ALL if optimizer.linear]
UNDECAYED = [optimizer for optimizer in ALL if "decayed" not in repr(optimizer)]
everything = pytest.mark.parametrize("optimizer", ALL, ids=list(MADE))


@everything
def test_a_sweep_is_its_single_runs_to_the_bit(optimizer):
    etas, valley = np.array([1e-4, 3e-4, 1e-3]), landscapes.rosenbrock()
    sweep = descend(valley, [-1.2, 1], etas, 40, optimizer=optimizer)
    for eta, iterates in zip(etas, sweep.iterates, strict=True):
        assert (descend(valley, [-1.2, 1], eta, 40, optimizer=optimizer).iterates == iterates).all()


@everything
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e200, 0.0])
def test_no_gradient_touches_another_run_of_its_batch(optimizer, bad):
    """Three steps of a batch whose middle run has bad entries, to the bit those of every run alone."""
    stream = np.random.default_rng(7)
    w = stream.standard_normal((40, 3))
    alone = [w[:, i].copy() for i in range(3)]
    state, states = optimizer.init(w), [optimizer.init(x) for x in alone]
    for t in range(3):
        slopes = stream.standard_normal((40, 3))
        slopes[1:, 1] = bad
        etas = stream.random(3)
        with np.errstate(all="ignore"):
            for i in range(3):
                optimizer.step(alone[i], slopes[:, i].copy(), etas[i], states[i], t)
            optimizer.step(w, slopes.copy(), etas, state, t)
    assert np.array_equal(w, np.stack(alone, axis=1), equal_nan=True)
    assert np.isfinite(w[:, [0, 2]]).all()


@everything
def test_a_run_is_taken_up_with_its_buffers_also_from_a_file(optimizer, tmp_path):
    valley = landscapes.rosenbrock()
    whole = descend(valley, [-1.2, 1], 1e-3, 30, optimizer=optimizer)
    descend(valley, [-1.2, 1], 1e-3, 12, optimizer=optimizer).save(tmp_path / "run.npz")
    rest = descend(valley, Trajectory.load(tmp_path / "run.npz"), 1e-3, 18)
    assert (rest.last == whole.last).all()


@everything
def test_a_rate_of_zero_moves_nothing(optimizer):
    run = descend(landscapes.rosenbrock(), [-1.2, 1], 0.0, 5, optimizer=optimizer)
    assert (run.iterates == [-1.2, 1]).all()


@everything
def test_repr_makes_it_again_and_it_compares_and_pickles(optimizer):
    assert eval(repr(optimizer), vars(optimizers)) == optimizer == pickle.loads(pickle.dumps(optimizer))
    assert hash(optimizer) == hash(eval(repr(optimizer), vars(optimizers)))
    assert sum(optimizer == other for other in ALL) == 1


@pytest.mark.parametrize("optimizer", LINEAR, ids=lambda o: o.name)
def test_modes_and_plain_iteration_agree_on_a_turned_bowl(optimizer):
    bowl = landscapes.bowl([1, 20], angle=0.7, minimum=[3, -1])
    eta = schedules.inverse_time(0.06, k=0.02)
    one, other = (descend(bowl, [10, 5], eta, 60, optimizer=optimizer, method=m) for m in ("modes", "iterate"))
    np.testing.assert_allclose(one.iterates, other.iterates, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(one.losses, other.losses, rtol=1e-8, atol=1e-18)


def test_no_momentum_is_gradient_descent():
    bowl, valley = landscapes.bowl([1, 20]), landscapes.rosenbrock()
    plain = descend(valley, [-1.2, 1], 1e-3, 50)
    for rule in (optimizers.heavy_ball(0.0), optimizers.nesterov(0.0)):
        assert (descend(valley, [-1.2, 1], 1e-3, 50, optimizer=rule).iterates == plain.iterates).all()
        both = descend(bowl, [10, 0.05], 0.09, 50, optimizer=rule), descend(bowl, [10, 0.05], 0.09, 50)
        np.testing.assert_allclose(both[0].losses, both[1].losses, rtol=1e-11)


def test_the_factor_of_complex_heavy_ball_roots_is_the_root_of_beta_whatever_eta():
    """1 + β - ηλ below 2√β in size: both roots of z² - (1+β-ηλ)z + β have |z| = √β."""
    for eta in (0.2, 1.0, 3.0):
        run = descend(landscapes.bowl([1.0]), [1.0], eta, 400, optimizer=optimizers.heavy_ball(0.81))
        envelope = np.maximum.reduceat(run.losses, [200, 300])
        assert (envelope[1] / envelope[0]) ** (1 / 200) == pytest.approx(0.9, abs=2e-3)


@pytest.mark.parametrize(("beta", "rule"), [(0.5, optimizers.heavy_ball), (0.9, optimizers.nesterov)])
def test_momentum_diverges_just_above_its_threshold_and_not_below(beta, rule):
    limit = 2 * (1 + beta) / (1 + 2 * beta) if rule is optimizers.nesterov else 2 * (1 + beta)
    for share, lost in ((0.99, False), (1.01, True)):
        run = descend(landscapes.bowl([1.0]), [1.0], share * limit, 3000, optimizer=rule(beta), record="summary")
        assert (run.diverged_at is not None) == lost


def test_adams_first_step_has_the_length_eta_in_every_coordinate():
    run = descend(landscapes.bowl([1, 1e6]), [3, -4], 0.01, 1, optimizer=optimizers.adam())
    np.testing.assert_allclose(run.iterates[1] - run.iterates[0], [-0.01, 0.01], rtol=1e-6)


def test_without_a_gradient_nothing_moves_and_nothing_is_divided_by_zero():
    for rule in (optimizers.adam(eps=0.0), optimizers.rmsprop(eps=0.0)):
        run = descend(landscapes.bowl([1, 2]), [0, 3], 0.1, 5, optimizer=rule)
        assert (run.iterates[:, 0] == 0).all() and np.isfinite(run.iterates).all()


def _clipped(gradient, **limit):
    w, g = np.zeros(np.shape(gradient)), np.array(gradient, dtype=float)
    with np.errstate(all="raise"):
        optimizers.clipped(optimizers.gradient_descent(), **limit).step(w, g, 1.0, (), 0)
    return -w


@pytest.mark.parametrize(("gradient", "norm", "right"), [
    ([3, 4], 1, [0.6, 0.8]),
    ([3, 4], 5, [3, 4]),
    ([3e200, -4e200], 10, [6, -8]),  # no square of these is finite
    ([1.5e308, 1.5e308, 1.5e308, 1.5e308], 2, [1, 1, 1, 1]),  # nor is the norm
    ([3e-200, 4e-200], 1e-200, [0.6e-200, 0.8e-200]),  # nor is a square of these above 0
    ([3e-200, 4e-200], 1, [3e-200, 4e-200]),
    ([5e-324, 0], 1, [5e-324, 0]),
    ([0, 0], 1, [0, 0]),
    ([np.inf, 3], 1, [np.nan, 0]),  # as PyTorch: ∞ · 0 and 3 · 0
    ([-np.inf, np.inf, 1e308], 1, [np.nan, np.nan, 0]),
    ([np.nan, 3], 1, [np.nan, np.nan]),
    ([[3, 0.3], [4, 0.4]], 1, [[0.6, 0.3], [0.8, 0.4]]),  # each run by its own norm
])  # fmt: skip
def test_clipping_by_norm(gradient, norm, right):
    np.testing.assert_allclose(_clipped(gradient, norm=norm), right, rtol=1e-15)


def test_clipping_by_value():
    found = _clipped([3, -4, 0.5, 0, np.inf, -np.inf, np.nan], value=1)
    np.testing.assert_array_equal(found, [1, -1, 0.5, 0, 1, -1, np.nan])


@pytest.mark.parametrize("limit", [{"norm": 1e250}, {"value": 1e250}])
@everything
def test_what_is_below_the_limit_is_left_alone_to_the_bit(optimizer, limit):
    plain, clipped = (
        descend(landscapes.rosenbrock(), [-1.2, 1], 1e-3, 50, optimizer=rule, method="iterate").iterates
        for rule in (optimizer, optimizers.clipped(optimizer, **limit))
    )
    assert (plain == clipped).all()


def test_clipping_comes_before_the_buffers():
    """v ← 0.5 v + clip(g): from 100 on L = ½w² with norm 1, w = 99, 97.5, 95.75."""
    rule = optimizers.clipped(optimizers.heavy_ball(0.5), norm=1)
    run = descend(landscapes.bowl([1.0]), [100.0], 1.0, 3, optimizer=rule)
    assert run.iterates[:, 0].tolist() == [100, 99, 97.5, 95.75]


def test_clipping_keeps_a_run_from_exploding_and_leaves_the_threshold():
    """Above 2/λ steps are at most ηc long: the run hovers instead of growing; below, it ends as without clipping."""
    bowl, rule = landscapes.bowl([1, 20]), optimizers.clipped(optimizers.gradient_descent(), norm=1)
    assert stability.threshold(bowl, optimizer=rule) == 0.1
    high = descend(bowl, [10, 0.05], 0.105, 5000, optimizer=rule)
    assert high.diverged_at is None and abs(high.iterates[-1, 1]) < 0.105
    assert high.losses[-100:].max() > 1e-4
    assert descend(bowl, [10, 0.05], 0.099, 5000, optimizer=rule).final_loss < 1e-30


def test_minus_zero_is_zero():
    for make in (
        optimizers.heavy_ball,
        lambda zero: optimizers.adam(zero, zero, zero),
        lambda zero: optimizers.decayed(ADAM, zero),
    ):
        assert make(-0.0) == make(0.0) and repr(make(-0.0)) == repr(make(0.0))


@pytest.mark.parametrize("decay", [0, -0.0, 0.0])
@pytest.mark.parametrize("rule", UNDECAYED, ids=lambda o: o.name)
def test_no_decay_is_the_rule_to_the_bit(rule, decay):
    valley = landscapes.rosenbrock()
    one, other = (descend(valley, [-1.2, 1], 1e-3, 50, optimizer=o) for o in (rule, optimizers.decayed(rule, decay)))
    assert (one.iterates == other.iterates).all()
    assert optimizers.decayed(rule, decay) == optimizers.decayed(rule, 0)


def test_adamw_by_hand():
    """L = ½w² from 2, η = 0.1, β = (½, ¾), ε = 0, μ = 1: m̂/√ŝ is 1 at first, then m = (2+2g)/3, s = (3·4+4g²)/7."""
    rule = optimizers.adamw(0.5, 0.75, 0.0, decay=1)
    run = descend(landscapes.bowl([1.0]), [2.0], 0.1, 2, optimizer=rule)
    first = 2 * 0.9 - 0.1
    mean, squares = (2 / 4 + first / 2) / (3 / 4), (4 * 3 / 16 + first**2 / 4) / (7 / 16)
    np.testing.assert_allclose(run.iterates[:, 0], [2, first, first * 0.9 - 0.1 * mean / squares**0.5], rtol=1e-14)
    assert rule == optimizers.decayed(optimizers.adam(0.5, 0.75, 0.0), 1.0)


@pytest.mark.parametrize(("product", "factor"), [(0.5, 0.5), (1, 0), (1.5, -0.5), (2, -1), (3, -2)])
def test_decay_alone_shrinks_by_one_minus_eta_mu_also_beyond_one(product, factor):
    flat = landscapes.bowl([0.0])
    for rule in (optimizers.gradient_descent(), optimizers.heavy_ball(0.9), optimizers.adam()):
        run = descend(flat, [4.0], 0.25, 3, optimizer=optimizers.decayed(rule, product / 0.25))
        np.testing.assert_allclose(run.iterates[:, 0], 4 * float(factor) ** np.arange(4))


def test_decay_pulls_to_zero_wherever_the_minimum_is_and_is_l2_for_gradient_descent_only():
    """Curvature 1, minimum 1, μ 0.1: L2 ends at 1/1.1; decoupled at the same without momentum, at 1/(1+μ(1-β)) with
    β, and AdamW without noise at the minimum itself."""
    bowl, ridge = landscapes.bowl([1.0], minimum=[1.0]), landscapes.bowl([1.1], minimum=[1 / 1.1])
    ends = {
        optimizers.gradient_descent(): 1 / 1.1,
        optimizers.heavy_ball(0.9): 1 / 1.01,
        optimizers.nesterov(0.9): 1 / 1.01,
    }
    for rule, end in ends.items():
        run = descend(bowl, [3.0], 0.1, 3000, optimizer=optimizers.decayed(rule, 0.1))
        assert run.last[0] == pytest.approx(end, rel=1e-12)
        assert descend(ridge, [3.0], 0.1, 3000, optimizer=rule).last[0] == pytest.approx(1 / 1.1, rel=1e-12)
    decay = schedules.inverse_time(0.01, k=1e-3)
    assert descend(bowl, [3.0], decay, 40_000, optimizer=optimizers.adamw(decay=0.1)).last[0] == pytest.approx(1, 1e-3)
    one = descend(bowl, [3.0], 0.1, 50, optimizer=optimizers.decayed(optimizers.gradient_descent(), 0.1)).iterates
    np.testing.assert_allclose(one, descend(ridge, [3.0], 0.1, 50).iterates, rtol=1e-12)


@pytest.mark.parametrize("rule", LINEAR, ids=lambda o: o.name)
@pytest.mark.parametrize("decay", [0.0, 0.3, 5.0])
def test_with_decay_it_diverges_just_above_the_threshold_and_not_below(rule, decay):
    bowl, both = landscapes.bowl([1.0]), optimizers.decayed(rule, decay)
    limit = stability.threshold(bowl, optimizer=both)
    assert limit == stability.threshold(bowl, optimizer=optimizers.clipped(both, value=1))
    if rule.name == "gradient_descent":
        assert limit == pytest.approx(2 / (1 + decay))
    for share, lost in ((0.99, False), (1.01, True)):
        run = descend(bowl, [1.0], share * limit, 3000, optimizer=both, record="summary")
        assert (run.diverged_at is not None) == lost


def test_decay_makes_a_threshold_where_there_is_no_curvature():
    rule = optimizers.decayed(optimizers.heavy_ball(0.5), 4)
    assert stability.threshold([0.0, -1.0, -9.0], optimizer=rule).tolist() == [0.5, 3 / (-1 + 6), np.inf]


ADAM = optimizers.adam()
BAD = {
    "beta": (lambda: optimizers.heavy_ball(1.0), ValueError, "beta must be < 1, got 1"),
    "negative": (lambda: optimizers.nesterov(-0.1), ValueError, "beta must be >= 0, got -0.1"),
    "beta1": (lambda: optimizers.adam(beta1=1.5), ValueError, "beta1 must be < 1"),
    "eps": (lambda: optimizers.adam(eps=-1), ValueError, "eps must be >= 0"),
    "rho": (lambda: optimizers.rmsprop(np.nan), ValueError, "rho must be finite"),
    "text": (lambda: optimizers.heavy_ball("much"), TypeError, "beta must be real numbers"),
    "many": (lambda: optimizers.heavy_ball([0.1, 0.2]), ValueError, "beta must be one number"),
    "huge": (lambda: optimizers.adam(eps=10**400), (TypeError, ValueError), "eps must be"),
    "none": (lambda: optimizers.adamw(decay=None), TypeError, "decay must be real numbers, got None"),
    "growth": (lambda: optimizers.adamw(decay=-0.01), ValueError, "decay must be >= 0, got -0.01"),
    "decay nan": (lambda: optimizers.decayed(ADAM, np.nan), ValueError, "decay must be finite"),
    "masked": (lambda: optimizers.decayed(ADAM, np.ma.masked), ValueError, "decay must have no masked values"),
    "twice": (lambda: optimizers.decayed(optimizers.clipped(optimizers.adamw(), 1), 0.1), ValueError, "no decay yet"),
    "digits": (lambda: optimizers.clipped(10**5000, 1), TypeError, "optimizer must be .* a number of 5001 digits"),
    "neither": (
        lambda: optimizers.clipped(ADAM),
        TypeError,
        "norm or value must be given, one of the two, got None and None",
    ),
    "both": (lambda: optimizers.clipped(ADAM, 1, 2), TypeError, "one of the two, got 1 and 2"),
    "norm zero": (lambda: optimizers.clipped(ADAM, 0), ValueError, "norm must be > 0, got 0"),
    "value below": (lambda: optimizers.clipped(ADAM, value=-1), ValueError, "value must be > 0, got -1"),
    "norm inf": (lambda: optimizers.clipped(ADAM, np.inf), ValueError, "norm must be finite"),
    "norms": (lambda: optimizers.clipped(ADAM, [1, 2]), ValueError, "norm must be one number"),
    "norm text": (lambda: optimizers.clipped(ADAM, "1"), TypeError, "norm must be real numbers"),
    "brackets": (lambda: optimizers.clipped(optimizers.adam, 1), TypeError, "got the function adam: call it"),
    "no brackets": (lambda: optimizers.decayed(optimizers.adamw, 1), TypeError, "got the function adamw: call it"),
    "no optimizer": (lambda: optimizers.clipped("adam", 1), TypeError, "must be one of lrsim.optimizers, got 'adam'"),
    "order": (lambda: optimizers.clipped(1, ADAM), TypeError, "optimizer must be one of lrsim.optimizers, got 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_parameters_are_refused_by_name(name):
    make, error, message = BAD[name]
    with pytest.raises(error, match=message):
        make()


class Doubled:
    """One's own rule under a name of the library's."""

    name, linear = "gradient_descent", False

    def init(self, w):
        return ()

    def step(self, w, gradient, eta, state, t):
        w -= 2 * eta * gradient


@pytest.mark.parametrize("record", ["path", "loss"])
def test_a_rule_of_ones_own_is_followed_whatever_its_name(record):
    valley = landscapes.rosenbrock()
    own = descend(valley, [-1.2, 1], 1e-4, 30, optimizer=Doubled(), record=record)
    assert np.array_equal(own.losses, descend(valley, [-1.2, 1], 2e-4, 30).losses)
