"""`make mutants`: small changes to lrsim, one at a time: how many do its tests notice?

mutmut makes them in functions that have no decorator: another operator, number, argument, condition or name. It tries
each with the quickest tests that call the function. SEED draws FILES of lrsim, and of their mutants as many as MINUTES
are likely to do for. Not all that live are wrong: some change speed alone, or nothing.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".cache" / "mutants"
FILES = 20  # all would take mutmut minutes to write down, and its notes slow every test
OTHERS = ("audit", "faults", "frameworks", "explorables")  # tests of more than lrsim
ENOUGH = 20  # of this part of the time of all tests are the tests of a mutant, the quickest ones
START, SHARE = 1.0, 0.3  # seconds to start the tests of a mutant, and how much of them it takes to notice one
OPTIONS = r"""[mutmut]
source_paths = lrsim
do_not_mutate_patterns = ^\s*(raise\b|f?")
pytest_add_cli_args =
    -m
    not slow
    -p
    no:cacheprovider
pytest_add_cli_args_test_selection = tests
timeout_multiplier = 6
timeout_constant = 10
track_dependencies = false
use_git_change_detection = false
only_mutate =
"""


def mutmut(*arguments: str, seconds: float) -> str:
    command = ["timeout", "--signal=INT", f"{max(seconds, 1):.0f}", "mutmut", *arguments]
    env = os.environ | {"CI": "1"}  # hypothesis draws the same examples each time
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    return subprocess.run(command, cwd=PLACE, env=env, **both).stdout


def prepare(draw: random.Random) -> None:
    """A copy of the library and of its own tests."""
    shutil.rmtree(PLACE, ignore_errors=True)
    for name in ("lrsim", "tests"):
        shutil.copytree(ROOT / name, PLACE / name, ignore=shutil.ignore_patterns("__pycache__", *OTHERS))
    for path in (PLACE / "tests").glob("test_*.py"):
        if re.search(r"ROOT|figures|kernel|SITE", path.read_text()):  # it tests more than lrsim
            path.unlink()
    paths = [path.relative_to(PLACE).as_posix() for path in sorted((PLACE / "lrsim").rglob("*.py"))]
    chosen = draw.sample([path for path in paths if "/torch/" not in path and "__init__" not in path], FILES)
    (PLACE / "setup.cfg").write_text(OPTIONS + "".join(f"    {path}\n" for path in chosen))
    shutil.copy(ROOT / "pyproject.toml", PLACE)


def exits() -> dict[str, int | None]:
    """Mutant -> the exit code of its tests."""
    found = sorted((PLACE / "mutants").rglob("*.meta"))
    return {name: code for path in found for name, code in json.loads(path.read_text())["exit_code_by_key"].items()}


def sample(draw: random.Random, seconds: float) -> list[str]:
    path = PLACE / "mutants" / "mutmut-stats.json"
    stats = json.loads(path.read_text())
    took, callers = stats["duration_by_test"], stats["tests_by_mangled_function_name"]
    longest = sum(took.values()) / ENOUGH
    for function, tests in callers.items():
        tests.sort(key=took.__getitem__)
        ends = list(accumulate(took[test] for test in tests))
        callers[function] = [test for test, end in zip(tests, ends, strict=True) if end <= max(longest, ends[0])]
    path.write_text(json.dumps(stats))
    seconds -= sum(took[test] for test in set().union(*callers.values()))  # mutmut runs them without a mutant first
    drawn = []
    for name in draw.sample(sorted(exits()), len(exits())):
        tests = callers.get(name.rpartition("__mutmut_")[0], [])
        seconds -= (START + SHARE * sum(took[test] for test in tests)) / (os.cpu_count() or 1)
        if seconds < 0:
            break
        drawn.append(name)
    return drawn


def main() -> None:
    minutes, seed = float(sys.argv[1]), int(sys.argv[2])
    end, draw = time.monotonic() + 60 * minutes, random.Random(seed)
    prepare(draw)
    said = mutmut("run", "none", seconds=60 * minutes)  # writes the mutants and which test calls what, and stops
    drawn = sample(draw, end - time.monotonic()) if (PLACE / "mutants" / "mutmut-stats.json").exists() else []
    if not drawn:
        raise SystemExit(f"{said[-2000:]}\n{minutes} minutes were not enough to run the tests, or one of them fails")
    mutmut("run", *drawn, seconds=end - time.monotonic())
    codes = exits()
    tried = [name for name in drawn if codes[name] is not None]
    alive = [name for name in tried if codes[name] in (0, 33)]  # 33: no test calls it
    for name in alive:
        print(mutmut("show", name, seconds=60))
    late = sum(codes[name] not in (0, 1, 33) for name in tried)
    print(f"{len(tried) - len(alive)} of {len(tried)} mutants noticed, {late} of them as they crash or take too long")
    print(f"drawn from {len(codes)} in {FILES} files with SEED={seed}")


if __name__ == "__main__":
    main()
