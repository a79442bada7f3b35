"""The page for a run that went wrong: found first, read at once, its pictures what they are said to be."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from figures import digits, facts
from figures.plots import (
    adam_jumps_back,
    another_loss,
    every_second_step,
    it_falls_then_explodes,
    momentum_rings,
    noise_has_a_floor,
    nothing_showed_for_long,
    once_an_epoch,
    one_hump,
    small_batches_explode_first,
)
from lrsim import descend, optimizers, stability
from lrsim.diagnosis import diagnose
from tests.test_docs_lrsim import terminal
from tests.test_pages import address, browser, tab  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGE = (DOCS / "my-loss-exploded.md").read_text(encoding="utf-8")
SIGNS = re.findall(
    r"^### [^\n]+ { #([\w-]+) }\n\n<div class=\"lr-sign\" markdown>\n(.*?)\n</div>", PAGE, re.DOTALL | re.MULTILINE
)


# what the page consists of


def test_eight_curves_each_with_a_picture_and_four_answers():
    assert len(SIGNS) == 8
    for name, sign in SIGNS:
        assert len(re.findall(r'{{ figure\("[\w-]+"\) }}', sign)) == 1, name
        assert re.findall(r"^(\w[\w ]+)\n:   \S", sign, re.MULTILINE) == ["Cause", "Read off", "Check", "Change"], name


def test_the_checks_and_the_halving_lead_to_every_curve():
    for part in ("## The checks, in order", "### What halving the learning rate tells"):
        linked = set(re.findall(r"\(#([\w-]+)\)", PAGE.split(part)[1].split("\n#")[0]))
        missing = {name for name, _ in SIGNS} - linked
        assert not missing, part


@pytest.mark.parametrize("page", sorted((DOCS / "learn").glob("*.md")), ids=lambda path: path.stem)
def test_every_page_leads_to_it_where_it_speaks_of_your_run(page):
    own = page.read_text(encoding="utf-8").split("## In your run\n")[1].split("## ")[0]
    assert "[My loss exploded](../my-loss-exploded.md)" in own


def test_home_and_the_readme_lead_to_it_before_their_first_picture():
    home, readme = (DOCS / "index.md").read_text(encoding="utf-8"), (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(my-loss-exploded.md)" in home.split("{{ film(")[0]
    assert "(docs/my-loss-exploded.md)" in readme.split("![")[0]


def test_the_readme_shows_what_the_tool_answers():
    (block,) = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert terminal(block, ROOT) == block


# what the pictures show


def test_the_first_curve_is_read_from_its_own_table_as_the_page_says(lrsim, tmp_path):
    table = tmp_path / "curve.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        shown = it_falls_then_explodes.data()
        csv.writer(file).writerows([shown, *zip(*shown.values(), strict=True)])
    code, said, _ = lrsim(f"diagnose {table}")
    assert code == 1
    assert said.split() == it_falls_then_explodes.facts()["explodes_says"].split()
    found = diagnose(it_falls_then_explodes.data()["loss"])
    assert found.factor == pytest.approx(1.1**2) and found.eta_lambda == pytest.approx(2.1)
    assert found.divide_by == pytest.approx(1.05)


def test_what_rings_gives_its_momentum_and_curvature():
    losses = momentum_rings.run().losses
    assert momentum_rings.share(losses) == pytest.approx(momentum_rings.BETA, rel=0.01)
    found = 1 + momentum_rings.BETA - 2 * momentum_rings.BETA**0.5 * np.cos(np.pi / momentum_rings.period(losses))
    assert found == pytest.approx(momentum_rings.ETA, rel=0.02)
    halved = momentum_rings.run(momentum_rings.ETA / 2).losses
    assert momentum_rings.period(halved) > 1.3 * momentum_rings.period(losses)
    assert momentum_rings.share(halved) == pytest.approx(momentum_rings.share(losses), rel=0.01)


def test_noise_gives_both_readings_of_its_rate_and_a_floor_that_sinks():
    said = noise_has_a_floor.facts()
    assert float(said["floor_low"]) == pytest.approx(noise_has_a_floor.ETA, rel=0.1)
    assert float(said["floor_high"]) == pytest.approx(2 - noise_has_a_floor.ETA, rel=0.02)
    assert float(said["floor_spread"]) == pytest.approx(2**0.5, rel=0.03)
    assert 2 <= float(said["floor_halved"]) < float(said["floor_halved_high"])


def test_two_levels_take_turns_for_ever_and_a_lower_rate_settles():
    end = every_second_step.run().losses[-10:]
    assert np.ptp(end[::2]) < 1e-12 and np.ptp(end[1::2]) < 1e-12 and abs(end[0] - end[1]) > 0.01
    assert end.mean() == pytest.approx(float(every_second_step.facts()["cycle_mean"]), rel=0.01)
    assert every_second_step.run(0.9).final_loss < 1e-20


def test_a_hump_ends_where_the_same_rate_is_stable():
    losses, said = one_hump.run().losses, one_hump.facts()
    peak = losses.argmax()
    assert (np.diff(losses[: peak + 1]) > 0).all() and (np.diff(losses[peak:30]) < 0).all()
    assert float(said["catapult_above"]) > 1 and float(said["catapult_last"]) < float(said["catapult_first"])
    assert said["catapult_halved_rises"] == "0"


def test_only_the_other_loss_wiggles():
    shown = another_loss.data()
    assert (np.diff(shown["training loss"]) < 0).all()
    assert facts.turns(shown["validation loss"]) > 50
    assert facts.facts()["validation_halved_turns"] == "0"


def test_teeth_drop_where_an_epoch_begins_and_nowhere_else():
    shown = once_an_epoch.data()
    drops = -np.diff(shown["mean since the epoch began"])
    for start in range(once_an_epoch.STEPS, 4 * once_an_epoch.STEPS, once_an_epoch.STEPS):
        around = np.delete(drops[start - 6 : start + 5], 5)
        assert drops[start - 1] > 4 * around.max(), start
        assert shown["mean since the epoch began"][start] == shown["loss"][start]
    assert float(once_an_epoch.facts()["teeth_ratio"]) > 2


def test_adam_jumps_back_after_it_passed_its_limit_and_not_with_a_larger_epsilon():
    far, back, passes = adam_jumps_back.distance(), adam_jumps_back.back(), adam_jumps_back.passes()
    assert far[passes] < 1e-290 and 0 < back - passes < 1000
    assert adam_jumps_back.ETA / 2 < far[back:].max() < 2 * adam_jumps_back.ETA
    calmer = adam_jumps_back.distance(eta=adam_jumps_back.ETA / 2)  # "a spike half as far, and later"
    again = int(calmer.argmin()) + int(np.argmax(calmer[int(calmer.argmin()) :] > adam_jumps_back.ETA / 4))
    assert again > back and calmer[again:].max() == pytest.approx(far[back:].max() / 2, rel=0.2)
    limit = stability.threshold(1.0, optimizer=optimizers.adam())
    assert limit > adam_jumps_back.ETA / adam_jumps_back.EPS
    assert adam_jumps_back.distance(adam_jumps_back.EPS)[back:].max() < 1e-200


def test_the_remedies_do_to_the_first_curve_what_the_page_says():
    said = it_falls_then_explodes.facts()
    assert int(said["explodes_warm_lost"]) > 10 * int(said["explodes_lost"])
    assert 0 < float(said["explodes_clip_low"]) <= float(said["explodes_clip_high"]) < 1
    assert said["explodes_halved_rises"] == "0"
    assert int(said["explodes_smoothed"]) < int(said["explodes_smoother"])


# the real run


def test_the_digits_are_as_they_came():
    network = digits.network()
    assert network.data.shape == (128, 64) and (network.answers.sum(axis=1) == 1).all()
    assert (network.answers.sum(axis=0) >= 10).all(), "some digit is hardly there"
    grey = 16 * (network.data - network.data.min(axis=0))
    assert np.allclose(grey, grey.round()) and grey.max() == 16
    assert np.allclose(network.data.mean(axis=0), 0)


def test_the_rate_crosses_the_limit_once_and_the_loss_falls_long_after():
    run, limits, crossing = digits.exploded(), digits.limits(), digits.crossing()
    above = run.etas[: len(limits)] > limits
    assert not above[:crossing].any() and above[crossing:].all()
    turn = digits.turn()
    assert (np.diff(run.losses[: turn + 1]) < 0).all() and 25 < turn - crossing < 32, "almost thirty steps"
    assert turn < run.diverged_at < turn + 15
    assert limits[-1] < limits[crossing] / 2


def test_below_the_limit_the_bounce_dies_and_above_it_grows_out_of_nothing():
    bounce = digits.bounce()
    at = digits.crossing() - digits.BINOMIAL // 2
    assert np.median(bounce[at - 30 : at - 10]) < bounce[:4].min() / 10 and bounce[at : at + 10].max() < 1e-6
    assert (np.diff(bounce[at + 5 : digits.turn()]) > 0).all() and bounce[digits.turn()] > 1e-2


@pytest.mark.parametrize("seed", range(6))
def test_the_log_alone_tells_the_cause_and_roughly_the_limit(seed):
    row, found = digits.asked(seed)
    limit = 2 * digits.rates()[row] / found.eta_lambda
    assert limit == pytest.approx(digits.limits()[digits.turn()], rel=0.5)


def test_what_the_page_says_does_not_hang_on_the_last_digits_of_a_processor():
    run, start = digits.exploded(), digits.network().start(0)
    other = descend(digits.network(), start * (1 + 4e-16), digits.warmed(), 2 * digits.WARM, noise=digits.PRECISION)
    row, found = digits.asked()
    assert other.losses[: row + 1] == pytest.approx(run.losses[: row + 1], rel=1e-5)
    assert str(diagnose(other.losses[: row + 1], rates=digits.rates()[: row + 1]))[:100] == str(found)[:100]


def test_once_thrown_a_rate_that_was_safe_is_not():
    spoilt = int(nothing_showed_for_long.facts()["digits_spoilt"])
    assert all(digits.spoilt(step) for step in range(spoilt, digits.exploded().diverged_at + 1))


def test_each_remedy_saves_the_run_at_the_cost_that_is_said():
    lower, longer, clipped, decayed = digits.remedies().values()
    assert all(run.diverged_at is None for run in digits.remedies().values())
    start, ends = lower.losses[0], [run.final_loss for run in digits.remedies().values()]
    assert (np.diff(lower.losses) < 0).all()
    assert longer.peak_loss > start and decayed.peak_loss > start >= clipped.peak_loss
    assert max(ends) == longer.final_loss and clipped.final_loss == pytest.approx(lower.final_loss, rel=0.05)
    assert digits.margin(clipped, digits.ETA) > 1.5 and digits.margin(lower, digits.LOWER) < 1


def test_a_small_batch_is_lost_where_larger_ones_live():
    whole, small, large = digits.batched().values()
    assert whole.diverged_at is None and large.diverged_at is None and small.diverged_at < 50
    said = small_batches_explode_first.facts()
    assert float(said["batch_whole_margin"]) == pytest.approx(1, abs=0.15)
    assert float(said["batch_large_margin"]) < float(said["batch_whole_margin"])
    assert large.final_loss - float(said["batch_calm"]) > 0.7 * (large.final_loss - whole.final_loss)


# how it is found


@pytest.mark.browser
@pytest.mark.parametrize(
    "tab", [{"viewport": {"width": 1280, "height": 800}}, {"viewport": {"width": 390, "height": 800}}], indirect=True
)
def test_the_answer_stands_there_before_anyone_has_scrolled_twice(tab, address):  # noqa: F811
    tab.goto(f"{address}my-loss-exploded/", wait_until="load")
    size = tab.viewport_size
    ends = {"the cause": (".lr-lead", 1), "what to do now": (".md-content ol", 2), "your own log": ("lr-log", 3)}
    if size["width"] > 1000:
        ends["the first curve and what it says"] = (".lr-sign dd >> nth=3", 3)
    for name, (part, screens) in ends.items():
        bottom = tab.locator(part).first.evaluate("e => e.getBoundingClientRect().bottom")
        assert bottom < screens * size["height"], name


@pytest.mark.browser
@pytest.mark.parametrize(
    "tab", [{"viewport": {"width": 1280, "height": 800}}, {"viewport": {"width": 390, "height": 800}}], indirect=True
)
def test_home_leads_to_it_on_its_first_screen(tab, address):  # noqa: F811
    tab.goto(address, wait_until="load")
    link = tab.locator(".md-content a[href$='my-loss-exploded/']").first
    assert link.evaluate("e => e.getBoundingClientRect().bottom") < 800
    link.click()
    tab.wait_for_url("**/my-loss-exploded/")
