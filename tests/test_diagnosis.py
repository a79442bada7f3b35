"""What happened to a run: told from logs whose cause is known, with the exit code that follows from it."""

import dataclasses
import io
import json
import math
import re
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.scenarios import logs as simulated
from lrsim import _reading, descend, landscapes, logs, optimizers, schedules, stability
from lrsim.diagnosis import Diagnosis, _growth, compare, diagnose
from lrsim.diagnosis._case import case as case_of

FILES = Path(__file__).parent / "logs"
CANONICAL, START = landscapes.bowl([1, 20]), [10, 0.05]
LOST = ("diverging", "diverged to nan", "lost without growth", "bursts")

GIVEN = {  # file -> cause, exit code, step since, step at which it is lost
    "01_minibatch_diverges.csv": ("diverging", 1, range(0, 6), range(1, 8)),
    "03_nan_after_noise.txt": ("lost without growth", 1, [9], [9]),
    "04_every_10th.csv": ("diverging", 1, [20], [40]),
    "05_semicolon_decimal_comma.csv": ("falling", 0, [None], [None]),
    "07_empty_cells.csv": ("falling", 0, [None], [None]),
    "08_trainer_state.json": ("falling", 0, [None], [None]),
    "09_rows.jsonl": ("falling", 0, [None], [None]),
    "10_nanogpt.log": ("spike", 0, [100, 110], [None]),
    "12_glog.log": ("lost without growth", 1, [160], [160]),
    "15_heading_again_after_resume.csv": ("falling", 0, [None], [None]),
    "19_words_for_nan.csv": ("diverged to nan", 1, [0], [5]),
    "22_smooth_then_catapult.csv": ("spike", 0, [544], [None]),
    "24_warmup_past_the_threshold.csv": ("diverging", 1, range(154, 163), [None]),
    "26_six_noisy_rows.txt": ("cannot tell", 3, [None], [None]),
    "27_only_names_with_train.csv": ("falling", 0, [None], [None]),
    "29_epoch_means.csv": ("falling", 0, [None], [None]),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_real_log_gets_the_answer_that_is_right_for_it(name):
    cause, code, since, lost_at = GIVEN[name]
    found = diagnose(logs.read(FILES / name))
    assert (found.cause, _reading.code(found)) == (cause, code)
    assert found.since in since and found.lost_at in lost_at
    assert str(found).count(". ") <= 2 and (found.advice or found.test)


def test_rows_are_not_updates():
    tenth = diagnose(logs.read(FILES / "04_every_10th.csv"))
    assert (tenth.factor, tenth.eta_lambda, tenth.divide_by) == pytest.approx((1.21, 2.1, 1.05))
    epochs = logs.read(FILES / "29_epoch_means.csv")
    found = diagnose(epochs)
    assert found.per == "row" and found.eta_lambda is None and found.factor == pytest.approx(0.998**200, rel=1e-6)
    assert "every" in str(found)
    found = diagnose(epochs, every=100)
    assert found.per == "update" and found.eta_lambda[0] == pytest.approx(0.002, rel=1e-4)
    run = descend(CANONICAL, START, 0.105, 300).losses
    assert diagnose(logs.Log(run)).eta_lambda is None and diagnose(logs.Log(run), every=1).eta_lambda > 2


def test_what_was_seen_in_the_warm_up_and_the_catapult_is_said():
    assert "η passed its limit there, 0.1006, at step 13" in str(
        diagnose(logs.read(FILES / "24_warmup_past_the_threshold.csv"))
    )
    assert "3.9-fold a row" in str(diagnose(logs.read(FILES / "22_smooth_then_catapult.csv")))
    assert "data or arithmetic" in str(diagnose(logs.read(FILES / "03_nan_after_noise.txt")))


FLAT = np.ones(100)


@pytest.mark.parametrize("rise", [1.5 ** np.arange(20), 1 + 1e-3 * 1.5 ** np.arange(1, 30), 1 + np.arange(1.0, 200)])
@pytest.mark.parametrize("before", [FLAT, np.concatenate([np.linspace(2, 1, 50), FLAT[:50]])])
def test_growth_out_of_an_exactly_flat_stretch_is_dated_where_it_ends(before, rise):
    found = diagnose(np.concatenate([before, rise]))
    assert found.cause == "diverging" and found.since == (100 if rise[0] == 1 else 99)


RISES = {"line": lambda u: 1 + 5 * u, "root": lambda u: 1 + 5 * u**0.5, "square": lambda u: 1 + 5 * u**2}


@pytest.mark.parametrize(("fold", "rows"), [(1.5, 20), (1.5, 10), (1.1, 60), (1.02, 200)])
@pytest.mark.parametrize("noise", [0, 1e-4, 1e-2])
def test_one_exponential_out_of_a_flat_stretch_is_one_whatever_lies_below_it(fold, rows, noise):
    """Its L* lies below the flat stretch and is never seen, so that ln(L - L*) looks bent."""
    covered = 0
    for seed in range(20):
        grows = np.concatenate([FLAT, fold ** np.arange(rows)])
        found = diagnose(grows * (1 + noise * np.random.default_rng(seed).standard_normal(len(grows))))
        assert found.lost and found.factor == pytest.approx(fold, rel=0.05 + 3 * noise), str(found)
        covered += found.factor_interval[0] <= fold <= found.factor_interval[1]
    assert covered >= 16


@pytest.mark.parametrize("rows", [20, 60, 200])
@pytest.mark.parametrize("rise", RISES.values(), ids=RISES)
def test_what_rises_out_of_a_flat_stretch_as_no_exponential_is_told_as_none(rise, rows):
    for noise, seed in ((0, 0), *((1e-3, seed) for seed in range(5))):
        risen = np.concatenate([FLAT, rise(np.linspace(0, 1, rows))])
        found = diagnose(risen * (1 + noise * np.random.default_rng(seed).standard_normal(len(risen))))
        assert found.factor is None and found.eta_lambda is None, str(found)


@pytest.mark.parametrize("rows", [60, 200, 500])
def test_a_steady_rise_far_beyond_the_noise_is_no_plateau(rows):
    for seed in range(40):
        noise = 0.2 * np.random.default_rng(seed).standard_normal(rows)
        assert diagnose(4 ** np.linspace(0, 1, rows) * (1 + noise)).cause in ("cannot tell", "diverging")


@pytest.mark.parametrize("noise", [0, 0.01, 0.05])
@pytest.mark.parametrize("rise", RISES.values(), ids=RISES)
def test_a_loss_that_rises_slowly_after_its_fall_is_said_to_rise_as_a_validation_loss_does(rise, noise):
    t = np.linspace(0, 1, 200)
    for seed in range(5):
        slow = 0.4 + 2 * np.exp(-t / 0.05) + 0.1 * rise(np.clip((t - 0.25) / 0.75, 0, 1))
        found = diagnose(slow * (1 + noise * np.random.default_rng(seed).standard_normal(200)))
        if found.lost:  # one that noise lets pass for an exponential
            assert noise == 0.05 and found.factor_interval[0] > 1
        else:
            assert found.cause == "cannot tell" and "validation loss" in str(found) and "training loss" in found.test


@pytest.mark.parametrize("rows", [200, 500])
def test_a_line_or_a_root_in_noise_is_not_told_as_one_exponential(rows):
    t = np.arange(rows)
    for seed in range(10):
        noise = 0.02 * np.random.default_rng(seed).standard_normal(rows)
        for rise in (1 + 5 * t / rows + noise, 1 + 5 * (t / rows) ** 0.5 + noise):
            found = diagnose(rise)
            assert found.lost and found.eta_lambda is None and "slower than one" in found.happened, str(found)
        grows = diagnose((1 + 1e-3 * np.exp(10 * t / rows)) * (1 + noise))
        assert grows.factor == pytest.approx(np.exp(10 / rows), rel=0.01)


def test_simulated_logs_of_known_cause():
    """Seeds below 1000; the table on the site is of 1000 to 1029."""
    right, cover, wrong = 0, Counter(), Counter()
    for seed in range(4):
        for case in simulated(seed):
            found = diagnose(case.losses, case.steps, case.rates)
            right += found.cause == case.cause
            wrong[case.name, found.cause] += found.cause != case.cause
            assert case.cause not in LOST or found.lost, (seed, case.name, str(found))
            assert case.cause in LOST or not found.lost, (seed, case.name, str(found))
            if case.growth:
                low, high = found.factor_interval
                cover[low <= case.growth <= high] += 1
                assert found.eta_lambda == pytest.approx(1 + case.growth**0.5, rel=0.02)
    assert right >= 0.97 * 4 * 34, wrong
    assert cover[True] >= 0.87 * cover.total()


RULES = {
    "gradient descent": (optimizers.gradient_descent(), 2.3),
    "heavy ball": (optimizers.heavy_ball(0.9), 4.2),
    "Nesterov": (optimizers.nesterov(0.9), 1.5),
}


@pytest.mark.parametrize("name", RULES)
def test_the_factor_gives_the_curvature_back_under_each_optimizer(name):
    optimizer, product = RULES[name]
    run = descend(landscapes.bowl([1.0, 10]), [5, 1e-3], product / 10, 120, optimizer=optimizer)
    found = diagnose(run.losses, optimizer=optimizer)
    limit = stability.threshold(10.0, optimizer=optimizer) * 10
    assert found.eta_lambda == pytest.approx(product, rel=2e-3)
    assert found.divide_by == pytest.approx(product / limit, rel=2e-3)
    clipped = diagnose(run.losses, optimizer=optimizers.clipped(optimizer, norm=1e9))
    assert clipped.eta_lambda == found.eta_lambda


def test_adam_is_held_against_its_own_limit():
    found = diagnose(1 + 1e-6 * 1.3 ** np.arange(60.0), optimizer=optimizers.adam())
    rho, beta = 1.3**0.5, 0.9
    assert found.eta_lambda == pytest.approx((1 + rho) * (rho + beta) / rho / (1 - beta), rel=1e-6)
    assert found.divide_by == pytest.approx(found.eta_lambda / 38) and "preconditioned" in str(found)


@pytest.mark.parametrize("beta", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.9, 0.98])
def test_ringing_gives_momentum_and_curvature_far_from_the_limit_and_near_it(beta, share):
    """θ and π-θ swing the loss alike, so that both ηλ are said: one is right, and they are 2(1+β) together."""
    limit = stability.threshold(1.0, optimizer=optimizers.heavy_ball(beta))
    for optimizer in (None, optimizers.heavy_ball(beta)):
        found = rung(optimizers.heavy_ball(beta), share * limit, 1, optimizer)
        assert found.cause == "ringing" and found.factor == pytest.approx(beta, rel=0.03)
        near = found.eta_lambda[share > 0.5]
        assert min(near, limit - near) == pytest.approx(min(share, 1 - share) * limit, rel=0.15)
        assert sum(found.eta_lambda) == pytest.approx(limit, rel=0.02)


def rung(optimizer, product, every, named):
    losses = descend(landscapes.bowl([1.0]), [3], product, 600, optimizer=optimizer).losses[::every]
    return diagnose(losses, every=every, optimizer=named)


@pytest.mark.parametrize("every", [2, 5, 10])
@pytest.mark.parametrize("beta", [0.8, 0.9, 0.95])
def test_ringing_in_rows_of_many_updates_never_says_how_near_the_limit(beta, every):
    seen = 0
    for share in (0.01, 0.1, 0.4, 0.9, 0.98):
        product = share * 2 * (1 + beta)
        found = rung(optimizers.heavy_ball(beta), product, every, None)
        if found.cause != "ringing":
            continue
        seen += 1
        low, high = map(float, re.search(r"between (\S+) and (\S+) ", found.follows).groups())
        assert found.eta_lambda is None and "cannot be told" in found.follows
        assert 0.9 * low < product < 1.01 * high and found.factor == pytest.approx(beta, rel=0.03)
    assert seen


@pytest.mark.parametrize("beta", [0.8, 0.9, 0.95])
def test_nesterov_rings_at_its_own_angle_and_decay(beta):
    """|z|² = β(1-ηλ) has no second reading: what is said is the one ηλ, also in rows of many updates."""
    optimizer, seen = optimizers.nesterov(beta), Counter()
    for product in (0.03, 0.1, 0.2, 0.3, 0.5, 0.9):
        for every in (1, 2, 5):
            found = rung(optimizer, product, every, optimizer)
            if found.cause == "ringing":
                seen[every] += 1
                assert found.eta_lambda == pytest.approx(product, rel=0.1, abs=0.005), (product, every)
                assert found.factor == pytest.approx(beta * (1 - product), rel=0.05, abs=0.015)
    assert min(seen[every] for every in (1, 2, 5)) > 0
    wrong = rung(optimizers.heavy_ball(0.95), 0.2, 1, optimizers.nesterov(0.5))
    assert wrong.eta_lambda is None and "not Nesterov's with β = 0.5" in wrong.follows


def test_ringing_is_read_by_the_rule_that_was_named():
    run = 2 + 3 * 0.9 ** np.arange(150) * (1 + np.cos(0.5 * np.arange(150))) / 2
    alone, adam, plain = (diagnose(run, optimizer=o) for o in (None, optimizers.adam(), optimizers.gradient_descent()))
    assert np.allclose(np.array(adam.eta_lambda) * (1 - 0.9), alone.eta_lambda) and "(Adam)" in adam.follows
    assert plain.eta_lambda is None and "without momentum" in plain.follows
    epochs = diagnose(logs.Log(run, row="epoch"))
    assert epochs.cause == "ringing" and epochs.eta_lambda is None and "how many updates an epoch is" in epochs.follows


def test_a_drop_of_the_rate_between_two_floors_tells_the_loss_without_noise():
    rng = np.random.default_rng(3)
    rates = np.r_[np.full(400, 0.1), np.full(400, 0.01)]
    losses = 2 + 5 * rates + 0.01 * rng.standard_normal(800)
    found = diagnose(losses, rates=rates)
    assert found.cause == "plateau" and "with η → 0 it would be 2" in str(found)


def test_known_levels():
    rng = np.random.default_rng(4)
    guessing = diagnose(math.log(10) + 0.003 * rng.standard_normal(200))
    assert "ln 10" in guessing.follows and "floor" not in str(guessing) and "labels" in guessing.test
    assert "float32" in str(diagnose(np.full(50, 87.3365)))


def blown_up(seed, rate):
    """Losses of a two-layer linear network in float32, trained calmly and then at `rate`, to its overflow."""
    rng = np.random.default_rng(seed)
    x, a, b = rng.standard_normal((64, 5)), rng.standard_normal((5, 8)) / 3, rng.standard_normal((8, 1)) / 3
    y = np.sin(x @ rng.standard_normal((5, 1)))
    x, y, a, b = (v.astype(np.float32) for v in (x, y, a, b))
    losses = []
    while len(losses) < 600 and (not losses or math.isfinite(losses[-1])):
        off = x @ a @ b - y
        losses.append(float(np.mean(off**2)))
        eta = np.float32((0.05 if len(losses) < 300 else rate) * 2 / len(x))
        a, b = a - eta * (x.T @ off @ b.T), b - eta * ((x @ a).T @ off)
    return np.array(losses)


@pytest.mark.parametrize("every", [1, 2, 5, 10, 25])
@pytest.mark.parametrize("rate", [2.0, 4.0, 8.0])
def test_a_run_lost_to_its_rate_is_never_told_that_it_is_not_the_rate(every, rate):
    """A network overflows within a few updates of its first growth, which rows further apart do not show."""
    unseen = 0
    for seed in range(5):
        with np.errstate(all="ignore"):
            losses = blown_up(seed, rate)
        steps = np.arange(seed % every, len(losses) + every, every)
        rows = np.append(losses, math.nan)[np.minimum(steps, len(losses))]
        for given in ({"steps": steps}, {"every": every}):
            found = diagnose(rows, **given)
            assert found.lost and "not the learning rate" not in str(found)
        found = diagnose(logs.Log(rows, row="row"))
        assert found.lost and "not the learning rate" not in str(found)
        unseen += found.cause == "lost without growth"
    assert unseen or every < 10


@pytest.mark.parametrize("lost", [60, 100, 299])
def test_nan_out_of_calm_from_one_update_to_the_next_is_not_the_rate(lost):
    spoilt = np.r_[CALM[:lost], [math.nan] * 3]
    assert "not the learning rate" in str(diagnose(spoilt))
    for every in (2, 10, 25):
        found = diagnose(spoilt, every=every)
        assert f"nothing of the {every} updates before" in found.follows and "log every step" in found.advice
    assert "if one epoch is one update" in diagnose(logs.Log(spoilt, row="epoch")).follows


NOISE = np.random.default_rng(5).standard_normal(300)
CALM = (0.14 + np.exp(-np.arange(300) / 30)) * (1 + 0.05 * NOISE)


@pytest.mark.parametrize(
    ("losses", "cause"),
    [
        ([0.2, 0.18, 0.16, 0.15, 0.14, 25237, 1.2e6], "diverging"),
        ([*CALM, 25237, 1.2e6], "diverging"),
        ([*CALM, 5.0], "cannot tell"),
        ([*CALM, *(9 + 0.3 * NOISE[:30])], "diverging"),
        ([*CALM[:100], math.nan, math.nan, *CALM[100:]], "falling"),
        ([*CALM[:100], math.inf, *CALM[100:102]], "lost without growth"),
        ([math.nan] * 3, "lost without growth"),
        (descend(landscapes.double_well(), [2.4], 0.5, 5).losses, "diverging"),
        (2.5 + 0.2 * NOISE, "plateau"),
        (np.exp(0.6 * NOISE), "plateau"),
        (-100 + 80 * np.exp(-np.arange(100) / 60), "falling"),
        ((0.4 + 0.6 * np.exp(-np.arange(300) / 20) + 0.001 * np.arange(300)) * (1 + 0.02 * NOISE), "cannot tell"),
    ],
)
def test_runs_of_other_kinds(losses, cause):
    assert diagnose(losses).cause == cause


GROWING = [3.0] * 20 + [3 * 1.5**t for t in range(12)]


@pytest.mark.parametrize("calm", [CALM, GROWING], ids=["falling", "growing"])
def test_gaps_that_are_not_finite_are_said_whatever_the_answer_is(calm):
    found = diagnose([*calm[:10], math.nan, math.inf, *calm[10:]])
    assert "; 2 rows in between are not finite, first at step 10" in found.happened
    assert found.cause == diagnose(calm).cause
    assert "; a row in between is not finite, at step 10" in diagnose([*calm[:10], math.nan, *calm[10:]]).happened


def test_a_loss_that_is_finite_again_at_the_end_is_not_said_to_be_lost_from_there_on():
    assert "is not finite from step 40 on" in diagnose([*CALM[:40], math.nan]).happened
    assert "is not finite at step 40" in diagnose([*CALM[:40], math.nan, *CALM[40:42]]).happened


def test_old_names_stay_and_warn():
    found = diagnose(descend(CANONICAL, START, 0.105, 100).losses)
    with pytest.warns(DeprecationWarning, match="divide_by"):
        assert found.lower_by == found.divide_by == pytest.approx(1.05)
    assert found.shape == "falling then rising" and found.turn == found.since == 19 and found.convex


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"steps": [1, 2]}, ValueError, "steps must have one number for each of 4 losses"),
        ({"steps": [0, 1, 1, 2]}, ValueError, "steps must rise from row to row, got 1 after 1"),
        ({"rates": [0.1, 0.1, -0.1, 0.1]}, ValueError, "rates must be >= 0"),
        ({"optimizer": "adam"}, TypeError, "optimizer must be one of lrsim.optimizers"),
        ({"optimizer": optimizers.adam}, TypeError, "call it"),
        ({"every": 0}, ValueError, "every must be >= 1"),
        ({"every": 2.5}, TypeError, "every must be a whole number"),
    ],
)
def test_bad_options(options, error, said):
    with pytest.raises(error, match=said):
        diagnose([4, 3, 2, 1], **options)


def test_compare():
    found = compare(*(2 + 0.1 * i + 0.05 * NOISE for i in (1, 0)))
    assert found.difference == pytest.approx(0.1, abs=1e-9) and 0 < found.error < 0.02
    slow, fast = (descend(landscapes.bowl([1.0]), [5], eta, 400).losses for eta in (0.01, 0.02))
    assert compare(slow, fast).ratio == pytest.approx(math.log(0.98) / math.log(0.99), rel=0.01)
    with pytest.raises(ValueError, match="other must have at least 4 finite losses"):
        compare(slow, [1.0])


def test_it_plots_itself_in_the_callers_style():
    figure = pytest.importorskip("matplotlib.figure").Figure()
    for log in [*(logs.read(FILES / name) for name in GIVEN), [0.0] * 20]:
        ax = figure.add_subplot()
        found = diagnose(log)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert found.plot(ax) is ax
        assert ax.get_title() == found.cause
    figure.savefig(io.BytesIO(), format="svg")


@pytest.mark.parametrize("rows", [6, 30, 300])
def test_a_rise_of_few_folds_is_no_exponential_however_many_rows_it_takes(rows):
    t = np.arange(float(rows))
    for folds, kind in ((_growth.FOLDS - 0.1, "jump"), (_growth.FOLDS + 0.1, "exponential")):
        assert _growth._exponential(t, folds * t / (rows - 1), 0.0, 0.01, True)[0] == kind
    assert _growth._exponential(t[: _growth.FEWEST - 1], 3 * t[: _growth.FEWEST - 1], 0.0, 0.01, True)[0] == "jump"


def test_its_picture_has_the_curve_the_band_of_two_sigma_and_the_last_rate_beside_its_limit():
    figure = pytest.importorskip("matplotlib.figure").Figure()
    falling = descend(landscapes.bowl([1.0]), [5], 0.01, 400).losses
    ax = diagnose(falling).plot(figure.add_subplot())
    assert ax.get_ylabel() == "ln L" and np.allclose(np.exp(ax.lines[0].get_ydata()), falling)
    found = diagnose(logs.read(FILES / "24_warmup_past_the_threshold.csv"))
    ax, this = found.plot(figure.add_subplot()), case_of(found.curve, None)
    excess = this.x - this.grown.lowest
    assert ax.get_ylabel() == "ln(L − L*)"
    band = np.exp(ax.collections[0].get_paths()[0].vertices[:, 1])
    assert band.max() == pytest.approx(np.nanmax(excess + 2 * this.sigma))
    limit = figure.axes[-1].lines[-1].get_ydata()[0]
    assert limit == pytest.approx(found.curve.rates[-1] / found.divide_by)
    assert f"{limit:.3g}" in figure.axes[-1].get_ylabel()


def test_the_worst_of_several_files_is_the_exit_code(lrsim, tmp_path):
    fine, lost, unclear = (FILES / name for name in ("09_rows.jsonl", "12_glog.log", "26_six_noisy_rows.txt"))
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing\n")
    assert lrsim(f"diagnose {fine} {fine}")[0] == 0
    assert lrsim(f"diagnose {fine} {unclear}")[0] == 3
    code, out, err = lrsim(f"diagnose {unclear} {bad} {fine}")
    assert code == 2 and "bad.csv" in err and out.count("rows of") == 2
    assert lrsim(f"diagnose {bad} {lost}")[0] == 1


def test_json_has_every_key_and_csv_the_old_ones(lrsim):
    code, out, _ = lrsim(f"diagnose {FILES / '04_every_10th.csv'} --json")
    found = json.loads(out)
    assert code == 1 and found["cause"] == "diverging" and found["factor_interval"][0] <= 1.21
    assert {own.name for own in dataclasses.fields(Diagnosis)} - {"curve"} <= set(found)
    assert found["divide_by"] == found["lower_by"]
    assert "lower_by" in lrsim(f"diagnose {FILES / '04_every_10th.csv'} --csv")[1].splitlines()[0].split(",")


def test_options_of_the_command(lrsim, tmp_path):
    epochs = FILES / "29_epoch_means.csv"
    assert "ηλ ≈ 0.002" in lrsim(f"diagnose {epochs} --every 100")[1]
    adam = lrsim(f"diagnose {FILES / '04_every_10th.csv'} --optimizer 'adam()'")[1]
    assert "limit 38" in adam and "preconditioned" in adam
    assert "times the steps of the other" in lrsim(f"diagnose {epochs} --against {epochs}")[1]
    out = tmp_path / "out.svg"
    assert lrsim(f"diagnose {epochs} --plot {out}")[0] == 0 and "<svg" in out.read_text()
    code, _, err = lrsim(f"diagnose {epochs} --plot {tmp_path / 'out.xyz'}")
    assert code == 2 and "--plot" in err
    for wrong in ("--every 0", "--every x", "--optimizer adam", "--follow --every 0"):
        assert lrsim(f"diagnose {epochs} {wrong}")[0] == 2


def test_follow_watches_until_the_run_is_lost(lrsim, tmp_path, monkeypatch):
    growing = tmp_path / "log.csv"
    rows = [f"{t},{v}" for t, v in enumerate(CALM[:40])]
    growing.write_text("step,loss\n" + "\n".join(rows) + "\n")

    def sleep(seconds):
        with growing.open("a") as file:
            file.write("".join(f"{40 + t},nan\n" for t in range(3)))

    monkeypatch.setattr(time, "sleep", sleep)
    code, out, _ = lrsim(f"diagnose {growing} --follow")
    assert code == 1 and out.index("falls") < out.index("not finite from step 40")

    def interrupted(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    growing.write_text("step,loss\n" + "\n".join(rows) + "\n")
    assert lrsim(f"diagnose {growing} --follow")[0] == 130


def test_follow_waits_for_what_is_not_written_and_refuses_what_can_never_be_read(lrsim, tmp_path, monkeypatch):
    growing, writes = tmp_path / "log.csv", [b"step,loss,note\n0,2,a\n1,1.5,\xc3", b"\xa9\n2,nan,b\n3,nan,b\n4,nan,b\n"]

    def sleep(seconds):
        assert writes, "it waits for ever"
        with growing.open("ab") as file:
            file.write(writes.pop(0))

    growing.write_bytes(b"")
    monkeypatch.setattr(time, "sleep", sleep)
    code, out, errors = lrsim(f"diagnose {growing} --follow")
    assert code == 1 and "not finite from step 2" in out and errors.count("waiting for more") == 1

    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    growing.write_bytes(b"\x89PNG\r\n\xff\xfe\xfd")
    code, _, errors = lrsim(f"diagnose {growing} --follow")
    assert code == 2 and "must be text" in errors.splitlines()[-1]
    assert lrsim(f"diagnose {tmp_path / 'no such file'} --follow")[0] == 2


def test_the_interval_covers_a_walk_however_few_rows_it_has_and_is_narrow_where_noise_is_white():
    rng = np.random.default_rng(1)

    def intervals(rows, errors):
        """Of ln r = 0.3 under errors: the share that covers it, and by how much it is widened at the median."""
        t, inside, wider = np.arange(rows, dtype=float), [], []
        for error in errors(rng.standard_normal((500, rows))):
            fit = _growth.line(t, 0.3 * t + error, np.ones(rows))
            half = max(fit.error, _growth.walked(t, 0.3 * t + error, fit.together))
            inside.append(abs(fit.slope - 0.3) <= half)
            wider.append(half / fit.error)
        return np.mean(inside), np.median(wider)

    for rows in (6, 8, 12, 20, 30, 40, 100):
        covered, _ = intervals(rows, lambda noise: np.cumsum(noise, axis=1))
        assert covered > 0.89, rows
        covered, wider = intervals(rows, lambda noise: noise)
        assert covered > 0.92 and (rows < 25 or wider == 1), rows


@pytest.mark.parametrize(("noise", "count"), [(0.03, 3), (0.1, 3), (0.1, 8), (0.1, 16)])
def test_bad_batches_are_counted_in_noise_of_any_height(noise, count):
    """Of a loss that is some way up a spike the noise is more: a spike is held against the noise beside it."""
    rng = np.random.default_rng(5)
    losses = (1 + 4 * np.exp(-np.arange(600) / 150)) * (1 + noise * rng.standard_normal(600))
    at = np.sort(rng.choice(np.arange(30, 570, 10), count, replace=False))
    losses[at] *= rng.uniform(4, 8, count)
    found = diagnose(losses)
    assert found.cause == "spike" and f"{count} spikes" in str(found), str(found)


def test_a_million_noisy_losses():
    rng = np.random.default_rng(6)
    losses = (1 + 5 * np.exp(-np.arange(1_000_000) / 1e5)) * (1 + 0.05 * rng.standard_normal(1_000_000))
    assert diagnose(losses).cause in ("falling", "plateau")


def test_a_schedule_gives_the_curvature():
    """ln(L - L*) = c + 2 Σ ln|1 - η_s λ| where the rate changes while the loss grows."""
    eta = np.geomspace(1e-4, 1, 301)
    run = descend(CANONICAL, [1, 0.5], schedules.table(eta[:-1]), 300).losses + 1
    run = run[: int(np.argmax(run > 1e8))] if run.max() > 1e8 else run
    found = diagnose(run * (1 + 0.03 * NOISE[: len(run)]), rates=eta[: len(run)])
    assert found.cause == "diverging" and found.eta_lambda == pytest.approx(20 * eta[len(run) - 1], rel=0.05)
    low, high = found.eta_lambda_interval
    assert low < 20 * eta[len(run) - 1] < high
