"""The library's pages are complete and true: every public name is there, every transcript is what comes out."""

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lrsim
from benchmarks.__main__ import JOBS

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "lrsim"
ROOMS = ("landscapes", "schedules", "optimizers", "stability", "diagnosis", "logs")
PUBLIC = [f"lrsim.{name}" for name in ("descend", "Trajectory")]


def public(room):
    """A room's `__all__`, or, without one, what is defined in it and has no underscore."""
    module = importlib.import_module(f"lrsim.{room}")
    own = [
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__ and not name.startswith("_")
    ]
    return [f"lrsim.{room}.{name}" for name in getattr(module, "__all__", own)]


NAMES = PUBLIC + [name for room in ROOMS for name in public(room)]


def found(path):
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_page(room):
    assert re.search(rf"^::: lrsim\.{room}$", (PAGES / "api" / f"{room}.md").read_text(), re.MULTILINE)


def test_the_rooms_are_all_of_lrsim():
    assert set(lrsim.__all__) == {*ROOMS, "descend", "Trajectory"}


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_has_a_claim_and_an_example_or_a_formula(name):
    text = inspect.getdoc(found(name))
    assert text, f"{name} has no docstring"
    assert re.match(r".{15,}", text), f"{name} begins with {text[:15]!r}"
    own = inspect.isclass(found(name)) or ">>>" in text or re.search(r"[=←≤Σ½ληβ²]", text)
    assert own, f"{name} has neither an example nor a formula"


@pytest.mark.parametrize("name", NAMES)
def test_the_built_reference_has_every_public_name(name):
    room = name.split(".")[1] if name not in PUBLIC else "descent"
    page = ROOT / "site" / "lrsim" / "api" / room / "index.html"
    if not page.exists():
        pytest.skip("the site is not built")
    last = name.rsplit(".", 1)[1]
    assert re.search(rf'<h2 id="{re.escape(name)}(\.{last})?"', page.read_text(encoding="utf-8"))


def transcripts():
    """(commands, what the page says they print), block by block."""
    page = (PAGES / "command-line.md").read_text(encoding="utf-8")
    return re.findall(r"^```console\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("terminal")


@pytest.mark.parametrize("block", transcripts(), ids=lambda block: block.splitlines()[0][2:40])
def test_the_terminal_shows_what_the_page_says(block, folder):
    assert terminal(block, folder) == block


def terminal(block, folder):
    """The block with the output that its commands have now."""
    shown = ""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment["LC_ALL"] = "C.UTF-8"
    for command in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE):
        ran = subprocess.run(
            ["bash", "-c", f"exec 2>&1; {command}"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        shown += "\n".join([f"$ {command}", *(text.rstrip() for text in ran.stdout.splitlines())]) + "\n"
    return shown


def test_the_overview_prints_what_it_says():
    page = (PAGES / "index.md").read_text(encoding="utf-8")
    example = (PAGES / "example.py").read_text(encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout == re.search(r"```text\n(.*?)```", page, re.DOTALL)[1]
    assert '```python\n--8<-- "docs/lrsim/example.py"\n```' in page


def test_every_benchmark_is_on_its_page():
    page = (PAGES / "benchmarks.md").read_text(encoding="utf-8")
    jobs = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    assert re.findall(r"{{ n\.benchmark_(\w+) }}", page) == list(JOBS)
    assert list(jobs) == [*JOBS, "growth"]


def test_the_citation_names_this_version():
    citation = (ROOT / "CITATION.cff").read_text()
    bibtex = (PAGES / "cite.md").read_text()
    version = re.search(r"^version: (.+)$", citation, re.MULTILINE)[1]
    year = re.search(r"^date-released: (\d+)", citation, re.MULTILINE)[1]
    assert version == lrsim.__version__
    assert f"version = {{{version}}}" in bibtex and f"year    = {{{year}}}" in bibtex
