"""Schedules: what Keras, PyTorch and optax print for the same ones, and the laws of composition."""

import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import schedules
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
    step_decay,
    table,
    warmup,
)

# Printed by Keras 3.15.1, PyTorch 2.13.0 and optax 0.2.8 in double precision, for the calls that the docstrings name.
RECORDED = {
    "Keras InverseTimeDecay(0.4, 1, 0.1)": (
        inverse_time(0.4, k=0.1), {0: 0.4, 1: 0.36363636363636365, 11: 0.19047619047619047}),
    "PyTorch LambdaLR(1/(1+0.1t))": (
        inverse_time(0.4, k=0.1), {0: 0.4, 1: 0.36363636363636365, 11: 0.19047619047619047}),
    "Keras ExponentialDecay(0.4, 1, 0.9)": (exponential(0.4, 0.9), {1: 0.36000000000000004, 11: 0.12552423843600002}),
    "PyTorch ExponentialLR(gamma=0.9)": (exponential(0.4, 0.9), {9: 0.15496819560000008, 11: 0.12552423843600005}),
    "optax exponential_decay(0.4, 1, 0.9)": (exponential(0.4, 0.9), {1: 0.36000000000000004, 11: 0.12552423843600002}),
    "Keras ExponentialDecay(0.4, 4, 0.5, staircase=True)": (
        step_decay(0.4, 0.5, every=4), {0: 0.4, 3: 0.4, 4: 0.2, 8: 0.1}),
    "PyTorch StepLR(4, 0.5)": (step_decay(0.4, 0.5, every=4), {0: 0.4, 3: 0.4, 4: 0.2, 7: 0.2, 8: 0.1, 11: 0.1}),
    "Keras PolynomialDecay(0.4, 8, 0.05, 2)": (
        polynomial(0.4, 8, power=2, floor=0.05), {0: 0.4, 1: 0.31796875, 4: 0.1375, 8: 0.05, 11: 0.05}),
    "PyTorch PolynomialLR(8, 2)": (
        polynomial(0.4, 8, power=2), {0: 0.4, 1: 0.30625, 4: 0.1, 7: 0.00625, 8: 0.0, 11: 0.0}),
    "optax polynomial_schedule(0.4, 0.05, 2, 8)": (
        polynomial(0.4, 8, power=2, floor=0.05), {0: 0.4, 1: 0.31796875, 4: 0.1375, 8: 0.05, 11: 0.05}),
    "Keras CosineDecay(0.4, 10, alpha=0.125)": (
        cosine(0.4, 10, floor=0.05), {0: 0.4, 1: 0.3914348903516519, 5: 0.225, 10: 0.05, 15: 0.05}),
    "PyTorch CosineAnnealingLR(10, 0.05)": (
        cosine(0.4, 10, floor=0.05), {0: 0.4, 1: 0.3914348903516519, 5: 0.225, 9: 0.058565109648348136, 10: 0.05}),
    "PyTorch OneCycleLR(0.4, 20)": (
        one_cycle(0.4, 20), {0: 0.016, 1: 0.05266873708001013, 4: 0.3633312629199899, 5: 0.4, 6: 0.39498560249403497,
                             12: 0.2000008, 18: 0.005015997505965022, 19: 1.6e-06}),
    "PyTorch SequentialLR([LinearLR(1/5, total_iters=4), ExponentialLR(0.9)], [5])": (
        warmup(5, then=exponential(0.4, 0.9)),
        dict(enumerate([0.08, 0.16, 0.24, 0.32, 0.4, 0.4, 0.36, 0.324, 0.2916]))),
    "PyTorch MultiStepLR([3, 6], 0.1)": (
        piecewise([0.4, 0.04, 0.004], at=[3, 6]), dict(enumerate([0.4, 0.4, 0.4, 0.04, 0.04, 0.04, 0.004, 0.004]))),
    "Keras PiecewiseConstantDecay([2, 5], [0.4, 0.04, 0.02])": (
        piecewise([0.4, 0.04, 0.02], at=[3, 6]), {2: 0.4, 3: 0.04, 4: 0.04, 5: 0.04, 6: 0.02}),
    "optax join_schedules([constant_schedule(0.1), exponential_decay(0.4, 1, 0.5)], [2])": (
        join([0.1, exponential(0.4, 0.5)], at=[2]), dict(enumerate([0.1, 0.1, 0.4, 0.2, 0.1]))),
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDED)
def test_the_same_rates_as_the_frameworks(name):
    schedule, rates = RECORDED[name]
    np.testing.assert_allclose(schedule(list(rates)), list(rates.values()), rtol=1e-13, atol=1e-17)


etas = st.floats(0, 10)
counts = st.integers(1, 50)
shares = st.floats(0.01, 1)
simple = st.one_of(
    st.builds(constant, etas),
    st.builds(inverse_time, etas, st.floats(0, 5)),
    st.builds(inverse_sqrt, etas, st.floats(0, 5)),
    st.builds(exponential, etas, shares),
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


SWEEPS = {
    "constant": lambda a, i: constant(a[i]),
    "inverse_time": lambda a, i: inverse_time(a[i], k=a[i] / 3),
    "inverse_sqrt": lambda a, i: inverse_sqrt(a[i], k=0.5),
    "exponential": lambda a, i: exponential(0.3, factor=a[i]),
    "step_decay": lambda a, i: step_decay(a[i], 0.5, np.array([2, 3, 7])[i]),
    "polynomial": lambda a, i: polynomial(a[i], np.array([4, 5, 30])[i], power=a[i] * 3),
    "cosine": lambda a, i: cosine(a[i], 20, floor=a[i] / 9),
    "one_cycle": lambda a, i: one_cycle(a[i], 20, rise=a[i]),
    "table": lambda a, i: table((a[:, None] * np.linspace(1, 0, 40))[i]),
    "piecewise": lambda a, i: piecewise((a[:, None] * [1, 0.5, 0.1])[i], at=[3, 17]),
    "warmup": lambda a, i: warmup(6, then=cosine(a[i], 20)),
    "join": lambda a, i: join([a[i], exponential(a[i], 0.9), 0.01], at=[4, 20]),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_of_parameters_is_its_single_schedules_to_the_bit(name):
    values = np.array([0.2, 0.5, 0.9])
    steps = np.arange(40)
    sweep = SWEEPS[name](values, slice(None))
    assert sweep.batch == (3,) and sweep(steps).shape == (3, 40) and sweep(7).shape == (3,)
    for i in range(3):
        single = SWEEPS[name](values, i)
        assert (single(steps) == sweep(steps)[i]).all()
        assert (sweep.part((slice(i, i + 1),))(steps)[0] == single(steps)).all()


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


def test_the_rates_are_the_callers_own():
    schedule = constant([0.1, 0.2])
    schedule(np.arange(3))[...] = 7
    assert schedule(0).tolist() == [0.1, 0.2]


BAD = {
    "negative": (lambda: constant(-0.1), ValueError, "eta must be >= 0, got -0.1; to climb, negate the landscape"),
    "where": (lambda: constant([0, 1, 2, -0.1]), ValueError, r"got -0.1 at index \(3,\)"),
    "nan": (lambda: inverse_time(np.nan, 1), ValueError, "eta0 must be finite"),
    "k": (lambda: inverse_time(0.1, -1), ValueError, "k must be >= 0, got -1"),
    "growing": (lambda: exponential(0.1, 1.5), ValueError, "factor must be <= 1, got 1.5"),
    "fraction": (lambda: cosine(0.1, 2.5), TypeError, "steps must be whole numbers"),
    "no steps": (lambda: cosine(0.1, 0), ValueError, "steps must be >= 1, got 0"),
    "floor": (lambda: cosine(0.1, 10, floor=0.2), ValueError, "floor must be <= eta"),
    "text": (lambda: constant("fast"), TypeError, "eta must be real numbers"),
    "bool": (lambda: constant(True), TypeError, "eta must be real numbers"),
    "ragged": (lambda: table([[1], [1, 2]]), ValueError, "rectangular"),
    "empty": (lambda: table([]), ValueError, "values must"),
    "parts": (lambda: join([0.1, 0.2], at=[]), ValueError, "parts must be one more than the 0 boundaries, got 2"),
    "order": (lambda: join([0.1, 0.2, 0.3], at=[5, 5]), ValueError, "at must be increasing"),
    "boundary": (lambda: piecewise([0.1, 0.2], at=[0]), ValueError, "at must be >= 1"),
    "warmup": (lambda: warmup(0, 0.1), ValueError, "steps must be >= 1"),
    "warmup 2.0": (lambda: warmup(2.0, 0.1), TypeError, "steps must be a whole number"),
    "restart": (lambda: join([0.1], at=[], restart=1), TypeError, "restart must be True or False"),
    "shapes": (lambda: inverse_time([1, 2], [1, 2, 3]), ValueError, "must broadcast together"),
    "step": (lambda: constant(0.1)(-1), ValueError, "step must be >= 0"),
    "half step": (lambda: constant(0.1)(0.5), TypeError, "step must be whole numbers"),
    "short rise": (lambda: one_cycle(0.1, 3, rise=0.1), ValueError, "rise must be more than one step"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_parameters_are_refused_by_name(name):
    make, error, message = BAD[name]
    with pytest.raises(error, match=message):
        make()


anything = st.one_of(
    st.floats(), st.integers(-3, 10**6), st.booleans(), st.none(), st.text(max_size=3),
    st.lists(st.one_of(st.floats(), st.integers(-2, 9)), max_size=3), st.builds(constant, etas),
)  # fmt: skip
makers = st.sampled_from([getattr(schedules, name) for name in schedules.__all__ if name != "Schedule"])


@given(makers, st.lists(anything, min_size=1, max_size=4), st.lists(st.integers(0, 2**62), max_size=3))
@settings(max_examples=400, deadline=None)
def test_whatever_comes_only_documented_errors_and_no_warning(make, arguments, steps):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            rates = make(*arguments)(np.array(steps, dtype=int))
        except (TypeError, ValueError):
            return
    assert np.isfinite(rates).all() and (rates >= 0).all()
