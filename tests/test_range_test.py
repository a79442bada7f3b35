"""What a range test measures: laws in closed form, whatever the ramp and the noise."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrsim import descend, landscapes, schedules, stability

BOWL, START = landscapes.bowl([1, 20]), [10, 0.05]


def ramped(per_decade, noise=0.0, landscape=BOWL, start=START, low=1e-7, decades=8):
    steps = decades * per_decade + 1
    ramp = schedules.ramp(low, low * 10.0**decades, steps)
    return stability.range_test(landscape, start, ramp, steps, noise)


@given(st.floats(0.01, 100), st.integers(3, 40))
def test_one_direction_is_lowest_at_the_first_rate_above_its_limit(curvature, per_decade):
    found = ramped(per_decade, landscape=landscapes.bowl([curvature]), start=[1.0], low=1.37e-5 / curvature)
    assert found.lowest == found.etas[found.etas > 2 / curvature][0]


@pytest.mark.parametrize("kappa", [2, 20, 100])
def test_a_slow_ramp_is_lowest_where_the_dilogarithms_meet(kappa):
    """Re Li₂(a) = Re Li₂(κa): the distances of both directions are exp(-(n/ln 10) Re Li₂(ηλ))."""
    meet = mpmath.findroot(lambda a: (mpmath.polylog(2, a) - mpmath.polylog(2, kappa * a)).real, 4.5 / kappa)
    found = ramped(60, landscape=landscapes.bowl([1, kappa]), start=[1, 1], low=1.37e-6)
    assert found.lowest == pytest.approx(float(meet), rel=0.06)
    assert found.lowest > 1.4 * found.threshold


@pytest.mark.parametrize("per_decade", [20, 50, 200])
def test_the_steepest_point_measures_the_ramp(per_decade):
    found = ramped(per_decade)
    assert found.steepest == pytest.approx(np.log(10) / (2 * per_decade), rel=10 ** (1 / per_decade) - 1)


def test_best_and_cliff_are_those_of_the_bowl_whatever_ramp_and_noise():
    for per_decade, noise in ((10, 0.0), (50, 1.0), (100, 10.0)):
        found = ramped(per_decade, noise)
        assert found.best == stability.optimal_eta(BOWL) and found.threshold == stability.threshold(BOWL)
        assert found.tenth == found.lowest / 10


def test_noise_and_a_slow_ramp_bring_the_lowest_point_down_past_the_cliff():
    lowest = [ramped(n, noise).lowest for n, noise in ((12, 0.0), (12, 1.0), (100, 1.0), (100, 10.0))]
    assert lowest == sorted(lowest, reverse=True)
    assert lowest[0] > 5 * 0.1 > lowest[1] > 0.1 > lowest[2] > 4 * lowest[3] / 3


def test_a_loss_stands_beside_the_rate_of_the_update_after_it():
    found = ramped(10)
    run = descend(BOWL, START, schedules.table(found.etas), len(found.etas))
    kept = found.losses < 1e200
    assert found.losses[kept] == pytest.approx(run.losses[:-1][kept], rel=1e-9)


def test_it_stops_at_four_times_the_lowest_loss():
    found = ramped(20, noise=1.0)
    low, end = found.losses.argmin(), np.flatnonzero(found.etas == found.stop)[0]
    assert found.losses[end] > 4 * found.losses[low] >= found.losses[low:end].max()
    assert ramped(10, low=1e-9, decades=4).stop is None


def test_a_ramp_that_rises_too_late_or_not_far_enough_ends_at_its_end():
    assert ramped(10, low=4.0, decades=3).lowest == 4.0
    found = ramped(10, low=1e-6, decades=2)
    assert found.lowest == found.etas[-1]


def test_a_constant_added_to_the_loss_moves_no_rate_but_the_stop():
    raised = landscapes.linear_regression([[1.0, 0], [0, 4], [0, 0]], [1, 2, 3])
    high = ramped(20, 1.0, raised, [0, 0])
    low = ramped(20, 1.0, landscapes.bowl(raised.eigenvalues), raised.to_modes(np.zeros(2)))
    assert high.losses - low.losses == pytest.approx(
        np.full(len(low.losses), 1.5), rel=1e-9, abs=1e-9 * high.losses.max()
    )
    assert (high.lowest, high.steepest) == (low.lowest, low.steepest)
    assert high.stop > low.stop


@pytest.mark.parametrize(
    ("landscape", "start", "eta", "steps", "says"),
    [
        (BOWL, START, 0.1, 10, "eta must rise at every step"),
        (BOWL, START, schedules.table([0.1, 0.3, 0.2]), 3, "eta must rise at every step"),
        (BOWL, START, schedules.ramp(0.1, 1, 2), 2, "steps must be >= 3"),
        (BOWL, START, schedules.ramp([0.1, 0.2], 1, 9), 9, "one run"),
        (BOWL, [[1, 2], [1, 2]], schedules.ramp(0.1, 1, 9), 9, "one run"),
        (landscapes.bowl([0, 1]), START, schedules.ramp(0.1, 1, 9), 9, "positive eigenvalues"),
    ],
)
def test_what_is_no_range_test_is_refused(landscape, start, eta, steps, says):
    with pytest.raises(ValueError, match=says):
        stability.range_test(landscape, start, eta, steps)


def test_a_loss_that_is_no_bowl_is_refused():
    with pytest.raises(TypeError, match="quadratic"):
        stability.range_test(landscapes.himmelblau(), [1, 1], schedules.ramp(0.1, 1, 9), 9)
