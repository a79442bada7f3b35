"""What `make bench` measured, read from its results, and how a page prints it."""

import json

from figures.facts import number
from figures.files import ROOT

READS = ("benchmarks/results.json",)
CALLS = ("warm", "first")


def jobs() -> dict[str, dict]:
    """By name: `title`, `about`, `machine`, `date`, the contestants' `rows` (lrsim's first) and the `goals`."""
    return json.loads((ROOT / READS[0]).read_text(encoding="utf-8"))


def rivals(job: dict) -> list[dict]:
    """The rows of those that gave the right answer and can be compared with lrsim's."""
    return [row for row in job["rows"][1:] if all(f"{call}_ratio" in row for call in CALLS)]


def sooner(call: str) -> str:
    """In how many comparisons lrsim was faster, of how many."""
    ratios = [row[f"{call}_ratio"] for job in jobs().values() for row in rivals(job)]
    return f"{sum(ratio > 1 for ratio in ratios)} of {len(ratios)}"


def missed() -> str:
    """A sentence: which goals were not reached, or not measured."""
    goals = [(job["title"], goal) for job in jobs().values() for goal in job["goals"]]
    words = [f"{title}, {goal['goal']} ({_found(goal)})" for title, goal in goals if not goal["reached"]]
    if not words:
        return f"All {len(goals)} goals are reached."
    return f"{len(goals) - len(words)} of {len(goals)} goals are reached. Not reached: {'; '.join(words)}."


def where() -> str:
    """Rounds, machines and dates on record."""
    return "; ".join(dict.fromkeys("{rounds} rounds on {machine}, {date}".format(**job) for job in jobs().values()))


def table(job: dict) -> str:
    """The job in Markdown: what it is, every contestant's row, and what was aimed at."""
    counted = any("products" in row for row in job["rows"])
    heads = ["Contestant", "Warm", "First call", "Peak memory", *(["Products"] if counted else [])]
    lines = [f"### {job['title']}", "", f"{job['about'][0].upper()}{job['about'][1:]}", "", _line(heads)]
    lines.append(_line(["---", *["---:"] * (len(heads) - 1)]))
    lines += [_line([row["contestant"], *_cells(row, counted)]) for row in job["rows"]]
    goals = "; ".join(
        f"{goal['goal']}: {_found(goal)}{'' if goal['reached'] else ', not reached'}" for goal in job["goals"]
    )
    return "\n".join([*lines, "", f"Goals: {goals}."])


def _cells(row: dict, counted: bool) -> list[str]:
    if "error" in row:
        return ["failed", *[""] * (2 + counted)]
    times = [f"{_time(row[call])} ({number(row[f'{call}_ratio'])}\u00a0×)" for call in CALLS]
    return [*times, f"{number(row['peak_mb'], 2)}\u00a0MB", *([number(row["products"])] if counted else [])]


def _found(goal: dict) -> str:
    return "not measured" if goal["found"] is None else f"{number(goal['found'])} {goal['unit']}".rstrip()


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)}\u00a0{unit}"
    return f"{number(seconds * 1e6)}\u00a0µs"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
