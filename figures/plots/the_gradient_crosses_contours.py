"""A step leaves its contour at a right angle, and seldom points at the minimum.

Caption: A tilted bowl (curvatures {{ n.cross_flat }} and {{ n.cross_steep }}); each arrow is a run's first step, square
to the contour it leaves. Only on the bowl's own two axes (dashed) is that the way to the minimum. At the enlarged
point the two are {{ n.cross_angle }}° apart.

Alt: First panel: tilted elliptical contours with the two axes of the ellipses dashed, and a ring of twelve arrows
around the minimum, each leaving its contour at a right angle; arrows that start on an axis aim at the centre, the
others aim past it towards the long axis. Second panel: a close look at one point, with the tangent of its contour, a
small square between tangent and arrow for the right angle, and a dotted line to the minimum that leaves at
{{ n.cross_angle }}° from the arrow.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import descend, landscapes

PAGE = "learn/why-two-over-lambda"
FLAT, STEEP = 1.0, 4.0
BOWL = landscapes.bowl([FLAT, STEEP], angle=0.5)
RING = BOWL.from_modes(np.stack([2.2 * np.cos(a := np.arange(12) * np.pi / 6), 1.1 * np.sin(a)]))
POINT = RING[:, 2]


def _steps(starts: np.ndarray, eta: float) -> np.ndarray:
    """The first step from each start, (2, n)."""
    iterates = descend(BOWL, starts, np.full(starts.shape[1], eta), 1).iterates
    return (iterates[:, 1] - iterates[:, 0]).T


def _angle() -> float:
    """Degrees between the first step and the way to the minimum."""
    step = _steps(POINT[:, None], 0.1)[:, 0]
    cosine = step @ -POINT / np.linalg.norm(step) / np.linalg.norm(POINT)
    return float(np.degrees(np.arccos(cosine)))


def facts() -> dict[str, str]:
    return {"cross_flat": number(FLAT), "cross_steep": number(STEEP), "cross_angle": number(_angle(), 2)}


def data() -> dict[str, np.ndarray]:
    (w1, w2), (s1, s2) = RING, _steps(RING, 0.16)
    return {"w1": w1, "w2": w2, "step w1": s1, "step w2": s2}


def draw(colours: Palette) -> Figure:
    fig, (ring, near) = style.panels(2, height=3.5)
    _contours(ring, colours, 2.9)
    for axis in BOWL.from_modes(3.6 * np.eye(2)).T:
        ring.plot(*np.stack([-axis, axis]).T, color=colours.muted, linewidth=0.9, linestyle=(0, (5, 3)))
    for start, step in zip(RING.T, _steps(RING, 0.16).T, strict=True):
        _arrow(ring, start, step, colours.crawl)
    ring.set(title="Arrows: one step down the slope", xlim=(-2.7, 2.7), ylim=(-2.4, 2.4))
    ring.plot(*POINT, "o", color=colours.ink, markersize=9, fillstyle="none")
    _close_up(near, colours)
    return fig


def _close_up(ax: Axes, colours: Palette) -> None:
    """One point: its tangent, its step at a right angle to that, and the way to the minimum."""
    _contours(ax, colours, 2.9)
    step = _steps(POINT[:, None], 0.16)[:, 0]
    down = step / np.linalg.norm(step)
    along = np.array([-down[1], down[0]])
    ax.plot(*np.stack([POINT - 0.85 * along, POINT + 0.85 * along]).T, color=colours.ink, linewidth=1)
    corner = [POINT + 0.14 * along, POINT + 0.14 * (along + down), POINT + 0.14 * down]
    ax.plot(*np.stack(corner).T, color=colours.ink, linewidth=1)
    ax.plot(*np.stack([POINT, np.zeros(2)]).T, color=colours.ink, linewidth=1.6, linestyle=(0, (1, 2)))
    _arrow(ax, POINT, step, colours.crawl)
    turns = [np.degrees(np.arctan2(*v[::-1])) for v in (-POINT, down)]
    ax.add_patch(Arc(tuple(POINT), 0.8, 0.8, theta1=turns[0], theta2=turns[1], color=colours.ink, linewidth=1))
    style.label(ax, POINT[0] - 0.02, POINT[1] - 0.56, f"{_angle():.0f}°", colours.ink, ha="center")
    (tip_x, tip_y), (end_x, end_y) = POINT + step, POINT + 0.85 * along
    style.label(ax, tip_x, tip_y, "the step", colours.crawl, xytext=(6, 2))
    plate = {"facecolor": colours.paper, "edgecolor": "none", "pad": 1}
    style.label(ax, 0.12, 0.32, "the way to\nthe minimum", colours.ink, ha="right", xytext=(-8, 14), bbox=plate)
    style.label(ax, end_x, end_y, "tangent", colours.ink, fontweight=400, ha="right", va="bottom")
    ax.set(title="One of them, enlarged", xlim=(-0.75, 1.65), ylim=(-0.25, 1.88), xticks=[0, 1], yticks=[0, 1])


def _arrow(ax: Axes, start: np.ndarray, step: np.ndarray, colour: str) -> None:
    look = {"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11}
    ax.annotate("", tuple(start + step), tuple(start), arrowprops=look)
    ax.plot(*start, "o", color=colour, markersize=4.5)


def _contours(ax: Axes, colours: Palette, reach: float) -> None:
    grid = np.stack(np.meshgrid(np.linspace(-reach, reach, 150), np.linspace(-reach, reach, 150)))
    levels = [BOWL.loss(RING[:, 0]) * (i / 4) ** 2 for i in (1, 2, 3, 4, 5, 6)]
    ax.contour(*grid, BOWL.loss(grid), levels=levels, colors=colours.muted, linewidths=0.7, alpha=0.7)
    ax.plot(0, 0, "+", color=colours.ink, markersize=9, zorder=4)
    ax.set(aspect="equal", xlabel="$w_1$", ylabel="$w_2$", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
