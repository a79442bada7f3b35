"""Expected losses under noise, against simulation, the Lyapunov equation, exact fractions and published values."""

from fractions import Fraction

import numpy as np
import pytest

from lrsim import descend, landscapes, optimizers, schedules, stability

BOWL, START = landscapes.bowl([1, 20]), [5, 0.01]
RULES = [None, optimizers.heavy_ball(0.6), optimizers.nesterov(0.6)]


@pytest.mark.parametrize(
    ("eta0", "k", "printed"),
    [(0.09, 0, "0.249 0.249"), (0.01, 0, "1.68 0.00583"), (0.001, 0, "10.2 4.60"), (0.09, 0.02, "0.0199 0.00456"),
     (0.09, 0.09, "0.112 0.00638"), (0.09, 0.5, "2.70 1.52")],
)  # fmt: skip
def test_the_published_race(eta0, k, printed):
    losses = stability.expected_losses(BOWL, START, schedules.inverse_time(eta0, k), 500, 1.0)
    for loss, text in zip(losses[[100, 500]], printed.split(), strict=True):
        assert float(f"{loss:.{len(text.replace('.', '').lstrip('0')) - 1}e}") == float(text)


@pytest.mark.parametrize("average", [None, 20])
@pytest.mark.parametrize("optimizer", RULES)
def test_the_mean_of_many_runs(optimizer, average):
    eta, runs = schedules.inverse_time(np.full(4000, 0.06), k=0.01), 4000
    expected = stability.expected_losses(
        BOWL, START, schedules.inverse_time(0.06, k=0.01), 60, 0.7, optimizer=optimizer, average=average
    )
    many = descend(BOWL, START, eta, 60, noise=0.7, optimizer=optimizer, rng=5, average=average)
    if average is None:
        losses = many.losses
    else:
        assert (expected[:20] == stability.expected_losses(BOWL, START, schedules.inverse_time(0.06, k=0.01), 19, 0.7,
                                                           optimizer=optimizer)).all()  # fmt: skip
        means = np.cumsum(many.iterates[:, 20:], axis=1) / np.arange(1, 42)[:, None]
        assert means[:, -1] == pytest.approx(many.average.T, rel=1e-9, abs=1e-12)
        losses = np.concatenate([many.losses[:, :20], BOWL.loss(np.moveaxis(means, -1, 0))], axis=1)
    assert losses.mean(0) == pytest.approx(expected, abs=5 * losses.std(0).max() / runs**0.5)
    close = np.abs(losses.mean(0) - expected) <= 5 * losses.std(0) / runs**0.5 + 1e-12
    assert close.all()


def test_second_moments_in_exact_fractions():
    """λ = 3, η = 1/4, 1/2, 1/8, σ = 2 from x = 1."""
    moment, exact = Fraction(1), [Fraction(3, 2)]
    for eta in (Fraction(1, 4), Fraction(1, 2), Fraction(1, 8)):
        moment = (1 - 3 * eta) ** 2 * moment + 4 * eta**2
        exact.append(3 * moment / 2)
    found = stability.expected_losses(landscapes.bowl([3]), [1], schedules.table([0.25, 0.5, 0.125]), 3, 2.0)
    assert found.tolist() == pytest.approx([float(e) for e in exact], rel=1e-15)


@pytest.mark.parametrize("optimizer", RULES)
def test_without_noise_it_is_the_run(optimizer):
    for landscape in (BOWL, landscapes.bowl([1, 5], angle=0.3, minimum=[1, 2]), landscapes.saddle([2, -0.1])):
        for eta in (0.04, schedules.warmup(5, 0.05), np.array([[0.01], [0.2]])):
            run = descend(landscape, [1, -2], eta, 40, optimizer=optimizer)
            found = stability.expected_losses(landscape, [1, -2], eta, 40, 0.0, optimizer=optimizer)
            np.testing.assert_allclose(found, run.losses, rtol=1e-8, atol=1e-12)


def lyapunov(a, b):
    """M = A M Aᵀ + b bᵀ by its linear equations."""
    n = len(a)
    return np.linalg.solve(np.eye(n * n) - np.kron(a, a), np.outer(b, b).ravel()).reshape(n, n)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.999])
def test_floors_of_momentum_by_the_lyapunov_equation(beta, share):
    curvature, sigma = 3.0, 0.7
    for rule, ahead, back in (
        (optimizers.heavy_ball(beta), 1.0, beta),
        (optimizers.nesterov(beta), 1 + beta, beta**2),
    ):
        eta = share * stability.threshold(curvature, optimizer=rule)
        a = np.array([[1 - ahead * eta * curvature, -back * eta], [curvature, beta]])
        moment = lyapunov(a, sigma * np.array([-ahead * eta, 1.0]))[0, 0]
        assert stability.noise_floor(curvature, eta, sigma, rule) == pytest.approx(curvature * moment / 2, rel=1e-6)
        assert stability.noise_floor(curvature, eta / share * 1.0001, sigma, rule) == np.inf
    if beta == 0:
        assert stability.noise_floor(curvature, 0.1, sigma, rule) == pytest.approx(
            stability.noise_floor(curvature, 0.1, sigma), rel=1e-14
        )


@pytest.mark.parametrize("optimizer", RULES)
def test_a_constant_rate_ends_at_its_floor(optimizer):
    found = stability.expected_losses(BOWL, START, 0.05, 3000, 1.0, optimizer=optimizer)
    assert found[-1] == pytest.approx(stability.noise_floor([1, 20], 0.05, 1.0, optimizer).sum(), rel=1e-9)


def test_averaging_reaches_the_bound_without_tuning():
    """T = 5000, the last 80 %: 1.306e-4 at η = 0.05, 1.309e-4 at 0.09, where tr(H⁻¹)σ²/2T = 1.05e-4."""
    for eta, printed in ((0.05, 1.306e-4), (0.09, 1.309e-4)):
        found = stability.expected_losses(BOWL, START, eta, 5000, 1.0, average=1000)
        assert found[-1] == pytest.approx(printed, rel=1e-3)


def test_what_is_refused():
    for match, change in {
        "landscape must be a quadratic": dict(landscape=landscapes.rosenbrock()),
        "noise must be >= 0": dict(noise=-1.0),
        "steps must be a whole number": dict(steps=2.5),
        "average must be at most 5": dict(average=6),
        "start must have 2 coordinates": dict(start=[1, 2, 3]),
        "optimizer must be gradient_descent, heavy_ball or nesterov": dict(optimizer=optimizers.adam()),
        "start and eta must broadcast together": dict(start=np.ones((2, 3)), eta=[0.1, 0.2]),
    }.items():
        given = dict(landscape=BOWL, start=START, eta=0.1, steps=5, noise=1.0) | change
        with pytest.raises((ValueError, TypeError), match=match):
            stability.expected_losses(**given)
    with pytest.raises(TypeError, match="optimizer must be gradient_descent"):
        stability.noise_floor(1, 0.1, 1, optimizers.adam())
