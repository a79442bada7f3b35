"""`lrsim` answers sooner in {{ n.benchmarks_first }} first calls and in {{ n.benchmarks_warm }} later ones.

Caption: How many times as long as `lrsim` each contestant takes, job by job: the first call (open ring), which may have
to compile, and the median of the later ones (filled dot). Left of the line it is faster than `lrsim`.

Alt: One row for each contestant of {{ n.benchmarks_jobs }} jobs, on a logarithmic axis of time in multiples of
lrsim's. A ring for the first call and a dot for the later ones are joined by a line. Dots left of the line at one
answer sooner than lrsim, which stands on it. The longest first call is {{ n.benchmarks_longest_first }} times lrsim's,
the longest later one {{ n.benchmarks_longest_warm }} times.
"""

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import measured, style
from figures.facts import number
from figures.palette import Palette

PAGE = "lrsim/benchmarks"
MARKS = {"first": "first call", "warm": "later calls"}


def facts() -> dict[str, str]:
    jobs = measured.jobs()
    words = {f"benchmark_{name}": measured.table(job) for name, job in jobs.items()}
    for call in measured.CALLS:
        words[f"benchmarks_{call}"] = measured.sooner(call)
        words[f"benchmarks_longest_{call}"] = number(max(_ratios(call)))
    words |= {"benchmarks_missed": measured.missed(), "benchmarks_where": measured.where()}
    words |= {"benchmarks_load": measured.load(), "benchmarks_losses": measured.losses()}
    return words | {"benchmarks_jobs": str(len(jobs))}


def data() -> dict[str, list]:
    rows = [(job["title"], row) for job in measured.jobs().values() for row in job["rows"] if "error" not in row]
    columns: dict[str, list] = {"job": [title for title, _ in rows], "contestant": [r["contestant"] for _, r in rows]}
    for key, head in (("warm", "warm (s)"), ("first", "first call (s)"), ("peak_mb", "peak memory (MB)")):
        columns[head] = [row[key] for _, row in rows]
    return columns


def _ratios(call: str) -> list[float]:
    return [row[f"{call}_ratio"] for job in measured.jobs().values() for row in measured.rivals(job)]


def draw(colours: Palette) -> Figure:
    jobs = list(measured.jobs().values())
    half = len(jobs) // 2
    fig, axes = style.panels(2, height=(4.2, 4.0))
    everything = [1.0, *_ratios("first"), *_ratios("warm")]
    low, high = math.floor(math.log10(min(everything) / 1.5)), math.ceil(math.log10(max(everything) * 1.5))
    depth = max(_rows(ax, part, colours) for ax, part in zip(axes, (jobs[:half], jobs[half:]), strict=True))
    decades = {10.0**power: "" if power % 2 else number(10.0**power) for power in range(low, high + 1)}
    for ax in axes:
        ax.set(xscale="log", xlim=(10.0**low, 10.0**high), ylim=(depth, -2.8), xlabel="time (lrsim = 1)")
        ax.set_xticks(list(decades), list(decades.values()))
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x")
        style.threshold(ax, 1, "as fast as lrsim", vertical=True, colour=colours.ink)
    for y, text, mark in zip((-1, 0), MARKS.values(), _marks(colours).values(), strict=True):
        axes[0].plot(0.36, y, transform=axes[0].get_yaxis_transform(), **mark)
        axes[0].annotate(text, (0.36, y), (9, 0), axes[0].get_yaxis_transform(), "offset points", va="center", size=9.5)
    return fig


def _marks(colours: Palette) -> dict[str, dict]:
    """The ring is wide enough to show around the dot where the two coincide."""
    both = {"color": colours.ink, "marker": "o", "linestyle": "none"}
    ring = {"markersize": 9, "markerfacecolor": colours.paper, "markeredgewidth": 1.2, "zorder": 3}
    return {"first": both | ring, "warm": both | {"markersize": 5, "zorder": 4}}


def _rows(ax: Axes, jobs: list[dict], colours: Palette) -> float:
    """A bold line for each job and one for each of lrsim's rivals; returns where they end."""
    names, y = {}, 0.0
    for job in jobs:
        names[y] = job["title"]
        for row in measured.rivals(job):
            y += 1
            names[y] = row["contestant"]
            ax.hlines(y, *sorted(row[f"{call}_ratio"] for call in MARKS), color=colours.muted, linewidth=0.9, zorder=2)
            for call, mark in _marks(colours).items():
                ax.plot(row[f"{call}_ratio"], y, **mark)
        y += 1.4
    ax.set_yticks(list(names), list(names.values()))
    titles = {job["title"] for job in jobs}
    for tick in ax.get_yticklabels():
        if tick.get_text() in titles:
            tick.set(color=colours.ink, fontweight=600)
    return y - 0.7
