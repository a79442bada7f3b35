"""A picture is redrawn exactly when what it uses changed: by content, in a small house with the real driver."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL = ("__init__", "__main__", "alone", "files", "freshness", "pictures")
PICTURE = '"""It is so.\n\nCaption: c\n\nAlt: a\n\nLecture: l\n"""\n\n{imports}\n\nPAGE, END, PAUSES = "index", 1, ()\n'
FILES = {  # a house where drawing costs nothing
    "requirements.lock": "numpy==1\n",
    "package-lock.json": "{}\n",
    "data.json": "[1]\n",
    "figures/palette.py": 'THEMES = {"light": 0, "dark": 1}\n\n\ndef css():\n    return ":root {}"\n',
    "figures/style.py": "def fonts(): ...\n",
    "figures/facts.py": 'def facts():\n    return {"one": "1"}\n',
    "figures/draws.py": "import numpy as np\nSEEDS = 2\n\n\ndef draws(seed):\n    return np.full(3, seed)\n",
    "figures/emblem.py": 'def svg():\n    return "<svg/>"\n\n\ndef png():\n    return b"png"\n',
    "figures/notebook.py": "def shared():\n    return {}\n",
    "figures/table.py": 'READS = ("data.json",)\n',
    "figures/plot.py": """
from figures import files
def render(module, target):
    for end in (".svg", ".csv"):
        files.replace(target.with_suffix(end), "drawn " * 99)
    return [target.name + ".svg", target.name + ".csv"]
""",
    "figures/film.py": """
from figures import files
def render(module, colours, target):
    files.replace(target, "film")
    files.replace(target.with_suffix(".webp"), "poster")
""",
    "figures/plots/one.py": PICTURE.format(imports="from lrsim import descend"),
    "figures/plots/two.py": PICTURE.format(imports="from figures import table"),
    "figures/plots/three.py": PICTURE.format(imports="from lrsim import rooms"),
    "figures/films/four.py": PICTURE.format(imports="import math"),
    "lrsim/__init__.py": "from lrsim import rooms\nfrom lrsim.descent import descend\n",
    "lrsim/descent.py": 'def descend():\n    """Goes down."""\n    return 1\n',
    "lrsim/unused.py": "def descend():\n    return 3\n",
    "lrsim/rooms/__init__.py": "from lrsim.rooms.kitchen import stove\n",
    "lrsim/rooms/kitchen.py": "stove = 1\n",
}
ALL = {"one", "two", "three", "four"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    house = tmp_path_factory.mktemp("a house with ü")
    for name, text in FILES.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text, encoding="utf-8")
    for name in REAL:
        shutil.copy(ROOT / "figures" / f"{name}.py", house / "figures")
    assert figures(house).returncode == 0
    assert stale(house) == set()
    return house


@pytest.fixture
def house(built, tmp_path):
    return shutil.copytree(built, tmp_path / "house")


def figures(house, *arguments):
    command = [sys.executable, "-m", "figures", *arguments]
    bare = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "LRSIM_BUILDS_IN")}
    return subprocess.run(command, cwd=house, env=bare, capture_output=True, text=True, timeout=60)


def stale(house):
    listed = figures(house, "--list")
    assert listed.returncode == 0, listed.stderr
    states = [line.split(":")[0].split() for line in listed.stdout.splitlines()]
    return {name for _, state, name in states if state == "stale"}


def edit(name, old, new):
    def change(house):
        text = (house / name).read_text(encoding="utf-8")
        assert old in text
        (house / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def all_from(seconds):
    """Every file's time, as a copy, a cache or a wrong clock leaves it."""

    def change(house):
        when = time.time() + seconds
        for path in house.rglob("*"):
            os.utime(path, (when, when))

    return change


def put(name, content):
    return lambda house: (house / name).write_bytes(content)


def away(name):
    return lambda house: (house / name).unlink()


def folder(name):
    def change(house):
        if (house / name).is_file():
            (house / name).unlink()
        (house / name).mkdir()
        (house / name / "x.json").write_text("{")

    return change


PLOTS, FILMS = "docs/assets/generated/plots", "docs/assets/generated/films"
CHANGES = {
    "a copy made later": (all_from(10), set()),
    "files from the future": (all_from(1e8), set()),
    "a docstring of the library": (edit("lrsim/descent.py", "Goes down", "Descends"), set()),
    "a comment and layout": (edit("lrsim/descent.py", "return 1", "return   1  # one"), set()),
    "a file that nobody uses": (edit("lrsim/unused.py", "3", "4"), set()),
    "the bookkeeping": (edit("figures/pictures.py", "costs milliseconds", "costs little"), set()),
    "its own docstring": (edit("figures/plots/one.py", "It is so", "So it is"), {"one"}),
    "its own code": (edit("figures/plots/two.py", '"index"', '"other"'), {"two"}),
    "a function that it uses": (edit("lrsim/descent.py", "return 1", "return 2"), {"one"}),
    "a room behind a package": (edit("lrsim/rooms/kitchen.py", "stove = 1", "stove = 2"), {"three"}),
    "where a name comes from": (edit("lrsim/__init__.py", "lrsim.descent import", "lrsim.unused import"), {"one"}),
    "data that it reads": (edit("data.json", "1", "2"), {"two"}),
    "how plots are drawn": (edit("figures/plot.py", "99", "98"), {"one", "two", "three"}),
    "how films are rendered": (edit("figures/film.py", '"film"', '"movie"'), {"four"}),
    "the Python packages": (edit("requirements.lock", "1", "2"), ALL),
    "the JavaScript packages": (edit("package-lock.json", "{}", "{ }"), ALL),
    "a record cut short": (put(f"{PLOTS}/one.json", b"{"), {"one"}),
    "a record of something else": (put(f"{PLOTS}/one.json", b"[]"), {"one"}),
    "a record of nothing": (put(f"{PLOTS}/one.json", b'{"files": {}}'), {"one"}),
    "a record of noise": (put(f"{PLOTS}/one.json", bytes(range(256))), {"one"}),
    "a record that is a folder": (folder(f"{FILMS}/four.json"), {"four"}),
    "no record": (away(f"{PLOTS}/two.json"), {"two"}),
    "a picture cut short": (put(f"{PLOTS}/one.svg", b"drawn"), {"one"}),
    "an empty film": (put(f"{FILMS}/four-dark.mp4", b""), {"four"}),
    "no poster": (away(f"{FILMS}/four-light.webp"), {"four"}),
    "a picture that is a folder": (folder(f"{PLOTS}/one.svg"), {"one"}),
    "a stray folder": (folder(f"{PLOTS}/stray"), set()),
    "a folder among the sources": (folder("figures/plots/not.py"), set()),
    "numbers cut short": (put("docs/assets/generated/facts.json", b"{"), set()),
    "memory cut short": (put(".cache/code.json", b"{"), set()),
    "memory of something else": (put(".cache/code.json", b"[]"), set()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_changed_is_redrawn_and_then_all_is_well(house, name):
    change, expected = CHANGES[name]
    change(house)
    assert stale(house) == expected
    done = figures(house)
    assert done.returncode == 0, done.stderr
    drawn = {line.split()[2] for line in done.stdout.splitlines()}
    assert drawn == expected
    assert stale(house) == set()
    generated = house / "docs/assets/generated"
    assert json.loads((generated / "facts.json").read_text()) == {"one": "1"}
    named = {
        n for record in generated.glob("*/*.json") for n in [record.name, *json.loads(record.read_text())["files"]]
    }
    assert {path.name for kind in ("plots", "films") for path in (generated / kind).iterdir()} == named


def test_numbers_are_computed_again_when_their_code_changed(house):
    edit("figures/facts.py", '"1"', '"2"')(house)
    assert figures(house, "plots").returncode == 0
    assert json.loads((house / "docs/assets/generated/facts.json").read_text()) == {"one": "2"}


def test_an_edit_made_while_drawing_is_drawn_by_the_next(house):
    edit("figures/plot.py", "    return", "    open('lrsim/descent.py', 'a').write('y = 1\\n')\n    return")(house)
    assert figures(house).returncode == 0
    assert stale(house) == {"one"}


def test_leftovers_of_a_killed_run_and_of_removed_plots_go(house):
    (house / PLOTS / ".one.svg.123.part").write_text("<sv")
    (house / "figures/plots/two.py").unlink()
    assert figures(house, "films").returncode == 0
    assert sorted(path.name for path in (house / PLOTS).iterdir()) == [
        f"{name}.{end}" for name in ("one", "three") for end in ("csv", "json", "svg")
    ]


def test_code_that_cannot_be_read_is_named(house):
    edit("lrsim/descent.py", "def ", "dfe ")(house)
    done = figures(house)
    assert done.returncode == 2 and "lrsim/descent.py" in done.stderr and "Traceback" not in done.stderr
