"""Thresholds against the behaviour they announce, the noise floor against moments, and what is refused."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, optimizers, schedules, stability

LIMITS = {  # the largest stable ηλ
    "gradient_descent": (optimizers.gradient_descent(), 2),
    "heavy_ball": (optimizers.heavy_ball(0.9), 2 * 1.9),
    "nesterov": (optimizers.nesterov(0.9), 2 * 1.9 / 2.8),
    "adam": (optimizers.adam(), 38),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_in_closed_form(name):
    optimizer, limit = LIMITS[name]
    assert stability.threshold(landscapes.bowl([1, 20]), optimizer=optimizer) == pytest.approx(limit / 20)
    assert stability.threshold(20, optimizer=optimizer) == pytest.approx(limit / 20)


@given(st.floats(0.05, 50), st.floats(0, 0.98), st.sampled_from(["heavy_ball", "nesterov"]))
@settings(max_examples=50, deadline=None)
def test_momentum_turns_unstable_at_its_threshold(curvature, beta, name):
    """The larger root of the characteristic polynomial crosses 1 there."""
    limit = stability.threshold(curvature, optimizer=getattr(optimizers, name)(beta)) * curvature

    def radius(a):
        trace, product = (1 + beta - a, beta) if name == "heavy_ball" else ((1 + beta) * (1 - a), beta * (1 - a))
        return np.abs(np.roots([1, -trace, product])).max()

    assert radius(limit * (1 + 1e-6)) > 1 >= radius(limit * (1 - 1e-6))


@pytest.mark.parametrize("name", ["gradient_descent", "heavy_ball", "nesterov"])
def test_runs_obey_their_threshold(name):
    optimizer, _ = LIMITS[name]
    bowl = landscapes.bowl([1, 20])
    limit = stability.threshold(bowl, optimizer=optimizer)
    below, above = (descend(bowl, [1, 1], limit * f, 3000, optimizer=optimizer) for f in (0.99, 1.01))
    assert below.final_loss < 1e-6 and above.diverged_at is not None


def test_adam_with_its_preconditioner_held_still():
    """m ← β₁m + (1-β₁)g, w ← w - ηm/p: the top eigenvalue of P⁻¹H decides, at 38 for β₁ = 0.9."""
    curvatures, p = np.array([1.0, 20.0]), np.array([0.1, 4.0])
    top = (curvatures / p).max()
    limit = stability.threshold(top, optimizer=optimizers.adam())
    for factor, lost in ((0.999, False), (1.001, True)):
        w, m = np.ones(2), np.zeros(2)
        for _ in range(20_000):
            m = 0.9 * m + 0.1 * curvatures * w
            w = w - limit * factor * m / p
        assert (np.abs(w).max() > 1e6) == lost


def test_the_preconditioned_sharpness_through_products():
    """λ_max(P⁻¹H) is that of the symmetric P^(-1/2) H P^(-1/2)."""
    problem = landscapes.quadratic([[3, 1, 0], [1, 20, 2], [0, 2, 7.0]])
    p = np.array([0.1, 4.0, 0.5])
    s = p**-0.5
    found = stability.spectrum(None, np.ones(3), hvp=lambda w, v: s * problem.hvp(w, s * v)).top
    assert found == pytest.approx(np.linalg.eigvals(problem.hessian() / p[:, None]).real.max())


def test_thresholds_along_a_trajectory():
    run = descend(landscapes.rosenbrock(), [-1.2, 1.0], 1.0, 30)
    along = stability.threshold(landscapes.rosenbrock(), run)
    assert along.shape == (31,) and along[0] == stability.threshold(landscapes.rosenbrock(), [-1.2, 1.0])
    assert np.isnan(along[~np.isfinite(run.iterates).all(axis=-1)]).all()


def test_no_positive_curvature_means_no_threshold():
    for flat in (0, -3.0, landscapes.bowl([0.0]), landscapes.quadratic([[-1.0]])):
        assert stability.threshold(flat) == math.inf
    assert stability.threshold([0, 4.0]).tolist() == [math.inf, 0.5]


def test_threshold_at_a_point():
    assert stability.threshold(landscapes.double_well(), [1.0]) == pytest.approx(1)
    assert stability.threshold(landscapes.double_well(), [0.0]) == math.inf


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=6))
@settings(deadline=None)
def test_optimal_eta_equals_the_worst_factors(values):
    """At η* the slowest and the steepest mode shrink alike, by (κ-1)/(κ+1), and no other rate does better."""
    eta = stability.optimal_eta(landscapes.bowl(values))
    kappa = max(values) / min(values)
    worst = [max(abs(1 - e * v) for v in values) for e in (eta, eta * 0.999, eta * 1.001)]
    assert worst[0] == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-12)
    assert worst[0] <= min(worst[1:]) + 1e-12


def test_regimes_at_their_borders():
    names = stability.regime([0, 1e-300, 0.05, 0.0500001, 0.0999999, 0.1, 0.1 * (1 + 5e-10), 0.1000001], 20)
    assert names.tolist() == [
        "frozen", "monotone", "monotone", "oscillating", "oscillating", "marginal", "marginal", "diverging",
    ]  # fmt: skip
    assert stability.regime(0, math.pi) == "frozen" and type(stability.regime(0.1, 1)) is str
    assert stability.regime(1e300, 1e300) == "diverging" and stability.regime(5, -2) == "monotone"
    assert stability.regime(0.1, [1, 15, 20, 25]).tolist() == ["monotone", "oscillating", "marginal", "diverging"]
    assert stability.regime(0.105, landscapes.bowl([1, 20])) == "diverging"


def test_noise_floor_is_the_fixed_point_of_the_second_moments():
    curvatures, eta, sigma = np.array([0.3, 1.0, 20.0]), 0.09, 1.5
    m = np.ones(3)
    for _ in range(20_000):
        m = (1 - eta * curvatures) ** 2 * m + eta**2 * sigma**2
    np.testing.assert_allclose(stability.noise_floor(curvatures, eta, sigma), curvatures * m / 2, rtol=1e-10)


def test_noise_floor_by_the_published_race():
    for eta, floor in ((0.09, 0.249), (0.01, 0.00529)):
        assert stability.noise_floor([1, 20], eta, 1).sum() == pytest.approx(floor, rel=4e-3)


def test_noise_floor_is_what_a_noisy_run_ends_with():
    run = descend(landscapes.bowl([1.0]), [0.0], 0.5, 40_000, noise=1.0, seed=3, method="iterate", record="loss")
    assert run.losses[100:].mean() == pytest.approx(stability.noise_floor(1, 0.5, 1), rel=0.05)


def test_noise_floor_at_its_edges():
    assert stability.noise_floor(20, 0.1, 1) == math.inf == stability.noise_floor(1e300, 1e300, 1)
    assert stability.noise_floor(20, 0.5, 0) == stability.noise_floor(20, 0, 5) == stability.noise_floor(0, 3, 5) == 0
    assert stability.noise_floor([[1], [2]], [0.1, 0.2, 0.3], 1).shape == (2, 3)


BOWL = landscapes.bowl([1, 20])


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: stability.threshold("20"), TypeError, "landscape_or_gradient must be real numbers, got '20'"),
        (lambda: stability.threshold(math.nan), ValueError, "landscape_or_gradient must be finite, got nan"),
        (lambda: stability.threshold(landscapes.rosenbrock()), ValueError, "not a quadratic: give a point w"),
        (
            lambda: stability.threshold(20, optimizer="adam"),
            TypeError,
            "optimizer must be one made by lrsim.optimizers",
        ),
        (lambda: stability.sharpness(BOWL, [[1], [math.inf]]), ValueError, "w must be finite"),
        (lambda: stability.sharpness(landscapes.rosenbrock()), ValueError, "w must be the point"),
        (lambda: stability.sharpness(landscapes.rosenbrock(), [1, 2, 3]), ValueError, "coordinates"),
        (lambda: stability.sharpness(BOWL, [1, 2, 3]), ValueError, "w must have 2 coordinates"),
        (lambda: stability.threshold(BOWL, [[1], [2], [3]]), ValueError, "w must have 2 coordinates"),
        (lambda: stability.threshold("x", [1.0]), TypeError, "landscape_or_gradient must be a landscape or a function"),
        (lambda: stability.threshold([]), ValueError, "landscape_or_gradient must hold at least one sharpness"),
        (lambda: stability.sharpness(3), TypeError, "landscape must be a landscape or a function of w, got 3"),
        (lambda: stability.sharpness(None), TypeError, "landscape must be a landscape"),
        (lambda: stability.noise_floor([1, 2], [0.1, 0.2, 0.3], 1), ValueError, r"broadcast .*eta \(3,\)"),
        (lambda: stability.inverse_time_peak([0.1, 0.2], 0.1, [1, 2, 3]), ValueError, r"broadcast .*curvature \(3,\)"),
        (lambda: stability.inverse_time_product(0.1, 0.1, [1, 2], [1, 2, 3]), ValueError, r"broadcast .*steps \(3,\)"),
        (lambda: stability.regime([0.1, 0.2], [1, 2, 3]), ValueError, r"broadcast .*eta \(2,\)"),
        (
            lambda: stability.sharpness(landscapes.log_cosh(), descend(BOWL, [1, 1], 0.01, 3, record="loss")),
            ValueError,
            'record="path"',
        ),
        (
            lambda: stability.optimal_eta(landscapes.bowl([0, 1])),
            ValueError,
            "positive eigenvalues, got a smallest of 0",
        ),
        (lambda: stability.optimal_eta(20), TypeError, "landscape must be a quadratic, got 20"),
        (lambda: stability.regime(-0.1, 20), ValueError, "eta must be >= 0, got -0.1; to climb, negate the landscape"),
        (lambda: stability.regime([0.1, math.nan], 20), ValueError, r"eta must be finite, got nan at index \(1,\)"),
        (lambda: stability.regime(0.1, math.inf), ValueError, "landscape_or_sharpness must be finite"),
        (lambda: stability.regime(0.1, landscapes.beale()), ValueError, "sharpness\\(landscape, w\\)"),
        (lambda: stability.turnaround_step(BOWL, [1], 0.1), ValueError, r"start must be one point of shape \(2,\)"),
        (
            lambda: stability.turnaround_step(landscapes.beale(), [1, 1], 0.1),
            TypeError,
            "landscape must be a quadratic",
        ),
        (lambda: stability.turnaround_step(landscapes.saddle(), [1, 1], 0.1), ValueError, "no negative curvature"),
        (lambda: stability.turnaround_step(BOWL, [1, 1], [0.1]), ValueError, "eta must be one number"),
        (lambda: stability.steps_to(0, BOWL, [1, 1], 0.1), ValueError, "ratio must be > 0, got 0"),
        (
            lambda: stability.steps_to(0.1, BOWL, [1, 1], schedules.cosine(0.1, 5)),
            TypeError,
            "an inverse_time schedule, got cosine",
        ),
        (
            lambda: stability.steps_to(0.1, BOWL, [1, 1], schedules.constant([0.1, 0.2])),
            ValueError,
            "eta must be one number",
        ),
        (lambda: stability.noise_floor(-1, 0.1, 1), ValueError, "curvature must be >= 0, got -1"),
        (lambda: stability.noise_floor(1, 0.1, [1, -1]), ValueError, r"noise must be >= 0, got -1 at index \(1,\)"),
    ],
)
def test_bad_input(call, error, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=said):
            call()


anything = st.one_of(
    st.floats(), st.integers(-3, 3), st.none(), st.text(max_size=2), st.booleans(), st.complex_numbers(),
    st.lists(st.floats(), max_size=3), st.just(BOWL), st.just(landscapes.double_well()), st.just(landscapes.saddle()),
    st.sampled_from([schedules.constant(0.1), schedules.inverse_time(0.1, 1), schedules.inverse_time([1, 2], 0.1)]),
)  # fmt: skip
FUNCTIONS = {
    "threshold": 3, "regime": 2, "turnaround_step": 3, "steps_to": 4, "noise_floor": 3, "sharpness": 2,
    "optimal_eta": 1, "spectrum": 2, "inverse_time_crossing": 3, "inverse_time_peak": 3, "inverse_time_recovery": 3,
    "inverse_time_product": 4,
}  # fmt: skip


@given(st.sampled_from(list(FUNCTIONS)), st.lists(anything, min_size=4, max_size=4), st.booleans())
@settings(max_examples=400, deadline=None)
def test_fuzz_only_documented_errors_no_warning_and_no_nan(name, arguments, use_bowl):
    arguments = arguments[: FUNCTIONS[name]]
    if use_bowl:
        arguments = [BOWL if i == (name == "steps_to") else a for i, a in enumerate(arguments)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = getattr(stability, name)(*arguments)
        except (ValueError, TypeError):
            return
    numbers = [
        part for part in (found if isinstance(found, tuple) else (found,)) if isinstance(part, (float, np.ndarray))
    ]
    for part in numbers:
        part = np.asarray(part)
        assert part.dtype.kind != "f" or not np.isnan(part).any()
