"""python -m benchmarks [job ...]: times every contestant of every job and keeps what it measured in results.json.

Each contestant runs in a fresh process, in ROUNDS rounds, in turn with the others, and its answer is checked before
its time counts. Of each round: `setup` is imports and inputs, `first` the first call, `warm` the median of the later
ones and `fastest` the least, in seconds; `peak_mb` is memory above an idle interpreter after the first call. Kept are
the medians over the rounds and, for the two calls, the least and the greatest. A ratio is a contestant's time over
lrsim's in the same round, so that the machine's load bears on both; above 1, lrsim is that many times faster.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from datetime import date
from importlib import import_module
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import growth

ROUNDS = 3
ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
ELSEWHERE = ROOT / ".cache" / "bench-venv"
RESULTS = Path(__file__).with_name("results.json")
JOBS = ("one_run", "eta_sweep", "phase_diagram", "many_starts", "dense_hessian", "sharpness", "model_sharpness")
CONTESTANTS = {
    "lrsim": "lrsim",
    "python": "Python",
    "numpy": "NumPy",
    "numba": "numba",
    "scipy": "SciPy's eigsh",
    "jax": "JAX",
    "torch": "PyTorch",
    "curvlinops": "curvlinops",
    "eigenthings": "hessian-eigenthings",
}
GUESTS = tuple(CONTESTANTS)[3:]
CALLS = {"first": "first call", "warm": "warm"}


def other_python() -> Path | None:
    """The interpreter that has JAX, numba and PyTorch, in an environment of its own; None if it cannot be made."""
    python, ready = ELSEWHERE / "bin" / "python", ELSEWHERE / "ready.txt"
    if ready.exists() and ready.read_text() == REQUIREMENTS.read_text():
        return python
    print("installing JAX, numba and PyTorch into .cache/bench-venv (once, a few minutes)", flush=True)
    shutil.rmtree(ELSEWHERE, ignore_errors=True)
    venv.create(ELSEWHERE, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]
    made = subprocess.run(pip, capture_output=True, text=True)
    if made.returncode:
        print(f"JAX, numba and PyTorch are left out: {(made.stderr.strip().splitlines() or ['pip failed'])[-1]}")
        return None
    ready.write_text(REQUIREMENTS.read_text())
    return python


def environment() -> dict[str, str]:
    """The caller's, without what slows a first call down (no compiled modules) or NumPy (two OpenBLAS settings)."""
    clean = dict(os.environ, PYTHONPATH=str(ROOT))
    slow = {"PYTHONDONTWRITEBYTECODE"}
    if {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"} <= clean.keys():
        slow |= {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}
    return {name: value for name, value in clean.items() if name not in slow}


def enter(job: str, contestant: str, python: Path | str, truth: Path) -> dict:
    command = [str(python), "-m", "benchmarks.worker", job, contestant, str(truth)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), cwd=ROOT)
    lines = done.stdout.strip().splitlines()
    try:
        result = json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError):
        result = {"error": (done.stderr.strip().splitlines() or ["it died without a word"])[-1]}
    return result


def summary(results: list[dict], own: list[dict]) -> dict:
    """The medians over the rounds, and for both calls the spread and the ratio to lrsim's of the same round."""
    if "error" in results[-1]:
        return results[-1]
    row = {key: median(result[key] for result in results) for key in results[0]}
    row["fastest"] = min(result["fastest"] for result in results)
    for key in CALLS:
        times = [result[key] for result in results]
        row[f"{key}_spread"] = [min(times), max(times)]
        if "error" not in own[-1]:
            ratios = [time / lrsim[key] for time, lrsim in zip(times, own, strict=True)]
            row[f"{key}_ratio"], row[f"{key}_ratio_spread"] = median(ratios), [min(ratios), max(ratios)]
    return row


def compete(job_name: str, elsewhere: Path | None, folder: Path) -> dict:
    job = import_module(f"benchmarks.{job_name}")
    truth = folder / f"{job_name}.npy"
    np.save(truth, job.expected())
    title, about = job.__doc__.splitlines()[0].split(": ", 1)
    print(f"\n{title}: {about}", flush=True)
    guests = CONTESTANTS if hasattr(job, "ELSEWHERE") else GUESTS
    names = [name for name in CONTESTANTS if hasattr(job, f"with_{name}") and (elsewhere or name not in guests)]
    rounds: dict[str, list[dict]] = {name: [] for name in names}
    loads = [os.getloadavg()[0]]
    for _ in range(ROUNDS):  # taking turns, so that a busy moment of the machine does not hit one contestant alone
        for name in names:
            if not any("error" in result for result in rounds[name]):
                rounds[name].append(enter(job_name, name, elsewhere if name in guests else sys.executable, truth))
        loads.append(os.getloadavg()[0])
    rows = [{"contestant": CONTESTANTS[name], **summary(rounds[name], rounds["lrsim"])} for name in names]
    for row in rows:
        print(line(row), flush=True)
    aims = goals(job, dict(zip(names, rows, strict=True)))
    for aim in aims:
        print(f"  goal: {aim['goal']}: {verdict(aim)}", flush=True)
    measured = {"rounds": ROUNDS, "load": [min(loads), max(loads)]}
    return {"title": title, "about": about, **conditions(elsewhere), **measured, "rows": rows, "goals": aims}


def ratio(row: dict, key: str) -> str:
    if key + "_ratio" not in row:
        return "-"
    low, high = row[f"{key}_ratio_spread"]
    return f"{row[key + '_ratio']:.3g}x, {low:.3g} to {high:.3g}"


def line(row: dict) -> str:
    if "error" in row:
        return f"  {row['contestant']:13} {row['error']}"
    times = "  ".join(f"{key} {row[key] * 1e3:10.3f} ms ({ratio(row, key)})" for key in CALLS)
    return f"  {row['contestant']:13} {times}  setup {row['setup']:5.2f} s  memory {row['peak_mb']:6.1f} MB"


def goals(job, rows: dict[str, dict]) -> list[dict]:
    """What was aimed at, and what came: `found` is None where nothing was measured to tell."""
    aims = []
    for rival, key, least in job.GOALS:
        ratio = rows.get(rival, {}).get(f"{key}_ratio")
        goal = f"at least {least:g} × the speed of {CONTESTANTS[rival]}, {CALLS[key]}"
        aims.append({"goal": goal, "found": ratio, "unit": "×", "reached": ratio is not None and ratio >= least})
    for name, key, what, unit in (
        ("PRODUCTS", "products", "products", ""),
        ("PEAK_MB", "peak_mb", "MB of memory", "MB"),
    ):
        most, own = getattr(job, name, None), rows["lrsim"].get(key)
        if most:
            reached = own is not None and own <= most
            aims.append({"goal": f"at most {most} {what}", "found": own, "unit": unit, "reached": reached})
    return aims


def verdict(aim: dict) -> str:
    if aim["found"] is None:
        return "not measured"
    return f"{aim['found']:.3g} {aim['unit']}, {'reached' if aim['reached'] else 'NOT reached'}"


def write(ran: dict[str, dict]) -> None:
    """Results of the jobs that ran replace their old ones; the file is moved into place whole."""
    known = (json.loads(RESULTS.read_text()) if RESULTS.exists() else {}) | ran
    aside = RESULTS.with_suffix(".part")
    found = {name: known[name] for name in (*JOBS, "growth") if name in known}
    aside.write_text(json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(aside, RESULTS)


def conditions(elsewhere: Path | None) -> dict:
    """When and on what: the guests that ran are named with their versions."""
    pins = [pin for pin in REQUIREMENTS.read_text().split() if any(guest in pin for guest in GUESTS)]
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}", *(pins if elsewhere else [])]
    machine = f"{os.cpu_count()} cores ({platform.machine()}), {', '.join(versions).replace('==', ' ')}"
    return {"date": date.today().isoformat(), "machine": machine}


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - {*JOBS, "growth"})
    if unknown:
        print(f"no job called {', '.join(unknown)}; there are {', '.join(JOBS)}, growth", file=sys.stderr)
        return 2
    names = names or [*JOBS, "growth"]
    elsewhere = other_python()
    ran = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            if name == "growth":
                ran[name] = conditions(None) | growth.measure()
            elif elsewhere or not hasattr(import_module(f"benchmarks.{name}"), "ELSEWHERE"):
                ran[name] = compete(name, elsewhere, Path(folder))
    write(ran)
    print(f"\nwritten: {RESULTS.relative_to(ROOT)}")
    return int(any("error" in row for job in ran.values() for row in job.get("rows", ())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
