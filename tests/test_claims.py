"""Sentences that are often said and half true: the exact version holds, and no text of ours says the other one.

Each false version stands here as patterns, beside a run that refutes it.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from figures import facts, runs
from figures.facts import number
from figures.plots import how_long_each_step_is, steps_shrink_by_themselves, the_noisy_race, when_it_turns
from lrsim import descend, landscapes, schedules, stability

ROOT = Path(__file__).resolve().parent.parent
TEXTS = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs" / "notebooks").glob("*.py")]
TEXTS += [*(ROOT / "figures").rglob("*.py"), *(ROOT / "lrsim").rglob("*.py")]
CANONICAL = runs.canonical()


def decay_helps_below_the_threshold():
    constant = descend(CANONICAL, runs.RATES_START, 0.0999, 100).final_loss
    decayed = descend(CANONICAL, runs.RATES_START, schedules.inverse_time(0.0999, k=7.7e-4), 100).final_loss
    return constant > 1e5 * decayed


def another_decay_is_better_for_two_directions():
    def limit(k, directions):  # of t E L/σ²: the flattest direction, and for each much steeper one η₀/(4k)
        return 1 / (2 * k * (2 - k)) + (directions - 1) / (4 * k)

    best = {d: 2 / (1 + d**-0.5) for d in (1, 2, 100)}
    grid = np.linspace(0.05, 1.95, 20_001)
    least = {d: grid[np.argmin(limit(grid, d))] for d in best}
    return all(abs(best[d] - least[d]) < 1e-3 for d in best) and limit(best[2], 2) < limit(1, 2)


def a_validation_loss_wiggles():
    run = descend(CANONICAL, [5, 1], 0.095, 60)
    validation = landscapes.bowl([1, 20], minimum=[0.2, 0.1]).loss(run.iterates.T)
    return facts.turns(run.losses) == 0 and facts.turns(validation) == 58


def a_loss_on_a_saddle_rises_and_falls_again():
    run = descend(landscapes.saddle([1, 20, -8]), [10, 0.05, 1e-15], 0.105, 100)
    return facts.turns(run.losses) == 2 and run.losses.argmax() == 60 and run.losses[-1] < 0


def a_lower_rate_calms_a_double_well():
    end = {eta: descend(landscapes.double_well(), [0.5], eta, 2000).losses[-50:] for eta in (1.1, 0.9)}
    floor = {eta: np.sum(stability.noise_floor([1, 20], eta, noise=1)) for eta in (0.09, 0.045)}
    return end[1.1].mean() > 0.02 and end[0.9].max() < 1e-12 and floor[0.09] > 7 * floor[0.045]


def minibatches_need_not_wiggle():
    line = landscapes.linear_regression([[1.0], [2.0]], [2.0, 4.0])
    return (np.diff(descend(line, [0.0], 0.1, 40, batch=1).losses) <= 0).all()


def steps_shrink_above_the_threshold_and_grow_below_it():
    lengths = np.linalg.norm(np.diff(descend(CANONICAL, runs.RATES_START, 0.105, 60).iterates, axis=0), axis=1)
    hill = abs(np.diff(descend(landscapes.double_well(), [0.01], 0.3, 60).iterates[:, 0]))
    return lengths.argmin() == 12 and hill.argmax() == 16


def jumps_shrink_from_above_the_threshold():
    decay = schedules.inverse_time(runs.DECAY_ETA0, k=runs.DECAY_K)
    run = descend(runs.bowl(), [-4, 1e-6], decay, 30)
    return (np.diff(np.linalg.norm(np.diff(run.iterates, axis=0), axis=1)) < 0).all()


def a_convex_loss_is_lost_under_decay():
    quartic = landscapes.from_functions(lambda w: w[0] ** 4 / 4, lambda w: w**3)
    run = descend(quartic, [10.0], schedules.inverse_time(1.0, k=0.1), 6)
    return np.log10(abs(run.iterates[3, 0])) > 20


def a_double_well_still_doubles_at_1_302():
    """Below the accumulation point the motion is periodic, above it chaotic."""

    def exponent(eta):
        x = descend(landscapes.double_well(), [0.4], eta, 60_000).iterates[10_000:, 0]
        return np.log(abs(1 - eta * (3 * x**2 - 1))).mean()

    return exponent(1.3022) < 0 < exponent(1.3024) < exponent(1.31)


def a_catapult_lands_up_to_about_four():
    def lands(start, share):
        eta = share / np.sum(np.square(start))
        return descend(landscapes.product_valley(), start, eta, 3000).diverged_at is None

    found = [lands((3, 0.5), 4.09), not lands((3, 0.5), 4.10), lands((2.5, 0.02), 3.67), not lands((2.5, 0.02), 3.68)]
    return all(found)


def a_network_can_stop_below_the_edge():
    x = np.linspace(-1, 1, 20)[:, None]
    network = landscapes.tanh_network(x, (8 * x**4 - 8 * x**2 + 1)[:, 0], hidden=(24, 24))
    run = descend(network, network.start(0), 0.02, 1500)
    return stability.sharpness(network, run.iterates[-1]) < 0.2 * 2 / 0.02


def half_a_rate_near_the_threshold_takes_the_shorter_steps():
    whole, half = (abs(np.diff(descend(landscapes.bowl([1]), [1], eta, 60).iterates[:, 0])) for eta in (1.5, 0.75))
    return (half < whole).all()


REFUTED = {
    decay_helps_below_the_threshold: (
        r"below the threshold, does decay help\?\" +It hurts",
        r"[Bb]elow the threshold, without noise: slower *\{\{|with \$\\eta_0\$ above the threshold; otherwise",
    ),
    another_decay_is_better_for_two_directions: (r"in the long run best with",),
    a_validation_loss_wiggles: (
        r"quadratic, with full-batch updates at a constant rate, the loss can",
        r"impossible here, since",
    ),
    a_loss_on_a_saddle_rises_and_falls_again: (r"descent on a quadratic with all the data",),
    a_lower_rate_calms_a_double_well: (r"Lowering a rate that is too high will not help",),
    minibatches_need_not_wiggle: (r"minibatches every curve",),
    steps_shrink_above_the_threshold_and_grow_below_it: (
        r"steps shrink towards the minimum exactly when|above it they grow",
        r"[Aa]t a constant (learning )?rate (it|the steps) shrinks? by",
    ),
    half_a_rate_near_the_threshold_takes_the_shorter_steps: (
        r"below the threshold the steps shrink by themselves, and half the rate soon",
        r"one with half the rate of the other\. Whose",
    ),
    jumps_shrink_from_above_the_threshold: (r"jumps grow before they shrink",),
    a_convex_loss_is_lost_under_decay: (r"On a quadratic it always converges", r"On a bowl, yes\. On a loss"),
    a_double_well_still_doubles_at_1_302: (r"chaotic from about 1\.31",),
    a_catapult_lands_up_to_about_four: (r"ηS₀ somewhat",),
    a_network_can_stop_below_the_edge: (r"constant η its sharpness rises to about",),
}


@pytest.mark.parametrize("refute", REFUTED, ids=lambda refute: refute.__name__)
def test_a_half_truth_is_refuted_and_stands_nowhere(refute):
    assert refute()
    texts = {path: re.sub(r"\s+(# )?", " ", path.read_text(encoding="utf-8")) for path in TEXTS}
    guilty = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for pattern in REFUTED[refute]
        for path, text in texts.items()
        if (found := re.search(pattern, text))
    ]
    assert guilty == []


problems = st.lists(st.tuples(st.floats(0.05, 40), st.floats(-10, 10)), min_size=1, max_size=4)


@given(problems, st.floats(0, 1), st.floats(0, 10))
@settings(max_examples=60, deadline=None)
def test_from_at_most_one_over_lambda_decay_only_slows_at_every_step(problem, share, k):
    values, start = map(np.array, zip(*problem, strict=True))
    bowl, eta0 = landscapes.bowl(values), share / values.max()
    constant, decayed = (descend(bowl, start, eta, 40).losses for eta in (eta0, schedules.inverse_time(eta0, k=k)))
    assert (decayed >= constant * (1 - 1e-9) - 1e-28 * constant[0]).all()  # at 1/λ what is left is round-off


@given(problems, st.floats(0.01, 1.999))
@settings(max_examples=60, deadline=None)
def test_on_a_bowl_below_the_threshold_every_step_is_shorter_than_the_last(problem, product):
    values, start = map(np.array, zip(*problem, strict=True))
    run = descend(landscapes.bowl(values), start, product / values.max(), 40)
    lengths = np.linalg.norm(np.diff(run.iterates, axis=0), axis=1)
    assert (lengths[1:] <= lengths[:-1] * (1 + 1e-9)).all()


@given(problems, st.lists(st.floats(0, 1.999), min_size=30, max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_schedule_below_the_threshold_raises_the_loss_of_a_bowl(problem, products):
    values, start = map(np.array, zip(*problem, strict=True))
    run = descend(landscapes.bowl(values), start, schedules.table(np.array(products) / values.max()), 30)
    assert (run.losses[1:] <= run.losses[:-1] * (1 + 1e-9)).all()


def test_little_decay_pays_only_from_above_about_the_best_constant_rate():
    """From the canonical start: nothing to gain up to η*, and ever more towards the threshold."""
    best = stability.optimal_eta(CANONICAL)
    ks = np.append(0, np.geomspace(1e-6, 1, 400))
    for eta0, pays in ((0.05, False), (0.09, False), (best, False), (0.097, True), (0.0999, True)):
        etas = schedules.inverse_time(np.full((1,), eta0), ks)
        left = descend(CANONICAL, runs.RATES_START, etas, 100, record="summary").final_loss
        assert bool(left.argmin() > 0) == pays, eta0


@given(problems, st.floats(0, 3))
@settings(max_examples=60, deadline=None)
def test_no_constant_rate_leaves_less_of_its_slowest_direction_than_the_best(problem, product):
    values = np.array([value for value, _ in problem])
    bowl, kappa = landscapes.bowl(values), values.max() / values.min()

    def slowest(eta):
        return abs(1 - eta * values).max()

    best = slowest(stability.optimal_eta(bowl))
    assert abs(best - (kappa - 1) / (kappa + 1)) < 1e-12 and slowest(product / values.max()) >= best - 1e-12


@given(st.floats(0.05, 40), st.floats(-10, 10), st.floats(0, 2))
@settings(max_examples=60, deadline=None)
def test_a_rate_and_its_mirror_image_cast_one_loss_curve(curvature, start, product):
    parabola = landscapes.bowl([curvature])
    one, other = (descend(parabola, [start], share / curvature, 20).losses for share in (product, 2 - product))
    assert np.allclose(one, other, rtol=1e-9, atol=1e-12 * one[0])


@given(st.floats(0.05, 40), st.floats(0.01, 10), st.floats(0.02, 1.95))
@settings(max_examples=60, deadline=None)
def test_half_a_rate_takes_the_longer_steps_in_the_end_only_below_four_thirds(curvature, start, product):
    """Both lengths are geometric, and the first is half of the other's."""
    parabola, kept, left = landscapes.bowl([curvature]), abs(1 - product), 1 - product / 2
    whole, half = (
        abs(np.diff(descend(parabola, [start], eta / curvature, 400).iterates[:, 0])) for eta in (product, product / 2)
    )
    step = np.arange(400)
    if product >= 4 / 3:
        assert (half < whole).all()
    elif kept > 1e-3:
        crossing = np.log(2) / np.log(left / kept)
        clear = (abs(step - crossing) > 1e-6) & (whole > 1e-200)
        assert ((half > whole) == (step > crossing))[clear].all()


@given(st.floats(0.05, 40), st.floats(0.01, 10))
@settings(max_examples=20, deadline=None)
def test_the_tenth_step_is_as_much_longer_on_every_parabola(curvature, start):
    product = steps_shrink_by_themselves.ETA
    whole, half = (
        abs(np.diff(descend(landscapes.bowl([curvature]), [start], eta / curvature, 10).iterates[:, 0]))
        for eta in (product, product / 2)
    )
    assert number(half[9] / whole[9], 2) == steps_shrink_by_themselves.facts()["shrink_tenth"]
    assert half[0] == pytest.approx(whole[0] / 2)


@given(problems, st.floats(1e-4, 0.15))
@settings(max_examples=100, deadline=None)
def test_where_the_line_of_a_low_rate_ends_more_than_a_third_is_left_in_any_bowl(problem, product):
    """Convexity: least is left where all directions are one, and there it is (1-ηλ)^(1/ηλ)."""
    values, start = map(np.array, zip(*problem, strict=True))
    bowl, eta = landscapes.bowl(values), product / values.max()
    steepness = np.sum((values * start) ** 2)
    assume(steepness > 1e-12)
    ends = float(bowl.loss(start) / (eta * steepness))
    assume(ends < 20_000)
    losses = descend(bowl, start, eta, int(ends) + 1).losses
    left = losses / losses[0]
    assert left[int(ends)] >= (1 - product) ** (1 / product) * (1 - 1e-9) > 1 / 3
    assert left[-1] >= (1 - product) ** (1 / product + 2) * (1 - 1e-9)


@given(problems, st.floats(1.01, 1.8), st.floats(1, 1e6))
@settings(max_examples=100, deadline=None)
def test_a_high_rate_always_turns_and_with_so_much_less_of_what_grows_a_few_steps_later(problem, product, ratio):
    """However little there is of the steep directions: the delay is at most that of the slowest pair."""
    values, start = map(np.array, zip(*problem, strict=True))
    eta = product * 2 / values.max()
    factor = (1 - eta * values) ** 2
    grows = factor > 1
    assume((abs(factor - 1) > 1e-3).all() and abs(start[values.argmax()]) > 1e-3 and not grows.all())
    early, late = (
        stability.turnaround_step(landscapes.bowl(values), np.where(grows, start / less, start), eta)
        for less in (1, ratio)
    )
    assert early is not None and late is not None, "it never turns"
    delay = 2 * np.log(ratio) / np.log(factor[grows].min() / max(factor[~grows].max(), 1e-300))
    assert late - early <= (np.ceil(delay + 1e-9) if early else late)
    if len(values) == 2 and early:
        assert abs(late - early - delay) <= 1


def test_the_runs_of_the_question_turn_as_simulated():
    (eta, plenty), (_, little) = when_it_turns.MARKED["A"], when_it_turns.MARKED["B"]
    found = when_it_turns.facts()
    for name, steep in (("a", plenty), ("b", little)):
        losses = descend(CANONICAL, [when_it_turns.FLAT, steep], eta, 300).losses
        assert str(losses.argmin()) == found[f"turn_{name}"]
    assert int(found["turn_later"]) == int(found["turn_b"]) - int(found["turn_a"])


def test_the_best_decay_of_a_long_run_is_that_of_the_start_named():
    """From the figure's start the printed k leaves less than others; from the start of page 2 another k would."""
    found = facts.facts()
    k, steps, eta0 = float(found["long_best_k"]), int(found["long_steps"]), the_noisy_race.ETA0

    def left(k, start):
        return stability.expected_losses(CANONICAL, start, schedules.inverse_time(eta0, k=k), steps, 1.0)[-1]

    assert left(k, runs.HUMP_START) < min(left(k * share, runs.HUMP_START) for share in (0.9, 0.97, 1.03, 1.1))
    assert left(k, runs.RATES_START) > left(0.9 * k, runs.RATES_START)


def test_of_the_three_runs_the_decaying_one_takes_the_longest_steps_early_and_the_shortest_at_the_end():
    small, large, decaying = how_long_each_step_is._lengths().values()
    assert decaying.argmax() < 5 and decaying.max() > max(small.max(), large.max())
    assert decaying[-1] < min(small[-1], large[-1])
