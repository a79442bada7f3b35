"""Update rules: what PyTorch and Keras print for the same runs, and what the rules are in themselves."""

import pickle

import numpy as np
import pytest

from lrsim import descend, landscapes, optimizers, schedules

STEPS = [1, 2, 10, 100, 300]

# Rosenbrock from (-1.2, 1), η_t = η₀/(1 + 0.01t), in float64: the iterates that PyTorch 2.13.0 prints at STEPS, from
# torch.optim.SGD, RMSprop and Adam with the learning rate set before every step.
PYTORCH = {
    "SGD": (optimizers.gradient_descent(), 1e-3, [
        [-0.9843999999999999, 1.088], [-1.026847095610297, 1.0644442297029704],
        [-1.0217457384860942, 1.0519452742828455], [-0.9736232010528747, 0.9559614242608563],
        [-0.9144705803996603, 0.8443141953620398]]),
    "SGD(momentum=0.9)": (optimizers.heavy_ball(0.9), 2e-4, [
        [-1.15688, 1.0176], [-1.0882084482106398, 1.0459869835405942], [-1.00031909778488, 1.0323298356953798],
        [-0.8758782163654732, 0.7750684254804294], [-0.7368935630380944, 0.5510651899596966]]),
    "SGD(momentum=0.9, nesterov=True)": (optimizers.nesterov(0.9), 2e-4, [
        [-1.118072, 1.03344], [-1.0454431980947432, 1.0638568512732514], [-1.0249782242906706, 1.0340968128281414],
        [-0.9108564826765585, 0.8377027423791152], [-0.7782102899544012, 0.6136848253729928]]),
    "RMSprop(alpha=0.95, eps=1e-6)": (optimizers.rmsprop(0.95, 1e-6), 1e-2, [
        [-1.155278641377648, 1.0447213572772687], [-1.1309365131579185, 1.0695214851710022],
        [-1.0711697198027068, 1.128770916565143], [-1.007578611591318, 1.021695843352825],
        [-0.590984657909387, 0.3608352222570472]]),
    "Adam(betas=(0.8, 0.99), eps=1e-7)": (optimizers.adam(0.8, 0.99, 1e-7), 5e-2, [
        [-1.1500000000231911, 1.0499999999431817], [-1.1032349815674274, 1.096985018270944],
        [-1.0433622538261595, 1.1319197138358956], [-0.9361982018620705, 0.8827391054267562],
        [-0.42792618123366, 0.18716490478433617]]),
}  # fmt: skip

# The same at constant η from Keras 3.15.1: there momentum's η is inside the buffer, which makes no difference, and ε
# stands elsewhere, which makes none where it is tiny.
KERAS = {
    "SGD(2e-4, momentum=0.9)": (optimizers.heavy_ball(0.9), 2e-4, [
        [-1.15688, 1.0176], [-1.0875217326927462, 1.0462708533760001], [-1.009621188671798, 1.023606905119523],
        [-0.8058493313758449, 0.6568329746476971]]),
    "SGD(2e-4, momentum=0.9, nesterov=True)": (optimizers.nesterov(0.9), 2e-4, [
        [-1.118072, 1.0334400000000001], [-1.0447169100756906, 1.064161019785984],
        [-1.027741527489887, 1.0303275970108563], [-0.8543218623359363, 0.7379107399397118]]),
    "Adam(5e-2, beta_1=0.8, beta_2=0.99, epsilon=1e-12)": (optimizers.adam(0.8, 0.99, 0.0), 5e-2, [
        [-1.1500000000000024, 1.0499999999999943], [-1.1027673313362345, 1.0974548685729244],
        [-1.0463536377042977, 1.126794260249433], [-0.8630050124780732, 0.7508811361528508]]),
    "RMSprop(1e-2, rho=0.95, epsilon=1e-16)": (optimizers.rmsprop(0.95, 0.0), 1e-2, [
        [-1.1552786404500042, 1.0447213595499958], [-1.1306930907777337, 1.0697694895427803],
        [-1.0700203497974106, 1.1296931247447146], [-0.9685430857036027, 0.9445042760457253]]),
}  # fmt: skip


@pytest.mark.parametrize("name", PYTORCH)
def test_the_iterates_that_pytorch_prints(name):
    optimizer, eta0, printed = PYTORCH[name]
    run = descend(landscapes.rosenbrock(), [-1.2, 1], schedules.inverse_time(eta0, k=0.01), 300, optimizer=optimizer)
    np.testing.assert_allclose(run.iterates[STEPS], printed, rtol=1e-12)


@pytest.mark.parametrize("name", KERAS)
def test_the_iterates_that_keras_prints(name):
    optimizer, eta, printed = KERAS[name]
    run = descend(landscapes.rosenbrock(), [-1.2, 1], eta, 100, optimizer=optimizer)
    np.testing.assert_allclose(run.iterates[STEPS[:4]], printed, rtol=1e-12 if "SGD" in name else 1e-8)


ALL = [optimizers.gradient_descent(), optimizers.heavy_ball(0.8), optimizers.nesterov(0.8), optimizers.rmsprop(),
       optimizers.adam()]  # fmt: skip


@pytest.mark.parametrize("optimizer", ALL, ids=lambda o: o.name)
def test_a_sweep_is_its_single_runs_to_the_bit(optimizer):
    etas, valley = np.array([1e-4, 3e-4, 1e-3]), landscapes.rosenbrock()
    sweep = descend(valley, [-1.2, 1], etas, 40, optimizer=optimizer)
    for eta, iterates in zip(etas, sweep.iterates, strict=True):
        assert (descend(valley, [-1.2, 1], eta, 40, optimizer=optimizer).iterates == iterates).all()


@pytest.mark.parametrize("optimizer", ALL, ids=lambda o: o.name)
def test_repr_makes_it_again_and_it_compares_and_pickles(optimizer):
    assert eval(repr(optimizer), vars(optimizers)) == optimizer == pickle.loads(pickle.dumps(optimizer))
    assert hash(optimizer) == hash(eval(repr(optimizer), vars(optimizers)))
    assert sum(optimizer == other for other in ALL) == 1


@pytest.mark.parametrize("optimizer", ALL[:3], ids=lambda o: o.name)
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


BAD = {
    "beta": (lambda: optimizers.heavy_ball(1.0), ValueError, "beta must be < 1, got 1"),
    "negative": (lambda: optimizers.nesterov(-0.1), ValueError, "beta must be >= 0, got -0.1"),
    "beta1": (lambda: optimizers.adam(beta1=1.5), ValueError, "beta1 must be < 1"),
    "eps": (lambda: optimizers.adam(eps=-1), ValueError, "eps must be >= 0"),
    "rho": (lambda: optimizers.rmsprop(np.nan), ValueError, "rho must be finite"),
    "text": (lambda: optimizers.heavy_ball("much"), TypeError, "beta must be real numbers"),
    "many": (lambda: optimizers.heavy_ball([0.1, 0.2]), ValueError, "beta must be one number"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_parameters_are_refused_by_name(name):
    make, error, message = BAD[name]
    with pytest.raises(error, match=message):
        make()
