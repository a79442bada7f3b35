"""Inverse-time decay in closed form, against products of sixty digits."""

import math
import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, schedules, stability
from lrsim.stability import inverse_time_crossing, inverse_time_peak, inverse_time_product, inverse_time_recovery

logs = lambda low, high: st.floats(low, high).map(lambda e: 10.0**e)  # noqa: E731


def factors(a, k, steps):
    a, k = mpmath.mpf(a), mpmath.mpf(k)
    return [1 - a / (1 + k * t) for t in range(steps)]


def trust(a, k, steps):
    """By how much round-off in a and k alone may move ln |x_T|: the floor under any answer in floating point."""
    t = np.arange(steps)
    return 4 * 2**-53 * float(np.sum(a * (1 + k * t / (1 + k * t)) / np.abs(1 + k * t - a)))


@given(logs(-4, 2), logs(-6, 1), st.integers(0, 700))
@settings(max_examples=150, deadline=None)
def test_the_product_to_the_last_digits(a, k, steps):
    assume(all(abs(1 + k * t - a) > 1e-9 * a for t in range(steps)))
    with mpmath.workdps(60):
        exact = mpmath.fprod(factors(a, k, steps))
        found = inverse_time_product(a, k, 1, steps)
        if abs(exact) > 1e300:
            assert abs(found) > 1e299
            return
        if abs(exact) < 1e-300:
            assert abs(found) < 1e-299
            return
        of_the_logarithm = 2**-51 * abs(float(mpmath.log(abs(exact))))
        assert float(abs(found / exact - 1)) < trust(a, k, steps) + of_the_logarithm + 1e-14


@pytest.mark.parametrize(
    ("a", "k", "steps"), [(0.018, 0.1, 10**17), (2.5, 1e-6, 10**9), (1e-9, 1e-3, 10**15), (40, 7, 10**12)]
)
def test_far_beyond_what_a_loop_can_do(a, k, steps):
    with mpmath.workdps(80):
        alpha, beta = (1 - mpmath.mpf(a)) / mpmath.mpf(k), 1 / mpmath.mpf(k)
        exact = mpmath.gammaprod([steps + alpha, beta], [alpha, steps + beta])
        found = inverse_time_product(a, k, 1, steps)
        if abs(exact) < 1e-300:
            assert found == 0 or abs(found) < 1e-299
        else:
            assert float(abs(found / exact - 1)) < 1e-9 and (found > 0) == (exact > 0)


@given(st.integers(0, 60), st.floats(0.01, 3))
@settings(deadline=None)
def test_a_mode_is_exactly_zero_after_its_zero_factor(m, k):
    """a = 1+mk: zero from step m+1 on, and not before."""
    found = inverse_time_product(1 + m * k, k, 1, np.arange(m + 4))
    assert (found[m + 1 :] == 0).all() and (found[: m + 1] != 0).all()


def test_a_zero_factor_is_one_to_rounding():
    assert 1 + 0.1 * 7 != 1.7
    assert inverse_time_product(1.7, 0.1, 1, 8) == 0 != inverse_time_product(1.7, 0.1, 1, 7)


def test_it_is_what_a_run_does():
    run = descend(landscapes.bowl([20]), [0.01], schedules.inverse_time(0.2, k=0.1), 60)
    found = inverse_time_product(0.2, 0.1, 20, np.arange(61))
    np.testing.assert_allclose(found, run.iterates[:, 0] / 0.01, rtol=1e-10)
    assert inverse_time_product(0.3, 0, 20, 7) == pytest.approx((1 - 6) ** 7)


@given(st.floats(2.001, 60), logs(-3, 1))
@settings(max_examples=80, deadline=None)
def test_the_amplitude_peaks_where_the_rate_crosses(a, k):
    crossing = inverse_time_crossing(a, k, 1)
    assume(crossing < 2000)
    assert a / (1 + k * crossing) == pytest.approx(2)
    found = inverse_time_peak(a, k, 1)
    with mpmath.workdps(30):
        amplitude = [abs(mpmath.mpf(1))]
        for factor in factors(a, k, 2 * math.ceil(crossing) + 4):
            amplitude.append(amplitude[-1] * abs(factor))
        top = max(amplitude)
        assert found.step == math.ceil(crossing)
        assert amplitude[found.step] / top > 1 - 1e-12
        assert found.log_amplitude == pytest.approx(float(mpmath.log(top)), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize(("a", "k"), [(4, 0.01), (3, 0.001), (10, 0.05)])
def test_the_height_of_the_peak_by_its_entropy_formula(a, k):
    """ln(peak) ≈ (a/k)[ln 2 - H(1/a)] + ½ ln(a-1), H the binary entropy in nats."""
    entropy = -(math.log(1 / a) / a + (1 - 1 / a) * math.log(1 - 1 / a))
    assert inverse_time_peak(a, k, 1).log_amplitude == pytest.approx(
        a / k * (math.log(2) - entropy) + math.log(a - 1) / 2, abs=0.01
    )


@given(st.integers(1, 400), st.floats(0.001, 5))
@settings(deadline=None)
def test_recovery_is_exact_where_twice_the_crossing_is_whole(m, k):
    """(a-2)/k = m: |x_t| = |x_0| at step m+1 = 2t_c+1."""
    a = 2 + m * k
    assert inverse_time_recovery(a, k, 1) == m + 1
    assert abs(inverse_time_product(a, k, 1, m + 1)) == pytest.approx(1, rel=1e-9)


@given(st.floats(2.001, 40), logs(-3, 1))
@settings(max_examples=80, deadline=None)
def test_recovery_is_the_first_step_back_below_the_start(a, k):
    assume(inverse_time_crossing(a, k, 1) < 1500)
    step = inverse_time_recovery(a, k, 1)
    with mpmath.workdps(40):
        product = [mpmath.mpf(1)]
        for factor in factors(a, k, step):
            product.append(product[-1] * abs(factor))
        assert product[step] <= 1 + mpmath.mpf(1e-9)
        assert all(p >= 1 - mpmath.mpf(1e-9) for p in product[:step])


def test_the_hump():
    assert inverse_time_crossing(0.2, 0.1, 20) == 10
    found = inverse_time_peak(0.2, 0.1, 20)
    run = descend(landscapes.bowl([20]), [0.01], schedules.inverse_time(0.2, k=0.1), 60)
    assert found.step == run.losses.argmax() == 10
    assert found.amplitude**2 == pytest.approx(run.losses.max() / run.losses[0])
    assert inverse_time_recovery(0.2, 0.1, 20) == 21
    assert run.losses[21] == pytest.approx(run.losses[0])


def test_edges():
    assert inverse_time_crossing(0.1, 0.1, 20) == 0 and inverse_time_crossing(0.2, 0, 20) == math.inf
    assert inverse_time_peak(0.05, 0.1, 20) == (0, 1, 0) and inverse_time_recovery(0.05, 0.1, 20) == 0
    assert (
        inverse_time_peak(0.2, 0, 20) == (math.inf, math.inf, math.inf) and inverse_time_recovery(1, 0, 3) == math.inf
    )
    assert inverse_time_peak(1, 1e-4, 100).amplitude == math.inf > inverse_time_peak(1, 1e-4, 100).log_amplitude
    assert inverse_time_product(1, 0, 1, 5) == 0 and inverse_time_product(0, 1, 1, 10**18) == 1
    assert inverse_time_product(1e150, 1e-310, 1e100, 3) in (math.inf, -math.inf)
    assert inverse_time_product(3, 1e-5, 1, 10_001) == -math.inf
    assert type(inverse_time_recovery(0.2, 0.1, 20)) is int


def test_arguments_broadcast():
    eta0, k = np.linspace(0, 0.4, 5), np.array([[0.05], [0.1]])
    found = inverse_time_peak(eta0, k, 20)
    assert found.step.shape == found.log_amplitude.shape == (2, 5)
    assert found.amplitude[1, 2] == inverse_time_peak(eta0[2], 0.1, 20).amplitude
    assert inverse_time_recovery(eta0, k, 20).shape == inverse_time_crossing(eta0, k, 20).shape == (2, 5)
    assert inverse_time_product(0.2, 0.1, [1, 20], [[0], [21]]).shape == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((-0.1, 0.1, 1, 3), ValueError, "eta0 must be >= 0, got -0.1"),
        ((0.1, -1, 1, 3), ValueError, "k must be >= 0, got -1"),
        ((0.1, [1, math.nan], 1, 3), ValueError, r"k must be finite, got nan at index \(1,\)"),
        ((0.1, 0.1, "steep", 3), TypeError, "curvature must be real numbers, got 'steep'"),
        ((0.1, 0.1, 1, 2.5), TypeError, "steps must be a whole number, got 2.5"),
        ((0.1, 0.1, 1, -1), ValueError, "steps must be >= 0, got -1"),
        ((0.1, 0.1, 1, 10**400), ValueError, "steps must be at most 1e[+]300"),
        ((1e200, 0.1, 1e200, 3), ValueError, "eta0 times curvature, and that over k, must be at most 1e[+]300"),
    ],
)
def test_bad_input(arguments, error, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=said):
            inverse_time_product(*arguments)


def test_a_peak_beyond_any_float_is_still_found():
    top = inverse_time_peak(1e16, 0.1, 20)
    assert top.step == 10**18 and top.amplitude == math.inf and top.log_amplitude == pytest.approx(2e18 * math.log(2))
    assert inverse_time_recovery(2**63, 0.1, 20) == pytest.approx(2 * inverse_time_crossing(2**63, 0.1, 20))
    assert stability.optimal_eta(landscapes.bowl([5e-324])) == math.inf


@pytest.mark.parametrize(
    "old, new",
    [
        ("decay_product", inverse_time_product),
        ("crossing_step", inverse_time_crossing),
        ("peak", inverse_time_peak),
        ("recovery_step", inverse_time_recovery),
    ],
)
def test_the_old_names_work_for_a_minor_version_and_say_so(old, new):
    with pytest.warns(DeprecationWarning, match=f"lrsim.stability.{old} is called lrsim.stability.{new.__name__} now"):
        assert getattr(stability, old) is new
    with pytest.raises(AttributeError, match="no attribute 'treshold'"):
        stability.treshold  # noqa: B018
