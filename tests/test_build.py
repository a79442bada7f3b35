"""What `make site` publishes is whole and of today: a small site, the real builder and the real Makefile."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MKDOCS = """
site_name: small
site_url: !ENV [SITE_URL, "http://127.0.0.1:8000/"]
theme: mkdocs
hooks: [hook.py]
"""
BUILD = [sys.executable, "docs/hooks/build.py"]
ALONE = [sys.executable, "figures/alone.py"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a site with ü")
    for name in ("docs/hooks/build.py", "figures/alone.py"):
        (folder / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, folder / name)
    for name in ("requirements.lock", "package-lock.json", "CITATION.cff", "lrsim/x.py", "figures/plots/one.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
    (folder / "mkdocs.yml").write_text(MKDOCS)
    (folder / "hook.py").write_text("")
    (folder / "docs/index.md").write_text("# Home\n\n[Other](other page.md)\n")
    (folder / "docs/other page.md").write_text("# Other\n\nold words\n")
    assert run(folder).stdout.endswith("site/index.html is ready\n")
    return folder


@pytest.fixture
def folder(built, tmp_path):
    return shutil.copytree(built, tmp_path / "folder")


def environment(**more):
    bare = {
        name: value for name, value in os.environ.items() if name not in ("LRSIM_BUILDS_IN", "SITE_URL", "REPO_URL")
    }
    return bare | {"NO_MKDOCS_2_WARNING": "1"} | more


def run(folder, command=BUILD, **more):
    return subprocess.run(command, cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=60)


def built_again(folder, **more):
    done = run(folder, **more)
    assert done.returncode == 0, done.stderr
    return "is ready" in done.stdout


def files(site):
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def hook(folder, body):
    (folder / "hook.py").write_text(f"from pathlib import Path\n\n\n{body}")


def test_what_did_not_change_is_not_built(folder):
    assert not built_again(folder)
    for when in (time.time() + 10, time.time() + 1e8):  # a copy, a wrong clock
        for path in folder.rglob("*"):
            os.utime(path, (when, when))
        assert not built_again(folder)


@pytest.mark.parametrize(
    "name", ["mkdocs.yml", "CITATION.cff", "requirements.lock", "package-lock.json", "lrsim/x.py", "docs/other page.md"]
)
def test_what_changed_is_built_once(folder, name):
    (folder / name).write_text((folder / name).read_text() + "\n# new words\n")
    assert built_again(folder) and not built_again(folder)


def test_a_file_added_or_removed_is_noticed(folder):
    (folder / "docs/third.md").write_text("# Third\n")
    assert built_again(folder) and (folder / "site/third/index.html").exists()
    (folder / "docs/third.md").unlink()
    assert built_again(folder) and not (folder / "site/third").exists()


@pytest.mark.parametrize("setting", ["SITE_URL", "REPO_URL"])
def test_another_address_is_built_anew(folder, setting):
    assert built_again(folder, **{setting: "https://example.org/here/"})
    assert not built_again(folder, **{setting: "https://example.org/here/"})
    if setting == "SITE_URL":
        assert "127.0.0.1" not in (folder / "site/index.html").read_text()
    assert built_again(folder)


@pytest.mark.parametrize("damage", ["a page gone", "a page cut short", "all gone", "the stamp cut short", "no stamp"])
def test_a_damaged_site_is_mended(folder, damage):
    whole = files(folder / "site")
    if damage == "a page gone":
        (folder / "site/other page/index.html").unlink()
    elif damage == "a page cut short":
        (folder / "site/index.html").write_text("<html>")
    elif damage == "all gone":
        shutil.rmtree(folder / "site")
    elif damage == "no stamp":
        (folder / ".cache/site.json").unlink()
    else:
        (folder / ".cache/site.json").write_text("{")
    assert built_again(folder) and not built_again(folder)
    assert files(folder / "site").keys() == whole.keys()


def test_an_edit_saved_while_building_is_built_by_the_next(folder):
    hook(
        folder,
        'def on_post_build(config):\n    Path("docs/other page.md").write_text("# Other\\n\\nnewest words\\n")\n',
    )
    (folder / "docs/index.md").write_text("# Home, changed\n")
    assert built_again(folder)
    assert "newest" not in (folder / "site/other page/index.html").read_text()
    assert built_again(folder)
    assert "newest" in (folder / "site/other page/index.html").read_text()
    assert not built_again(folder)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('def on_page_markdown(markdown, **rest):\n    raise ValueError("no such number")\n', "no such number"),
        (
            'def on_post_build(config):\n    Path(config["site_dir"], "other page/index.html").unlink()\n',
            "missing: other page",
        ),
        ('def on_post_build(config):\n    Path(config["site_dir"], "sitemap.xml").unlink()\n', "missing: sitemap.xml"),
    ],
)
def test_a_build_that_fails_leaves_the_old_site(folder, body, said):
    before = files(folder / "site")
    hook(folder, body)
    (folder / "docs/index.md").write_text("# Home\n\n[Other](other page.md), changed\n")
    done = run(folder)
    assert done.returncode and said in done.stderr
    assert files(folder / "site") == before
    assert not list((folder / ".cache").glob("site-*"))


def slow(folder):
    """A build that is busy for a while; returns once it is."""
    hook(folder, 'import time\n\n\ndef on_post_build(config):\n    Path("busy").touch()\n    time.sleep(2)\n')
    (folder / "docs/index.md").write_text("# Home\n\nslowly\n")
    started = subprocess.Popen(
        [*ALONE, *BUILD], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (folder / "busy").exists():
        assert started.poll() is None
        time.sleep(0.02)
    return started


def test_of_two_builds_at_once_one_waits_and_says_for_what(folder):
    first = slow(folder)
    second = run(folder, [*ALONE, *BUILD])
    assert first.wait(30) == 0 and "is ready" in first.communicate()[0]
    assert second.returncode == 0 and second.stdout == ""  # there was nothing left to do
    assert "waiting for `" in second.stderr and str(first.pid) in second.stderr and "build.py" in second.stderr
    assert "slowly" in (folder / "site/index.html").read_text()


def test_a_killed_build_leaves_the_old_site_and_no_lock(folder):
    before = files(folder / "site")
    os.killpg(slow(folder).pid, signal.SIGKILL)
    assert files(folder / "site") == before
    hook(folder, "")
    done = run(folder, [*ALONE, *BUILD])
    assert done.returncode == 0 and "waiting" not in done.stderr
    assert "slowly" in (folder / "site/index.html").read_text()
    assert not list((folder / ".cache").glob("site-*"))


def test_what_builds_may_start_builds(folder):
    assert run(folder, [*ALONE, *ALONE, *BUILD]).returncode == 0


@pytest.fixture
def yard(tmp_path):
    """The real Makefile where everything is installed, with a Python that only says what it was asked."""
    yard = tmp_path / "a yard with ü"
    (yard / ".venv/bin").mkdir(parents=True)
    (yard / "node_modules").mkdir()
    (yard / "figures").mkdir()
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "package-lock.json", "figures/alone.py"):
        shutil.copy(ROOT / name, yard / name)
    for name in ("python", "npm", "uv"):
        tool(yard / ".venv/bin" / name, f'echo "{name}: $*, PYTHONPATH=$PYTHONPATH"')
    tool(yard / "python3", f'case "$1" in figures/*) exec "{sys.executable}" "$@";; esac')  # makes no environment
    asked(yard, "ready")
    return yard


def tool(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def asked(yard, *arguments, **more):
    done = run(yard, ["make", *arguments], PYTHON="./python3", **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_make_sees_to_what_is_needed_once_wherever_the_folder_lies(yard):
    figures, site = asked(yard, "site", PYTHONPATH="/of/another/program")
    assert figures == "python: -m figures, PYTHONPATH="
    assert site == "python: docs/hooks/build.py, PYTHONPATH="


def test_a_site_for_a_host_wants_its_address(yard):
    done = run(yard, ["make", "site", "DEPLOY=1"], PYTHON="./python3")
    assert done.returncode and done.stdout == ""
    assert done.stderr.startswith("SITE_URL is not set: make site DEPLOY=1 SITE_URL=https://")
    assert len(asked(yard, "site", "DEPLOY=1", "SITE_URL=https://example.org/here/")) == 2
    assert len(asked(yard, "site", "DEPLOY=1", SITE_URL="https://example.org/here/")) == 2


def test_a_lock_from_the_future_installs_once(yard):
    for name in ("requirements.lock", "package-lock.json"):
        os.utime(yard / name, (time.time() + 1e8,) * 2)
    assert len(asked(yard, "site")) == 2


def test_another_lock_installs_what_it_locks(yard):
    (yard / "package-lock.json").write_text(json.dumps({"changed": True}))
    assert asked(yard, "ready") == ["setting up node_modules"]
    (yard / "requirements.lock").write_text("numpy==1\n")
    assert "setting up .venv" in asked(yard, "ready")[0]
    assert len(asked(yard, "site")) == 2


def test_npm_out_of_reach_is_said(yard):
    tool(yard / ".venv/bin/npm", "echo 'npm error network' >&2\nexit 1")
    (yard / "package-lock.json").write_text("{}")
    done = run(yard, ["make", "site"], PYTHON="./python3")
    assert done.returncode and "npm error network" in done.stderr
    assert "JavaScript packages could not be installed" in done.stderr
