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


@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_the_step_of_divergence_is_the_first_above_a_million_times_the_start(method):
    run = descend(BOWL, START, 0.105, 200, method=method)
    above = run.losses > 1e6 * run.losses[0]
    assert above.argmax() == run.diverged_at == 113


@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("method", ["modes", "iterate"])
def test_a_late_divergence_and_one_downwards_are_seen_at_their_step(method, record):
    """η = 0.102: the steep mode grows by 1.04² a step; down a saddle |loss| grows by 1.1² a step."""
    late = descend(BOWL, START, 0.102, 400, method=method, record=record)
    assert late.diverged_at == np.argmax(0.025 * 1.04 ** (2 * np.arange(400)) > 1e6 * 50.025)
    down = descend(landscapes.saddle(), [1, 0.1], 0.1, 400, method=method, record=record)
    assert down.diverged_at == np.argmax(0.005 * 1.1 ** (2 * np.arange(400)) > 1e6 * 0.495)
    assert down.peak_loss == pytest.approx(0.495) and down.final_loss < -1e20


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
