"""What `make bench` measured, read from its results, and how a page prints it."""

import json
import re

from figures.facts import number
from figures.files import ROOT

READS = ("benchmarks/results.json",)
CALLS = ("first", "warm")


def jobs() -> dict[str, dict]:
    """By name: `title`, `about`, `machine`, `date`, `load`, the contestants' `rows` (lrsim's first) and the `goals`."""
    return {name: job for name, job in _results().items() if name != "growth"}


def growth() -> dict:
    """Its `curves`: what `grows`, by which `method`, what is kept, the `sizes` and the `ns` there; what is `fixed`."""
    return _results()["growth"]


def _results() -> dict[str, dict]:
    return json.loads((ROOT / READS[0]).read_text(encoding="utf-8"))


def rivals(job: dict) -> list[dict]:
    """The rows of those that gave the right answer and can be compared with lrsim's."""
    return [row for row in job["rows"][1:] if all(f"{call}_ratio" in row for call in CALLS)]


def sooner(call: str) -> str:
    """In how many comparisons lrsim was faster, of how many."""
    ratios = [row[f"{call}_ratio"] for job in jobs().values() for row in rivals(job)]
    return f"{sum(ratio > 1 for ratio in ratios)} of {len(ratios)}"


def missed() -> str:
    """A sentence, and in a list which goals were not reached, or not measured."""
    goals = [(job["title"], goal) for job in jobs().values() for goal in job["goals"]]
    words = [f"\n- *{title}*: {goal['goal']} ({_found(goal)})" for title, goal in goals if not goal["reached"]]
    if not words:
        return f"All {len(goals)} goals are reached."
    return f"{len(goals) - len(words)} of {len(goals)} goals are reached. Not reached:\n{''.join(words)}"


def where() -> str:
    """Rounds, machines and dates on record."""
    return "; ".join(dict.fromkeys("{rounds} rounds on {machine}, {date}".format(**job) for job in jobs().values()))


def load() -> str:
    """The least and the greatest load of the machine during the jobs; of it one is the contestant's own."""
    ends = [end for job in jobs().values() for end in job["load"]]
    return f"{number(min(ends), 2)} to {number(max(ends), 2)}"


def losses() -> str:
    """A sentence: which contestants answer sooner than lrsim, warm, and in what share of its time."""
    words = []
    for job in jobs().values():
        ahead = [row for row in rivals(job) if row["warm_ratio"] < 1]
        if ahead:
            names = ", ".join(f"{row['contestant']} ({number(row['warm_ratio'], 2)})" for row in ahead)
            words.append(f"*{job['title'][0].lower()}{job['title'][1:]}*: {names}")
    return "; ".join(words) or "nowhere"


def table(job: dict) -> str:
    """The job in Markdown: what it is, every contestant's row, and what was aimed at."""
    about = re.sub(r"\b1e-(\d+)", r"10^{-\1}", job["about"][0].upper() + job["about"][1:])
    counted = any("products" in row for row in job["rows"])
    heads = ["Contestant", "First call", "Warm", "Fastest", "Peak memory", *(["Products"] if counted else [])]
    wide = f'<div class="lr-wide" tabindex="0" role="region" aria-label="{job["title"]}, times" markdown>'
    lines = [f"### {job['title']}", "", about, "", wide, "", _line(heads)]
    lines.append(_line(["---", *["---:"] * (len(heads) - 1)]))
    lines += [_line([row["contestant"].replace("lrsim", "`lrsim`"), *_cells(row, counted)]) for row in job["rows"]]
    lines += ["", "</div>"]
    goals = "; ".join(
        f"{goal['goal']}: {_found(goal)}{'' if goal['reached'] else ', not reached'}" for goal in job["goals"]
    )
    return "\n".join([*lines, "", f"Goals: {goals}."])


def _cells(row: dict, counted: bool) -> list[str]:
    if "error" in row:
        return ["failed", *[""] * (3 + counted)]
    times = [f"{_time(row[call])} ({_ratio(row, call)}" for call in CALLS]
    return [
        *times,
        _time(row["fastest"]),
        f"{number(row['peak_mb'], 2)}\u00a0MB",
        *([number(row["products"])] if counted else []),
    ]


def _ratio(row: dict, call: str) -> str:
    """How many times lrsim's: the median of the rounds, and between which two they lie; the bracket is open before."""
    low, high = (number(end) for end in row[f"{call}_ratio_spread"])
    spread = f', <span class="lr-held">{low}–{high})</span>' if low != high else ")"
    return f"{number(row[f'{call}_ratio'])}\u00a0×{spread}"


def _found(goal: dict) -> str:
    return "not measured" if goal["found"] is None else f"{number(goal['found'])} {goal['unit']}".rstrip()


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)}\u00a0{unit}"
    return f"{number(seconds * 1e6)}\u00a0µs"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
