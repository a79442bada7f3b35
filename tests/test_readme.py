"""The README tells the truth: its lines print what it says, its picture and its commands exist."""

import re
import subprocess
import sys
from pathlib import Path

import lrsim

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def block(language):
    return re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)[1]


def test_the_lines_print_what_the_readme_says():
    lines = block("python")
    assert len([line for line in lines.splitlines() if line.strip()]) <= 8
    ran = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout == block("text")


def test_the_site_shows_the_same_lines():
    assert (ROOT / "docs" / "lrsim" / "example.py").read_text() == block("python")


def test_the_picture_is_one_the_project_makes():
    name = re.search(r"generated/plots/([a-z-]+)-light\.svg", README)[1]
    assert (ROOT / "figures" / "plots" / f"{name.replace('-', '_')}.py").exists()


def test_every_command_is_a_target():
    makefile = (ROOT / "Makefile").read_text()
    texts = README + (ROOT / "CONTRIBUTING.md").read_text()
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        texts += path.read_text()
    for target in set(re.findall(r"(?:^|`|run: )make ([a-z-]+)", texts, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target} is no target"


def test_the_map_names_exactly_the_rooms_there_are():
    rows = dict(re.findall(r"^\| `([\w/-]+)/` \| (.*) \|$", README, re.MULTILINE))
    made = {"node_modules", "site", "dist", "build"}
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))} - made
    assert {name for name in rows if "/" not in name} == there
    assert all((ROOT / name).is_dir() for name in rows)
    named = set(re.findall(r"`(\w+)`", rows["lrsim"]))
    assert named == {*lrsim.__all__, "typing"}
    rooms = {path.parent.name for path in (ROOT / "lrsim").glob("*/__init__.py")}
    assert rooms == {name for name in named if (ROOT / "lrsim" / name).is_dir()} | {
        name.removeprefix("lrsim/") for name in rows if name.startswith("lrsim/")
    }
