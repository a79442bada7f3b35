"""The command line: `lrsim run`, `lrsim threshold`, `lrsim sweep`, `lrsim diagnose`, `lrsim list`."""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from lrsim import (
    __version__,
    _check,
    _examples,
    _expressions,
    _reading,
    _terminal,
    _text,
    descend,
    landscapes,
    optimizers,
    schedules,
    stability,
)
from lrsim._terminal import Parser, Refused, about, typed

FINE, DIVERGED, BAD_INPUT, CANNOT_TELL = _terminal.FINE, _reading.LOST, _terminal.BAD_INPUT, _reading.CANNOT_TELL
ROOMS = {"landscapes": landscapes, "schedules": schedules, "optimizers": optimizers}
SWEPT = ("eta", "final_loss", "peak_loss", "diverged_at", "regime")
SHOWN = 12  # rows of a table on the screen
MANY = 10**6  # runs of a sweep
WORK = 5e7  # runs x steps, in all above which a bar is drawn, and a tenth of it between two of its moves

EXAMPLES = """\
examples:
  lrsim run 'bowl([1, 20])' --start 10 0.05 --eta 0.105 --steps 200
  lrsim run 'bowl([1, 20])' --start 5 0.01 --eta 'inverse_time(0.2, k=0.1)' --steps 60 --csv > losses.csv
  lrsim run 'rosenbrock()' --start -1.2 1 --eta 0.001 --steps 5000 --optimizer 'heavy_ball(0.9)'
  lrsim threshold 'bowl([1, 20])'
  lrsim threshold 'himmelblau()' --at 3 2 --optimizer 'nesterov(0.9)'
  lrsim sweep 'bowl([1, 20])' --start 10 0.05 --eta 0.001 0.11 --points 1000 --steps 200
  lrsim diagnose losses.csv
  lrsim diagnose losses.csv --every 100 --optimizer 'adam()' --json
  lrsim list schedules

Landscapes, schedules and optimizers are written as in Python; `lrsim list` shows them. A bare number in place of a
landscape is the curvature of a one-dimensional bowl.

exit codes:
  0  done              1  it diverges: the run, every run of the sweep; the run of the log is lost
  2  bad input         3  one cannot tell (diagnose)
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 it diverges, 2 bad input, 3 one cannot tell.

    >>> main(["threshold", "bowl([1, 20])"])
    sharpness    20
    threshold    0.1
    optimal_eta  0.0952381
    0
    """
    return _terminal.answer(_parser(), argv)


def _parser() -> argparse.ArgumentParser:
    layout = argparse.RawDescriptionHelpFormatter
    said = "What the learning rate does to gradient descent."
    parser = Parser("lrsim", description=said, epilog=EXAMPLES, formatter_class=layout)
    parser.add_argument("--version", action="version", version=f"lrsim {__version__}")
    commands = parser.add_subparsers(
        required=True, metavar="run | threshold | sweep | diagnose | list", parser_class=Parser
    )

    def command(name: str, function: Any, text: str) -> argparse.ArgumentParser:
        part = commands.add_parser(name, help=text, description=text, epilog=EXAMPLES, formatter_class=layout)
        part.set_defaults(command=function)
        how = part.add_mutually_exclusive_group()
        how.add_argument("--json", action="store_true", help="everything, as JSON; null for what is not finite")
        how.add_argument("--csv", action="store_true", help="everything, as CSV with every digit")
        return part

    run = command("run", _run, "One run: its losses, whether it diverged, its regime.")
    sweep = command("sweep", _sweep, "Many constant learning rates from one start.")
    for part in (run, sweep):
        part.add_argument("landscape", help="such as 'bowl([1, 20])'")
        part.add_argument("--start", required=True, nargs="+", help="coordinates of the first iterate")
        part.add_argument("--steps", type=typed(_expressions.whole), default=200, help="updates (200)")
        part.add_argument("--optimizer", default="gradient_descent()", help="such as 'heavy_ball(0.9)'")
        part.add_argument("--noise", type=typed(_expressions.number), default=0.0, help="σ of Gaussian noise (0)")
        part.add_argument("--seed", type=typed(_expressions.whole), default=0, help="of the noise (0)")
    run.add_argument("--eta", required=True, help="a number or a schedule, such as 'inverse_time(0.2, k=0.1)'")
    sweep.add_argument(
        "--eta", required=True, nargs=2, type=typed(_expressions.number), metavar=("FROM", "TO"), help="both included"
    )
    sweep.add_argument("--points", type=typed(_expressions.whole), default=20, help="learning rates (20)")
    sweep.add_argument("--log", action="store_true", help="spaced evenly in ln η")
    limit = command("threshold", _threshold, "The largest stable learning rate.")
    limit.add_argument("landscape", help="such as 'bowl([1, 20])', or the sharpness itself")
    limit.add_argument("--at", nargs="+", help="the point at which to take the Hessian")
    limit.add_argument("--optimizer", default="gradient_descent()", help="such as 'nesterov(0.9)'")
    part = command("diagnose", _reading.answer, "What happened to a training run, from its log, and what to do.")
    _reading.add(part, typed(_expressions.whole), typed(lambda text: _expressions.evaluate(text, optimizers)))
    known = command("list", _list, "Landscapes, schedules and optimizers, as they may be typed.")
    known.add_argument("room", nargs="?", choices=list(ROOMS), help="one of them; all if left out")
    return parser


def _run(given: argparse.Namespace) -> int:
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


def _sweep(given: argparse.Namespace) -> int:
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


def _threshold(given: argparse.Namespace) -> int:
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


def _list(given: argparse.Namespace) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
