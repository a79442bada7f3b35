"""The recipes of CONTRIBUTING.md, followed in a copy: one file adds a thing, and laws tell a right one from a wrong."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LANDSCAPE = '''

@examples("{name}()")
def {name}() -> Classic:
    """x²y² + x⁴: its Hessian is 12x² + 2y², 4xy, 2x²."""
    return Classic("{name}", 2, (_{name}, _{name}_slope, _{name}_bend), ())


def _{name}(w: np.ndarray) -> Any:
    return w[0] ** 2 * w[1] ** 2 + w[0] ** 4


def _{name}_slope(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    out[0], out[1] = 2 * x * y**2 + 4 * x**3, 2 * x**2 * y


def _{name}_bend(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    out[0, 0], out[1, 1] = 12 * x**2 + 2 * y**2, 2 * x**2
    out[0, 1] = out[1, 0] = {bend} * x * y
'''
SCHEDULE = '''

@examples("{name}(0.1, 0.5)", "{name}([0.1, 0.2, 0.4], [0, 0.5, 1])")
def {name}(eta0: Numbers, k: Numbers) -> Schedule:
    """η_t = η₀ / (1 + k ln(1 + t))."""
    return make("{name}", _{name}, eta0=rate("eta0", eta0), k=_check.array("k", k, low=0))


def _{name}(t: np.ndarray, eta0: np.ndarray, k: np.ndarray) -> np.ndarray:
    {unpacked} = before(t, {packed})
    return eta0 / (1 + k * np.log1p(t))
'''
PLOT = '''"""The loss of one step falls and rises again with the rate.

Caption: The loss after one step on a parabola of curvature 1, against the learning rate.

{alt}
"""

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.palette import Palette

PAGE = "learn/the-update-rule"
ETA = np.linspace(0, 2, 41)


def data() -> dict[str, np.ndarray]:
    return {{"eta": ETA, "loss": (1 - ETA) ** 2 / 2}}


def draw(colours: Palette) -> Figure:
    fig, (ax,) = style.panels(1, height=3)
    ax.plot(ETA, data()["loss"], **colours.line("bounce"))
    return fig
'''
ALT = """A parabola over the learning rate, from zero to two. It starts at one half, touches zero where the rate is
one, and is back at one half at two, the threshold."""


def add(path, room_file, text, name):
    """Appends a function to a file, and its name to that file's `__all__`."""
    file = path / room_file
    written = re.sub(r"__all__ = \[", f'__all__ = ["{name}", ', file.read_text(), count=1)
    file.write_text(written + text)


def told(copy, test, names):
    """Name -> the tests of it that fail in the copy, and those that pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-p", "no:cacheprovider", f"tests/{test}"]
    command += ["-k", " or ".join(names)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)})
    lines = re.findall(r"^(PASSED|FAILED) tests/\S+::(\w+)\[(.*)", done.stdout, re.MULTILINE)
    assert lines, done.stdout + done.stderr
    return {
        name: [{test for said, test, of in lines if said == end and name in of} for end in ("FAILED", "PASSED")]
        for name in names
    }


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    place = tmp_path_factory.mktemp("copy")
    for folder in ("lrsim", "figures", "tests"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    (place / "node_modules").symlink_to(ROOT / "node_modules")
    for name, bend in (("right_valley", 4), ("wrong_valley", 2)):
        add(place, "lrsim/landscapes/classics.py", LANDSCAPE.format(name=name, bend=bend), name)
    for name, both in (("right_decay", "eta0, k"), ("wrong_decay", "(eta0,)")):
        text = SCHEDULE.format(name=name, unpacked=both, packed=both.strip("(),"))
        add(place, "lrsim/schedules/decays.py", text, name)
    for name, alt in (("right_plot", f"Alt: {ALT}"), ("wrong_plot", ALT)):
        (place / f"figures/plots/{name}.py").write_text(PLOT.format(alt=alt))
    return place


def test_a_landscape_or_schedule_in_one_file_is_found_and_a_wrong_one_caught_by_a_law(copy):
    laws = told(copy, "test_registered.py", ["right_valley", "wrong_valley", "right_decay", "wrong_decay"])
    for right in ("right_valley", "right_decay"):
        failed, passed = laws[right]
        assert not failed and len(passed) >= 5
    assert "test_derivatives_agree_with_differences" in laws["wrong_valley"][0]
    assert "test_a_sweep_of_parameters_is_its_single_schedules_to_the_bit" in laws["wrong_decay"][0]


def test_a_plot_in_one_file_is_found_and_drawn_and_one_that_does_not_say_what_it_shows_is_refused(copy):
    draw = """if True:
        import importlib, sys
        from figures import pictures, plot
        picture = {picture.name: picture for picture in pictures.find("plots")}[sys.argv[1]]
        assert picture.text["alt"]
        print(plot.render(importlib.import_module(picture.module), picture.source.with_suffix("")))
    """
    env = os.environ | {"PYTHONPATH": str(copy)}
    ran = [
        subprocess.run([sys.executable, "-c", draw, name], capture_output=True, text=True, cwd=copy, env=env)
        for name in ("right-plot", "wrong-plot")
    ]
    assert ran[0].returncode == 0 and "right_plot-light.svg" in ran[0].stdout, ran[0].stderr
    assert ran[1].returncode and "wrong_plot.py" in ran[1].stderr and "Alt: " in ran[1].stderr
