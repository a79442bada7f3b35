"""The laws of gradient descent on a quadratic, and the canonical numbers, held by the library's public face."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, schedules, stability

finite = st.floats(-10, 10).map(lambda x: x if abs(x) > 1e-3 else 1.0)
curvature = st.floats(0.01, 50)
problems = st.integers(1, 4).flatmap(
    lambda d: st.tuples(st.lists(curvature, min_size=d, max_size=d), st.lists(finite, min_size=d, max_size=d))
)
rates = st.floats(0, 0.3)


@given(problems, rates, st.floats(0, 2), st.floats(0, 6.28))
@settings(max_examples=60, deadline=None)
def test_any_schedule_multiplies_each_mode_by_its_factors(problem, eta0, k, angle):
    """w_t = B Π_{s<t} (1 - η_s λ) Bᵀ w_0, for a turned bowl too."""
    values, start = problem
    bowl = landscapes.bowl(values, angle=angle if len(values) > 1 else 0.0)
    schedule = schedules.inverse_time(eta0, k)
    run = descend(bowl, start, schedule, 25)
    modes = bowl.to_modes(np.array(start))
    for t in range(26):
        factor = np.prod(1 - schedule(np.arange(t))[:, None] * bowl.eigenvalues, axis=0)
        np.testing.assert_allclose(
            bowl.to_modes(run.iterates[t]),
            factor * modes,
            rtol=1e-9,
            atol=1e-9 * np.abs(factor * modes).max(),
        )
        assert run.losses[t] == pytest.approx(bowl.loss(run.iterates[t]), rel=1e-9, abs=1e-300)


@given(problems, rates)
@settings(max_examples=80, deadline=None)
def test_the_loss_and_its_logarithm_are_convex_at_constant_eta(problem, eta):
    values, start = problem
    losses = descend(landscapes.bowl(values), start, eta, 30).losses
    losses = losses[(losses > 1e-280) & (losses < 1e280)]
    slack = 1e-12 * losses[1:-1]
    assert (losses[:-2] + losses[2:] - 2 * losses[1:-1] >= -4 * slack).all()
    logs = np.log(losses)
    assert (logs[:-2] + logs[2:] - 2 * logs[1:-1] >= -1e-11).all()


@given(problems, rates)
@settings(max_examples=60, deadline=None)
def test_it_diverges_exactly_above_the_threshold(problem, eta):
    values, start = problem
    bowl = landscapes.bowl(values)
    limit = stability.threshold(bowl)
    run = descend(bowl, start, eta, 400, record="summary")
    if eta > limit * 1.05:
        assert run.regime == "diverging"
        assert descend(bowl, start, eta, 20_000, record="summary").diverged_at is not None
    elif eta < limit * 0.999999:
        assert run.diverged_at is None and run.final_loss <= run.peak_loss


@given(problems, st.lists(rates, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_sweep_equals_its_single_runs_to_the_bit(problem, etas):
    values, start = problem
    bowl = landscapes.bowl(values)
    sweep = descend(bowl, start, np.array(etas), 40)
    assert sweep.iterates.shape == (len(etas), 41, len(start))
    for eta, iterates, losses in zip(etas, sweep.iterates, sweep.losses, strict=True):
        single = descend(bowl, start, eta, 40)
        assert (single.iterates == iterates).all() and (single.losses == losses).all()


@given(problems, rates, st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_both_engines_agree_where_nothing_overflows(problem, eta0, k):
    values, start = problem
    bowl = landscapes.bowl(values)
    runs = [descend(bowl, start, schedules.inverse_time(eta0, k), 15, method=m) for m in ("modes", "iterate")]
    np.testing.assert_allclose(runs[0].iterates, runs[1].iterates, rtol=1e-9, atol=1e-12)


@given(problems, rates)
@settings(max_examples=60, deadline=None)
def test_every_record_tells_the_same(problem, eta):
    values, start = problem
    bowl = landscapes.bowl(values)
    path, loss, summary = (descend(bowl, start, eta, 50, record=r) for r in ("path", "loss", "summary"))
    np.testing.assert_allclose(path.losses, loss.losses, rtol=1e-12)
    assert loss.iterates is None and summary.losses is None
    for run in (loss, summary):
        assert run.final_loss == pytest.approx(path.losses[-1], rel=1e-12)
        assert run.peak_loss == pytest.approx(path.losses.max(), rel=1e-12)
        assert run.diverged_at == path.diverged_at


@given(problems, rates)
@settings(max_examples=80, deadline=None)
def test_the_turnaround_is_where_the_simulated_loss_turns(problem, eta):
    values, start = problem
    bowl = landscapes.bowl(values)
    step = stability.turnaround_step(bowl, start, eta)
    losses = descend(bowl, start, eta, 300).losses
    if step is None:
        assert (np.diff(losses) <= 1e-12 * losses[:-1]).all()
    elif step < 300 and np.isfinite(losses[step + 1]):
        assert losses[step] <= losses.min() * (1 + 1e-9)


# λ = (1, 20), start (10, 0.05): L at steps 0, 5, 20, 50, 100, 200, each to the digits that are written.
CANONICAL = {
    0.001: "50.0 49.5 48.0 45.2 40.9 33.5",
    0.05: "50.0 29.9 6.43 0.296 1.75e-3 6.1e-8",
    2 / 21: "50.0 18.4 0.913 2.25e-3 1.0e-7 2e-16",
    0.1: "50.0 17.5 0.764 0.0263 0.0250 0.0250",
    0.105: "50.0 16.6 1.72 345 4.7e6 9e14",
}


@pytest.mark.parametrize("eta", CANONICAL)
def test_the_canonical_table(eta):
    losses = descend(landscapes.bowl([1, 20]), [10, 0.05], eta, 200).losses[[0, 5, 20, 50, 100, 200]]
    for found, printed in zip(losses, CANONICAL[eta].split(), strict=True):
        digits = len(printed.split("e")[0].replace(".", "").lstrip("0"))
        assert float(f"{found:.{digits - 1}e}") == float(printed)


def test_the_canonical_names():
    bowl = landscapes.bowl([1, 20])
    assert stability.threshold(bowl) == 0.1
    assert stability.optimal_eta(bowl) == pytest.approx(2 / 21)
    names = stability.regime(np.array([0, 0.001, 0.05, 2 / 21, 0.1, 0.105]), bowl)
    assert list(names) == ["frozen", "monotone", "monotone", "oscillating", "marginal", "diverging"]
    assert stability.turnaround_step(bowl, [10, 0.05], 0.105) == 19
    high = descend(bowl, [10, 0.05], 0.105, 200)
    assert high.diverged_at == 113 and not high.recovered
    assert 1 - high.losses[19] / high.losses[0] == pytest.approx(0.967, abs=5e-4)


def test_the_hump_of_a_decay_from_above_the_threshold():
    run = descend(landscapes.bowl([1, 20]), [5, 0.01], schedules.inverse_time(0.2, k=0.1), 60)
    assert run.losses[0] == pytest.approx(12.5, abs=0.01)
    assert run.losses.argmax() == 10 and run.peak_loss == pytest.approx(106.3, abs=0.05)
    assert run.losses[20] == pytest.approx(0.107, abs=5e-4)
    assert run.losses[50] == pytest.approx(5.5e-3, abs=5e-5)
    assert run.recovered


def test_an_equal_loss_at_the_mirrored_rate():
    """η and 2/λ - η give the same curve on one mode: the bounce is invisible in a loss plot."""
    bowl = landscapes.bowl([4.0])
    one, other = (descend(bowl, [1.0], eta, 30).losses for eta in (0.1, 0.5 - 0.1))
    np.testing.assert_allclose(one, other, rtol=1e-12)


def test_modes_keep_the_digits_that_iteration_loses():
    """Eigenvalues 0.5, 3, 12 under η_t = 3/(1+0.2t): the loss passes 6.5e85 on its way to 2.3e-36."""
    values, steps, start = (0.5, 3.0, 12.0), 500, (1.0, 1.0, 1.0)
    schedule = schedules.inverse_time(3, k=0.2)
    run = descend(landscapes.bowl(values), start, schedule, steps)
    with mpmath.workdps(60):
        x = [mpmath.mpf(1)] * 3
        for t in range(steps):
            eta = mpmath.mpf(3) / (1 + mpmath.mpf(0.2) * t)
            x = [xi * (1 - eta * mpmath.mpf(v)) for xi, v in zip(x, values, strict=True)]
        exact = sum(mpmath.mpf(v) * xi**2 / 2 for xi, v in zip(x, values, strict=True))
    assert abs(float(run.final_loss / exact) - 1) < 1e-12


def test_divergence_is_a_result_without_a_warning(recwarn):
    run = descend(landscapes.bowl([1, 20]), [10, 0.05], 5.0, 2000)
    assert run.diverged_at and not np.isfinite(run.final_loss)
    assert not recwarn.list
