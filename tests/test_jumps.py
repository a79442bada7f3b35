"""Jumps, spikes at even distances, teeth and zeros: what `diagnose` says of curves whose cause is built in."""

from itertools import product as product_of

import numpy as np
import pytest

from lrsim.diagnosis import diagnose

T = np.arange(300)
FALLS = 0.3 + 2 * np.exp(-T / 40)


def noisy(curve, noise, seed=5):
    return curve * (1 + noise * np.random.default_rng(seed).standard_normal(len(curve)))


@pytest.mark.parametrize("noise", [0, 0.02, 0.1])
def test_a_loss_that_jumps_back_to_chance_and_stays_is_lost_where_it_jumped(noise):
    found = diagnose(noisy(np.where(T < 180, FALLS, np.log(10)), noise))
    assert found.cause == "diverging" and found.lost and found.since == found.lost_at == 180
    assert "between step 179 and step 180" in found.happened and "what was learned is lost" in found.follows
    assert noise > 0.02 or "ln 10" in found.follows


@pytest.mark.parametrize("noise", [0, 0.02, 0.1])
def test_a_smaller_jump_that_stays_is_not_called_one_that_may_come_back(noise):
    found = diagnose(noisy(np.where(T < 180, FALLS, 0.9), noise))
    assert found.cause == "cannot tell" and found.since == 180 and "stays there, for 120 rows" in found.follows


def test_a_few_rows_that_do_not_move_far_above_all_before_are_a_lost_run():
    learning = [1.2, 1.0, 0.9, 0.85, 0.95, 0.8, 0.75, 0.7, 0.72]
    assert diagnose([*learning, 9.3, 21.702, 21.703, 21.702]).lost
    assert not diagnose([*learning, 9.3, 21.7, 12.1, 17.4]).lost


@pytest.mark.parametrize("noise", [0.02, 0.1])
def test_a_run_that_jumps_and_learns_again_is_no_plateau(noise):
    found = diagnose(noisy(np.where(T < 180, FALLS, 0.3 + 2 * np.exp(-(T - 180) / 60)), noise))
    assert found.cause == "spike" and found.since == 180 and "not back yet" in str(found)


def test_a_loss_that_strays_far_below_is_not_said_to_jump_when_it_returns():
    strays = [0.17, 0.08, 0.13, 0.02, 0.64, 0.52, 0.00003, 0.0009]
    assert "jumps" not in str(diagnose(strays))


def test_spikes_at_even_distances_are_told_from_others():
    even, odd = FALLS.copy(), FALLS.copy()
    even[[40, 90, 140, 190, 240]] *= 6
    odd[[40, 61, 140, 203, 240]] *= 6
    assert "one every 50 rows" in diagnose(noisy(even, 0.02)).happened
    assert "one every" not in diagnose(noisy(odd, 0.02)).happened


@pytest.mark.parametrize("period", [5, 20, 60])
def test_teeth_are_told_with_their_period(period):
    teeth = 1 + 0.3 * (T % period) / period
    for curve, cause in ((0.5 * teeth, "plateau"), (FALLS * teeth, "falling")):
        found = diagnose(noisy(curve, 0.01))
        assert found.cause == cause and f"with teeth every {period} rows" in found.happened
    assert "teeth" not in str(diagnose(noisy(FALLS, 0.02)))


@pytest.mark.parametrize("rows", [40, 60, 300])
@pytest.mark.parametrize("noise", [1e-4, 1e-3, 1e-2])
def test_a_loss_that_falls_slowly_has_no_teeth(rows, noise):
    t = np.linspace(0, 1, rows)
    for fall in (
        np.exp(-t / 0.2),
        0.2 + np.exp(-t / 0.5),
        (1 + rows * t) ** -0.5,
        0.2 + 1 / (1 + np.exp((t - 0.5) * 9)),
    ):
        told = ["with teeth every" in str(diagnose(noisy(fall, noise, seed))) for seed in range(10)]
        assert sum(told) <= 1  # by chance


def test_a_loss_of_exactly_0_from_one_row_to_the_next_is_no_plateau():
    for losses in (np.zeros(9), np.where(T < 180, FALLS, 0)):
        found = diagnose(losses)
        assert found.cause == "cannot tell" and found.since == np.argmax(losses == 0) and "gradient norm" in found.test
    assert diagnose(np.round(np.exp(-T / 20), 4)).cause != "cannot tell"  # it fades to the last digit


def test_a_loss_that_falls_but_began_lower_is_not_said_to_fall_from_there():
    found = diagnose([0.5, 0.48, 4, 3.1, 2.2, 2.9, 2.1, 1.5, 1.3, 1.1])
    assert found.cause == "falling" and "after a rise from 0.5 to 4" in found.happened and "warmup" in found.advice


def test_a_level_known_only_to_a_few_per_cent_is_no_logarithm_of_classes():
    found = diagnose(np.log(6) + 0.4 * np.random.default_rng(3).standard_normal(40))
    assert found.cause == "plateau" and "ln 6" not in found.follows


def test_what_a_factor_says_is_said_to_hold_where_it_grows():
    assert ") where it grows" in diagnose(0.3 + 1.2 ** T[:60] * 1e-4 + np.exp(-T[:60] / 9), steps=T[:60]).follows


SLOW = {
    "a walk": lambda noise: np.exp(np.cumsum(0.01 * noise)),
    "smoothed": lambda noise: 1 + np.convolve(0.1 * noise, 0.9 ** np.arange(300))[:300] / 10,
    "a swing": lambda noise: 1 + 0.3 * np.sin(T / 10 + 1) + 0.01 * noise,
    "a slow rise": lambda noise: 1 + np.exp(-T / 20) + 0.002 * np.maximum(T - 180, 0) + 0.01 * noise,
}


@pytest.mark.parametrize("curve", SLOW)
def test_one_last_row_that_blew_up_is_a_lost_run_whatever_moved_before_it(curve):
    for seed, top in product_of(range(10), (1e6, 1e30)):
        losses = SLOW[curve](np.random.default_rng(seed).standard_normal(300))
        losses[-1] = top
        found = diagnose(losses)
        assert found.lost and found.lost_at == found.since == 299, (seed, top, str(found))


def test_what_moves_slowly_does_not_jump():
    for seed, (rows, high) in product_of(range(10), ((200, 1.0), (50, 2.0), (30, 2.0))):
        ramp = noisy(1 + high * np.clip((T - 75) / rows, 0, 1), 0.02, seed)
        found = diagnose(ramp)
        assert "jumps" not in found.happened and found.cause in ("diverging", "cannot tell"), str(found)
        swing = noisy(1 + 0.35 * np.sin(2 * np.pi * (T / (4 * rows) + seed / 10)), 0.02, seed)
        assert "jumps" not in (found := diagnose(swing)).happened and found.cause != "spike", str(found)


@pytest.mark.parametrize("rows", [8, 11, 16, 40])
def test_what_is_flat_is_flat_from_where_the_fall_ended(rows):
    fall = np.array([1.7, 0.5, 0.4, 0.37])[:, None].repeat(rows // 8, 1).ravel()
    found = diagnose(np.r_[fall, noisy(np.full(rows - len(fall) + 4, 0.365), 0.003)])
    assert found.cause == "plateau" and found.since >= len(fall) // 2


@pytest.mark.parametrize("offset", [-0.5, -5])
def test_a_loss_below_0_jumps_by_an_amount_and_a_small_swing_of_it_is_no_jump(offset):
    found = diagnose(noisy(np.where(T < 180, FALLS, 2) + offset, 0.01))
    assert "-fold" not in found.happened and "jumps by" in found.happened
    t = np.arange(50)
    assert diagnose(123 * np.exp(-t / 8) * np.cos(t / 28) + offset / 10).cause != "cannot tell"


@pytest.mark.parametrize("offset", [-0.5, -5])
def test_a_spike_of_a_loss_below_0_is_as_high_as_it_rose(offset):
    spike = np.where(T < 180, 0, 6 * np.exp(-(T - 180) / 6))
    found = diagnose(noisy(FALLS - 0.3 + spike, 0.01) + offset)
    assert found.cause == "spike" and "the highest 5.99 above what was before it" in found.happened
    assert found.happened.endswith("and the loss came back")
