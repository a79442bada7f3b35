"""The laws of landscapes and schedules, over the examples of every function there is; a new one is found by itself."""

import pickle
import warnings
from inspect import getmembers, isfunction, ismodule

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrsim import _examples, landscapes, optimizers, schedules
from lrsim.landscapes.functions import Functions
from lrsim.schedules import Schedule

ROOMS = {"landscapes": landscapes, "schedules": schedules, "optimizers": optimizers}
LANDSCAPES, SCHEDULES = _examples.made(landscapes), _examples.made(schedules)
SAMPLED = {call: landscape for call, landscape in LANDSCAPES.items() if hasattr(landscape, "samples")}
SWEEPS = {call: schedule for call, schedule in SCHEDULES.items() if schedule.batch}


def each(name, made):
    return pytest.mark.parametrize(name, list(made.values()), ids=list(made))


every_landscape, every_schedule = each("landscape", LANDSCAPES), each("schedule", SCHEDULES)
every_sweep = each("sweep", SWEEPS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_function_is_exported_with_examples(room):
    noted = {
        name
        for _, kind in getmembers(ROOMS[room], ismodule)
        for name, function in getmembers(kind, isfunction)
        if "examples" in vars(function) and kind.__name__.startswith(f"lrsim.{room}.")
    }
    assert noted == set(_examples.of(ROOMS[room]))
    assert all(_examples.of(ROOMS[room]).values())


def test_every_schedule_has_a_sweep_among_its_examples():
    assert {name for name, calls in _examples.of(schedules).items() if not {*calls} & {*SWEEPS}} == set()


# landscapes


def differences(function, w, h=1e-4):
    """The derivative of `function` along each coordinate, fourth order, first axis last taken."""
    columns = []
    for i in range(len(w)):
        unit = np.zeros_like(w)
        unit[i] = h
        near = function(w + unit) - function(w - unit)
        far = function(w + 2 * unit) - function(w - 2 * unit)
        columns.append((8 * near - far) / (12 * h))
    return np.array(columns)


def dimension(landscape):
    return landscape.dimension or 3


@every_landscape
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_derivatives_agree_with_differences(landscape, data):
    w, v = (data.draw(arrays(float, dimension(landscape), elements=st.floats(-2, 2, width=16))) for _ in range(2))
    hessian = landscape.hessian(w)
    scale = 1 + np.abs(hessian).max() * (1 + np.abs(w).max()) ** 2
    rough = isinstance(landscape, Functions) and landscape.gradient_function is None  # second differences of a loss
    assert np.allclose(landscape.gradient(w), differences(landscape.loss, w), atol=1e-8 * scale)
    assert np.allclose(hessian, differences(landscape.gradient, w), atol=(1e-5 if rough else 1e-7) * scale)
    assert np.array_equal(hessian, hessian.T)
    assert np.allclose(landscape.hvp(w, v), hessian @ v, atol=(1e-5 if rough else 1e-8) * scale)


@every_landscape
def test_a_batch_is_its_points_to_the_bit(landscape):
    w = np.random.default_rng(0).standard_normal((dimension(landscape), 2, 3))
    v = np.random.default_rng(1).standard_normal(w.shape)
    for i, j in np.ndindex(2, 3):
        point = w[:, i, j].copy()
        assert landscape.loss(w)[i, j] == landscape.loss(point)
        assert np.array_equal(landscape.gradient(w)[:, i, j], landscape.gradient(point))
        assert np.array_equal(landscape.hvp(w, v)[:, i, j], landscape.hvp(point, v[:, i, j]))


@every_landscape
def test_a_hessian_is_that_of_every_point(landscape):
    w = np.random.default_rng(0).standard_normal((dimension(landscape), 2))
    for i in range(2):
        hessian = landscape.hessian(w[:, i].copy())
        together = landscape.hessian(w)
        assert np.array_equal(together if together.ndim == 2 else together[:, :, i], hessian)


@every_landscape
def test_loss_and_gradient_together_are_what_they_are_apart(landscape):
    if not hasattr(landscape, "loss_and_gradient"):
        pytest.skip("it has none")
    w = np.random.default_rng(4).standard_normal((dimension(landscape), 5))
    slope = np.full(w.shape, np.nan)
    np.testing.assert_allclose(landscape.loss_and_gradient(w, slope), landscape.loss(w), rtol=1e-14)
    np.testing.assert_allclose(slope, landscape.gradient(w), rtol=1e-13)
    for i, point in enumerate(w.T.copy()):
        own = np.full(point.shape, np.nan)
        assert landscape.loss_and_gradient(point, own) == landscape.loss_and_gradient(w, slope)[i]
        assert np.array_equal(own, slope[:, i])


@every_landscape
def test_a_point_of_another_dimension_is_refused_by_name(landscape):
    if landscape.dimension is None:
        pytest.skip("it takes any")
    w = np.ones(landscape.dimension + 1)
    asked = {"loss": (w,), "gradient": (w,), "hvp": (w, w), "loss_and_gradient": (w, w.copy())}
    for name, arguments in asked.items():
        if hasattr(landscape, name):
            with pytest.raises(ValueError, match=rf"^[wv] must have {landscape.dimension} coordinate"):
                getattr(landscape, name)(*arguments)


@every_landscape
def test_known_minima_are_flat_and_curve_up_and_the_first_is_deepest(landscape):
    rng = np.random.default_rng(2)
    anywhere = landscape.loss(rng.uniform(-5, 5, (dimension(landscape), 10_000 if len(landscape.minima) else 1)))
    for minimum in landscape.minima:
        curvatures = np.linalg.eigvalsh(landscape.hessian(minimum))
        scale = curvatures.max() * max(np.abs(minimum).max(), 1)
        assert np.abs(landscape.gradient(minimum)).max() <= 4e-16 * scale
        assert curvatures.min() > 0
        assert landscape.loss(landscape.minima[0]) <= min(landscape.loss(minimum), anywhere.min())


@every_landscape
def test_a_landscape_pickles_and_compares_and_its_repr_makes_it_again(landscape):
    again = pickle.loads(pickle.dumps(landscape))
    assert again == landscape and hash(again) == hash(landscape)
    assert sum(landscape == other for other in LANDSCAPES.values()) == 1
    if not hasattr(landscape, "samples") and not isinstance(landscape, Functions):  # data are too long to print
        assert eval(repr(landscape), vars(landscapes)) == landscape


@every_landscape
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_nothing_warns_however_far_out(landscape, data):
    w = data.draw(arrays(float, dimension(landscape), elements=st.floats(allow_nan=True, allow_infinity=True)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        landscape.loss(w), landscape.gradient(w), landscape.hessian(w), landscape.hvp(w, w)


@each("model", SAMPLED)
def test_minibatches_average_to_the_whole(model):
    w = np.random.default_rng(3).standard_normal(model.dimension)
    whole = model.samples if "reduction='sum'" in repr(model) else 1
    parts = [np.arange(i, i + 1) for i in range(model.samples)]
    assert whole * np.mean([model.gradient(w, rows=r) for r in parts], axis=0) == pytest.approx(model.gradient(w))
    assert whole * np.mean([model.loss(w, rows=r) for r in parts]) == pytest.approx(model.loss(w))
    runs, own = np.stack([w, 2 * w], axis=-1), np.array([[0, 1], [2, 0]])
    assert np.array_equal(model.gradient(runs, rows=own)[:, 1], model.gradient(2 * w, rows=[1, 0]))


# schedules


def steps(schedule):
    """As many as a table has, or 40."""
    return np.arange(3 if "table(" in repr(schedule) else 40)


def alone(value, i, along_time=False):
    """What the i-th run of a sweep over one axis has of a parameter."""
    if isinstance(value, Schedule):
        return getattr(schedules, value.name)(**given_to(value, i))
    if isinstance(value, tuple):
        return tuple(alone(item, i) for item in value)
    return value[i] if isinstance(value, np.ndarray) and value.ndim > along_time else value


def given_to(schedule, i):
    return {key: alone(value, i, key in ("values", "etas")) for key, value in schedule.parameters}


@every_sweep
def test_a_sweep_of_parameters_is_its_single_schedules_to_the_bit(sweep):
    (runs,) = sweep.batch
    for t in (steps(sweep), steps(sweep)[:runs]):  # as many steps as runs, where axes are easily mistaken
        assert sweep(t).shape == (runs, len(t)) and sweep(2).shape == (runs,)
        for i in range(runs):
            single = getattr(schedules, sweep.name)(**given_to(sweep, i))
            assert single.batch == () and (single(t) == sweep(t)[i]).all() and single(2) == sweep(2)[i]
            assert (sweep.part((slice(i, i + 1),))(t)[0] == single(t)).all()
    assert len({row.tobytes() for row in sweep(steps(sweep))}) == runs, "the example's runs should differ"


@every_schedule
def test_a_schedule_is_a_pure_function_of_the_step(schedule):
    t = steps(schedule)
    together = schedule(t)
    assert (together >= 0).all() and np.isfinite(together).all()
    assert all(np.array_equal(schedule(int(step)), together[..., step]) for step in t)
    assert np.array_equal(schedule(t.reshape(-1, 1))[..., 0], together)
    assert np.array_equal(schedule(t[::-1].copy()), together[..., ::-1])


@every_schedule
def test_a_schedule_pickles_compares_hashes_and_its_repr_makes_it_again(schedule):
    again = eval(repr(schedule), vars(schedules))
    for twin in (again, pickle.loads(pickle.dumps(schedule))):
        assert twin == schedule and hash(twin) == hash(schedule) and repr(twin) == repr(schedule)
        assert np.array_equal(twin(steps(schedule)), schedule(steps(schedule)))
    assert sum(schedule == other for other in SCHEDULES.values()) == 1
    with pytest.raises(AttributeError):
        schedule.name = "other"


@every_sweep
def test_a_part_of_a_sweep_is_another_schedule_that_prints_as_any(sweep):
    part = sweep.part((slice(1, 2),))
    assert part.batch == (1,) and part != sweep and eval(repr(part), vars(schedules)) == part


def arrays_in(value):
    parts = [part for _, part in value.parameters] if isinstance(value, Schedule) else value
    for part in parts if isinstance(parts, (list, tuple)) else []:
        yield from [part] if isinstance(part, np.ndarray) else arrays_in(part)


@every_schedule
def test_what_a_schedule_holds_is_frozen_and_what_it_was_given_is_the_users(schedule):
    held = list(arrays_in(schedule))
    assert not any(array.flags.writeable for array in held)
    mine = {key: np.array(value) if isinstance(value, np.ndarray) else value for key, value in schedule.parameters}
    again = getattr(schedules, schedule.name)(**mine)
    for value in mine.values():
        if isinstance(value, np.ndarray):
            assert value.flags.writeable
            value[...] = 1
    assert again == schedule and np.array_equal(again(steps(again)), schedule(steps(schedule)))
    schedule(steps(schedule))[...] = 7
    assert np.array_equal(again(steps(again)), schedule(steps(schedule)))
