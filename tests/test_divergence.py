"""Divergence is a result: where it is seen, how a run may end on it, and what a run is called."""

import numpy as np
import pytest

from lrsim import descend, landscapes, optimizers, schedules

BOWL, VALLEY = landscapes.bowl([1, 20]), landscapes.rosenbrock()
START = [10, 0.05]


@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_divergence_is_a_result(record, method, recwarn):
    run = descend(BOWL, START, [0.05, 0.105, 5.0], 2000, record=record, method=method)
    assert run.diverged_at.tolist() == [-1, 113, 3] and not recwarn.list
    assert run.peak_loss[0] == 50.025 and np.isinf(run.peak_loss[2]) and not run.recovered.any()
    assert descend(BOWL, START, 0.05, 5).diverged_at is None and descend(BOWL, START, 0.105, 200).diverged_at == 113


def lost_at(losses, scale):
    """The rule, one step after the other: excess over the lowest against a million times the start's, or η₀‖g₀‖²."""
    low = np.inf
    for t, loss in enumerate(losses):
        if not np.isfinite(loss):
            return t
        low = min(low, loss)
        reach = max(losses[0] - low, scale)
        if reach and loss - low > 1e6 * reach:
            return t
    return None


SHIFTS = (0.0, -50.025, 3.0, 1e4, -1e6)


class Shifted:
    """A landscape with a constant added to its loss."""

    def __init__(self, landscape, by):
        self.landscape, self.by, self.gradient = landscape, by, landscape.gradient

    def loss(self, w):
        return self.landscape.loss(w) + self.by


RUNS = {
    "canonical": (BOWL, START, 0.105),
    "late": (BOWL, START, 0.102),
    "below": (BOWL, START, 0.099),
    "hump": (BOWL, [5, 0.01], schedules.inverse_time(0.2, k=0.1)),
    "warmup": (BOWL, START, schedules.warmup(50, 0.13)),
    "from nothing": (BOWL, START, schedules.join([0.0, 0.3], at=[5])),
    "at once": (BOWL, [0, 1], 0.5),
    "saddle": (landscapes.saddle(), [1, 0.1], 0.1),
    "saddle, steep": (landscapes.saddle([20, -1]), [0.1, 1e-3], 0.105),
    "banana": (VALLEY, [-1.2, 1], 0.0026),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("method", ["auto", "iterate"])
def test_a_run_is_lost_by_the_rule_whatever_is_recorded(name, record, method):
    landscape, start, eta = RUNS[name]
    run = descend(landscape, start, eta, 600, method=method, record=record)
    whole = descend(landscape, start, eta, 600, method=method)
    slope = landscape.gradient(np.array(start, float))
    assert run.diverged_at == lost_at(whole.losses, whole.etas[0] * slope @ slope)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("by", SHIFTS)
def test_a_constant_added_to_the_loss_changes_nothing(name, by):
    landscape, start, eta = RUNS[name]
    plain = descend(Shifted(landscape, 0.0), start, eta, 600)
    shifted = descend(Shifted(landscape, by), start, eta, 600)
    assert shifted.diverged_at == plain.diverged_at and shifted.recovered == plain.recovered
    frozen = descend(Shifted(landscape, by), start, eta, 600, on_divergence="freeze")
    if plain.diverged_at is None:
        assert (frozen.iterates == plain.iterates).all()
        descend(Shifted(landscape, by), start, eta, 600, on_divergence="raise")
    else:
        assert (frozen.iterates[-1] == plain.iterates[plain.diverged_at]).all()
        with pytest.raises(FloatingPointError, match=f"run diverged at step {plain.diverged_at}: its loss is"):
            descend(Shifted(landscape, by), start, eta, 600, on_divergence="raise")


def test_the_canonical_run_is_lost_at_113_in_every_way():
    for options in ({}, {"record": "summary"}, {"method": "iterate"}, {"record": "loss", "every": 300}):
        assert descend(BOWL, START, [0.105], 400, **options).diverged_at.tolist() == [113]


@pytest.mark.parametrize("record", ["path", "loss", "summary"])
def test_a_jump_finds_the_turn_and_the_loss_of_many_runs(record):
    etas = np.linspace(0.09, 0.2, 200)
    run = descend(BOWL, START, etas, 3000, record=record, every=500 if record != "summary" else 1)
    one = [descend(BOWL, START, eta, 3000) for eta in etas]
    assert run.diverged_at.tolist() == [-1 if r.diverged_at is None else r.diverged_at for r in one]
    lows = [np.nanmin(r.losses) for r in one]
    np.testing.assert_allclose(run._end.task.past.low, lows, rtol=1e-9)


def test_the_lowest_loss_of_a_run_that_overflows_is_before_it():
    etas = np.linspace(0.09, 0.2, 200)
    run = descend(BOWL, START, etas, 3000)
    found = [lost_at(losses, eta * 101) for losses, eta in zip(run.losses, etas, strict=True)]
    assert run.diverged_at.tolist() == [-1 if step is None else step for step in found]
    assert (run._end.task.past.low == np.nanmin(run.losses, axis=-1)).all()


def test_round_off_of_a_loss_is_no_divergence():
    """From 1e-12 of a minimum where the loss is 5, its changes are below its last digit."""
    far = landscapes.from_functions(lambda w: 5 + np.log(np.cosh(w)).sum(axis=0) + 1e-15 * np.sin(1e20 * w[0]), np.tanh)
    assert descend(far, [1e-12], 0.1, 200).diverged_at is None


def test_noise_counts_in_the_first_gradient():
    """From the minimum nothing but the noise moves: its floor is no divergence."""
    for method in ("auto", "iterate"):
        run = descend(BOWL, [0, 0], np.full(50, 0.09), 500, noise=1.0, method=method)
        assert (run.diverged_at == -1).all() and (run.final_loss > 0).all()


def test_down_a_saddle_nothing_is_lost_but_the_finite():
    run = descend(landscapes.saddle(), [1, 0.1], 0.1, 400)
    assert run.diverged_at is None and run.final_loss < -1e20
    assert descend(landscapes.saddle(), [1, 0.1], 0.1, 4000).diverged_at == np.ceil(
        (np.log(np.finfo(float).max) - np.log(0.005)) / np.log(1.21)
    )


@pytest.mark.parametrize("landscape", [BOWL, VALLEY])
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
def test_a_frozen_run_stays_where_it_was_lost(landscape, record):
    etas = np.array([1e-3, 0.3])
    free = descend(landscape, [-1.2, 1], etas, 60)
    run = descend(landscape, [-1.2, 1], etas, 60, on_divergence="freeze", record=record)
    lost = free.diverged_at[1]
    assert run.diverged_at.tolist() == free.diverged_at.tolist() and lost > 0
    assert run.final_loss[0] == pytest.approx(free.final_loss[0], rel=1e-12)
    assert run.final_loss[1] == pytest.approx(free.losses[1, lost], rel=1e-12)
    if record == "path":
        assert (run.iterates[1, lost:] == run.iterates[1, lost]).all()
        np.testing.assert_allclose(run.iterates[1, :lost], free.iterates[1, :lost], rtol=1e-11)


@pytest.mark.parametrize("landscape", [BOWL, VALLEY])
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
def test_a_lost_run_can_be_an_error_that_names_run_and_step(landscape, record):
    etas = np.array([1e-4, 1e-4, 0.3])
    lost = descend(landscape, [-1.2, 1], etas, 60).diverged_at[2]
    with pytest.raises(FloatingPointError, match=f"run 2 diverged at step {lost}: its loss is"):
        descend(landscape, [-1.2, 1], etas, 60, on_divergence="raise", record=record)
    assert descend(landscape, [-1.2, 1], 1e-4, 60, on_divergence="raise", record=record).diverged_at is None
    with pytest.raises(FloatingPointError, match=f"run diverged at step {lost}"):
        descend(landscape, [-1.2, 1], 0.3, 60, on_divergence="raise", record=record)


def test_recovered_is_above_the_start_and_back():
    hump = descend(BOWL, [5, 0.01], schedules.inverse_time(0.2, k=0.1), 60)
    assert hump.recovered is True and hump.peak_loss > hump.losses[0]
    assert descend(BOWL, [5, 0.01], 0.05, 60).recovered is False
    assert descend(BOWL, [5, 0.01], 0.2, 60).recovered is False


def test_a_start_of_loss_zero_is_lost_only_when_not_finite():
    saddle = landscapes.saddle()
    assert descend(saddle, [1, 1], 0.1, 100).diverged_at is None
    assert descend(saddle, [1, 1], 10.0, 1000).diverged_at > 100


def test_a_landscape_that_is_nan_is_lost_at_once():
    hole = landscapes.from_functions(lambda w: w[0] * np.nan, lambda w: w)
    run = descend(hole, [1.0], 0.1, 3)
    assert run.diverged_at == 0 and np.isinf(run.peak_loss)


def test_the_regime_of_a_sweep_and_of_what_has_none():
    run = descend(BOWL, START, [0, 0.05, 0.09, 0.1, 0.11], 3)
    assert run.regime.tolist() == ["frozen", "monotone", "oscillating", "marginal", "diverging"]
    assert descend(BOWL, START, schedules.inverse_time(0.1, 1), 3).regime is None
    assert descend(BOWL, START, 0.1, 3, optimizer=optimizers.heavy_ball(0.9)).regime is None


@pytest.mark.parametrize("optimizer", [optimizers.heavy_ball(0.9), optimizers.nesterov(0.9)], ids=["heavy", "nesterov"])
def test_momentum_that_overflowed_has_not_recovered(optimizer):
    run = descend(landscapes.bowl([1, 20]), [1, 1], 10.0, 2000, optimizer=optimizer)
    assert not np.isfinite(run.final_loss) and not run.recovered and run.peak_loss == np.inf


@pytest.mark.parametrize("options", [{}, {"noise": 1.0}, {"method": "iterate"}, {"record": "summary"}])
def test_an_infinite_loss_is_lost_even_where_the_scale_of_the_start_overflows(options):
    assert descend(landscapes.bowl([1]), [1], 1e308, 3, **options).diverged_at == 1
