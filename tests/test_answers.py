"""The browser's diagnosis is lrsim's: the same answers, numbers and sentences, in Python and in Node."""

import json
import math
import re
from itertools import islice
from itertools import product as product_of

import numpy as np
import pytest

from benchmarks.scenarios import logs as simulated
from lrsim import descend, diagnosis, landscapes, logs, optimizers
from tests.test_kernel import node, numbers
from tests.test_logs import FILES

SEEDS = range(2000, 2015)  # 510 logs; the table on the site is of 1000 to 1029
NAMES = [name for name in diagnosis.Diagnosis.__dataclass_fields__ if name != "curve"]
OPTIMIZERS = {
    "heavy_ball": (optimizers.heavy_ball(0.9), {"name": "heavy_ball", "beta": 0.9}),
    "nesterov": (optimizers.nesterov(0.8), {"name": "nesterov", "beta": 0.8}),
    "adam": (optimizers.adam(), {"name": "adam", "beta": 0.9}),
}
RELATIVE = 1e-9
LONGEST = 36  # words of a sentence
FLAT = 1e-6  # of λ from a column of rates: it is where a sum of squares is lowest, which is flat there

LOGARITHMS = 1e-14  # what noise is measured in: differences of logarithms, each good to about 1e-15


def files():
    for path in sorted(FILES.iterdir()):
        for every in (None, 7):
            yield f"{path.name} every {every}", logs.read(path), None, every
        for name in OPTIMIZERS:
            yield f"{path.name} {name}", logs.read(path), name, None


def scenarios():
    for seed in SEEDS:
        for case in simulated(seed):
            yield f"{case.name}, seed {seed}", logs.Log(case.losses, case.steps, case.rates, row="step"), None, None


def odd():
    """What no scenario has: few rows, no noise, no sign, rows without a number, one digit, steps with gaps."""
    rng = np.random.default_rng(11)
    for i in range(400):
        yield f"odd {i}", *one_odd(rng)


def jumping():
    """Runs that jump and stay, jump and fall, spike evenly, have teeth, or are 0."""
    rng, t = np.random.default_rng(12), np.arange(300)
    falls = 0.3 + 2 * np.exp(-t / 40)
    spiky = falls * np.where(t % 25 == 7, 4.0, 1.0)
    kinds = {"stays": np.where(t < 180, falls, np.log(10)), "partly": np.where(t < 180, falls, 0.9), "spikes": spiky}
    kinds["new"] = np.where(t < 295, falls, 2.3)
    kinds["falls again"] = np.where(t < 180, falls, 0.3 + 2 * np.exp(-(t - 180) / 60))
    kinds["teeth"] = falls * (1 + (t % 20) / 60)
    kinds["flat teeth"] = 0.5 + (t % 20) / 120
    kinds["slow fall"] = 0.2 + 1 / (1 + np.exp((t - 150) / 15))
    kinds["flat first"] = np.maximum(1.05 ** (t - 100), 1)
    kinds["ramp"] = 1 + 2 * np.clip((t - 75) / 50, 0, 1)
    kinds["swing"] = 1 + 0.35 * np.sin(t / 32)
    kinds["line"] = 1 + 0.01 * t
    kinds["root"] = 1 + 0.1 * t**0.5
    kinds["zero"] = np.where(t < 180, falls, 0.0)
    kinds["zeros"] = np.zeros(9)
    kinds["last row"] = np.where(t < 299, 1 + 0.3 * np.sin(t / 10 + 1), 1e6)
    kinds["up first"] = np.concatenate([[0.5, 4.0], 1 + np.exp(-t / 9)])
    for (name, curve), noise in product_of(kinds.items(), (0, 0.001, 0.02, 0.1)):
        losses = curve * (1 + noise * rng.standard_normal(len(curve)))
        for row in ("step", "row"):
            steps = np.arange(len(curve)) if row == "step" else None
            yield f"{name}, noise {noise}, {row}", logs.Log(losses, steps, row=row), None, None


def ringing():
    """Swings of one mode under each momentum, in rows of one update and of several, named rightly, wrongly or not."""
    rules = {"heavy_ball": optimizers.heavy_ball(0.9), "nesterov": optimizers.nesterov(0.8)}
    for (name, rule), product in product_of(rules.items(), (0.02, 0.1, 0.4, 0.9, 1.3, 3.4, 3.7)):
        losses = descend(landscapes.bowl([1.0]), [3], product, 300, optimizer=rule).losses
        for named, every, row in product_of((None, *OPTIMIZERS), (1, 2, 5), ("step", "epoch")):
            t = np.arange(0, 301, every)
            log = logs.Log(losses[::every], t if row == "step" else None, row=row)
            yield f"{name}, ηλ {product}, {named}, every {every}, {row}", log, named, None


def one_odd(rng):
    rows = int(rng.choice([1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 20, 40, 70, 200]))
    t, noise = np.arange(rows, dtype=float), rng.standard_normal(rows)
    kinds = [
        lambda: np.full(rows, rng.choice([0.0, 1.0, -2.5, 87.3365, math.log(10)])),
        lambda: rng.choice([1e-300, 1, 1e200]) * np.exp(rng.normal() * t / 9),
        lambda: np.cumsum(noise),
        lambda: 1 + np.exp(-t / 9) + 10.0 ** rng.integers(-9, 1) * noise,
        lambda: rng.integers(-2, 3, rows).astype(float),
        lambda: 0.1 + np.exp(0.4 * t - 9) + np.exp(-t) + 0.02 * noise,
        lambda: 2 + np.cos(t) * np.exp(-t / 30),
        lambda: 1 + 0.1 * (-1) ** t + 0.001 * noise,
        lambda: np.where(np.abs(noise) > 2, 30, 1) * (1 + 0.05 * noise),
    ]
    losses = kinds[rng.integers(len(kinds))]()
    losses[rng.random(rows) < rng.choice([0, 0, 0, 0.1])] = rng.choice([math.nan, math.inf, -math.inf])
    if rng.random() < 0.2:
        losses[rows * 2 // 3 :] = math.nan
    losses = losses if rng.random() < 0.5 else np.array([float(f"{v:.4g}") for v in losses])
    steps = None if rng.random() < 0.5 else np.cumsum(rng.integers(1, 4, rows))
    rates = None if rng.random() < 0.6 else rng.choice([np.full(rows, 0.1), np.where(t > rows / 2, 0.01, 0.1), t])
    row = "row" if steps is None else rng.choice(["step", "step", "epoch"])
    return logs.Log(losses, steps, rates, row=str(row)), None, rng.choice([None, 3])


def asked_of_node(script, asked):
    done = node(script, json.dumps(asked))
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def plain(log):
    """A log as JSON can say it."""
    words = [str(v).replace("nan", "NaN").replace("inf", "Infinity") for v in log.losses.tolist()]
    columns = {key: getattr(log, key) for key in ("steps", "rates")}
    columns = {key: None if v is None else np.asarray(v, float).tolist() for key, v in columns.items()}
    return {"losses": words, **columns, "row": log.row}


def by_the_browser(every, drawn=False):
    said = [(each, optimizer and OPTIMIZERS[optimizer][1]) for _, _, optimizer, each in every]
    options = [{"every": each, "optimizer": optimizer, "drawn": drawn} for each, optimizer in said]
    asked = [[plain(log), own] for (_, log, _, _), own in zip(every, options, strict=True)]
    return asked_of_node("diagnosing.mjs", asked)


@pytest.mark.parametrize("some", [files, scenarios, odd, jumping, ringing])
def test_the_browser_answers_what_lrsim_answers(some):
    """Causes, steps and sentences are the same to the letter, numbers to 1e-9 of themselves."""
    every = list(some())
    for (name, log, optimizer, each), answer in zip(every, by_the_browser(every), strict=True):
        found = diagnosis.diagnose(log, optimizer=optimizer and OPTIMIZERS[optimizer][0], every=each)
        assert " ".join(answer["said"]) == str(found), name
        assert_short(name, found)
        assert answer["lost"] == found.lost
        near = FLAT if "the rates of the log put" in found.follows else RELATIVE
        for key in NAMES:
            expected, got = getattr(found, key), answer[re.sub(r"_(\w)", lambda m: m[1].upper(), key)]
            if isinstance(expected, (str, bool)) or expected is None:
                assert got == expected, (name, key)
            else:
                room = {"rtol": near, "atol": LOGARITHMS if key == "noise" else 0}
                np.testing.assert_allclose(np.array(got, float), expected, **room, err_msg=f"{name}: {key}")


def under_each_rule():
    """The scenarios as they come and in epochs, read by each rule, with their rates and without."""
    rules = [None, optimizers.gradient_descent(), *(rule for rule, _ in OPTIMIZERS.values())]
    for seed, rule, row in product_of(SEEDS[:1], rules, ("step", "epoch")):
        for case in simulated(seed):
            for rates in (None, np.full(len(case.losses), 0.1) if case.rates is None else case.rates):
                yield f"{case.name}, seed {seed}, {row}", logs.Log(case.losses, case.steps, rates, row=row), rule, None


def assert_short(name, found):
    """One sentence for what happened, one for what follows, one for what to do, each read at once."""
    sentences = str(found).split(". ")
    assert len(sentences) <= 3 and max(len(one.split()) for one in sentences) <= LONGEST, (name, sentences)


def test_every_answer_is_at_most_three_sentences_of_at_most_36_words():
    for name, log, rule, each in under_each_rule():
        assert_short(name, diagnosis.diagnose(log, optimizer=rule, every=each))


def test_the_browser_draws_what_lrsim_draws():
    """ln(L - L*), the fitted line and its window, spikes, where it is lost, the limit of η."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    every = [one for one in files() if one[2] is None and one[3] is None]
    every += [one for one in islice(scenarios(), 34) if len(one[1].losses) < 800]
    for (name, log, _, _), answer in zip(every, by_the_browser(every, drawn=True), strict=True):
        figure, ax = pyplot.subplots()
        with np.errstate(all="ignore"):
            diagnosis.diagnose(log).plot(ax)
        drawn, plot = {line.get_label(): line for line in ax.get_lines()}, answer["plot"]
        with np.errstate(all="ignore"):
            measured = np.log(numbers(plot["excess"]))
        np.testing.assert_allclose(plot["at"], ax.lines[0].get_xdata(), err_msg=name)
        np.testing.assert_allclose(measured, ax.lines[0].get_ydata(), rtol=1e-9, atol=1e-9, err_msg=name)
        assert (plot["fit"] is not None) == ("fit" in drawn), name
        if plot["fit"]:
            ends = [np.asarray(values)[[0, -1]] for values in drawn["fit"].get_data()]
            (first, low), (end, high) = plot["fit"]
            np.testing.assert_allclose([[first, end], [math.log(low), math.log(high)]], ends, rtol=1e-8, err_msg=name)
        assert [at for at, _ in plot["spikes"]] == (list(drawn["spike"].get_xdata()) if "spike" in drawn else []), name
        assert plot["lostAt"] == (drawn["lost"].get_xdata()[0] if "lost" in drawn else None), name
        limit = [line.get_ydata()[0] for axes in figure.axes[1:] for line in axes.get_lines()[1:]]
        assert limit == pytest.approx([] if plot["limit"] is None else [plot["limit"]], rel=1e-6), name
        pyplot.close(figure)


@pytest.mark.parametrize(("products", "noise"), [((0.105, 2.1), 0), ((0.05, 2.15), 0.02), ((0.3, 2.06), 0.02)])
def test_the_bowl_that_fits_a_run_of_a_bowl_is_that_bowl(products, noise):
    run = descend(landscapes.bowl(products), [5, 0.01], 1.0, 150).losses
    run = (run + 0.2) * (1 + noise * np.random.default_rng(2).standard_normal(len(run)))
    (answer,) = by_the_browser([("", logs.Log(run, row="step"), None, None)], drawn=True)
    bowl = answer["bowl"]
    assert bowl["fits"] and bowl["steps"] == 150
    np.testing.assert_allclose(bowl["products"], products, rtol=0.2)
    assert bowl["products"][1] == pytest.approx(products[1], rel=0.01)
    modes = [h * (1 - p) ** (2 * np.arange(151)) for h, p in zip(bowl["heights"], bowl["products"], strict=True)]
    fitted = bowl["lowest"] + sum(modes)
    assert np.std(np.log(fitted / run)) < 0.1 + 2 * noise


def test_the_browser_compares_as_lrsim_does():
    every = [log for some in (files, lambda: islice(scenarios(), 68), odd) for _, log, _, _ in some()]
    pairs = [*zip(every, every[17:], strict=False)]
    answers = asked_of_node("comparing.mjs", [[plain(log) for log in pair] for pair in pairs])
    for pair, answer in zip(pairs, answers, strict=True):
        try:
            found = diagnosis.compare(*pair)
        except ValueError as error:
            assert answer == {"refused": str(error)}
            continue
        assert answer["said"] == str(found)
        for key in ("difference", "error", "loss", "ratio"):
            got, expected = (np.array(v, float) for v in (answer[key], getattr(found, key)))  # None is nan
            np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-12, err_msg=key)
