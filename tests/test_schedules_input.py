"""What schedules take and refuse: all parameters, other libraries' arrays, and functions of the step in their place."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, schedules
from lrsim.schedules import (
    Schedule,
    constant,
    cosine,
    exponential,
    inverse_time,
    join,
    one_cycle,
    piecewise,
    polynomial,
    ramp,
    restarts,
    shifted,
    step_decay,
    table,
    warmup,
)

BAD = {
    "negative": (lambda: constant(-0.1), ValueError, "eta must be >= 0, got -0.1; to climb, negate the landscape"),
    "where": (lambda: constant([0, 1, 2, -0.1]), ValueError, r"got -0.1 at index \(3,\)"),
    "nan": (lambda: inverse_time(np.nan, 1), ValueError, "eta0 must be finite"),
    "k": (lambda: inverse_time(0.1, -1), ValueError, "k must be >= 0, got -1"),
    "growing": (lambda: step_decay(0.1, 1.5, 9), ValueError, "factor must be <= 1, got 1.5"),
    "shrinking to nothing": (lambda: exponential(0.1, 0), ValueError, "factor must be > 0, got 0"),
    "overflow": (lambda: exponential(0.5, 2.0)([5, 2000, 1025]), ValueError, "step must be below 1025, where"),
    "overflow of one run": (lambda: exponential(1, [1, 2])([[7], [2000]]), ValueError, "step must be below 2000"),
    "overflow of a product": (lambda: (cosine(1e300, 9) * 1e9)(range(9)), ValueError, "step must be below 0, where"),
    "of a constant": (lambda: constant([1, 1e300]) * 1e9, ValueError, "by times eta must be finite"),
    "ramp from 0": (lambda: ramp(0, 1, 10), ValueError, "low must be > 0, got 0"),
    "ramp down": (lambda: ramp([1e-3, 10], 1, 10), ValueError, "high must be >= low, got 1 with low 10"),
    "ramp nowhere": (lambda: ramp(1e-3, 1, 0), ValueError, "steps must be >= 1, got 0"),
    "ramp shapes": (lambda: ramp([1, 2], [1, 2, 3], 4), ValueError, "the parameters of ramp must broadcast"),
    "ramp text": (lambda: ramp(1e-3, "1", 4), TypeError, "high must be real numbers, got '1'"),
    "by": (lambda: cosine(0.1, 9) * -2, ValueError, "by must be >= 0, got -2; to climb, negate"),
    "by text": (lambda: "2" * cosine(0.1, 9), TypeError, "by must be real numbers, got '2'"),
    "by nothing": (lambda: cosine(0.1, 9) * None, TypeError, "by must be real numbers, got None"),
    "by nan": (lambda: cosine(0.1, 9) * [1, np.nan], ValueError, r"by must be finite, got nan at index \(1,\)"),
    "by a schedule": (lambda: cosine(0.1, 9) * cosine(0.1, 9), TypeError, "unsupported operand"),
    "by shapes": (lambda: cosine([1, 2], 9) * [1, 2, 3], ValueError, "the parameters of scaled must broadcast"),
    "back": (lambda: shifted(cosine(0.1, 9), -1), ValueError, "by must be >= 0, got -1"),
    "half a step": (lambda: shifted(cosine(0.1, 9), 0.5), TypeError, "by must be a whole number, got 0.5"),
    "shifted too far": (lambda: shifted(cosine(0.1, 9), 9)(2**63 - 9), ValueError, "step must be at most 9223"),
    "period": (lambda: restarts(cosine(0.1, 9), 0), ValueError, "period must be >= 1, got 0"),
    "periods": (lambda: restarts(cosine(0.1, 9), [3, 4]), TypeError, "period must be a whole number"),
    "factor": (lambda: restarts(cosine(0.1, 9), 9, 1.5), TypeError, "factor must be a whole number, got 1.5"),
    "long table": (lambda: restarts(table([1, 2]), 3)(2), ValueError, "step must be below 2, the length of the table"),
    "brackets": (lambda: warmup(9, cosine), TypeError, "then must be a schedule or a rate, got the function cosine: c"),
    "brackets in a list": (lambda: join([1, cosine], [2]), TypeError, r"parts\[1\] must.*the function cosine: call it"),
    "brackets again": (lambda: restarts(warmup, 9), TypeError, "schedule must.*the function warmup: call it"),
    "a function": (lambda: shifted(lambda t: 0.1, 9), TypeError, "schedule must be a schedule.*: table makes one"),
    "masked": (
        lambda: cosine(np.ma.array([1, 2], mask=[0, 1]), 9),
        ValueError,
        "eta must have no masked values, got 1",
    ),
    "masked steps": (lambda: cosine(1, np.ma.array([1, 2], mask=[0, 1])), ValueError, "steps must have no masked"),
    "masked factor": (lambda: ramp(1, 2, 9) * np.ma.masked, ValueError, "by must have no masked values"),
    "masked boundary": (lambda: join([1, 2], np.ma.array([3], mask=[1])), ValueError, "at must have no masked"),
    "long": (lambda: cosine(0.1, 2**64), ValueError, r"steps must be below 2\*\*63, got 18446744073709551616"),
    "long list": (lambda: step_decay(0.1, 0.5, [5, 10**30]), ValueError, r"every must be below 2\*\*63, got .*31 dig"),
    "longest": (lambda: one_cycle(0.1, 10**5000), ValueError, r"steps must be below 2\*\*63, got .*5001 digits"),
    "unsigned": (lambda: polynomial(0.1, np.uint64(2**63)), ValueError, r"steps must be below 2\*\*63"),
    "long ago": (lambda: cosine(0.1, -(10**40)), ValueError, "steps must be >= 1, got a negative number of 41 digits"),
    "boundaries": (lambda: join([1, 2], at=[2**70]), ValueError, r"at must be below 2\*\*63"),
    "step beyond": (lambda: constant(0.1)(2**64), ValueError, r"step must be below 2\*\*63"),
    "warmup for ever": (
        lambda: warmup(2**64, 0.1),
        ValueError,
        "steps must be at most 4.6.*, got 18446744073709551616",
    ),
    "shifted for ever": (lambda: shifted(cosine(0.1, 9), 10**400), ValueError, "by must be at most .* of 401 digits"),
    "period for ever": (
        lambda: restarts(cosine(0.1, 9), 10**5000),
        ValueError,
        "period must be at most .* 5001 digits",
    ),
    "objects": (
        lambda: constant(np.array([1, 2], dtype=object)),
        TypeError,
        "eta must be real numbers, got an array of o",
    ),
    "number of parts": (lambda: join(10**5000, []), TypeError, "parts must be a list of schedules, got .*5001 digits"),
    "huge rate": (
        lambda: constant(10**400),
        ValueError,
        "eta must be real numbers below .*, got a number of 401 digits",
    ),
    "huge rates": (lambda: table([0.1, 10**5000]), (TypeError, ValueError), "values must be real numbers"),
    "huge k": (lambda: inverse_time(0.1, [1, 10**400]), ValueError, "k must be real numbers below"),
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
    "warmup": (lambda: warmup(-1, 0.1), ValueError, "steps must be >= 0, got -1"),
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
    st.lists(st.one_of(st.floats(), st.integers(-2, 9)), max_size=3), st.builds(constant, st.floats(0, 10)),
    st.sampled_from([10**20, -(10**20), 10**400, 10**5000, 2**63, 2**62, np.ma.masked, cosine, lambda t: 0.1]),
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


ZEROS = [
    lambda zero: constant(zero),
    lambda zero: constant([0.1, zero]),
    lambda zero: inverse_time(zero, k=zero),
    lambda zero: polynomial(0.1, 9, floor=zero),
    lambda zero: table([zero, 1]),
    lambda zero: warmup(3, zero),
    lambda zero: join([zero, 1], at=[3]),
    lambda zero: cosine(0.1, 9) * zero,
    lambda zero: schedules._given.as_schedule(zero, 3),
    lambda zero: schedules._given.as_schedule(lambda t: zero, 3),
]


@pytest.mark.parametrize("make", ZEROS)
def test_minus_zero_is_zero(make):
    one, other = make(0.0), make(-0.0)
    assert one == other and hash(one) == hash(other) and repr(one) == repr(other) and "-0" not in repr(other)


class Tensor:
    """What a PyTorch tensor is to NumPy: `size` is a method, and with a gradient attached `__array__` raises."""

    def __init__(self, values, attached=False):
        self.values, self.attached = np.asarray(values), attached
        self.shape, self.ndim = self.values.shape, self.values.ndim

    def size(self):
        return self.shape

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        if self.attached:
            raise RuntimeError("requires grad, so no numpy().")
        return self.values if dtype is None else self.values.astype(dtype)


TAKEN = {
    "constant": lambda eta, n: constant(eta), "inverse_time": lambda eta, n: inverse_time(eta, eta),
    "exponential": lambda eta, n: exponential(0.1, eta), "ramp": lambda eta, n: ramp(0.01, eta, n),
    "cosine": lambda eta, n: cosine(eta, n), "one_cycle": lambda eta, n: one_cycle(0.1, n, eta, 1),
    "polynomial": lambda eta, n: polynomial(1.0, n, power=eta, floor=eta), "table": lambda eta, n: table(eta),
    "step_decay": lambda eta, n: step_decay(eta, eta, n), "warmup": lambda eta, n: warmup(3, eta),
    "scaled": lambda eta, n: cosine(0.1, 9) * eta, "piecewise": lambda eta, n: piecewise(eta, at=[5]),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_other_libraries_arrays_are_taken_as_arrays_or_refused_by_name(name):
    make, etas, counted = TAKEN[name], np.array([0.2, 0.5]), np.array([8, 9])
    assert make(Tensor(etas), Tensor(counted)) == make(etas, counted) == make(np.ma.array(etas), np.ma.array(counted))
    etas.flags.writeable = counted.flags.writeable = False
    assert make(etas, counted) == make(etas.tolist(), counted.tolist())
    for bad in (Tensor(etas, attached=True), None, "3", 1 + 2j, [None, 0.1], ["0.1", "0.2"], np.array([1, 2], "m8[s]")):
        with pytest.raises(TypeError, match=r"^(eta|eta0|factor|high|power|rise|by|then|values|etas)\b.* must be"):
            make(bad, counted)
    for bad in (Tensor([8, 9], attached=True), None, "3", 1 + 2j, [8.0, 9.0], [None, 8], True):
        if make(etas, 8) != make(etas, 9):
            with pytest.raises(TypeError, match=r"^(steps|every) must be"):
                make(etas, bad)


# A function of the step: asked once a step, copied, checked all at once.
BOWL = landscapes.bowl([1, 20])
FUNCTIONS = {
    "float": lambda t: 0.1 / (1 + t), "int": lambda t: t % 2, "numpy": lambda t: 0.1 / np.sqrt(1 + t),
    "float32": lambda t: np.float32(0.1), "array": lambda t: np.array([0.1, 0.02]) / (1 + t), "0-d": np.array,
    "list": lambda t: [0.1, 0.01 * t], "tensor": lambda t: Tensor([0.1, 0.2]), "huge": lambda t: 2**70 * t,
    "mixed": lambda t: [0, 0.1, np.float16(1)][t % 3], "grid": lambda t: np.full((2, 1), t),
    "none": lambda t: np.zeros(0), "small": lambda t: np.int8(t % 9),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_the_step_is_the_table_of_its_rates(name):
    function = FUNCTIONS[name]
    by_hand = table(np.stack([np.asarray(function(t), dtype=float) for t in range(50)], axis=-1))
    assert schedules._given.as_schedule(function, 50) == by_hand
    assert (descend(BOWL, [1, 1], function, 50).losses == descend(BOWL, [1, 1], by_hand, 50).losses).all()


def test_a_function_is_asked_once_a_step_in_order_and_may_return_one_buffer_again_and_again():
    asked, buffer, listed = [], np.zeros(2), [0.0, 0.0]

    def fill(t):
        asked.append(t)
        buffer[:] = listed[:] = 0.01 * t, 0.02 * t
        return buffer if t % 2 else listed

    run = descend(BOWL, [1, 1], fill, 70)
    assert asked == list(range(70)) and run.etas.tolist() == [
        [0.01 * t for t in range(70)],
        [0.02 * t for t in range(70)],
    ]
    rest = descend(BOWL, run, fill, 10)
    assert asked[70:] == list(range(70, 80)) and rest.etas[0].tolist() == [0.01 * t for t in range(70, 80)]


BAD_FUNCTIONS = {
    "none": (lambda t: None if t == 3 else 0.1, TypeError, r"eta\(3\) must be real numbers, got None"),
    "text": (lambda t: "3", TypeError, r"eta\(0\) must be real numbers, got '3'"),
    "complex": (lambda t: 1 + 2j, TypeError, r"eta\(0\) must be real numbers"),
    "bool": (lambda t: t != 2 or 0.1, TypeError, r"eta\(0\) must be real numbers, got True"),
    "date": (lambda t: np.timedelta64(3), TypeError, r"eta\(0\) must be real numbers"),
    "complex array": (lambda t: np.ones(2) * 1j**t, TypeError, r"eta\(0\) must be real numbers"),
    "masked": (lambda t: np.ma.masked, ValueError, r"eta\(0\) must have no masked values"),
    "tensor": (lambda t: Tensor(1.0, attached=t == 4), TypeError, r"eta\(4\) must be an array of numbers"),
    "negative": (lambda t: 3 - t, ValueError, r"eta\(4\) must be >= 0, got -1; to climb"),
    "nan": (lambda t: np.float64(0) / (0 if t == 7 else 1), ValueError, r"eta\(7\) must be finite, got nan"),
    "inf": (lambda t: np.float64(10) ** (t * 100), ValueError, r"eta\(4\) must be finite, got inf"),
    "one run": (lambda t: [0.1, 0.1 - 0.03 * t], ValueError, r"eta\(4\) must be >= 0, got -0.02 at index \(1,\)"),
    "huge": (lambda t: 10**400 if t else 0.1, ValueError, r"eta\(1\) must be real numbers below .*401 digits"),
    "late and huge": (
        lambda t: 10**400 if t == 2**16 + 3 else 0,
        ValueError,
        r"eta\(65539\) must be real numbers below",
    ),
    "late": (lambda t: 0.1 if t < 2**16 + 5 else -1, ValueError, r"eta\(65541\) must be >= 0, got -1"),
    "shapes": (lambda t: [0.1, 0.1] if t else 0.1, ValueError, r"one shape at every step, got \[\(\), \(2,\)\]"),
    "late shape": (lambda t: [0.1, 0.1] if t >= 2**16 else 0.1, ValueError, "one shape at every step"),
    "takes none": (lambda: 0.1, TypeError, "eta must be a function of step, got one that says"),
    "brackets": (cosine, TypeError, "eta must be a schedule or a rate, got the function cosine: call it"),
    "brackets again": (warmup, TypeError, "eta must be a schedule or a rate, got the function warmup: call it"),
    "class": (Schedule, TypeError, "got the function Schedule: call it"),
}


@pytest.mark.parametrize("name", BAD_FUNCTIONS)
def test_a_function_that_returns_no_rate_is_refused_at_its_step(name, recwarn):
    function, error, message = BAD_FUNCTIONS[name]
    with pytest.raises(error, match=message):
        descend(BOWL, [1, 1], function, 2**16 + 10, record="summary")
    assert not recwarn.list


@pytest.mark.parametrize(("steps", "rate", "record", "message"), [
    (2**40, 0.1, "summary", "at most 134,217,728; got 1,099,511,627,776 steps: give one of lrsim.schedules"),
    (2**62, 0.1, "summary", "steps must be fewer for a function as eta"),
    (10**6, [0.1] * 200, "summary", "got 1,000,000 steps of 200 runs"),
    (2**40, [], "summary", "steps must be fewer"),
    (10**8, 0.1, "path", "record less"),
])  # fmt: skip
def test_a_function_is_not_asked_for_more_rates_than_can_be_kept(steps, rate, record, message):
    asked = []
    with pytest.raises(ValueError, match=message):
        descend(BOWL, [1, 1], lambda t: asked.append(t) or rate, steps, record=record)
    assert len(asked) <= 1


def test_the_rates_of_a_growing_schedule_end_with_a_clear_error_in_a_run_too():
    with pytest.raises(ValueError, match="step must be below 1023, where the rate of exponential passes the largest"):
        descend(BOWL, [1, 1], exponential(2.0, 2.0), 3000, method="iterate")
