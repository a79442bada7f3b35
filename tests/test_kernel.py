"""The browser's kernel computes what lrsim computes: runs that lrsim made are replayed by it, and its own laws hold."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from figures.draws import draws
from lrsim import descend, landscapes, optimizers, schedules, stability

HERE = Path(__file__).resolve().parent / "explorables"
ROOT = HERE.parent.parent
RELATIVE = 1e-12
CANONICAL = {"curvatures": [1.0, 20.0], "start": [10.0, 0.05], "steps": 200}
BOWL = {"curvatures": [1.0, 10.0], "start": [-4.0, 1.0], "steps": 30}
PROBLEMS = {
    **{f"canonical at {eta}": CANONICAL | {"eta": eta} for eta in (0.0, 0.001, 0.05, 2 / 21, 0.1, 0.105, 0.3)},
    **{f"a turned bowl at {eta}": BOWL | {"angle": 0.6, "eta": eta} for eta in (0.02, 0.1, 0.19, 0.2, 0.24)},
    "a thousand steps": {"curvatures": [0.02, 20.0], "start": [3.0, -2.0], "eta": 0.0999, "steps": 1000},
    "overflow": {"curvatures": [1.0, 1000.0], "start": [1.0, 1.0], "eta": 0.5, "steps": 1000},
    "one step": {"curvatures": [1.0, 20.0], "start": [1.0, 1.0], "eta": 0.05, "steps": 1},
    "at the minimum": {"curvatures": [1.0, 20.0], "start": [0.0, 0.0], "eta": 0.2, "steps": 20},
    "a perfect step": {"curvatures": [3.0], "start": [1.0], "eta": 1 / 3, "steps": 9},
    "one mode at rest": {"curvatures": [1.0, 20.0], "start": [1.0, 0.0], "eta": 0.5, "steps": 1000},
    "a round bowl": {"curvatures": [2.0, 2.0], "start": [1.0, -3.0], "eta": 0.6, "steps": 50, "angle": -1.1},
    "plain iteration": BOWL | {"angle": 0.3, "eta": 0.19, "method": "iterate"},
    "plain iteration diverging": BOWL | {"angle": 0.3, "eta": 0.5, "steps": 400, "method": "iterate"},
}
SCHEDULES = {
    "inverse_time": {"eta0": 0.24, "k": 0.1},
    "inverse_sqrt": {"eta0": 0.24, "k": 0.3},
    "exponential": {"eta0": 0.3, "factor": 0.93},
    "step_decay": {"eta0": 0.21, "factor": 0.5, "every": 7},
    "polynomial": {"eta": 0.21, "steps": 25},
    "cosine": {"eta": 0.22, "steps": 20},
}
for name, parameters in SCHEDULES.items():
    own = {"schedule": name} | parameters
    PROBLEMS[name] = BOWL | {"eta": own, "steps": 60, "angle": 0.4}
    PROBLEMS[f"warmup, then {name}"] = BOWL | {"eta": {"schedule": "warmup", "steps": 8, "then": own}, "steps": 60}
PROBLEMS["table"] = BOWL | {"eta": {"schedule": "table", "values": [0.1, 0.3, 0.2, 0.05]}, "steps": 4}
PROBLEMS["the hump"] = {"curvatures": [1.0, 20.0], "start": [5.0, 0.01], "steps": 1000} | {
    "eta": {"schedule": "inverse_time", "eta0": 0.2, "k": 0.1}
}
for name in ("heavy_ball", "nesterov"):
    for beta, eta in ((0.5, 0.19), (0.9, 0.05), (0.9, 0.5)):
        PROBLEMS[f"{name}({beta}) at {eta}"] = BOWL | {"optimizer": {"name": name, "beta": beta}, "eta": eta}
for seed in (0, 3):
    PROBLEMS[f"noise with seed {seed}"] = BOWL | {"eta": 0.12, "angle": 0.4, "noise": 0.7, "seed": seed, "steps": 200}
PROBLEMS["noise and momentum"] = PROBLEMS["noise with seed 3"] | {"optimizer": {"name": "heavy_ball", "beta": 0.6}}


def posed(problem):
    """A problem as the kernel takes it: with the numbers that lrsim drew for its noise."""
    return problem | ({"draws": draws(problem["seed"]).tolist()} if "noise" in problem else {})


def schedule(eta):
    """lrsim's schedule of a kernel's."""
    if not isinstance(eta, dict):
        return eta
    rest = {key: schedule(value) for key, value in eta.items() if key != "schedule"}
    return getattr(schedules, eta["schedule"])(**rest)


def by_lrsim(problem):
    landscape = landscapes.bowl(problem["curvatures"], angle=problem.get("angle", 0.0))
    rule = problem.get("optimizer")
    optimizer = getattr(optimizers, rule["name"])(rule["beta"]) if rule else None
    eta, method = schedule(problem["eta"]), problem.get("method", "auto")
    random = {"noise": problem["noise"], "rng": problem["seed"]} if "noise" in problem else {}
    return descend(landscape, problem["start"], eta, problem["steps"], optimizer=optimizer, method=method, **random)


def node(script, given=""):
    return subprocess.run(["node", str(HERE / script)], input=given, capture_output=True, text=True, cwd=ROOT)


@pytest.fixture(scope="module")
def replayed():
    done = node("replay.mjs", json.dumps([posed(problem) for problem in PROBLEMS.values()]))
    assert not done.returncode, done.stderr
    return dict(zip(PROBLEMS, json.loads(done.stdout), strict=True))


def numbers(values):
    return np.array([[float(x) for x in row] if isinstance(row, list) else float(row) for row in values])


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_kernel_replays(name, replayed):
    problem, answer, run = PROBLEMS[name], replayed[name], by_lrsim(PROBLEMS[name])
    assert answer["divergedAt"] == run.diverged_at
    assert answer["regime"] == run.regime
    near = {"rtol": RELATIVE, "atol": 0, "equal_nan": True}
    np.testing.assert_allclose(numbers(answer["etas"]), run.etas, **near)
    if "optimizer" in problem or problem.get("method") == "iterate" or problem.get("angle"):
        # where terms of opposite signs meet, rounding is relative to the largest of them
        near["atol"] = RELATIVE * float(np.abs(run.iterates[0]).max())
    np.testing.assert_allclose(numbers(answer["iterates"]), run.iterates, **near)
    np.testing.assert_allclose(numbers(answer["losses"]), run.losses, **near)


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if "optimizer" not in p and p["steps"] <= 200])
def test_expected_losses_and_the_turn(name, replayed):
    problem, answer = PROBLEMS[name], replayed[name]
    landscape = landscapes.bowl(problem["curvatures"], angle=problem.get("angle", 0.0))
    expected = stability.expected_losses(landscape, problem["start"], schedule(problem["eta"]), problem["steps"], 0.3)
    np.testing.assert_allclose(numbers(answer["expected"]), expected, rtol=1e-10, atol=1e-300)
    if not isinstance(problem["eta"], dict):
        assert answer["turn"] == stability.turnaround_step(landscape, problem["start"], problem["eta"])


def test_the_laws_of_the_kernel():
    done = subprocess.run(["node", "--test", str(HERE / "laws.mjs")], capture_output=True, text=True, cwd=ROOT)
    assert not done.returncode, done.stdout[-3000:]
