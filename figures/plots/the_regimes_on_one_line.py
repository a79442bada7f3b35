"""One number, ηλ_max, decides which of six things happens.

Caption: One direction, started at 1, {{ n.regimes_steps }} steps at each of six values of $\\eta\\lambda_{\\max}$.
Below 1 it approaches from one side, at 1 it arrives in one step, between 1 and 2 it crosses the minimum in every step
and still shrinks. At 2 it keeps its distance for ever, above 2 it grows, and at $\\eta = 0$ (frozen) it never moves.

Alt: A line of ηλ_max from 0 to beyond 2, in coloured stretches, with a small panel of coordinate against step for
each regime. At 0 the coordinate stays level: frozen. At {{ n.regimes_monotone }} it sinks to zero from above, and
at 1 it is there after one step: monotone. At {{ n.regimes_oscillating }} it changes sign in every step and narrows:
oscillating. At 2 it jumps between plus and minus one for ever: marginal. At {{ n.regimes_diverging }} the jumps
widen until they leave the panel: diverging.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import descend, landscapes, stability

PAGE = "learn/why-two-over-lambda"
PRODUCTS = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.2])
ROLES = ("ink", "crawl", "fast", "bounce", "edge", "diverge")
WORDS = ("never moves", "one side", "in one step", "crosses, shrinks", "crosses for ever", "crosses, grows")
STEPS = 8
END = 2.75


def facts() -> dict[str, str]:
    named = {"monotone": 1, "oscillating": 3, "diverging": 5}
    return {"regimes_steps": str(STEPS)} | {f"regimes_{name}": number(PRODUCTS[i]) for name, i in named.items()}


def data() -> dict[str, np.ndarray]:
    columns = {f"w at eta lambda {p:g}": path for p, path in zip(PRODUCTS, _paths(), strict=True)}
    return {"step": np.arange(STEPS + 1)} | columns


def _paths() -> np.ndarray:
    return descend(landscapes.bowl([1.0]), [1.0], PRODUCTS, STEPS).iterates[..., 0]


def draw(colours: Palette) -> Figure:
    fig, (line,) = style.panels(1, height=(2.6, 4.9))
    _line(line, colours)
    names = stability.regime(PRODUCTS, 1.0)
    for i, path in enumerate(_paths()):
        centre = 0.5 * i
        if style.narrow():
            box = (0.24, (centre + 0.25 - 0.2) / (END + 0.25), 0.42, 0.4 / (END + 0.25))
            bend = [(0.09, PRODUCTS[i]), (0.22, centre)]
        else:
            box = ((centre + 0.25 - 0.205) / (END + 0.25), 0.36, 0.41 / (END + 0.25), 0.5)
            bend = [(PRODUCTS[i], 0.1), (centre, 0.33)]
        line.plot(*zip(*bend, strict=True), color=colours.muted, linewidth=0.8, zorder=1)
        _panel(line.inset_axes(box), path, ROLES[i], f"{names[i]}\n{WORDS[i]}", colours)
    return fig


def _line(ax: Axes, colours: Palette) -> None:
    """ηλ_max itself: upright on a narrow sheet, level on a wide one."""
    upright = style.narrow()
    for low, high, role in ((0, 1, "crawl"), (1, 2, "bounce"), (2, END, "diverge")):
        ends = ([0.05, 0.05], [low, high]) if upright else ([low, high], [0.05, 0.05])
        ax.plot(*ends, **(colours.line(role) | {"linewidth": 5, "solid_capstyle": "butt"}))
    for product, role in zip(PRODUCTS, ROLES, strict=True):
        mark = {"color": colours.ink, "marker": "o"} if role == "ink" else colours.mark(role)
        place = (0.05, product) if upright else (product, 0.05)
        ax.plot(*place, markersize=8, zorder=4, markeredgecolor=colours.paper, **(mark | {"linestyle": "none"}))
    along, across = (ax.yaxis, ax.xaxis) if upright else (ax.xaxis, ax.yaxis)
    across.set_visible(False)
    along.set_ticks([0, 0.5, 1, 1.5, 2, 2.5])
    along.set_label_text(r"$\eta\lambda_{\max}$ (learning rate × largest curvature)")
    (ax.set_ylim if upright else ax.set_xlim)(-0.25, END)
    (ax.set_xlim if upright else ax.set_ylim)(0, 1)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _panel(ax: Axes, path: np.ndarray, role: str, title: str, colours: Palette) -> None:
    look = {"color": colours.ink, "marker": "o"} if role == "ink" else colours.mark(role)
    ax.axhline(0, color=colours.muted, linewidth=0.6, zorder=1)
    ax.plot(path, **(look | {"linestyle": "-", "linewidth": 1, "markersize": 3.5}))
    ax.set(xlim=(-0.6, STEPS + 0.6), ylim=(-1.95, 1.95), xticks=[], yticks=[])
    if style.narrow():
        style.label(ax, STEPS + 0.6, 0, title, look["color"], xytext=(8, 0), annotation_clip=False)
    else:
        ax.set_title(title, color=look["color"], fontsize=9.5, loc="center")
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.patch.set_color(colours.low)
