"""In this bowl one rate crawls along the floor, one bounces between the walls, one jumps and then settles.

Caption: Height is loss, both axes of the floor have one scale, and the dotted ring is the start's own loss,
{{ n.three_d_start }}; a mark's area is the rate of the next step. The small rate slides to the floor and crawls, the
large one jumps from wall to wall, lower each time. The decaying one lands higher than it started, up to
{{ n.three_d_peak }}, before its jumps shrink and it settles on the floor.

Alt: Three times the same deep and narrow bowl, seen along its valley, with contour lines on its inside and a dotted
ring at the height of the start, far up the back wall. First: a path slides down the wall and stops on the valley
floor, short of the centre. Second: straight jumps between the left and right walls, each landing lower, narrow
towards the centre. Third: the first jumps land on the walls above the ring; later ones are ever shorter and end at
the centre.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from figures.surface import Bowl, View, rgb

PAGE = "learn/the-bowl"
FILLED = True
BOWL = Bowl(runs.BOWL_EIGENVALUES, rim=17.5, height=4.0)
SIZE = 440, 490  # pixels of one bowl: at 200 dots an inch as large as its panel
VIEW = View(np.radians(-20), np.radians(46), target=(0.0, 0.0, 1.8), centre=(222.0, 300.0), zoom=57.0)
NAMES = {"crawl": "Small", "bounce": "Large", "decay": "Decaying"}


def facts() -> dict[str, str]:
    losses = runs.three_paths()["decay"].losses
    return {"three_d_start": number(losses[0]), "three_d_peak": number(losses.max())}


def data() -> dict[str, np.ndarray]:
    paths = runs.three_paths()
    columns = {"step": np.arange(runs.BOWL_STEPS + 1)}
    for role, run in paths.items():
        x, y = run.iterates.T
        columns |= {
            f"{NAMES[role].lower()} {name}": values for name, values in (("w1", x), ("w2", y), ("loss", run.losses))
        }
    return columns


def draw(colours: Palette) -> Figure:
    fig, axes = style.panels(3, height=(3.0, 3.0))
    ground = _ground(colours)
    for ax, (role, run) in zip(axes, runs.three_paths().items(), strict=True):
        ax.imshow(ground, interpolation="nearest")
        ring = VIEW.project(BOWL.ring(run.losses[0]))
        ax.plot(*ring.T, color=colours.ink, linewidth=0.9, linestyle=(0, (1, 2)))
        _path(ax, role, VIEW.project(BOWL.lift(run.iterates)), run.etas, colours)
        ax.set_title(f"{NAMES[role]}\n{runs.BOWL_LABELS[role]}", color=getattr(colours, role))
        ax.axis("off")
    return fig


def _ground(colours: Palette) -> np.ndarray:
    """The empty bowl as pixels; in steps of four shades, which nobody sees and which halve the file."""
    paper = np.array([*rgb(colours.paper), 255], dtype=np.uint8)
    image = np.tile(paper, (*SIZE[::-1], 1))
    BOWL.paint(image, VIEW, colours)
    coarse = np.minimum((image + 2.0) // 4 * 4, 255).astype(np.uint8)
    return np.where((image == paper).all(-1, keepdims=True), image, coarse)


def _path(ax: Axes, role: str, points: np.ndarray, etas: np.ndarray, colours: Palette) -> None:
    mark = colours.mark(role)
    ax.plot(*VIEW.project(np.zeros((1, 3))).T, "+", color=colours.ink, markersize=9, zorder=1)
    for colour, width in ((colours.paper, 2.6), (mark["color"], 1.2)):
        ax.plot(*points.T, color=colour, linewidth=width)
    style.iterates(ax, points, etas, mark)
