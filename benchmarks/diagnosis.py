"""python -m benchmarks.diagnosis: how often `lrsim diagnose` is right on logs of known cause, beside other tools.

The logs are those of `scenarios`, seeds 1000 to 1029, which nothing was tuned on, each as the file that its owner would
have: step, loss, and the rate where there is one. lrsim is asked for the cause. runmedic and trainspotter, which have
other words, are asked whether something is badly wrong, as their documentation says: by exit code, `--fail-on critical`
and `--fail-on error`. What came is kept in diagnosis.json, from which the site's page is made.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path

SEEDS = range(1000, 1030)
RESULTS = Path(__file__).with_name("diagnosis.json")
LOST = ("diverging", "diverged to nan", "lost without growth", "bursts")
ASKED = {
    "runmedic": ("diagnose", "--fail-on", "critical"),
    "trainspotter": ("analyze", "--fail-on", "error"),
}


def alarms(tool: str, files: list[str]) -> list[int]:
    """The exit code of another tool for each file, -1 where it refuses to read it."""
    main, (command, *options) = import_module(f"{tool}.cli").main, ASKED[tool]
    codes = []
    for file in files:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                code = main([command, file, *options])
            except (SystemExit, Exception) as error:
                code = error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else -1
        codes.append(code if code in (0, 1) else -1)
    return codes


def written(folder: Path) -> list[tuple[str, object]]:
    """Every log as a file, and what it is."""
    from benchmarks.scenarios import logs

    found = []
    for seed in SEEDS:
        for number, case in enumerate(logs(seed)):
            rates = [""] * len(case.losses) if case.rates is None else [f",{rate!r}" for rate in case.rates.tolist()]
            rows = zip(case.steps.tolist(), case.losses.tolist(), rates, strict=True)
            path = folder / f"{seed}_{number:02}.csv"
            heading = "step,loss" if case.rates is None else "step,loss,lr"
            path.write_text(f"{heading}\n" + "".join(f"{step},{loss!r}{rate}\n" for step, loss, rate in rows))
            found.append((str(path), case))
    return found


def table(cases: list, codes: dict[str, list[int]]) -> dict:
    """Scenario by scenario: the causes that lrsim gave, and how many runs each tool raised an alarm for."""
    from lrsim import __version__, logs
    from lrsim.diagnosis import diagnose

    rows: dict[str, dict] = {}
    covered = Counter()
    for place, (file, case) in enumerate(cases):
        found = diagnose(logs.read(file))
        row = rows.setdefault(case.name, {"cause": case.cause, "lost": case.cause in LOST, "runs": 0, "causes": {}})
        row["runs"] += 1
        row["causes"][found.cause] = row["causes"].get(found.cause, 0) + 1
        for tool, code in {"lrsim": int(found.lost), **{tool: own[place] for tool, own in codes.items()}}.items():
            row[f"{tool} alarms"] = row.get(f"{tool} alarms", 0) + (code == 1)
            row[f"{tool} refused"] = row.get(f"{tool} refused", 0) + (code == -1)
        if case.growth is not None:
            low, high = found.factor_interval or (0, 0)
            covered[low <= case.growth <= high] += 1
    tools = [f"lrsim {__version__}", *(f"{tool} {version(tool)}" for tool in codes)]
    intervals = {"intervals": covered.total(), "covered": covered[True]}
    return {"date": date.today().isoformat(), "tools": tools, **intervals, "scenarios": rows}


def version(tool: str) -> str:
    from benchmarks.__main__ import REQUIREMENTS

    return dict(line.split("==") for line in REQUIREMENTS.read_text().split())[tool]


def main() -> None:
    from benchmarks.__main__ import environment, other_python

    python = other_python()
    with tempfile.TemporaryDirectory() as folder:
        cases = written(Path(folder))
        codes = {}
        for tool in ASKED if python else ():
            command = [str(python), "-m", "benchmarks.diagnosis", tool, folder]
            ran = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)
            codes[tool] = json.loads(ran.stdout)
        found = table(cases, codes)
    aside = RESULTS.with_suffix(".part")
    aside.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(aside, RESULTS)
    right = sum(row["causes"].get(row["cause"], 0) for row in found["scenarios"].values())
    print(f"{right} of {len(cases)} right; written: {RESULTS.name}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(alarms(sys.argv[1], sorted(map(str, Path(sys.argv[2]).iterdir())))))
    else:
        main()
