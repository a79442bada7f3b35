"""What a curve says: told from runs whose cause is known, in exact, single and printed precision."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, optimizers, schedules, stability
from lrsim.diagnosis import diagnose

SHAPES = {"falling", "rising", "falling then rising", "level", "wiggling", "cannot tell"}
CANONICAL = landscapes.bowl([1, 20])
START = [10, 0.05]

modes = st.lists(
    st.tuples(st.floats(0.05, 40), st.floats(-10, 10).filter(lambda x: abs(x) > 1e-3)), min_size=1, max_size=4
)


def words(found):
    return f"{found.shape}: {found.reason}. {found.rules_out}"


def losses(bowl, start, eta, steps, **options):
    return descend(bowl, start, eta, steps, record="loss", **options).losses


def shape_of(turn, steps):
    return "falling" if turn is None or turn >= steps else "rising" if turn == 0 else "falling then rising"


@given(modes, st.floats(0.001, 0.5), st.integers(8, 120), st.sampled_from([0.0, 3.7]))
@settings(max_examples=200, deadline=None)
def test_plain_descent_on_a_quadratic_falls_rises_or_turns_once(problem, eta, steps, offset):
    values, start = zip(*problem, strict=True)
    bowl = landscapes.bowl(values)
    curve = losses(bowl, start, eta, steps)
    assume(np.ptp(curve) > 1e-9 * (curve[0] + offset))
    found = diagnose(curve + offset)
    turn = stability.turnaround_step(bowl, start, eta)
    assert found.convex and found.shape != "wiggling"
    if turn is not None and turn < steps and curve[turn] > 0:
        low, end = curve[turn] + offset, curve[-1] + offset
        assume(
            end > low * (1 + 1e-9) + 1e-11 * curve[0]
            and (turn == 0 or curve[0] - curve[turn] > 1e-9 * (curve[0] + offset))
        )
    assert found.shape == shape_of(turn, steps)
    assert found.shape in words(found)


@pytest.mark.parametrize(
    "record", [np.float32, lambda c: [float(f"{v:.4f}") for v in c], lambda c: [float(f"{v:.5g}") for v in c]]
)
@pytest.mark.parametrize("eta", [0.001, 0.02, 0.05, 2 / 21, 0.1, 0.102, 0.105, 0.15])
@pytest.mark.parametrize("offset", [0.0, 0.7])
def test_the_same_diagnosis_from_fewer_digits(record, eta, offset):
    curve = losses(CANONICAL, START, eta, 60) + offset
    exact, found = diagnose(curve), diagnose(record(curve))
    assert found.shape == exact.shape and found.convex
    assert found.turn == exact.turn or abs(curve[found.turn] - curve[exact.turn]) <= 1e-3
    if exact.eta_lambda and found.eta_lambda:
        assert found.eta_lambda == pytest.approx(exact.eta_lambda, abs=0.02)


RECORDS = st.sampled_from(
    [
        np.asarray,
        np.float32,
        *(lambda c, d=d: np.round(c, d) for d in range(3, 9)),
        *(lambda c, d=d: [float(f"{v:.{d}g}") for v in c] for d in (3, 5, 7)),
        lambda c: c - c[0],
        lambda c: c - c[-1],
    ]
)


@given(
    st.lists(st.tuples(st.floats(1e-3, 1), st.floats(1e-3, 10)), min_size=1, max_size=4),
    st.floats(0.01, 1.95) | st.floats(2.01, 4),
    st.floats(-50, 50),
    st.integers(5, 200),
    RECORDS,
)
@settings(max_examples=400, deadline=None)
def test_nothing_false_about_plain_descent_whatever_its_lowest_loss(problem, steepest, lowest, steps, record):
    """L* + Σ c r^t, r = (1-ηλ)², also negative, rounded or of single precision."""
    values, weights = map(np.array, zip(*problem, strict=True))
    products = steepest * values / values.max()
    times = np.arange(steps + 1)[:, None]
    curve = lowest + (weights * (1 - products) ** (2.0 * times)).sum(axis=1)
    with np.errstate(over="ignore"):
        recorded = np.asarray(record(curve))
    found = diagnose(recorded)
    first, *_, last = (weights * products * (products - 2) * (1 - products) ** (2.0 * times[:-1])).sum(axis=1)
    down, up = first < 0, last > 0
    allowed = {"level", "cannot tell"}
    allowed |= {s for s, seen in {"falling": down, "rising": up, "falling then rising": down and up}.items() if seen}
    assert found.shape in allowed and found.convex is not False, words(found)
    guesses = found.eta_lambda if isinstance(found.eta_lambda, tuple) else (found.eta_lambda,)
    if found.eta_lambda is not None and found.shape != "falling":
        assert min(abs(guesses[0] - products) / products) < 0.1, (words(found), products)


@given(st.floats(0.05, 1.95), st.floats(-1, 1), st.floats(-1, 1))
@settings(max_examples=40, deadline=None)
def test_a_run_that_ends_in_round_off_is_falling(product, x, y):
    """Plain iteration towards a minimum away from zero trembles at the end, at 1e-30 of its first loss."""
    matrix, minimum = np.array([[1.0, 0.3], [0.3, 20.0]]), np.array([1.0, 2.0])
    eta = product / np.linalg.eigvalsh(matrix)[-1]
    bowl = landscapes.quadratic(matrix, minimum=minimum)
    curve = losses(bowl, [x, y], eta, 1500, method="iterate")
    found = diagnose(curve)
    assert found.shape == "falling" and found.convex
    assert found.eta_lambda is None or any(
        abs(guess - eta * v) < 0.02 for guess in found.eta_lambda for v in bowl.eigenvalues
    )


@pytest.mark.parametrize("far", [1, 10, 100])
@pytest.mark.parametrize("product", [0.4, 1.0, 1.8, 1.99])
def test_single_precision_weights_far_from_zero(far, product):
    """The loss still falls and is still convex, as far as single precision can tell."""
    matrix, minimum = np.array([[1, 0.3], [0.3, 20]], np.float32), np.array([1, 2], np.float32) * far
    w, curve = np.array([10, 2], np.float32), []
    for _ in range(1000):
        slope = matrix @ (w - minimum)
        curve.append(np.float32(0.5) * ((w - minimum) @ slope))
        w = w - np.float32(product / 20.005) * slope
    for recorded in (np.array(curve), [float(v) for v in curve], [float(f"{v:.6g}") for v in curve]):
        found = diagnose(recorded)
        assert found.shape == "falling" and found.convex
        slow, steep = np.linalg.eigvalsh(matrix) * product / 20.005
        assert found.eta_lambda is None or min(abs(g - v) for g in found.eta_lambda for v in (slow, steep)) < 0.02


@given(st.floats(0.01, 1.9), st.sampled_from([0.0, 5.0]), st.integers(30, 200))
@settings(deadline=None)
def test_both_candidates_of_a_falling_mode(product, offset, steps):
    assume(abs(product - 1) > 0.05 and abs(product - 2) > 0.01)
    curve = offset + 3 * (1 - product) ** (2.0 * np.arange(steps + 1))
    low, high = diagnose(curve).eta_lambda
    assert low < 1 < high and low + high == pytest.approx(2)
    assert min(abs(low - product), abs(high - product)) < 1e-6


@given(st.floats(2.01, 50), st.sampled_from([0.0, 5.0]))
@settings(deadline=None)
def test_the_curvature_behind_a_growing_tail(product, offset):
    """1+√r, and dividing η by half of it leads to the threshold."""
    steps = min(60, int(250 / math.log10((product - 1) ** 2)))
    curve = offset + 1e-3 * (1 - product) ** (2.0 * np.arange(steps + 1)) + 0.5 ** np.arange(steps + 1)
    assume(curve[-1] > 100 * curve[0])
    found = diagnose(curve)
    assert found.eta_lambda == pytest.approx(product, rel=1e-3)
    assert product / found.divide_by == pytest.approx(2, rel=1e-3)


def test_the_canonical_five():
    found = {eta: diagnose(losses(CANONICAL, START, eta, 200)) for eta in (0.001, 0.05, 2 / 21, 0.1, 0.105)}
    assert [f.shape for f in found.values()] == 4 * ["falling"] + ["falling then rising"]
    for eta in (0.05, 2 / 21, 0.1):
        assert found[eta].eta_lambda == pytest.approx((eta, 2 - eta), rel=1e-4)  # the slow mode, λ = 1
    high = found[0.105]
    assert (high.eta_lambda, high.divide_by, high.turn) == pytest.approx((2.1, 1.05, 19))
    assert "divide η by more than 1.05" in str(high).lower()


def test_level_at_the_knife_edge_and_when_frozen():
    for curve in (losses(landscapes.bowl([20]), [1], 0.1, 50), losses(CANONICAL, START, 0, 50), np.zeros(9)):
        assert diagnose(curve).shape == "level"


def test_a_straight_line_is_no_exponential_yet():
    found = diagnose(losses(CANONICAL, [10, 0], 1e-6, 100))
    assert found.shape == "falling" and found.eta_lambda is None and "straight line" in words(found)


@pytest.mark.parametrize("curve", [range(10, 0, -1), range(1, 11), np.linspace(5, -5, 50), np.linspace(1, 0.9, 7)])
def test_a_straight_line_is_not_contradicted(curve):
    """Any line is the beginning of an exponential with a low enough L*."""
    found = diagnose(curve)
    assert found.convex and "straight line" in words(found) and "not convex" not in words(found)


@pytest.mark.parametrize("shift", [-20, -0.3, 20])
@pytest.mark.parametrize("eta", [0.001, 0.05, 0.1, 0.105])
def test_a_constant_added_to_the_loss_changes_nothing(eta, shift):
    curve = losses(CANONICAL, START, eta, 100)
    one, other = diagnose(curve), diagnose(curve + shift)
    assert (one.shape, one.turn, one.convex) == (other.shape, other.turn, other.convex)
    assert other.eta_lambda == pytest.approx(one.eta_lambda, rel=1e-3)


@pytest.mark.parametrize("shift", [0, -20])
@pytest.mark.parametrize("eta", [schedules.cosine(0.09, 100), schedules.step_decay(0.09, 0.1, 50)])
def test_a_decay_shows_in_the_second_differences(eta, shift):
    """L and ln L are convex here."""
    found = diagnose(losses(CANONICAL, START, eta, 100) + shift)
    assert found.shape == "falling" and found.convex is False


WIGGLES = {
    "noise": lambda: losses(landscapes.bowl([1.0]), [3], 0.1, 200, noise=0.3, seed=1),
    "momentum": lambda: losses(landscapes.bowl([1.0]), [3], 0.1, 200, optimizer=optimizers.heavy_ball(0.9)),
    "a decay from above the threshold": lambda: losses(CANONICAL, [5, 0.01], schedules.inverse_time(0.2, 0.1), 60),
    "a catapult": lambda: losses(landscapes.product_valley(), [3, 0.5], 0.25, 100),
    "chaos in a double well": lambda: losses(landscapes.double_well(), [0.3], 1.5, 100),
    "minibatches": lambda: losses(
        landscapes.linear_regression([[0.2], [1.8], [1.0]], [1.0, 0.0, 2.0]), [5], 0.4, 80, batch=1
    ),
    "the validation loss of a plain run": lambda: landscapes.bowl([1, 20], minimum=[0.2, 0.1]).loss(
        descend(CANONICAL, [5, 1], 0.095, 60).iterates.T
    ),
    "a loss without the penalty that was descended": lambda: landscapes.bowl([1.0], minimum=[1.0]).loss(
        descend(landscapes.bowl([1.1], minimum=[1 / 1.1]), [3], 1.7, 20).iterates.T
    ),
}


@pytest.mark.parametrize("cause", WIGGLES)
def test_a_wiggle_has_a_cause_beyond_plain_descent(cause):
    curve = WIGGLES[cause]()
    for recorded in (curve, curve.astype(np.float32), [float(f"{v:.5g}") for v in curve]):
        found = diagnose(recorded)
        assert found.shape == "wiggling" and not found.convex
        assert "cannot do that to the loss it descends" in words(found) and "wiggling" in words(found)
        assert "validation" in found.rules_out and "penalty" in found.rules_out


@pytest.mark.parametrize("curve", [[8, 4, 2, 1, 2, 4, 8], [1, 2, 4, 8], [3, 2, 2.5, 1, 1.5, 0.5]])
def test_a_rise_is_held_against_the_rate_only_in_the_loss_that_is_descended(curve):
    assert "descend" in diagnose(curve).rules_out


def test_a_falling_curve_that_is_no_quadratic():
    """While the rate warms up the fall of L steepens, whatever its lowest value."""
    curve = losses(landscapes.bowl([1.0]), [3], schedules.warmup(20, schedules.constant(0.2)), 60)
    for recorded in (curve, curve - 20, np.round(curve, 4)):
        found = diagnose(recorded)
        assert found.shape == "falling" and found.convex is False and "not convex" in words(found)


def test_an_overflow_after_growth_is_read_from_what_came_before():
    for steps in (2000, 60):
        found = diagnose(losses(CANONICAL, START, 0.5, steps))
        assert found.shape == "falling then rising" and found.eta_lambda == pytest.approx(10)
    assert diagnose([1, 1e200, math.inf, math.nan]).shape == "rising"


@pytest.mark.parametrize(
    ("curve", "why"),
    [
        ([3.0], "too few"),
        ([3.0, 2.0, 1.0], "too few"),
        ([math.nan, 1, 2, 3], "0 finite losses"),
        ([4, 3, 2, math.nan], "without having grown"),
        ([4, 3, 2, 1, math.inf], "without having grown"),
        ([4, 3, math.nan, 2, 1, 0.5], "finite again later"),
        ([10, 9, 5, 4.9, 2, 2.1], "only the last loss rises"),
    ],
)
def test_it_says_when_it_cannot_tell(curve, why):
    found = diagnose(curve)
    assert found.shape == "cannot tell" and why in words(found) and "cannot tell" in words(found)
    assert found.eta_lambda is None and found.convex is None


def test_short_lists_written_by_hand():
    assert diagnose([5, 4, 5, 4, 5, 4]).shape == "wiggling"
    assert diagnose([8, 4, 2, 1]).shape == "falling"
    assert diagnose([8, 4, 2, 1, 2, 4, 8]).shape == "falling then rising"
    assert diagnose((1, 2, 4, 8)).shape == "rising"
    assert diagnose([1, 1, 1, 1]).shape == "level"


def test_a_flicker_of_the_last_printed_digit_is_round_off():
    curve = [float(f"{0.1234 + math.exp(-t / 5):.4f}") for t in range(80)]
    curve[70] = 0.1235
    found = diagnose(curve)
    assert found.shape == "falling" and found.floor > 0


@given(modes, st.floats(0.001, 0.5), st.integers(-60, 60))
@settings(max_examples=60, deadline=None)
def test_units_of_the_loss_do_not_matter(problem, eta, power):
    values, start = zip(*problem, strict=True)
    curve = losses(landscapes.bowl(values), start, eta, 40)
    assume(curve.max() < 1e200 and curve.min() > 1e-200)
    one, other = diagnose(curve), diagnose(curve * 2.0**power)
    assert (one.shape, one.turn, one.convex) == (other.shape, other.turn, other.convex)
    if one.eta_lambda:
        assert other.eta_lambda == pytest.approx(one.eta_lambda, rel=1e-9)


@pytest.mark.parametrize(
    ("bad", "error", "said"),
    [
        ([], ValueError, "losses must be a list of at least one number, got shape"),
        (3.0, ValueError, "losses must be a list"),
        ([[1, 2], [3, 4]], ValueError, r"got shape \(2, 2\)"),
        ([[1, 2], [3]], ValueError, "rows of different lengths"),
        (["a", "b"], TypeError, "losses must be real numbers"),
        ([1, None], TypeError, "losses must be real numbers"),
        ([1j, 2], TypeError, "losses must be real numbers"),
        ([True, False], TypeError, "losses must be real numbers"),
    ],
)
def test_bad_input(bad, error, said):
    with pytest.raises(error, match=said):
        diagnose(bad)


@given(st.lists(st.floats(), min_size=1, max_size=30) | st.lists(st.integers(-5, 5), min_size=1, max_size=12))
@settings(max_examples=400, deadline=None)
def test_fuzz_any_numbers_get_an_answer_without_a_warning(curve):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = diagnose(curve)
        assert found.shape in SHAPES and found.shape in words(found)
    guesses = found.eta_lambda if isinstance(found.eta_lambda, tuple) else (found.eta_lambda,)
    assert all(guess is None or (math.isfinite(guess) and guess >= 0) for guess in guesses)
    assert (found.divide_by is not None) == isinstance(found.eta_lambda, float)


def test_a_million_losses_take_a_moment():
    curve = losses(landscapes.bowl([1e-5]), [1], 1, 1_000_000)
    assert diagnose(curve).shape == "falling"


@pytest.mark.parametrize("written", [".9e", ".10f", ".11e", ".12f", ".13e"])
def test_plain_descent_printed_to_ten_digits_and_more_is_not_accused(written):
    rng = np.random.default_rng(8)
    for _ in range(40):
        bowl = landscapes.bowl(rng.uniform(0.1, 20, 3))
        losses = descend(bowl, 3 * rng.standard_normal(3), rng.uniform(0.01, 0.102), 90).losses + rng.choice(
            [0, -20, 3]
        )
        assert diagnose([float(format(loss, written)) for loss in losses]).convex is not False
