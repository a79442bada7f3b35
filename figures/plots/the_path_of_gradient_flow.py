"""Small steps follow the gradient's flow: down to the valley floor first, along it afterwards.

Caption: The path of gradient flow (line) and the iterates of two rates, in the bowl with $\\kappa$ = {{ n.flow_kappa
}}. On logarithmic axes the flow is a straight line of slope $\\kappa$. The slope of $\\eta$ = {{ n.flow_small }} is
{{ n.flow_slope_small }}, that of $\\eta$ = {{ n.flow_large }} is {{ n.flow_slope_large }}.

Alt: Two panels. Left, the plane of the two coordinates: a smooth curve drops from the start at the upper left to
the valley floor and then runs along it to the minimum. The dots of the smaller rate lie almost on it; the hollow
circles of the larger rate fall below it and reach the floor in four steps. Right, both coordinates on logarithmic
axes: the flow is a straight line, the smaller rate a slightly steeper one, the larger rate a much steeper one.
"""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import Trajectory, descend

PAGE = "learn/the-bowl"
LARGE_ETA = 0.07
STEPS = {runs.SMALL_ETA: 60, LARGE_ETA: 11}
FILLS = {runs.SMALL_ETA: "crawl", LARGE_ETA: "paper"}  # both crawl: full marks and hollow ones tell them apart


def facts() -> dict[str, str]:
    flat, steep = runs.BOWL_EIGENVALUES
    slopes = {eta: _slope(eta) for eta in STEPS}
    return {
        "flow_kappa": number(steep / flat),
        "flow_small": number(runs.SMALL_ETA),
        "flow_large": number(LARGE_ETA),
        "flow_slope_small": number(slopes[runs.SMALL_ETA]),
        "flow_slope_large": number(slopes[LARGE_ETA]),
    }


def _slope(eta: float) -> float:
    flat, steep = runs.BOWL_EIGENVALUES
    return math.log(abs(1 - eta * steep)) / math.log(1 - eta * flat)


def data() -> dict[str, np.ndarray]:
    columns: dict[str, np.ndarray] = {}
    for eta, run in _runs().items():
        columns |= {f"w{i + 1} at eta {eta}": run.iterates[:, i] for i in (0, 1)}
    x, y = _flow()
    return columns | {"w1 of the flow": x, "w2 of the flow": y}


def _runs() -> dict[float, Trajectory]:
    return {eta: descend(runs.bowl(), runs.BOWL_START, eta, steps) for eta, steps in STEPS.items()}


def _flow() -> tuple[np.ndarray, np.ndarray]:
    """The curve w₂ = w₂(0) (w₁/w₁(0))^κ through the start."""
    (flat, steep), (x, y) = runs.BOWL_EIGENVALUES, runs.BOWL_START
    share = np.geomspace(1, 0.01, 120)
    return x * share, y * share ** (steep / flat)


def draw(colours: Palette) -> Figure:
    fig, (plane, logs) = style.panels(2, height=2.7, width_ratios=None if style.narrow() else (1.9, 1))
    flow = _flow()
    for ax, sign in ((plane, 1), (logs, -1)):
        ax.plot(sign * flow[0], flow[1], color=colours.ink, linewidth=1.2, zorder=1)
        for eta, run in _runs().items():
            mark = colours.mark("crawl") | {"linestyle": "-", "linewidth": 0.9, "markeredgewidth": 1.1}
            size = 3 if eta == runs.SMALL_ETA else 6
            fill = getattr(colours, FILLS[eta])
            ax.plot(sign * run.iterates[:, 0], run.iterates[:, 1], markersize=size, markerfacecolor=fill, **mark)
    _plane(plane, colours)
    _logs(logs, colours)
    return fig


def _plane(ax: Axes, colours: Palette) -> None:
    bowl = runs.bowl()
    grid = np.stack(np.meshgrid(np.linspace(-4.3, 0.4, 120), np.linspace(-0.8, 1.3, 60)))
    ax.contour(*grid, bowl.loss(grid), levels=style.levels(0, 16, 9), colors=colours.muted, linewidths=0.45, alpha=0.7)
    ax.plot(0, 0, "+", color=colours.ink, markersize=9, zorder=4)
    ax.set_aspect("equal")
    ax.set(title="The plane", xlabel="$w_1$ (flat)", ylabel="$w_2$ (steep)", xticks=[-4, -2, 0], yticks=[0, 1])
    style.label(ax, -3.25, 0.24, f"$\\eta$ = {runs.SMALL_ETA}", colours.crawl, over=True)
    style.label(ax, -4.0, -0.25, f"$\\eta$ = {LARGE_ETA}", colours.crawl, over=True)
    style.label(ax, -0.95, 0.16, "flow", colours.ink, over=True)


def _logs(ax: Axes, colours: Palette) -> None:
    ax.set(title="Logarithmic axes", xscale="log", yscale="log", xlim=(0.95, 5), ylim=(1e-8, 3))
    ax.set(xlabel="$|w_1|$", ylabel="$|w_2|$", yticks=[1e-8, 1e-6, 1e-4, 1e-2, 1])
    ax.set_xticks([1, 2, 4], ["1", "2", "4"])
    ax.set_xticks([], minor=True)
    ax.grid(axis="y")
    _, kappa = runs.BOWL_EIGENVALUES
    style.label(ax, 1.5, 2e-3, f"flow:\nslope {kappa:.0f}", colours.ink, ha="right", over=True)
    for eta, place in {runs.SMALL_ETA: (1.2, 1.5e-7), LARGE_ETA: (2.8, 4e-5)}.items():
        style.label(ax, *place, f"$\\eta$ = {eta}:\nslope {_slope(eta):.1f}", colours.crawl, over=True)
