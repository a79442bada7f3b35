"""python -m benchmarks [job ...]: times every contestant of every job and keeps what it measured in results.json.

Each contestant runs in a fresh process, three times in turn with the others, and its answer is checked before
its time counts. `setup` is imports and inputs, `first` the first call, `warm` the best of the later ones, in
seconds; `peak_mb` is memory above an idle interpreter after the first call. The best of the three is printed.
A ratio above 1 says that lrsim is that many times faster.
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

import numpy as np

ROUNDS = 3
ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
ELSEWHERE = ROOT / ".cache" / "bench-venv"
RESULTS = Path(__file__).with_name("results.json")
JOBS = ("one_run", "eta_sweep", "phase_diagram", "many_starts", "dense_hessian", "sharpness")
CONTESTANTS = {"lrsim": "lrsim", "python": "Python", "numpy": "NumPy", "jax": "JAX", "torch": "PyTorch"}
GUESTS = ("jax", "torch")
CALLS = {"first": "first call", "warm": "warm"}


def other_python() -> Path | None:
    """The interpreter that has JAX and PyTorch, in an environment of its own; None if it cannot be made."""
    python, ready = ELSEWHERE / "bin" / "python", ELSEWHERE / "ready.txt"
    if ready.exists() and ready.read_text() == REQUIREMENTS.read_text():
        return python
    print("installing JAX and PyTorch into .cache/bench-venv (once, a few minutes)", flush=True)
    shutil.rmtree(ELSEWHERE, ignore_errors=True)
    venv.create(ELSEWHERE, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]
    made = subprocess.run(pip, capture_output=True, text=True)
    if made.returncode:
        print(f"JAX and PyTorch are left out: {(made.stderr.strip().splitlines() or ['pip failed'])[-1]}")
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


def best(results: list[dict]) -> dict:
    """The smallest of each measurement over the rounds; an error, where there was one."""
    if "error" in results[-1]:
        return results[-1]
    return {key: min(result[key] for result in results) for key in results[0]}


def compete(job_name: str, elsewhere: Path | None, folder: Path) -> dict:
    job = import_module(f"benchmarks.{job_name}")
    truth = folder / f"{job_name}.npy"
    np.save(truth, job.expected())
    title, about = job.__doc__.splitlines()[0].split(": ", 1)
    print(f"\n{title}: {about}", flush=True)
    names = [name for name in CONTESTANTS if hasattr(job, f"with_{name}") and (elsewhere or name not in GUESTS)]
    rounds: dict[str, list[dict]] = {name: [] for name in names}
    for _ in range(ROUNDS):  # taking turns, so that a busy moment of the machine does not hit one contestant alone
        for name in names:
            if not any("error" in result for result in rounds[name]):
                rounds[name].append(enter(job_name, name, elsewhere if name in GUESTS else sys.executable, truth))
    rows = [{"contestant": CONTESTANTS[name], **best(rounds[name])} for name in names]
    for row in rows:
        for key in CALLS:
            if key in rows[0] and key in row:
                row[f"{key}_ratio"] = row[key] / rows[0][key]
        print(line(row), flush=True)
    aims = goals(job, dict(zip(names, rows, strict=True)))
    for aim in aims:
        print(f"  goal: {aim['goal']}: {verdict(aim)}", flush=True)
    measured = {"date": date.today().isoformat(), "machine": machine(elsewhere), "rounds": ROUNDS}
    return {"title": title, "about": about, **measured, "rows": rows, "goals": aims}


def ratio(row: dict, key: str) -> str:
    return f"{row[key + '_ratio']:7.3g}x" if key + "_ratio" in row else "      - "


def line(row: dict) -> str:
    if "error" in row:
        return f"  {row['contestant']:8} {row['error']}"
    times = "  ".join(f"{key} {row[key] * 1e3:10.3f} ms ({ratio(row, key)})" for key in CALLS)
    return f"  {row['contestant']:8} {times}  setup {row['setup']:5.2f} s  memory {row['peak_mb']:6.1f} MB"


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
    found = {name: known[name] for name in JOBS if name in known}
    aside.write_text(json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(aside, RESULTS)


def machine(elsewhere: Path | None) -> str:
    guests = REQUIREMENTS.read_text().split() if elsewhere else []
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}", *guests]
    return f"{os.cpu_count()} cores ({platform.machine()}), {', '.join(versions).replace('==', ' ')}"


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(JOBS))
    if unknown:
        print(f"no job called {', '.join(unknown)}; there are {', '.join(JOBS)}", file=sys.stderr)
        return 2
    elsewhere = other_python()
    with tempfile.TemporaryDirectory() as folder:
        ran = {name: compete(name, elsewhere, Path(folder)) for name in names or JOBS}
    write(ran)
    print(f"\nwritten: {RESULTS.relative_to(ROOT)}")
    return int(any("error" in row for job in ran.values() for row in job["rows"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
