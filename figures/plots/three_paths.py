"""Small crawls, large zig-zags, a decaying rate jumps first and then settles.

Caption: Three runs of {{ n.paths_steps }} steps from one start in one bowl; each mark is one iterate, as large as the
rate that leaves it. The small rate drops to the valley floor and crawls along it; the large one, still below the
threshold {{ n.paths_threshold }}, jumps from wall to wall. The decaying one starts above the threshold, leaps across
the valley, and comes to rest.

Alt: Three contour maps of the same elongated bowl, each with a path from the upper left towards the minimum in the
centre. First: small steps that drop to the valley floor and end on it, well short of the centre. Second: a zig-zag
that crosses the valley at every step and narrows towards the centre. Third: a few long jumps across the valley,
then ever shorter steps that end at the centre.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import runs, style
from figures.palette import Palette

PAGE = "learn/the-bowl"
TITLES = {"crawl": "Small", "bounce": "Large", "decay": "Decaying"}


def data() -> dict[str, np.ndarray]:
    paths = runs.three_paths()
    columns = {"step": np.arange(len(paths["crawl"].losses))}
    for role, run in paths.items():
        name = TITLES[role].lower()
        columns |= {
            f"{name} eta": run.etas,
            f"{name} w1": run.iterates[:, 0],
            f"{name} w2": run.iterates[:, 1],
        }
    return columns


def draw(colours: Palette) -> Figure:
    fig, axes = style.panels(3, height=(2.3, 2.9))
    for ax, (role, run) in zip(axes, runs.three_paths().items(), strict=True):
        _contours(ax, colours)
        x, y = run.iterates.T
        ax.plot(x, y, color=getattr(colours, role), linewidth=1.1)
        size = 34 * np.append(run.etas, run.etas[-1]) / run.etas[0] if role == "decay" else 17
        mark = colours.mark(role)
        ax.scatter(x, y, s=size, color=mark["color"], marker=mark["marker"], zorder=3, linewidths=0)
        ax.plot(0, 0, "+", color=colours.ink, markersize=9, zorder=4)
        ax.set_title(f"{TITLES[role]}\n{runs.BOWL_LABELS[role]}", color=getattr(colours, role))
        ax.label_outer()
    return fig


def _contours(ax, colours: Palette) -> None:
    bowl = runs.bowl()
    grid = np.stack(np.meshgrid(np.linspace(-4.6, 2.2, 160), np.linspace(-2.3, 2.3, 120)))
    loss = bowl.loss(grid)
    ax.contour(*grid, loss, levels=style.levels(0, 45, 12), colors=colours.muted, linewidths=0.45, alpha=0.7)
    ax.set_aspect("equal")
    ax.set(xlim=(-4.6, 2.2), ylim=(-2.3, 2.3), xlabel="$w_1$ (flat)", xticks=[-4, -2, 0, 2], yticks=[-2, 0, 2])
    ax.set_ylabel("$w_2$ (steep)")
