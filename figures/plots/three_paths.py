"""From one start a small rate crawls, a large one zig-zags, and one that decays jumps first, then settles.

Caption: Three runs of {{ n.paths_steps }} steps; each mark is where a step ends, its area the rate of the next one.
The small rate drops to the valley floor and crawls along it; the large one, still below the limit
$2/\\lambda_{\\max}$ = {{ n.paths_threshold }}, jumps from wall to wall. The decaying one starts above the limit, leaps
across the valley, and settles on its floor.

Alt: Three contour maps of the same elongated bowl, each with a path from the upper left towards the minimum, and a
second map each of the surroundings of the minimum, enlarged. First: small steps that drop to the valley floor and end
on it, well short of the centre. Second: a zig-zag that crosses the valley at every step and narrows towards the
centre. Third: a few long jumps across the valley, then ever shorter steps along the valley, almost to the centre.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from figures import runs, style
from figures.palette import Palette
from lrsim import Trajectory

PAGE = "learn/the-bowl"
WHOLE = -4.6, 2.2, -2.3, 2.3  # left, right, low, high
NEAR = -0.88, 0.12, -0.34, 0.34
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
    fig, axes = style.panels(3, rows=2, height=(2.0, 1.75))
    for whole, near, (role, run) in zip(axes[:3], axes[3:], runs.three_paths().items(), strict=True):
        for ax, box in ((whole, WHOLE), (near, NEAR)):
            _contours(ax, colours, box)
            _path(ax, role, run, colours)
        whole.set(xticks=[-4, -2, 0, 2], yticks=[-2, 0, 2])
        near.set(xticks=[-0.8, -0.4, 0], yticks=[-0.3, 0, 0.3])
        whole.indicate_inset(_bounds(NEAR), edgecolor=colours.ink, linewidth=0.8, alpha=1)
        whole.set_title(f"{TITLES[role]}\n{runs.BOWL_LABELS[role]}", color=getattr(colours, role))
        near.set_title("near the minimum", fontsize=9.5, fontweight=400)
        if role == "crawl":
            text = f"not yet here:\nends at $w_1$ = \N{MINUS SIGN}{-run.iterates[-1, 0]:.1f}"
            style.label(near, -0.84, -0.2, text, colours.crawl, over=True)
    columns = (axes[:3], axes[3:]) if style.narrow() else zip(axes[:3], axes[3:], strict=True)
    for i, column in enumerate(columns):
        column[-1].set_xlabel("$w_1$ (flat)")
        for ax in column:
            ax.tick_params(labelleft=style.narrow() or i == 0, labelbottom=not style.narrow() or ax is column[-1])
            ax.set_ylabel("$w_2$ (steep)" if i == 0 else "")
    return fig


def _path(ax: Axes, role: str, run: Trajectory, colours: Palette) -> None:
    mark = colours.mark(role)
    ax.plot(*run.iterates.T, color=mark["color"], linewidth=0.8)
    style.iterates(ax, run.iterates, run.etas, mark)
    ax.plot(0, 0, "+", color=colours.ink, markersize=9, zorder=4)


def _contours(ax: Axes, colours: Palette, box: tuple[float, float, float, float]) -> None:
    left, right, low, high = box
    look = {"fill": False, "edgecolor": colours.muted, "linewidth": 0.45, "alpha": 0.7}
    for level in style.levels(0, high**2 * 8.5, 9):
        width, height = 2 * np.sqrt(2 * level / np.array(runs.BOWL_EIGENVALUES))
        ax.add_patch(Ellipse((0, 0), width, height, **look))
    ax.set_aspect("equal")
    ax.set(xlim=(left, right), ylim=(low, high))


def _bounds(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, right, low, high = box
    return left, low, right - left, high - low
