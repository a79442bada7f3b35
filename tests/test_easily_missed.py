"""What a change could break without any other test: tolerances, second blocks, what is kept apart. One test a trap."""

import numpy as np
import pytest

from lrsim import _check, _random, descend, landscapes, schedules, stability
from lrsim._engine import krylov


def linear(d=1):
    """Σw: the gradient is 1 everywhere, so a run adds up its rates."""
    return landscapes.from_functions(lambda w: w.sum(axis=0), np.ones_like)


@pytest.mark.parametrize("cuts", [(2600,), (1000, 1600), (1024, 1576), (1025, 1575)])
def test_every_rate_of_a_long_iterated_run_is_the_one_of_its_step(cuts):
    """Rates are computed in blocks of 1024 steps, also after a run is taken up within one."""
    rates = np.random.default_rng(1).random(2600)
    run = [0.0]
    for steps in cuts:
        run = descend(linear(), run, schedules.table(rates), steps)
    assert run.last[0] == np.subtract.accumulate([0.0, *rates])[-1]
    sweep = descend(linear(), [0.0], schedules.table([rates, rates[::-1]]), 2600)
    assert sweep.last[0].tolist() == [np.subtract.accumulate([0.0, *r])[-1] for r in (rates, rates[::-1])]
    assert (sweep.etas == [rates, rates[::-1]]).all()


def spread_out(lowest, size=500):
    """A dense Hessian with curvatures from `lowest` to 1, a start with a share of each, and the curve of η = 1.9."""
    values = np.geomspace(lowest, 1, size)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((size, size)))[0]
    matrix = (turn * values) @ turn.T
    curve = 0.5 * (values[:, None] * (1 - 1.9 * values[:, None]) ** (2 * np.arange(1001))).sum(axis=0)
    return landscapes.quadratic((matrix + matrix.T) / 2), turn @ np.ones(size), curve


@pytest.mark.parametrize("lowest", [0.01, 0.003])
def test_two_looks_at_a_large_hessian_agree_closely_before_they_are_believed(lowest):
    """AGREE and FLOOR: looser ones would stop at fewer products, with losses that are off by more than 1e-8."""
    landscape, start, curve = spread_out(lowest)
    losses = descend(landscape, start, 1.9, 1000, record="loss").losses
    (enough,) = landscape.remembered["recurrence"].enough.values()
    assert 96 < enough < 500 / 3 and "_eigen" not in vars(landscape)
    np.testing.assert_allclose(losses, curve, rtol=1e-8, atol=1e-25 * curve[0])


def test_a_tiny_share_of_a_growing_mode_is_no_breakdown():
    """The start is an eigenvector but for 1e-10 of one that η = 0.105 lets grow: it decides the end."""
    values = np.linspace(1, 20, 300)
    start = np.zeros(300)
    start[0], start[-1] = 1.0, 1e-10
    run = descend(landscapes.quadratic(np.diag(values)), start, 0.105, 400, record="loss")
    exact = 0.5 * (0.895 ** (2 * np.arange(401)) + 20e-20 * 1.1 ** (2 * np.arange(401)))
    np.testing.assert_allclose(run.losses, exact, rtol=1e-8)


def test_a_start_that_is_an_eigenvector_takes_no_more_products_than_it_has_directions():
    matrix = np.diag(np.linspace(1, 20, 300))
    for d in (1, 2, 3):
        landscape = landscapes.quadratic(matrix)
        descend(landscape, np.eye(300)[:d].sum(axis=0), 0.05, 20, record="loss")
        assert len(landscape.remembered["recurrence"].alphas) <= d + 1


@pytest.mark.parametrize(
    "options",
    [
        dict(noise=0.5, rng=3),
        dict(noise=0.5, rng=3, start=np.eye(300)[0]),
        dict(average=5),
        dict(start=np.random.default_rng(2).standard_normal((300, 2))),
    ],
    ids=["noise", "noise from an eigenvector", "average", "many starts"],
)
def test_what_a_few_products_cannot_tell_is_computed_in_full(options):
    """Without the path, a large Hessian must give what it gives with it."""
    given = {"start": np.ones(300)} | options
    matrix = np.diag(np.linspace(1, 20, 300))
    path, loss = (
        descend(landscapes.quadratic(matrix), eta=0.06, steps=30, record=record, **given) for record in ("path", "loss")
    )
    np.testing.assert_allclose(loss.losses, path.losses, rtol=1e-9)
    if "average" in given:
        np.testing.assert_allclose(loss.average, path.average, rtol=1e-9, atol=1e-12)


def test_minibatches_of_many_features_are_not_the_whole():
    stream = np.random.default_rng(4)
    data = landscapes.linear_regression(stream.standard_normal((600, 300)), stream.standard_normal(600))
    kept = [descend(data, np.ones(300), 0.01, 12, batch=20, record=record).losses for record in ("path", "loss")]
    assert (kept[0] == kept[1]).all()
    assert abs(kept[0] - descend(data, np.ones(300), 0.01, 12).losses)[1:].min() > 1e-6


def test_a_hessian_below_the_size_from_which_it_pays_is_diagonalised():
    small = landscapes.quadratic(np.diag(np.linspace(1, 20, krylov.FROM - 1)))
    descend(small, np.ones(krylov.FROM - 1), 0.05, 5, record="loss")
    assert "_eigen" in vars(small) and "recurrence" not in small.remembered


@pytest.mark.parametrize("method", ["modes", "iterate"])
@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("every", [1, 7])
def test_a_run_that_grows_slowly_is_frozen_at_the_step_it_is_lost(method, record, every):
    """At η = 0.1005 the loss grows by 2 % a step, and is lost after some thousand, in the middle of a stretch."""
    bowl, start, etas = landscapes.bowl([1, 20]), [10, 0.05], np.array([0.05, 0.1005, 0.101])
    free = descend(bowl, start, etas, 1500, method=method)
    run = descend(bowl, start, etas, 1500, method=method, record=record, every=every, on_divergence="freeze")
    assert run.diverged_at.tolist() == free.diverged_at.tolist() and run.diverged_at[1] > 1000 > run.diverged_at[2] > 0
    for i, lost in enumerate(run.diverged_at.tolist()[1:], start=1):
        assert run.final_loss[i] == pytest.approx(free.losses[i, lost], rel=1e-9)
        assert run.peak_loss[i] == pytest.approx(free.losses[i, lost], rel=1e-9)
        if record == "path":
            np.testing.assert_allclose(
                run.iterates[i, run.steps >= lost], [free.iterates[i, lost]] * sum(run.steps >= lost)
            )
    assert run.final_loss[0] == pytest.approx(free.final_loss[0], rel=1e-9)


class Rows:
    """A landscape that writes down which rows it is asked for; its gradient is 0."""

    dimension, samples = 1, 8

    def __init__(self):
        self.asked = []

    def loss(self, w, rows=None):
        return w[0] * 0

    def gradient(self, w, rows=None):
        self.asked.append(rows)
        return w * 0


def test_noise_and_minibatches_of_one_seed_have_streams_of_their_own():
    place, source = Rows(), _random.source("rng", 5)
    descend(place, [0.0], 1.0, 4, batch=2, rng=5)
    rows = np.concatenate(place.asked).ravel()
    assert (rows == _random.stream(source, "rows", 0, 0).permutation(8)).all()
    noise = -np.diff(descend(linear(), [0.0], 1.0, 4, noise=1.0, rng=5).iterates[:, 0]) - 1
    np.testing.assert_allclose(noise, _random.stream(source, "noise", 0, 0).standard_normal(4), rtol=1e-12)
    first = {purpose: _random.stream(source, purpose, 0, 0).integers(2**63) for purpose in ("rows", "noise")}
    assert first["rows"] != first["noise"]


def test_noise_of_a_second_block_is_another():
    """One stream serves 4096 steps: those after have numbers of their own, whether or not the run is taken up."""
    moves = np.diff(descend(linear(), [0.0], 1.0, 5000, noise=1.0).iterates[:, 0])
    assert len(set(moves.round(9))) == 5000
    assert abs(np.corrcoef(moves[:904], moves[4096:])[0, 1]) < 0.15


@pytest.mark.parametrize(
    "share, name",
    [
        (1 - 2e-9, "oscillating"),
        (1 - 0.9e-9, "marginal"),
        (1, "marginal"),
        (1 + 0.9e-9, "marginal"),
        (1 + 2e-9, "diverging"),
    ],
)
def test_the_margin_of_the_threshold(share, name):
    assert stability.regime(0.1 * share, 20) == name
    assert stability.regime(0.1 * share, landscapes.bowl([1, 20])) == name


@pytest.mark.parametrize("scale", [1e-100, 1.0, 1e100])
@pytest.mark.parametrize("small, flat", [(1e-14, False), (1e-15, False), (4e-16, True), (1e-17, True)])
def test_a_column_counts_down_to_the_round_off_of_the_largest(scale, small, flat):
    """Singular values below 2 ε of the largest, for two rows, are none: ε is 2.2e-16."""
    data = landscapes.linear_regression(np.diag([scale, small * scale]), [0.0, 1.0])
    if flat:
        assert data.eigenvalues.min() == 0 and (data.minimum == 0).all() and data.minima == ()
    else:
        assert data.minimum == pytest.approx([0, 1 / (small * scale)])
    tall = landscapes.linear_regression(np.vstack([np.diag([1, 1e-14]), np.zeros((998, 2))]), np.eye(1000)[1])
    assert (tall.minimum == 0).all()  # a thousand rows: 2.2e-13


def test_a_type_error_inside_a_users_function_is_the_users():
    def rate(step):
        return None + step

    def slope(w):
        return w + "a"

    for said, call in {
        "NoneType": lambda: descend(linear(), [0.0], rate, 3),
        "'NoneType' and 'int'": lambda: _check.call("eta", rate, step=0),
        "ufunc": lambda: stability.sharpness(slope, [1.0]),
        "ufunc 'add'": lambda: descend(landscapes.from_functions(lambda w: w.sum(axis=0), slope), [0.0], 0.1, 3),
    }.items():
        with pytest.raises(TypeError, match=said) as caught:
            call()
        assert "must be a function" not in str(caught.value)
    with pytest.raises(TypeError, match="eta must be a function of step, got one that says"):
        descend(linear(), [0.0], lambda: 0.1, 3)
