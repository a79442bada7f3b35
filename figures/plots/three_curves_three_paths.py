"""Three loss curves are three ways through the same bowl.

Caption: The same bowl (curvatures {{ n.paths_flat }} and {{ n.paths_steep }}), the same start, {{ n.paths_steps }}
steps; only the learning rate differs. Every mark on a path is one iterate. The small rate slides to the valley floor
and crawls along it. The large rate jumps from wall to wall, and its loss falls all the same. The decaying rate starts
above the threshold $2/\\lambda_{\\max}$ = {{ n.paths_threshold }}: its loss climbs to {{ n.home_peak }} at step
{{ n.home_peak_step }}, then falls to {{ n.home_decay_end }}, where the small rate still has {{ n.home_small_end }}.

Alt: On one side, loss against step on a logarithmic axis: the small rate drops a little and then sinks slowly in a
nearly straight line; the large rate sinks along a steeper straight line; the decaying rate first climbs, peaks at
step {{ n.home_peak_step }} and then falls. On the other side, one small contour map for each curve: the small rate's
path drops to the valley floor and stops on it short of the minimum; the large rate's path zig-zags across the valley
at every step and narrows; the decaying rate's path leaps across the valley wider than it started, then comes to rest
at the minimum.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import Trajectory

PAGE = "index"
NAMES = {"crawl": "small", "bounce": "large", "decay": "decaying"}
LABELS = {"crawl": (19, (0, 5)), "bounce": (14, (6, 3)), "decay": (3, (9, 3))}  # step, and offset in points


def data() -> dict[str, np.ndarray]:
    paths = runs.three_paths()
    columns = {"step": np.arange(runs.BOWL_STEPS + 1)}
    for role, run in paths.items():
        (flat, steep), name = run.iterates.T, NAMES[role]
        columns |= {f"{name} loss": run.losses, f"{name} w1": flat, f"{name} w2": steep}
    return columns


def facts() -> dict[str, str]:
    small, _, decay = runs.three_paths().values()
    return {
        "home_peak": number(decay.losses.max()),
        "home_peak_step": number(decay.losses.argmax()),
        "home_decay_end": number(decay.losses[-1], 2),
        "home_small_end": number(small.losses[-1], 2),
    }


def draw(colours: Palette) -> Figure:
    title = "Three loss curves are three ways through the same bowl"
    ratios = {"height_ratios": [3, 5]} if style.narrow() else {"width_ratios": [6, 5]}
    fig, (curves, place) = style.panels(2, height=(4.3, 3.7), title=title, gridspec_kw=ratios)
    rows = place.get_subplotspec().subgridspec(3, 1, hspace=0.02)  # type: ignore[union-attr]
    maps: list[Axes] = list(rows.subplots(sharex=True, sharey=True))  # type: ignore[arg-type]
    place.remove()
    for ax, (role, run) in zip(maps, runs.three_paths().items(), strict=True):
        colour = getattr(colours, role)
        curves.plot(run.losses, **colours.line(role), zorder=3)
        curves.plot(run.losses, markersize=4, markevery=3, zorder=3, **colours.mark(role))
        step, offset = LABELS[role]
        text = f"{NAMES[role]}\n{runs.BOWL_LABELS[role]}"
        style.label(curves, step, run.losses[step], text, colour, va="bottom", xytext=offset)
        _map(ax, colours)
        ax.plot(*run.iterates.T, color=colour, linewidth=1)
        _marks(ax, run, colours.mark(role))
        plate = {"facecolor": colours.paper, "edgecolor": "none", "pad": 2}
        style.label(ax, 2.3, 1.45, NAMES[role], colour, ha="right", bbox=plate)
    curves.set(yscale="log", ylim=(4e-3, 60), xlim=(0, runs.BOWL_STEPS + 0.5))
    curves.set(title="The curves", xlabel="step $t$", ylabel="loss $L$", yticks=[0.01, 0.1, 1, 10])
    curves.set_yticklabels(["0.01", "0.1", "1", "10"])
    curves.grid(axis="y")
    maps[0].set_title("The paths")
    maps[2].set_xlabel("$w_1$ (flat)")
    maps[1].set_ylabel("$w_2$ (steep)")
    return fig


def _marks(ax: Axes, run: Trajectory, mark: dict) -> None:
    """One mark an iterate, as large as the rate that leaves it."""
    (x, y), etas = run.iterates.T, np.append(run.etas, run.etas[-1])
    if etas[0] == etas[-1]:
        ax.plot(x, y, markersize=3.9, **mark)
    else:
        ax.scatter(x, y, 26 * etas / etas[0], color=mark["color"], marker=mark["marker"], zorder=3, linewidths=0)


def _map(ax: Axes, colours: Palette) -> None:
    grid = np.stack(np.meshgrid(np.linspace(-4.6, 2.4, 57), np.linspace(-1.9, 1.9, 39)))
    levels = style.levels(0, 28, 7)
    ax.contour(*grid, runs.bowl().loss(grid), levels=levels, colors=colours.muted, linewidths=0.45, alpha=0.7)
    ax.plot(0, 0, "+", color=colours.ink, markersize=8, zorder=4)
    ax.set(aspect="equal", xlim=(-4.6, 2.4), ylim=(-1.9, 1.9), xticks=[-4, -2, 0, 2], yticks=[-1, 0, 1])
