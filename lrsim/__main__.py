"""The command line: `lrsim run`, `lrsim threshold`, `lrsim sweep`, `lrsim diagnose`, `lrsim list`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from lrsim import __version__, _commands, _expressions, _reading, _terminal, optimizers
from lrsim._terminal import Parser, typed

FINE, DIVERGED, BAD_INPUT, CANNOT_TELL = _terminal.FINE, _commands.DIVERGED, _terminal.BAD_INPUT, _reading.CANNOT_TELL

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

    _computing(command)
    part = command("diagnose", _reading.answer, "What happened to a training run, from its log, and what to do.")
    _reading.add(part, typed(_expressions.whole), typed(lambda text: _expressions.evaluate(text, optimizers)))
    known = command("list", _commands.known, "Landscapes, schedules and optimizers, as they may be typed.")
    known.add_argument("room", nargs="?", choices=list(_commands.ROOMS), help="one of them; all if left out")
    return parser


def _computing(command: Callable[..., argparse.ArgumentParser]) -> None:
    run = command("run", _commands.run, "One run: its losses, whether it diverged, its regime.")
    sweep = command("sweep", _commands.sweep, "Many constant learning rates from one start.")
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
    limit = command("threshold", _commands.threshold, "The largest stable learning rate.")
    limit.add_argument("landscape", help="such as 'bowl([1, 20])', or the sharpness itself")
    limit.add_argument("--at", nargs="+", help="the point at which to take the Hessian")
    limit.add_argument("--optimizer", default="gradient_descent()", help="such as 'nesterov(0.9)'")


if __name__ == "__main__":
    sys.exit(main())
