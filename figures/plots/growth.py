"""A step costs less the more of them are asked for at once.

Caption: `lrsim`'s processor time a run and step while one size grows: the number of runs ({{ n.growth_fixed_runs }}),
of dimensions ({{ n.growth_fixed_dimensions }}), of steps ({{ n.growth_fixed_steps }}). On a bowl along the axes in
exact modes and iterated, thick where every iterate is kept, thin where only a summary is; on a dense bowl iterated; on
a regression of {{ n.growth_samples }} samples in minibatches of {{ n.growth_batch }}. A curve ends where a call would
take more than {{ n.growth_longest }} s or {{ n.growth_most }} GB.

Alt: Three panels on logarithmic axes, nanoseconds a run and step against runs, dimensions and steps. Over runs all
curves fall, from {{ n.growth_most_ns }} ns to as little as {{ n.growth_least_ns }} ns, since a call's own cost
is shared out. Over dimensions they rise. Over steps those of the exact modes fall; the others stay where they are.
"""

from matplotlib.figure import Figure

from figures import measured, style
from figures.facts import number
from figures.palette import Palette

PAGE = "lrsim/benchmarks"
JOBS = {
    "modes": ("crawl", "exact modes"),
    "iterate": ("bounce", "iterated"),
    "dense": ("decay", "dense, iterated"),
    "minibatch": ("diverge", "minibatches"),
}
WIDTHS = {"path": 2.6, "summary": 1.2}


def facts() -> dict[str, str]:
    over_runs = [ns for curve in measured.growth()["curves"] if curve["grows"] == "runs" for ns in curve["ns"]]
    words = {
        f"growth_fixed_{grows}": " and ".join(
            f"{size:,} {name[:-1] if size == 1 else name}" for name, size in fixed.items()
        )
        for grows, fixed in measured.growth()["fixed"].items()
    }
    return words | {
        "growth_longest": number(measured.growth()["longest_s"]),
        "growth_most": number(measured.growth()["most_gb"]),
        "growth_samples": f"{measured.growth()['samples']:,}",
        "growth_batch": str(measured.growth()["batch"]),
        "growth_most_ns": f"{max(over_runs):,.0f}",
        "growth_least_ns": number(min(over_runs), 2),
    }


def data() -> dict[str, list]:
    points = [
        (curve, *point)
        for curve in measured.growth()["curves"]
        for point in zip(curve["sizes"], curve["ns"], strict=True)
    ]
    columns: dict[str, list] = {key: [curve[key] for curve, *_ in points] for key in ("grows", "job", "record")}
    return columns | {"size": [size for _, size, _ in points], "ns a run and step": [ns for *_, ns in points]}


def draw(colours: Palette) -> Figure:
    fig, axes = style.panels(3, height=(3.6, 2.9), sharey=True)
    for ax, grows in zip(axes, measured.growth()["fixed"], strict=True):
        for curve in measured.growth()["curves"]:
            if curve["grows"] == grows:
                role, name = JOBS[curve["job"]]
                line = colours.line(role) | {"linewidth": WIDTHS[curve["record"]]}
                line["label"] = name if curve["record"] == "summary" else None
                ax.plot(curve["sizes"], curve["ns"], marker="o", markersize=3, **line)
        ax.set(xscale="log", yscale="log", xlabel=grows)
    axes[0].set_ylabel("ns a run and step")
    axes[1].legend(fontsize=8, frameon=False, loc="lower right")
    return fig
