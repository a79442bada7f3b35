"""`lrsim diagnose`: logs in files, on standard input, or while they grow; one answer for each."""

import argparse
import os
import sys
import time
from typing import Any

import lrsim  # its logs and diagnosis are imported when a log is read: the other commands need neither
from lrsim import _text
from lrsim._terminal import BAD_INPUT, FINE, Refused, about

LOST, CANNOT_TELL = 1, 3
WORST = (FINE, CANNOT_TELL, BAD_INPUT, LOST)  # of several files, the last of these that one has
OLD = ("shape", "turn", "convex", "tolerance", "floor", "rules_out", "reason")
NEW = (
    *("cause", "since", "lost_at", "factor", "per", "eta_lambda", "divide_by", "factor_interval"),
    *("eta_lambda_interval", "noise", "happened", "follows", "advice", "test"),
)
LONG = (  # not in CSV
    *("eta_lambda", "factor_interval", "eta_lambda_interval", "happened", "follows", "advice", "test"),
    *("rules_out", "reason"),
)
LOOK = 1.0  # seconds between two looks at a file that grows


def add(part: argparse.ArgumentParser, whole: Any, evaluated: Any) -> None:
    """The options of the command; `evaluated` reads an optimizer as it is written."""
    part.add_argument("files", nargs="*", metavar="FILE", help="training logs; standard input if left out, or -")
    for name, what in (("column", "the losses"), ("step", "the steps"), ("rate", "the learning rates")):
        part.add_argument(f"--{name}", help=f"heading or number (from 1) of the column with {what}")
    part.add_argument("--every", type=whole, metavar="N", help="how many updates a row is")
    part.add_argument("--optimizer", type=evaluated, help="such as 'adam()'; plain gradient descent if left out")
    part.add_argument("--against", metavar="OTHER", help="another log to compare with")
    part.add_argument("--plot", metavar="OUT", help="a picture of it, such as out.svg (needs matplotlib)")
    part.add_argument("--follow", action="store_true", help="watch a file that grows; ends when the run is lost")


def answer(given: argparse.Namespace) -> int:
    files = given.files or ["-"]
    if len(files) > 1 and (given.plot or given.follow or files.count("-") > 1):
        raise Refused("--plot, --follow and standard input take one file")
    if given.follow:
        return _follow(given, files[0])
    codes = []
    for name in files:
        try:
            codes.append(_one(given, name, len(files) > 1))
        except Refused as error:
            if len(files) == 1:
                raise
            print(f"lrsim: {error}", file=sys.stderr)
            codes.append(BAD_INPUT)
    return max(codes, key=WORST.index)


def _one(given: argparse.Namespace, name: str, several: bool) -> int:
    log = _read(given, name)
    found = lrsim.diagnosis.diagnose(log, optimizer=given.optimizer, every=given.every)
    other = None if given.against is None else lrsim.diagnosis.compare(log, _read(given, given.against))
    if given.json or given.csv:
        _facts(given, name, log, found, other)
    else:
        print(f"{name}: {log}" if several else log)
        print(found if other is None else f"{found} {other}")
    if given.plot:
        _plot(found, given.plot)
    return code(found)


def code(found: "lrsim.diagnosis.Diagnosis") -> int:
    return LOST if found.lost else CANNOT_TELL if found.cause == "cannot tell" else FINE


def _facts(
    given: argparse.Namespace, name: str, log: "lrsim.logs.Log", found: "lrsim.diagnosis.Diagnosis", other: Any
) -> None:
    facts: dict[str, Any] = {"file": name, "read": str(log), **{key: getattr(found, key) for key in NEW + OLD}}
    facts["lower_by"] = found.divide_by
    pair = found.eta_lambda if isinstance(found.eta_lambda, tuple) else 2 * (found.eta_lambda,)
    facts["eta_lambda_low"], facts["eta_lambda_high"] = pair
    if other is not None:
        facts["against"] = vars(other)
    if given.json:
        print(_text.json(facts))
        return
    names = [name for name in facts if name not in (*LONG, "file", "read", "against")]
    print(_text.csv([{key: facts[key] for key in names}]))


def _read(given: argparse.Namespace, file: str) -> "lrsim.logs.Log":
    """The log in a file, or on standard input for "-"; errors name the file, and options as they are typed."""
    name = "standard input" if file == "-" else file
    try:
        if file == "-" and sys.stdin is None:
            raise ValueError("is closed")
        source = getattr(sys.stdin, "buffer", sys.stdin) if file == "-" else file
        return lrsim.logs.read(source, given.column, given.step, given.rate)
    except (ValueError, OSError) as error:
        said = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        said = said.replace("with column=", "with --column").replace("one as column=", "one as --column")
        option = said.split(" ")[0]
        said = f"--{said}" if option in ("column", "step", "rate") else said
        raise Refused(about(f"{name:.200}", said)) from None


def _plot(found: "lrsim.diagnosis.Diagnosis", out: str) -> None:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise Refused("--plot needs matplotlib: pip install matplotlib") from None
    figure = Figure(layout="constrained")
    found.plot(figure.add_subplot())
    try:
        figure.savefig(out)
    except ValueError as error:
        raise Refused(about("--plot", str(error))) from None


def _follow(given: argparse.Namespace, file: str) -> int:
    """Says what is new whenever the answer changes, until the run is lost."""
    if file == "-":
        raise Refused("--follow needs a file")
    size, said, told = -1, None, False
    refused: Refused | None = None
    while True:
        now = os.stat(file).st_size
        if now == size and refused is not None and "its bytes are not" in str(refused):
            raise refused  # not for a letter that was being written
        if now != size:
            size = now
            log = None
            try:
                log, refused, told = _read(given, file), None, False
            except Refused as error:
                if isinstance(error.__context__, OSError):
                    raise
                refused = error
                if now and not told:
                    told = True
                    print(f"lrsim: {error}; waiting for more of it", file=sys.stderr, flush=True)
            if log is not None:
                found = lrsim.diagnosis.diagnose(log, optimizer=given.optimizer, every=given.every)
                if found.cause != said or found.lost:
                    print(f"{log}\n{found}", flush=True)
                    said = found.cause
                if found.lost:
                    return LOST
        time.sleep(LOOK)
