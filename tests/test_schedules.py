"""Schedules: what Keras, PyTorch and optax print for the same ones, and the laws of composition."""

import json
import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, schedules
from lrsim.schedules import (
    constant,
    cosine,
    exponential,
    inverse_sqrt,
    inverse_time,
    join,
    one_cycle,
    piecewise,
    polynomial,
    ramp,
    restarts,
    scaled,
    shifted,
    step_decay,
    table,
    warmup,
)

# What Keras, PyTorch and optax compute in double precision (`make reference`), by calls of theirs, with ours for each.
THEIRS = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["schedules"]
OURS = {
    "Keras InverseTimeDecay(0.4, 1, 0.1)": inverse_time(0.4, k=0.1),
    "PyTorch LambdaLR(1/(1+0.1t))": inverse_time(0.4, k=0.1),
    "Keras ExponentialDecay(0.4, 1, 0.9)": exponential(0.4, 0.9),
    "PyTorch ExponentialLR(gamma=0.9)": exponential(0.4, 0.9),
    "optax exponential_decay(0.4, 1, 0.9)": exponential(0.4, 0.9),
    "Keras ExponentialDecay(0.4, 4, 0.5, staircase=True)": step_decay(0.4, 0.5, every=4),
    "PyTorch StepLR(4, 0.5)": step_decay(0.4, 0.5, every=4),
    "Keras PolynomialDecay(0.4, 8, 0.05, 2)": polynomial(0.4, 8, power=2, floor=0.05),
    "PyTorch PolynomialLR(8, 2)": polynomial(0.4, 8, power=2),
    "optax polynomial_schedule(0.4, 0.05, 2, 8)": polynomial(0.4, 8, power=2, floor=0.05),
    "Keras CosineDecay(0.4, 10, alpha=0.125)": cosine(0.4, 10, floor=0.05),
    "PyTorch CosineAnnealingLR(10, 0.05)": cosine(0.4, 10, floor=0.05),
    "PyTorch OneCycleLR(0.4, 20)": one_cycle(0.4, 20),
    "PyTorch SequentialLR([LinearLR(1/5, total_iters=4), ExponentialLR(0.9)], [5])": warmup(5, exponential(0.4, 0.9)),
    "PyTorch MultiStepLR([3, 6], 0.1)": piecewise([0.4, 0.04, 0.004], at=[3, 6]),
    "Keras PiecewiseConstantDecay([2, 5], [0.4, 0.04, 0.02])": piecewise([0.4, 0.04, 0.02], at=[3, 6]),
    "optax join_schedules([constant_schedule(0.1), exponential_decay(0.4, 1, 0.5)], [2])": join(
        [0.1, exponential(0.4, 0.5)], at=[2]
    ),
}


@pytest.mark.parametrize("name", THEIRS)
def test_the_same_rates_as_the_frameworks(name):
    rates = {int(step): rate for step, rate in THEIRS[name].items()}
    np.testing.assert_allclose(OURS[name](list(rates)), list(rates.values()), rtol=1e-13, atol=1e-17)


def test_every_recorded_schedule_has_ours_and_the_other_way_round():
    assert OURS.keys() == THEIRS.keys() and all(THEIRS.values())


etas = st.floats(0, 10)
counts = st.integers(1, 50)
shares = st.floats(0.01, 1)
simple = st.one_of(
    st.builds(constant, etas),
    st.builds(inverse_time, etas, st.floats(0, 5)),
    st.builds(inverse_sqrt, etas, st.floats(0, 5)),
    st.builds(exponential, etas, shares),
    st.builds(lambda eta, factor: exponential(eta, 1 + factor / 9), etas, shares),
    st.builds(lambda low, share, steps: ramp(low, low / share, steps), st.floats(1e-9, 10), shares, counts),
    st.builds(step_decay, etas, shares, counts),
    st.builds(polynomial, etas, counts, st.floats(0.1, 4)),
    st.builds(cosine, etas, counts),
    st.builds(one_cycle, etas, st.integers(4, 60), st.floats(0.3, 0.9)),
    st.builds(lambda values: piecewise(values, np.arange(1, len(values)) * 7), st.lists(etas, min_size=1, max_size=4)),
)
composed = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(warmup, counts, inner),
        st.builds(
            lambda parts, gap, restart: join(parts, [gap * (i + 1) for i in range(len(parts) - 1)], restart),
            st.lists(inner, min_size=1, max_size=3),
            counts,
            st.booleans(),
        ),
        st.builds(scaled, inner, st.floats(0, 9)),
        st.builds(shifted, inner, counts),
        st.builds(restarts, inner, counts, st.integers(1, 4)),
    ),
    max_leaves=4,
)


@given(composed, st.lists(st.integers(0, 300), max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_schedule_is_a_pure_function_of_the_step(schedule, steps):
    together = schedule(np.array(steps, dtype=int))
    assert together.shape == (len(steps),) and (together >= 0).all()
    assert [float(schedule(t)) for t in steps] == together.tolist()
    assert (schedule(np.array(steps, dtype=int).reshape(-1, 1))[:, 0] == together).all()


@given(composed)
@settings(max_examples=100, deadline=None)
def test_repr_makes_it_again_and_it_compares_hashes_and_pickles(schedule):
    again = eval(repr(schedule), vars(schedules))
    assert again == schedule and hash(again) == hash(schedule)
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    assert schedule != constant(99.0)
    with pytest.raises(AttributeError):
        schedule.name = "other"


def test_the_users_whole_numbers_stay_theirs_too():
    makers = (
        lambda n: cosine(0.1, n), lambda n: step_decay(0.1, 0.5, n), lambda n: polynomial(0.1, n, power=2),
        lambda n: ramp(0.1, 1, n), lambda n: one_cycle(0.1, n), lambda n: join([0.1, 0.2, 0.3], at=n),
    )  # fmt: skip
    for make in makers:
        given = np.array([10, 20])
        schedule = make(given)
        before = schedule(range(40))
        assert given.flags.writeable
        given[:] = 33, 38
        assert (schedule(range(40)) == before).all()
    steps = np.arange(3)
    cosine(0.1, 9)(steps)
    assert steps.flags.writeable and steps.tolist() == [0, 1, 2]


def test_a_step_alone_and_a_run_alone_have_the_bits_of_many():
    """Squares too, which `np.power` computes in another way where the exponent is one number."""
    shares, powers, t = np.random.default_rng(1).random(30), np.array([2.0, 0.5, 3.3]), np.arange(12)
    for share in shares:
        for schedule in (exponential(0.3, share), exponential(0.3, 1 + share), step_decay(0.3, share, 2)):
            assert [schedule(step) for step in t] == schedule(t).tolist()
        sweep, alone = polynomial(share, 90, power=powers), [polynomial(share, 90, power=power) for power in powers]
        assert (sweep(t) == [schedule(t) for schedule in alone]).all()


def test_two_axes_of_parameters_span_a_grid():
    grid = inverse_time(np.array([0.1, 0.2])[None, :], k=np.array([0.0, 1.0, 2.0])[:, None])
    assert grid.batch == (3, 2) and grid(np.arange(5)).shape == (3, 2, 5)
    assert grid.part((slice(1, 3), slice(0, 1)))(np.array([4])).tolist() == [[[0.1 / 5]], [[0.1 / 9]]]


def test_only_the_active_part_of_a_join_is_evaluated():
    short = join([table([0.3, 0.2]), 0.1], at=[2])
    assert short(range(4)).tolist() == [0.3, 0.2, 0.1, 0.1]
    with pytest.raises(ValueError, match="step must be below 2"):
        table([0.3, 0.2])(2)


def test_a_join_may_go_on_at_the_step_of_the_whole():
    parts = [0.1, inverse_time(0.4, k=1)]
    assert join(parts, at=[3], restart=True)(3) == 0.4
    assert join(parts, at=[3], restart=False)(3) == 0.1


@pytest.mark.parametrize(("low", "high", "steps"), [
    (1e-7, 10, 100), (0.3, 0.3, 7), (1e-300, 1e300, 50), (5e-324, 1.7e308, 9), (0.1, 0.2, 2), (0.7, 0.9, 1),
])  # fmt: skip
def test_a_ramp_is_geometric_from_low_to_high_and_then_high(low, high, steps):
    rates = ramp(low, high, steps)(np.arange(steps + 5))
    assert (rates[steps - 1 :] == high).all() and rates[0] == (low if steps > 1 else high)
    assert (np.diff(rates) >= 0).all() and (rates[: steps - 1] >= low).all()
    logs = np.log(rates[:steps]) - np.linspace(np.log(low), np.log(high), steps) if steps > 1 else np.zeros(1)
    assert np.abs(logs).max() < 3e-13
    if steps > 2 and high / low < 1e9:
        np.testing.assert_allclose(
            rates[: steps - 1], low * (high / low) ** (np.arange(steps - 1) / (steps - 1)), 1e-14
        )


def test_a_range_test_of_a_bowl_has_its_lowest_loss_where_theory_says():
    """κ = 20, a slow ramp: 4.92 times 2/λ_max, where Re Li₂(ηλ_min) = Re Li₂(ηλ_max)."""
    run = descend(landscapes.bowl([1, 20]), [1, 1], ramp(1e-4, 3, 3000), 3000)
    assert run.etas[run.losses.argmin() - 1] / 0.1 == pytest.approx(4.92, abs=0.05)


@pytest.mark.parametrize(("eta0", "factor", "t"), [
    (0.1, 1.1, 500), (1e-300, 10, 550), (1e300, 0.1, 550), (0.0, 1e9, 2**60), (1e-7, 1.2, 1023), (3, 1, 2**62),
    (5e-324, 2, 2000), (0.3, 0.5, 1080),
])  # fmt: skip
def test_exponential_is_exact_also_where_a_power_of_the_factor_is_no_number(eta0, factor, t):
    exact = Fraction(eta0) * (Fraction(factor) ** t if eta0 and factor != 1 else 1)
    assert exponential(eta0, factor)(t) == pytest.approx(float(exact), rel=1e-12, abs=5e-324)


def _sgdr(eta, floor, period, factor, t):
    """Loshchilov and Hutter, eq. 5, with T_cur and T_i counted one step at a time."""
    current, length = 0, period
    for _ in range(t):
        current += 1
        if current == length:
            current, length = 0, length * factor
    return floor + (eta - floor) * (1 + np.cos(np.pi * current / length)) / 2


@pytest.mark.parametrize(("period", "factor"), [(10, 1), (10, 2), (7, 3), (1, 2), (1, 1), (50, 4)])
def test_restarts_of_a_cosine_are_sgdr(period, factor):
    schedule = restarts(cosine(0.4, period, floor=0.01), period, factor)
    np.testing.assert_allclose(schedule(range(130)), [_sgdr(0.4, 0.01, period, factor, t) for t in range(130)], 1e-13)


def test_restarts_of_every_kind():
    assert restarts(table([3, 2, 1]), 3)(range(7)).tolist() == [3, 2, 1, 3, 2, 1, 3]
    assert restarts(table([3, 2, 1]), 2)(range(5)).tolist() == [3, 2, 3, 2, 3]
    assert restarts(table([3, 2]), 2, 2)(range(7)).tolist() == [3, 2, 3, 3, 2, 2, 3]
    assert restarts(piecewise([3, 1], at=[1]), 2, 2)(range(7)).tolist() == [3, 1, 3, 3, 1, 1, 3]
    assert restarts(warmup(2, 1.0), 2, 3)(range(9)).max() == 1
    assert restarts(0.3, 5) == constant(0.3)
    far = restarts(cosine(0.4, 10), 10, 2)(np.array([10 * (2**58 - 1), 2**62]))
    assert far[0] == 0.4 and 0 < far[1] < 0.4


def test_a_schedule_times_a_number_on_either_side_is_a_schedule():
    rates = cosine(0.4, 20)(range(25))
    for product in (
        cosine(0.4, 20) * 2,
        2 * cosine(0.4, 20),
        np.float32(2) * cosine(0.4, 20),
        scaled(cosine(0.4, 20), 2),
    ):
        assert product == cosine(0.4, 20) * 2.0 and (product(range(25)) == 2 * rates).all()
    for factors in ([1, 2, 3], np.array([1, 2, 3])):
        assert ((factors * cosine(0.4, 20))(range(25)) == np.array([1, 2, 3])[:, None] * rates).all()
    assert (cosine([0.1, 0.2], 20) * np.array([[1], [2], [3]])).batch == (3, 2)
    assert constant(0.1) * 3 == constant(0.1 * 3) and (warmup(4, 0.1) * 0)(range(9)).tolist() == [0] * 9
    assert descend(landscapes.bowl([1, 20]), [1, 1], constant(0.05) * 3, 9).regime == "diverging"


@given(composed, counts, st.integers(0, 90))
@settings(max_examples=60, deadline=None)
def test_shifted_is_the_schedule_later(schedule, by, t):
    assert shifted(schedule, by)(t) == schedule(t + by)
    assert shifted(schedule, 0) == schedule and shifted(shifted(schedule, by), 3)(t) == shifted(schedule, by + 3)(t)


def test_warmup_of_no_steps_is_what_follows():
    for then in (cosine(0.1, 9), constant([0.1, 0.2]), exponential(0.1, 1.5)):
        assert warmup(0, then) is then
    assert warmup(0, 0.1) == constant(0.1)
