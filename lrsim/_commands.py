"""What `lrsim run`, `lrsim sweep`, `lrsim threshold` and `lrsim list` compute and print; each gives its exit code."""

import argparse
import sys
from types import ModuleType
from typing import Any

import numpy as np

from lrsim import _check, _examples, _expressions, _text, descend, landscapes, optimizers, schedules, stability
from lrsim._terminal import FINE, Refused, about

DIVERGED = 1
ROOMS = {"landscapes": landscapes, "schedules": schedules, "optimizers": optimizers}
SWEPT = ("eta", "final_loss", "peak_loss", "diverged_at", "regime")
SHOWN = 12  # rows of a table on the screen
MANY = 10**6  # runs of a sweep
WORK = 5e7  # runs x steps, in all above which a bar is drawn, and a tenth of it between two of its moves


def run(given: argparse.Namespace) -> int:
    eta = _evaluated("--eta", given.eta, schedules)
    run = descend(_landscape(given.landscape), _point("--start", given.start), eta, given.steps, **_options(given))
    if np.ndim(run.final_loss):
        raise Refused("--eta must be one rate or one schedule; for many learning rates there is lrsim sweep")
    facts: dict[str, Any] = {"regime": run.regime, "start_loss": run.losses[0]}
    facts |= {name: getattr(run, name) for name in ("final_loss", "peak_loss", "diverged_at")}
    if given.json:
        print(_text.json(facts | {"losses": run.losses, "etas": run.etas, "iterates": run.iterates}))
    else:
        wanted = range(given.steps + 1) if given.csv else _some(given.steps)
        etas = [*run.etas.tolist(), None]
        rows = [{"step": t, "eta": etas[t], "loss": float(run.losses[t])} for t in wanted]
        for row, w in zip(rows, run.iterates[list(wanted)].tolist(), strict=True):
            row.update({f"w{i}": x for i, x in enumerate(w)} if given.csv or len(w) <= 3 else {})
        print(_text.csv(rows) if given.csv else f"{_text.table(rows)}\n\n{_text.pairs(facts)}")
    return FINE if run.diverged_at is None else DIVERGED


def sweep(given: argparse.Namespace) -> int:
    low, high = (_check.real("eta", eta, low=0) for eta in given.eta)
    points = _check.count("points", given.points, 1, MANY)
    if given.log and min(low, high) == 0:
        raise ValueError("eta must be > 0 for --log, got 0")
    etas = np.geomspace(low, high, points) if given.log else np.linspace(low, high, points)
    rows = _swept(given, _landscape(given.landscape), _point("--start", given.start), etas)
    stable = [row for row in rows if row["diverged_at"] is None]
    best: dict[str, Any] = min(stable, key=lambda row: row["final_loss"], default={})
    facts: dict[str, Any] = {"runs": points, "diverged": points - len(stable)}
    facts |= {"best_eta": best.get("eta"), "best_final_loss": best.get("final_loss")}
    if given.json:
        print(_text.json(facts | {"sweep": rows}))
    elif given.csv:
        print(_text.csv(rows))
    else:
        shown = sorted({int(i) for i in np.linspace(0, points - 1, min(points, 20))})
        print(f"{_text.table([rows[i] for i in shown])}\n\n{_text.pairs(facts)}")
    return FINE if stable else DIVERGED


def _swept(given: argparse.Namespace, landscape: Any, start: list[float], etas: np.ndarray) -> list[dict[str, Any]]:
    """A row a run, in pieces while a bar is drawn; with noise in one, since a run's stream hangs on its place."""
    long = len(etas) * max(given.steps, 1) > WORK
    drawn = long and sys.stderr is not None and sys.stderr.isatty() and not given.noise
    width = max(1, int(WORK / 10 / max(given.steps, 1))) if drawn else len(etas)
    rows: list[dict[str, Any]] = []
    for at in range(0, len(etas), width):
        part = etas[at : at + width]
        found = descend(landscape, start, part, given.steps, record="summary", **_options(given))
        regimes = [None] * len(part) if found.regime is None else found.regime.tolist()
        columns = (part, found.final_loss, found.peak_loss, found.diverged_at)
        for *row, regime in zip(*(column.tolist() for column in columns), regimes, strict=True):
            row[3] = None if row[3] < 0 else row[3]
            rows.append(dict(zip(SWEPT, (*row, regime), strict=True)))
        if drawn:
            _text.progress(len(rows), len(etas), sys.stderr)
    return rows


def threshold(given: argparse.Namespace) -> int:
    landscape = _evaluated("landscape", given.landscape, landscapes)
    optimizer = _evaluated("--optimizer", given.optimizer, optimizers)
    at = None if given.at is None else _point("--at", given.at)
    if type(landscape) in (int, float):
        facts = {"sharpness": landscape, "threshold": stability.threshold(landscape, optimizer=optimizer)}
        return _say(given, facts)
    landscape = _landscape(given.landscape)
    if at is None and not isinstance(landscape, landscapes.Quadratic):
        raise Refused(f"--at must give the point: the curvature of {given.landscape:.60} differs from point to point")
    facts = {
        "sharpness": stability.sharpness(landscape, at),
        "threshold": stability.threshold(landscape, at, optimizer),
    }
    if isinstance(landscape, landscapes.Quadratic) and optimizer.name == "gradient_descent":
        facts["optimal_eta"] = stability.optimal_eta(landscape) if landscape.eigenvalues.min() > 0 else None
    return _say(given, facts)


def _say(given: argparse.Namespace, facts: dict[str, Any]) -> int:
    if given.json:
        print(_text.json(facts))
    else:
        print(_text.csv([facts]) if given.csv else _text.pairs(facts))
    return FINE


def known(given: argparse.Namespace) -> int:
    rows = []
    for room in [given.room] if given.room else ROOMS:
        for name, calls in _examples.of(ROOMS[room]).items():
            claim = str(getattr(ROOMS[room], name).__doc__).splitlines()[0]
            rows += [{"room": room, "name": name, "call": call, "claim": claim} for call in calls if _typed(call, room)]
    if given.json:
        print(_text.json({"list": rows}))
    elif given.csv:
        print(_text.csv(rows))
    else:
        last = {(row["room"], row["name"]): row["call"] for row in rows}
        for row in rows:
            print(row["call"])
            if row["call"] == last[row["room"], row["name"]]:
                print(f"    {row['claim']}")
    return FINE


def _typed(call: str, room: str) -> bool:
    """Whether it may be typed here: functions of Python's may not."""
    try:
        _expressions.evaluate(call, ROOMS[room])
    except ValueError:
        return False
    return True


def _evaluated(option: str, text: str, room: ModuleType) -> Any:
    try:
        return _expressions.evaluate(text, room)
    except (ValueError, TypeError) as error:  # names an argument of what is called in it, not one of ours
        raise Refused(about(option, str(error))) from None


def _landscape(text: str) -> Any:
    found = _evaluated("landscape", text, landscapes)
    if type(found) in (int, float):
        found = _evaluated("landscape", f"bowl([{found!r}])", landscapes)
    if not hasattr(found, "gradient"):
        raise Refused(f"landscape must be a call such as 'bowl([1, 20])' or one curvature, got {text!r:.60}")
    return found


def _point(option: str, cells: list[str]) -> list[float]:
    text = " ".join(cells)
    numbers = [part.strip() for part in text.strip(" ,").split(",")] if "," in text else text.split()
    try:
        return [_expressions.number(part) for part in numbers]
    except ValueError as error:
        said = str(error) if "finite" in str(error) else f"coordinates {error}".replace("a number", "numbers")
        raise Refused(about(option, said)) from None


def _options(given: argparse.Namespace) -> dict[str, Any]:
    return {
        "optimizer": _evaluated("--optimizer", given.optimizer, optimizers),
        "noise": given.noise,
        "seed": given.seed,
    }


def _some(steps: int) -> list[int]:
    """Step 0, the last, and between them steps that lie ever further apart."""
    spread = np.geomspace(1, max(steps, 1), SHOWN - 1).round().astype(int).tolist()
    return sorted({0, steps, *(t for t in spread if t <= steps)})
