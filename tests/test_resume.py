"""A run that is taken up again is the run that was never stopped."""

import pickle
import threading

import numpy as np
import pytest

from lrsim import Trajectory, descend, landscapes, optimizers, schedules

stream = np.random.default_rng(11)
X, Y = stream.standard_normal((24, 3)), stream.standard_normal(24)
PLACES = {
    "bowl": landscapes.bowl([1, 20]),
    "turned": landscapes.bowl([1, 20], angle=0.4, minimum=[1, 2]),
    "saddle": landscapes.saddle([3.0, -0.2]),
    "dense": landscapes.quadratic(np.diag(np.arange(1.0, 11)) + 0.1),
    "banana": landscapes.rosenbrock(),
    "network": landscapes.tanh_network(X, Y, hidden=(3,)),
}
ETAS = {
    "constant": 0.003,
    "sweep": np.array([0.001, 0.003, 0.15]),
    "decay": schedules.inverse_time(0.004, k=0.1),
    "decays": schedules.inverse_time(np.array([[0.004], [0.2]]), k=[0.01, 0.1]),
    "function": lambda t: 0.003 / (1 + t),
    "warmup": schedules.warmup(40, 0.004),
}
WALKED = {
    "iterate": {"method": "iterate"},
    "heavy ball": {"optimizer": optimizers.heavy_ball(0.8)},
    "nesterov": {"optimizer": optimizers.nesterov(0.8)},
    "adam": {"optimizer": optimizers.adam()},
    "noise": {"noise": 0.1, "rng": 3},
    "noise, adam": {"noise": 0.1, "optimizer": optimizers.adam(), "rng": np.random.SeedSequence(7).spawn(2)[1]},
    "frozen": {"on_divergence": "freeze"},
}
FACTS = ("final_loss", "peak_loss", "diverged_at", "recovered", "last")


def start(place):
    return np.linspace(0.5, 1, PLACES[place].dimension)


def two(place, eta, parts, **options):
    run = descend(PLACES[place], start(place), eta, parts[0], **options)
    kept = {key: value for key, value in options.items() if key in ("record", "every", "method", "on_divergence")}
    for steps in parts[1:]:
        run = descend(PLACES[place], run, eta, steps, **kept)
    return run


def equal(one, other, exact=True, facts=FACTS):
    for fact in facts:
        a, b = getattr(one, fact), getattr(other, fact)
        if exact:
            assert (a is None and b is None) or np.array_equal(a, b, equal_nan=True), fact
        elif a is None or np.asarray(a).dtype.kind in "bi":
            assert np.array_equal(a, b), fact
        else:
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-300, err_msg=fact)


@pytest.mark.parametrize("way", WALKED)
@pytest.mark.parametrize("eta", ETAS)
@pytest.mark.parametrize("place", ["turned", "banana"])
def test_walked_in_parts_is_walked_at_once_to_the_bit(place, eta, way):
    whole = descend(PLACES[place], start(place), ETAS[eta], 60, **WALKED[way])
    for parts in ((25, 35), (0, 1, 59), (60, 0)):
        run = two(place, ETAS[eta], parts, **WALKED[way])
        equal(run, whole)
        if parts[-1]:
            assert np.array_equal(run.losses, whole.losses[..., -parts[-1] - 1 :], equal_nan=True)
            assert np.array_equal(run.iterates, whole.iterates[..., -parts[-1] - 1 :, :], equal_nan=True)
            assert (run.etas == whole.etas[..., -parts[-1] :]).all()
            assert run.begin == 60 - parts[-1] and (run.steps == whole.steps[-parts[-1] - 1 :]).all()


@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("eta", ETAS)
@pytest.mark.parametrize("place", PLACES)
def test_in_parts_is_at_once_to_rounding(place, eta, record):
    whole = descend(PLACES[place], start(place), ETAS[eta], 400, record=record)
    run = two(place, ETAS[eta], (130, 1, 269), record=record)
    equal(run, whole, exact=False)


def test_the_canonical_run_is_lost_at_113_in_two_parts():
    for record in ("path", "summary"):
        half = descend(PLACES["bowl"], [10, 0.05], 0.105, 60, record=record)
        run = descend(PLACES["bowl"], half, 0.105, 140, record=record)
        assert half.diverged_at is None and run.diverged_at == 113
        assert descend(PLACES["bowl"], run, 0.01, 10_000, record=record).diverged_at == 113  # once lost, lost
        assert not descend(PLACES["bowl"], run, 0.105, 10, record=record).recovered


def test_minibatches_go_on_with_their_epoch():
    fit = landscapes.linear_regression(X, Y)
    for parts in ((3, 9), (7, 5), (1, 2, 9), (0, 12)):
        whole = descend(fit, [1, 1, 1], [0.1, 0.05], 12, batch=5, rng=4)
        run = descend(fit, [1, 1, 1], [0.1, 0.05], parts[0], batch=5, rng=4)
        for steps in parts[1:]:
            run = descend(fit, run, [0.1, 0.05], steps)
        assert (run.iterates == whole.iterates[:, -parts[-1] - 1 :]).all()
    far = descend(fit, [1, 1, 1], 0.001, 64 * 4 + 3, batch=6, record="summary")
    assert (descend(fit, far, 0.001, 5).last == descend(fit, [1, 1, 1], 0.001, 64 * 4 + 8, batch=6).last).all()


def test_noise_goes_on_across_its_blocks():
    bowl = PLACES["bowl"]
    whole = descend(bowl, [1, 1], [0.05, 0.01], 9000, noise=1.0, record="summary")
    run = descend(bowl, [1, 1], [0.05, 0.01], 4095, noise=1.0, record="summary")
    for steps in (1, 1, 4900, 3):
        run = descend(bowl, run, [0.05, 0.01], steps, record="summary")
    assert (run.last == whole.last).all()


@pytest.mark.parametrize("every", [1, 7, 30, 300])
def test_what_is_kept_is_what_one_run_keeps(every):
    for eta, steps in ((ETAS["sweep"], 1000), (ETAS["decay"], 400)):
        whole = descend(PLACES["bowl"], [1, 1], eta, steps, every=every)
        first = descend(PLACES["bowl"], [1, 1], eta, 45, every=every)
        second = descend(PLACES["bowl"], first, eta, steps - 45, every=every)
        kept = [*first.steps[:-1], *second.steps] if 45 % every == 0 else [*first.steps[:-1], *second.steps[1:]]
        assert kept == whole.steps.tolist()
        at = np.isin(whole.steps, second.steps)
        there = np.isin(second.steps, whole.steps)
        np.testing.assert_allclose(second.losses[..., there], whole.losses[..., at], rtol=1e-9)


@pytest.mark.parametrize("way", ["iterate", "nesterov", "noise, adam", "frozen"])
def test_a_run_goes_on_from_a_file_and_from_a_pickle(way, tmp_path):
    whole = descend(PLACES["turned"], [1, 1], ETAS["sweep"], 60, **WALKED[way])
    half = descend(PLACES["turned"], [1, 1], ETAS["sweep"], 20, **WALKED[way])
    half.save(tmp_path / "half.npz")
    method = {key: value for key, value in WALKED[way].items() if key in ("method", "on_divergence")}
    for again in (Trajectory.load(tmp_path / "half.npz"), pickle.loads(pickle.dumps(half))):
        equal(descend(landscapes.bowl([1, 20], angle=0.4, minimum=[1, 2]), again, ETAS["sweep"], 40, **method), whole)
        assert len(pickle.dumps(again)) < 20_000


def test_a_run_starts_where_it_is_told_and_elsewhere_only_from_its_last_point():
    run = descend(PLACES["turned"], [1, 1], 0.05, 10, optimizer=optimizers.heavy_ball(0.5))
    with pytest.raises(ValueError, match="landscape must be that of the run that is taken up; elsewhere"):
        descend(landscapes.bowl([1, 30], angle=0.1), run, 0.05, 10)
    with pytest.raises(ValueError, match="method must be that of the run"):
        descend(PLACES["turned"], run, 0.05, 10, method="iterate")
    fresh = descend(landscapes.bowl([1, 30], angle=0.1), run.last, 0.05, 10)
    assert fresh.begin == 0 and fresh.iterates[0] == pytest.approx(run.iterates[-1], rel=1e-14)
    other = descend(PLACES["turned"], run, 0.05, 10, optimizer=optimizers.gradient_descent())
    plain = descend(PLACES["turned"], run.last, 0.05, 10)
    np.testing.assert_allclose(other.iterates, plain.iterates, rtol=1e-12)


def test_last_is_laid_out_as_a_start():
    """As many runs as dimensions: iterates[:, -1] would be taken for its transpose."""
    bowl, etas = PLACES["turned"], np.array([0.01, 0.05])
    run = descend(bowl, [1.0, 3.0], etas, 10)
    assert run.last.shape == (2, 2) and (run.iterates[:, -1] == run.last.T).all()
    on = descend(bowl, run.last, etas, 10)
    np.testing.assert_allclose(on.final_loss, descend(bowl, [1.0, 3.0], etas, 20).final_loss, rtol=1e-12)
    run.last[:] = 0
    assert run.last.any()


@pytest.mark.parametrize("record", ["path", "loss", "summary"])
@pytest.mark.parametrize("eta", ["constant", "sweep", "decay", "decays"])
@pytest.mark.parametrize("place", ["turned", "banana", "saddle"])
@pytest.mark.parametrize("since", [0, 13, 60])
def test_the_average_is_the_mean_of_the_iterates(place, eta, record, since):
    slow = ETAS[eta] if place != "banana" else 1e-4
    path = descend(PLACES[place], start(place), slow, 60)
    mean = np.moveaxis(path.iterates[..., since:, :].mean(-2), -1, 0)
    options = [{}, {"every": 7}] + ([] if record != "summary" else [{"method": "iterate"}])
    for option in options:
        run = descend(PLACES[place], start(place), slow, 60, record=record, average=since, **option)
        np.testing.assert_allclose(run.average, mean, rtol=1e-9, atol=1e-12)
        half = descend(PLACES[place], start(place), slow, 20, record=record, average=min(since, 20), **option)
        if since <= 20:
            on = descend(PLACES[place], half, slow, 40, record=record, average=since, **option)
            np.testing.assert_allclose(on.average, mean, rtol=1e-9, atol=1e-12)


def test_an_average_that_cannot_be_is_refused():
    run = descend(PLACES["bowl"], [1, 1], 0.01, 10)
    assert run.average is None
    with pytest.raises(ValueError, match="average must be at most the last step, 10, got 11"):
        descend(PLACES["bowl"], [1, 1], 0.01, 10, average=11)
    with pytest.raises(ValueError, match="average must be at least the step at which the run is taken up, 10"):
        descend(PLACES["bowl"], run, 0.01, 10, average=3)
    far = descend(PLACES["bowl"], [1, 1], [0.01, 0.5], 10**6, average=0, record="summary").average
    assert np.isfinite(far[:, 0]).all() and not np.isfinite(far[1, 1])


def test_threads_may_share_a_large_landscape():
    """Whatever was asked of it before, and by however many at once: the same bits."""
    turn = np.linalg.qr(np.random.default_rng(3).standard_normal((300, 300)))[0]
    matrix = (turn * np.linspace(0.1, 20, 300)) @ turn.T
    matrix = (matrix + matrix.T) / 2
    points = [np.ones(300), np.linspace(-1, 1, 300)]
    ways = [(point, eta) for point in points for eta in (0.02, 0.09)]
    right = [descend(landscapes.quadratic(matrix), p, eta, 100, record="loss").losses for p, eta in ways]
    for ask in (lambda place: place.minima, lambda place: descend(place, points[0], 0.05, 9, record="loss"), hash):
        shared = landscapes.quadratic(matrix)
        ask(shared)
        found = [None] * 8

        def one(i, shared=shared, found=found):
            point, eta = ways[i % 4]
            found[i] = descend(shared, point, eta, 100, record="loss").losses

        threads = [threading.Thread(target=one, args=(i,)) for i in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert all((losses == right[i % 4]).all() for i, losses in enumerate(found))
        assert len(pickle.dumps(descend(shared, points[0], 0.02, 9, record="summary"))) < 20_000


def test_another_optimizer_counts_its_own_steps_from_where_it_came_in(tmp_path):
    """Adam's first step is one of length η, however late it comes; and it goes on from there in parts."""
    late = descend(landscapes.rosenbrock(), [1.0, 2.0], 0.001, 2000)
    first = descend(landscapes.rosenbrock(), late, 0.1, 1, optimizer=optimizers.adam())
    assert np.abs(first.last - late.last) == pytest.approx(0.1, rel=1e-6)
    at_once = descend(landscapes.rosenbrock(), late.last, 0.1, 9, optimizer=optimizers.adam())
    first.save(tmp_path / "first.npz")
    for begun in (first, Trajectory.load(tmp_path / "first.npz")):
        rest = descend(landscapes.rosenbrock(), begun, 0.1, 8)
        assert (rest.last == at_once.last).all() and rest.begin == 2001
