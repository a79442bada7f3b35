"""When a curve turns and when it arrives, against exact arithmetic and simulation."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, schedules, stability

extreme = st.floats(-120, 120).map(lambda e: 10.0**e)
components = st.one_of(st.floats(-100, 100), extreme, st.just(0.0))


def brute_turn(values, start, eta, most=3000):
    """The definition, in arithmetic of 60 digits and without under- or overflow."""
    with mpmath.workdps(60):
        triples = [
            (mpmath.mpf(v), mpmath.mpf(x), mpmath.mpf(eta) * mpmath.mpf(v)) for v, x in zip(values, start, strict=True)
        ]
        modes = [(v * x**2 * a * (a - 2), (1 - a) ** 2) for v, x, a in triples]  # ρ² - 1 = a (a - 2)
        if not any(slope > 0 for slope, _ in modes):
            return None
        terms = [slope for slope, _ in modes]
        for t in range(most):
            if mpmath.fsum(terms) >= 0:
                return t
            terms = [term * r for term, (_, r) in zip(terms, modes, strict=True)]
    return "late"


@given(st.lists(st.tuples(st.floats(0, 40), components), min_size=1, max_size=5), st.floats(0, 2))
@settings(max_examples=120, deadline=None)
def test_turnaround_is_the_definition(modes, eta):
    values, start = zip(*modes, strict=True)
    assume(all(abs(eta * v - 2) > 1e-4 for v in values))
    expected = brute_turn(values, start, eta)
    found = stability.turnaround_step(landscapes.bowl(values), start, eta)
    assert found == expected if expected != "late" else found >= 3000


def test_turnaround_at_its_edges():
    bowl = landscapes.bowl([1, 20])
    turn = stability.turnaround_step
    assert turn(bowl, [10, 0.05], 0.105) == 19
    assert turn(bowl, [10, 0], 0.105) is None  # the steep mode is exactly zero
    assert turn(bowl, [0, 0], 5) is None
    assert turn(bowl, [10, 0.05], 0.1) is None and turn(bowl, [10, 0.05], 0) is None
    assert turn(bowl, [0, 0.05], 0.105) == 0 and turn(bowl, [1, 10], 0.105) == 0
    assert turn(bowl, [10, 0.05], 1.0) == 1  # ρ_slow = 0: everything slow is gone after one step
    assert turn(bowl, [10, 1e-200], 0.105) > 1000  # its square underflows
    assert turn(bowl, [1e200, 1e-100], 1e200) == 0
    with mpmath.workdps(40):  # two modes in closed form, 1e-9 above the threshold
        eta = 0.1 * (1 + 1e-9)
        a, b = (1 - mpmath.mpf(eta)) ** 2, (1 - 20 * mpmath.mpf(eta)) ** 2
        R = 50 * (1 - a) / (mpmath.mpf("0.025") * (b - 1))
        expected = int(mpmath.ceil(mpmath.log(R) / mpmath.log(b / a)))
    assert turn(bowl, [10, 0.05], eta) == expected


def test_steps_to_by_the_published_race():
    bowl = landscapes.bowl([1, 100])
    assert stability.steps_to(1e-6, bowl, [1, 0], 1.8 / 100) == 381
    assert stability.steps_to(1e-6, bowl, [1, 0], 1 / 100) == 688
    assert stability.steps_to(1e-6, bowl, [1, 0], stability.optimal_eta(bowl)) == 346
    late = stability.steps_to(1e-6, bowl, [1, 0], schedules.inverse_time(0.018, k=0.1))
    with mpmath.workdps(60):
        alpha, beta = mpmath.mpf(0.982) / mpmath.mpf(0.1), 1 / mpmath.mpf(0.1)

        def loss(t):
            return mpmath.exp(
                2
                * (
                    mpmath.loggamma(t + alpha)
                    - mpmath.loggamma(alpha)
                    + mpmath.loggamma(beta)
                    - mpmath.loggamma(t + beta)
                )
            )

        assert math.log10(late) == pytest.approx(17.6, abs=0.05)
        assert abs(loss(mpmath.mpf(late)) / mpmath.mpf(1e-6) - 1) < 1e-12


@given(
    st.lists(st.tuples(st.floats(0.01, 40), st.floats(-10, 10).filter(bool)), min_size=1, max_size=4),
    st.floats(0.001, 1),
    st.one_of(st.just(0.0), st.floats(0.001, 3)),
    st.floats(-9, 0.5),
)
@settings(max_examples=150, deadline=None)
def test_steps_to_is_where_a_simulation_arrives(modes, eta0, k, digits):
    """The first arrival, also where a decayed run dips, rises past its start and comes back."""
    values, start = map(np.array, zip(*modes, strict=True))
    bowl, schedule = landscapes.bowl(values), schedules.inverse_time(eta0, k)
    losses = descend(bowl, start, schedule, 800).losses
    assume(losses[0] > 1e-100)
    ratio = 10.0**digits
    found = stability.steps_to(ratio, bowl, start, schedule)
    reached = losses <= ratio * losses[0]
    if reached.any():
        first = int(reached.argmax())
        assert found == first or losses[min(first, int(found))] == pytest.approx(ratio * losses[0], rel=1e-9)
    else:
        assert found > 800


def test_steps_to_at_its_edges():
    bowl = landscapes.bowl([1, 20])
    assert stability.steps_to(1, bowl, [10, 0.05], 0.1) == 0
    assert stability.steps_to(1e-3, bowl, [0, 0], 0.1) == 0
    assert stability.steps_to(1e-9, bowl, [10, 0.05], 0.1) == math.inf  # the knife edge keeps its floor
    assert stability.steps_to(1e-9, bowl, [10, 0.05], 0.105) == math.inf
    assert stability.steps_to(0.5, bowl, [10, 0.05], 0.105) == 4  # on its way to divergence
    assert stability.steps_to(0.5, bowl, [10, 0.05], 0) == math.inf
    assert stability.steps_to(0.5, bowl, [10, 0.05], schedules.constant(0.105)) == 4
    assert stability.steps_to(1e-6, landscapes.bowl([1.0]), [1], schedules.inverse_time(1e-4, 10)) == math.inf
    dip = stability.steps_to(0.9, landscapes.bowl([1, 20]), [5, 0.01], schedules.inverse_time(0.2, 0.1))
    losses = descend(landscapes.bowl([1, 20]), [5, 0.01], schedules.inverse_time(0.2, 0.1), 40).losses
    assert dip == 1 and losses[10] > losses[0] >= losses[1] / 0.9


def test_a_crossing_a_million_million_steps_away_is_found_at_once():
    far = stability.steps_to(0.5, landscapes.bowl([1.0, 20.0]), [1e-9, 1.0], schedules.inverse_time(0.11, 1e-12))
    assert far > 1e11
