"""The exact engine against arbitrary precision, and the shortcuts it takes against its own long way."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import descend, landscapes, optimizers, schedules
from lrsim._engine import executors, jumps, modes, walk


def exact_losses(values, start, rates):
    """½ Σ λ x² along the run, in 60 digits, from the same float64 inputs."""
    with mpmath.workdps(60):
        x = [mpmath.mpf(float(s)) for s in start]
        values = [mpmath.mpf(float(v)) for v in values]
        losses = []
        for eta in [*rates, 0]:
            losses.append(sum(v * xi * xi for v, xi in zip(values, x, strict=True)) / 2)
            x = [xi * (1 - mpmath.mpf(float(eta)) * v) for v, xi in zip(values, x, strict=True)]
        return losses


def worst(losses, exact):
    return max(abs(float(mpmath.mpf(float(a)) / b - 1)) for a, b in zip(losses, exact, strict=True) if b > 1e-300)


curvature = st.floats(0.01, 50)
size = st.floats(0.01, 10)
problems = st.lists(st.tuples(curvature, size), min_size=1, max_size=4)


@given(problems, st.floats(0.001, 0.3))
@settings(max_examples=40, deadline=None)
def test_a_bowl_at_constant_eta_to_twelve_digits(problem, eta):
    values, start = zip(*problem, strict=True)
    run = descend(landscapes.bowl(values), start, eta, 100)
    assert worst(run.losses, exact_losses(values, start, [eta] * 100)) < 1e-12


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9, 1e-13])
def test_near_the_perfect_step_the_factor_keeps_its_digits(gap):
    """At ηλ = 1 - gap, 1 - ηλ computed plainly has only the digits that gap leaves."""
    eta, value = 0.3, (1 - gap) / 0.3
    run = descend(landscapes.bowl([value]), [1.0], eta, 3)
    assert worst(run.losses, exact_losses([value], [1.0], [eta] * 3)) < 1e-14


@given(problems, st.floats(0.001, 0.5), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_bowl_under_decay_is_as_good_as_its_factors(problem, eta0, k):
    """Each factor 1 - ηλ carries the rounding of ηλ, ε ηλ/|1 - ηλ|: 1e-12 unless a step is nearly perfect."""
    values, start = zip(*problem, strict=True)
    schedule = schedules.inverse_time(eta0, k)
    rates = schedule(np.arange(60))
    products = rates[:, None] * np.array(values)
    if abs(1 - products).min() < 1e-2:
        return
    run = descend(landscapes.bowl(values), start, schedule, 60)
    assert worst(run.losses, exact_losses(values, start, rates)) < 1e-12


def test_a_turned_bowl_where_plain_iteration_loses_every_digit():
    """Eigenvalues 0.5, 3, 12, η_t = 3/(1+0.2t): past 10⁹⁰ and down again; plain iteration is off 10⁶⁰-fold and more."""
    values, start, schedule = np.array([0.5, 3.0, 12.0]), [1.0, 0.5, -2.0], schedules.inverse_time(3, k=0.2)
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    turned = landscapes.Quadratic(np.zeros(3), values, turn)
    run, plain = (descend(turned, start, schedule, 500, method=method) for method in ("modes", "iterate"))
    exact = exact_losses(values, turned.to_modes(start), schedule(np.arange(500)))
    assert worst(run.losses, exact) < 2e-13
    assert max(exact) > 1e85 and exact[-1] < 1e-30
    assert plain.final_loss / float(exact[-1]) > 1e60


def test_a_dense_hessian_to_ten_digits():
    stream = np.random.default_rng(3)
    table = stream.standard_normal((60, 12))
    hessian, start = table.T @ table / 60, stream.standard_normal(12)
    run = descend(landscapes.quadratic(hessian), start, 0.5, 60)
    with mpmath.workdps(60):
        matrix, w = mpmath.matrix(hessian.tolist()), mpmath.matrix(start.tolist())
        exact = []
        for _ in range(61):
            slope = matrix * w
            exact.append((w.T * slope)[0] / 2)
            w = w - mpmath.mpf(0.5) * slope
    assert worst(run.losses, exact) < 1e-10


@pytest.mark.parametrize("rule", [optimizers.heavy_ball(0.9), optimizers.nesterov(0.7)], ids=lambda o: o.name)
def test_momentum_against_arbitrary_precision(rule):
    values, start, rates = [1.0, 20.0], [10.0, 0.05], schedules.inverse_time(0.06, k=0.02)(np.arange(120))
    run = descend(landscapes.bowl(values), start, schedules.table(rates), 120, optimizer=rule)
    with mpmath.workdps(50):
        x, v, beta, exact = [mpmath.mpf(s) for s in start], [mpmath.mpf(0)] * 2, mpmath.mpf(rule.beta), []
        for eta in [*rates, 0]:
            exact.append(sum(mpmath.mpf(c) * xi**2 for c, xi in zip(values, x, strict=True)) / 2)
            slope = [mpmath.mpf(c) * xi for c, xi in zip(values, x, strict=True)]
            v = [beta * vi + s for vi, s in zip(v, slope, strict=True)]
            move = v if rule.name == "heavy_ball" else [s + beta * vi for s, vi in zip(slope, v, strict=True)]
            x = [xi - mpmath.mpf(float(eta)) * m for xi, m in zip(x, move, strict=True)]
    np.testing.assert_allclose(run.losses, [float(e) for e in exact], rtol=1e-11)


STARTS = {"one": np.array([3.0, -2.0]), "many": np.array([[3.0, 1.0, 0.0], [-2.0, 5.0, 0.0]])}
ETAS = {
    "constant": 0.09,
    "sweep": np.array([0.02, 0.09, 0.13]),
    "decay": schedules.inverse_time(0.2, k=0.1),
    "decays": schedules.inverse_time(np.array([0.2, 0.05, 0.0]), k=0.1),
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("eta", ETAS)
def test_every_way_through_the_engine_tells_the_same(start, eta, monkeypatch):
    """Time inside or outside, jump or walk, whole or in stretches: the same losses, steps and iterates."""
    bowl = landscapes.bowl([1, 20], angle=0.3, minimum=[0.5, 0.5])
    whole = descend(bowl, STARTS[start], ETAS[eta], 150)
    monkeypatch.setattr(modes, "LONGEST", 7)
    pieces = descend(bowl, STARTS[start], ETAS[eta], 150)
    np.testing.assert_allclose(pieces.iterates, whole.iterates, rtol=1e-12, atol=1e-14)
    for engine in (walk.run, modes.run, *[jumps.run] * (not callable(ETAS[eta]))):
        monkeypatch.setattr(executors, "choose", lambda task, engine=engine: engine)
        for record in ("path", "loss", "summary"):
            run = descend(bowl, STARTS[start], ETAS[eta], 150, record=record, every=11)
            assert np.array_equal(run.diverged_at, whole.diverged_at)
            np.testing.assert_allclose(run.final_loss, whole.final_loss, rtol=1e-11)
            np.testing.assert_allclose(run.peak_loss, whole.peak_loss, rtol=1e-11)
            if record != "summary":
                np.testing.assert_allclose(run.losses, whole.losses[..., run.steps], rtol=1e-11)
                np.testing.assert_array_equal(run.etas, whole.etas[..., run.steps[:-1]])
            if record == "path":
                points = whole.iterates[..., run.steps, :]
                np.testing.assert_allclose(run.iterates, points, rtol=1e-11, atol=1e-13)


@given(problems, st.floats(0, 0.3), st.integers(0, 3000))
@settings(max_examples=60, deadline=None)
def test_a_jump_lands_where_the_walk_does(problem, eta, steps):
    values, start = zip(*problem, strict=True)
    bowl = landscapes.bowl(values)
    walk, jump = (descend(bowl, start, eta, steps, record=record) for record in ("loss", "summary"))
    leaps = descend(bowl, start, eta, steps, record="loss", every=modes.SHORT + 44)
    np.testing.assert_allclose(leaps.losses, walk.losses[leaps.steps], rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(jump.final_loss, walk.final_loss, rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(jump.peak_loss, walk.peak_loss, rtol=1e-10)
    assert jump.diverged_at == walk.diverged_at


def test_a_billion_steps_take_no_time():
    run = descend(landscapes.bowl([1e-9, 1]), [1, 1], 1.0, 10**9, record="summary")
    assert run.final_loss == pytest.approx(0.5e-9 * np.exp(-2), rel=1e-8) and run.diverged_at is None
    kept = descend(landscapes.bowl([1e-9, 1], minimum=[0, 5]), [1, 6], 1.0, 10**9, every=3 * 10**8)
    assert kept.losses[1:] == pytest.approx(0.5e-9 * np.exp(-2e-9 * kept.steps[1:]), rel=1e-8)
    assert kept.iterates[-1] == pytest.approx([np.exp(-1), 5], rel=1e-7) and kept.final_loss == kept.losses[-1]


def test_a_mode_at_rest_stays_there_while_another_overflows():
    run = descend(landscapes.bowl([1, 20]), [1, 0], 5.0, 2000)
    assert (run.iterates[:, 1] == 0).all()
    assert np.isinf(run.final_loss) and run.diverged_at == 6  # ½ 16⁶ is above 10⁶ η₀‖g₀‖² = 5·10⁶, ½ 16⁵ is not


def test_an_overflowed_mode_that_meets_its_perfect_step_is_zero():
    """x = ∞ times 1 - ηλ = 0 is a number that is not one; the exact mode is 0, and so is the final loss."""
    rates = [1e300] * 3 + [1.0]
    run = descend(landscapes.bowl([1.0]), [1.0], schedules.table(rates), 4, record="summary")
    assert run.final_loss == 0 and np.isinf(run.peak_loss)


def solved(landscape):
    """Whether the eigenvectors have been found."""
    return "_eigen" in vars(landscape)


def dense(size=240, seed=0):
    stream = np.random.default_rng(seed)
    table = stream.standard_normal((2 * size, size))
    return landscapes.quadratic(
        table.T @ table / len(table), minimum=stream.standard_normal(size)
    ), stream.standard_normal(size)


@pytest.mark.parametrize("rule", [None, optimizers.heavy_ball(0.5)], ids=["plain", "heavy_ball"])
def test_a_few_products_give_the_curve_of_a_large_hessian(rule):
    landscape, start = dense(400)
    etas = np.array([0.05, 0.5, 0.9])
    quick = descend(landscape, start, etas, 150, record="loss", optimizer=rule)
    assert not solved(landscape) and len(landscape.remembered["recurrence"].alphas) < 130
    full = landscapes.quadratic(landscape.hessian(), minimum=landscape.minimum)
    eigen = descend(full, start, etas, 150, optimizer=rule)  # a path needs the eigenvectors
    np.testing.assert_allclose(quick.losses, eigen.losses, rtol=1e-8, atol=1e-25 * eigen.losses[0, 0])
    assert np.array_equal(quick.diverged_at, eigen.diverged_at)
    if rule is None:
        assert list(quick.regime) == list(eigen.regime) == ["monotone", "oscillating", "diverging"]


def test_where_few_products_are_not_enough_the_eigenvectors_are_found(monkeypatch):
    values = np.geomspace(1e-6, 1, 240)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((240, 240)))[0]
    landscape = landscapes.quadratic((turn * values) @ turn.T * 0.5 + ((turn * values) @ turn.T).T * 0.5)
    start = turn @ np.ones(240)
    run = descend(landscape, start, 1.9, 20_000, record="loss", every=1000)
    assert solved(landscape)
    np.testing.assert_allclose(run.losses[-1], 0.5 * values @ (1 - 1.9 * values) ** 40_000, rtol=1e-7)


def test_a_start_in_a_small_invariant_space_is_exact_at_once():
    landscape, _ = dense()
    values, vectors = np.linalg.eigh(landscape.hessian())
    start = landscape.minimum + vectors[:, -1]
    run = descend(landscape, start, 0.1, 50, record="loss")
    np.testing.assert_allclose(run.losses, 0.5 * values[-1] * (1 - 0.1 * values[-1]) ** (2 * np.arange(51)), rtol=1e-10)
    assert descend(landscape, landscape.minimum, 0.1, 5, record="loss").losses.tolist() == [0] * 6


def test_the_curve_is_remembered_for_its_start_alone():
    landscape, start = dense()
    first = descend(landscape, start, 0.5, 50, record="loss").losses
    other = descend(landscape, -3 * start, 0.5, 50, record="loss").losses
    assert (descend(landscape, start, 0.5, 50, record="loss").losses == first).all()
    assert not np.allclose(first, other)


def test_a_leap_leaves_a_mode_at_rest():
    run = descend(landscapes.bowl([1, 1000]), [1, 0], 0.5, 1200, every=300, record="loss")
    assert run.losses == pytest.approx(0.5 * 0.25**run.steps) and (run.losses[:2] > 0).all()


def test_nothing_overflows_before_the_loss_does():
    assert descend(landscapes.bowl([1, 30]), [10, 1e-300], 0.1, 1030).final_loss == pytest.approx(1.98556e21, rel=1e-5)
    assert descend(landscapes.bowl([0, 1]), [1e200, 1], 0.1, 1).losses[0] == 0.5
    assert descend(landscapes.bowl([1e-200]), [1e200], 0.1, 1).losses[0] == pytest.approx(5e199)


@pytest.mark.parametrize("scale", [1e170, 1e-170])
def test_a_large_hessian_may_be_of_any_scale(scale):
    landscape = landscapes.quadratic(np.diag(np.linspace(1, 20, 300)) * scale)
    loss, path = (
        descend(landscape, np.ones(300), 0.05 / scale, 9, record=record).losses for record in ("loss", "path")
    )
    np.testing.assert_allclose(loss, path, rtol=1e-8)


@pytest.mark.parametrize("eta", [0.1, 0.105])
def test_a_regime_is_the_landscapes_whatever_is_recorded(eta):
    matrix, start = np.diag(np.linspace(1, 20, 300)), np.eye(300)[0]
    regimes = {
        descend(landscapes.quadratic(matrix), start, eta, 9, record=r).regime for r in ("path", "loss", "summary")
    }
    assert regimes == {"marginal" if eta == 0.1 else "diverging"}
