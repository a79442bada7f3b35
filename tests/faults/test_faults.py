"""What no fault may do to a build: a small copy of the project, its own Makefile, and trouble. `make faults` runs it.

The copy has two plots, a film and a notebook, in a folder whose name has spaces and letters that are not ASCII. The
film is the project's own, where it is rendered: a minute otherwise.
"""

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PLOTS, FILM, ELEMENT = ("three_learning_rates", "the_line_and_the_truth"), "one_step", "lr-three-rates"
KILLS = 25
INDEX = """---
description: "A small site."
---

# Home

{{ explorable("rates") }}

{{ figure("the-line-and-the-truth") }}

{{ film("one-step") }}
"""
LICENCES = '---\ndescription: "A small page."\n---\n\n# Licences\n'  # the foot of each page leads there
NOTEBOOK = """# ---
# jupyter:
#   description: "A small notebook."
# ---

# %% [markdown]
# # A run

# %%
from lrsim import descend, landscapes

print(descend(landscapes.bowl([1, 20]), [10, 0.05], 0.09, 100).final_loss)
"""
NAV = "\nnav:\n  - Home: index.md\n  - A run: notebooks/a-run.py\n\ntheme:"
CHANGES = {  # by content: whatever the others leave behind, the last build must see what is there
    "a page": lambda folder, i: put(folder / "docs/index.md", f"{INDEX}\n{i}\n"),
    "the site": lambda folder, i: shutil.rmtree(folder / "site", ignore_errors=True),
    "a picture": lambda folder, i: (generated(folder) / "plots/three-learning-rates-light.svg").unlink(missing_ok=True),
    "a record": lambda folder, i: put(generated(folder) / "plots/the-line-and-the-truth.json", "{"),
    "nothing": lambda folder, i: None,
}


def generated(folder):
    return folder / "docs" / "assets" / "generated"


def put(path, text):
    path.write_text(text, encoding="utf-8")


def small(folder):
    """The project's files but most plots, films, pages and elements, with the environments of this one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        path = Path(name)
        whole = {"figures/plots": PLOTS, "figures/films": (FILM,), "docs/explorables": (ELEMENT,)}.get(str(path.parent))
        skipped = path.parts[0] in ("tests", "benchmarks") and path.suffix not in (".json", ".csv", ".log", ".txt")
        picture = whole and not path.stem.startswith("_") and (path.stem.startswith("lr-") or path.suffix == ".py")
        page = path.parts[0] == "docs" and path.suffix == ".md" and path.parts[1] != "hooks"
        notebook = name.startswith("docs/notebooks/")
        if not (skipped or page or notebook or (picture and path.stem not in whole)):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)
    settings = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    put(folder / "mkdocs.yml", re.sub(r"\nnav:\n.*?\n\ntheme:", NAV, settings, flags=re.DOTALL))
    put(folder / "docs/index.md", INDEX)
    put(folder / "docs/licences.md", LICENCES)
    (folder / "docs/notebooks").mkdir()
    put(folder / "docs/notebooks/a-run.py", NOTEBOOK)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    films = generated(folder) / "films"
    films.mkdir(parents=True)
    for path in (generated(ROOT) / "films").glob(f"{FILM.replace('_', '-')}*"):
        shutil.copy(path, films / path.name)
    return folder


def start(folder, *wrapped, **options):
    environment = {name: value for name, value in os.environ.items() if name not in ("LRSIM_BUILDS_IN", "SITE_URL")}
    command = [*wrapped, "make", "site"]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True, **options,
    )  # fmt: skip


def make(folder, *wrapped, **options):
    process = start(folder, *wrapped, **options)
    said, _ = process.communicate(timeout=600)
    return process.returncode, said


def site(folder):
    return {p.relative_to(folder / "site"): p.read_bytes() for p in (folder / "site").rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = small(tmp_path_factory.mktemp("a copy with spaces ü"))
    code, said = make(folder)
    assert code == 0, said
    return folder


@pytest.fixture(scope="module")
def whole(folder):
    return site(folder)


def sound(folder, whole):
    """The next build ends well, with the site of an undisturbed one, and the one after has nothing to do."""
    put(folder / "docs/index.md", INDEX)
    code, said = make(folder)
    assert code == 0, said
    found = site(folder)
    assert found.keys() == whole.keys()
    assert [name for name in found if found[name] != whole[name]] == []
    assert "building" not in make(folder)[1]


def test_a_build_in_another_folder_is_the_same_to_the_byte(folder, whole, tmp_path_factory):
    # as deep as the first: the packages are a link here, and names of bundles know how far they are
    other = small(tmp_path_factory.mktemp("elsewhere"))
    code, said = make(other)
    assert code == 0, said
    found = site(other)
    assert found.keys() == whole.keys()
    assert [name for name in found if found[name] != whole[name]] == []


def test_killed_at_any_moment_it_recovers(folder, whole):
    begun = time.monotonic()
    shutil.rmtree(folder / "site")
    assert make(folder)[0] == 0
    longest, draw = time.monotonic() - begun, random.Random(0)
    for i in range(KILLS):
        CHANGES[draw.choice(list(CHANGES))](folder, i)
        process = start(folder)
        time.sleep(draw.uniform(0, longest))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        page = folder / "site" / "index.html"
        assert not page.exists() or "</html>" in page.read_text(encoding="utf-8")
    sound(folder, whole)


@pytest.mark.parametrize("room", [20_000, 120_000])  # bytes a file: the bundles, or else the search index, do not fit
def test_a_full_disk_leaves_the_last_good_site(folder, whole, room):
    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    put(folder / "docs/index.md", f"{INDEX}\nnew words\n")
    code, said = make(folder, preexec_fn=full)
    assert code != 0 and "file too large" in said.lower(), said
    assert site(folder) == whole
    sound(folder, whole)


def test_an_output_that_cannot_be_written_leaves_the_last_good_site(folder, whole):
    inside = 'mount --bind "$PWD" "$PWD" && mount -o remount,ro,bind "$PWD" && cd "$PWD" && exec "$@"'
    alone = ["unshare", "--mount", "sh", "-c", inside, "sh"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], cwd=folder, capture_output=True).returncode:
        pytest.skip("a folder cannot be made read-only here")
    put(folder / "docs/index.md", f"{INDEX}\nnew words\n")
    code, said = make(folder, *alone)
    assert code != 0 and "Read-only file system" in said, said
    assert site(folder) == whole
    sound(folder, whole)


def test_two_at_once_and_an_edit_meanwhile(folder, whole):
    put(folder / "docs/index.md", f"{INDEX}\nfirst words\n")
    first = start(folder)
    time.sleep(1)
    second = start(folder)
    time.sleep(1)
    put(folder / "docs/index.md", f"{INDEX}\nsecond words\n")
    said = [process.communicate(timeout=600)[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert "waiting for" in said[1]
    code, _ = make(folder)
    assert code == 0 and "second words" in (folder / "site/index.html").read_text(encoding="utf-8")
    sound(folder, whole)


def test_packages_out_of_reach_say_so_and_leave_the_site(folder, whole):
    """The Python packages are there and the JavaScript ones are asked for where there is nobody."""
    (folder / "node_modules").unlink()
    environment = os.environ | {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(folder / ".npm")}
    done = subprocess.run(["make", "site"], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and "could not be installed" in done.stderr
    assert site(folder) == whole
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    shutil.rmtree(folder / ".npm", ignore_errors=True)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    sound(folder, whole)
