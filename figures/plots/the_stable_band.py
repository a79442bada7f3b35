"""Every direction must stay inside the band, and the steepest leaves it first.

Caption: How much of a direction one step leaves, $|1-\\eta\\lambda|$, for the flat ($\\lambda$ = {{ n.flat }}) and the
steep ($\\lambda$ = {{ n.steep }}) direction of the canonical bowl. Below 1 it shrinks. The larger of the two decides;
it is least where the lines cross, at $\\eta^*$ = {{ n.eta_optimal }}.

Alt: Two V-shaped or falling lines over the learning rate. The steep direction's factor falls from 1 to 0 at
η = {{ n.one_over_max }} and climbs back to 1 at η = {{ n.threshold }}, where it leaves the shaded band of factors
below 1. The flat direction's factor sinks slowly from 1. They cross just before the threshold, at {{ n.eta_optimal }}.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import runs, style
from figures.palette import Palette
from lrsim import descend, landscapes, stability

PAGE = "learn/why-two-over-lambda"
RATES = np.linspace(0, 0.115, 231)


def _factor(curvature: float) -> np.ndarray:
    """|w_1/w_0| after one simulated step at each rate."""
    return abs(descend(landscapes.bowl([curvature]), [1.0], RATES, 1).iterates[:, 1, 0])


def data() -> dict[str, np.ndarray]:
    return {"eta": RATES} | {f"factor at lambda {c}": _factor(c) for c in runs.RATES_EIGENVALUES}


def draw(colours: Palette) -> Figure:
    fig, (ax,) = style.panels(1, height=3.4)
    flat, steep = map(_factor, runs.RATES_EIGENVALUES)
    bowl = runs.canonical()
    best, limit = stability.optimal_eta(bowl), stability.threshold(bowl)
    style.band(ax, 0, 1)
    ax.plot(RATES, flat, color=colours.ink, linewidth=1.4)
    split = [limit / 2 >= RATES, (limit / 2 <= RATES) & (limit >= RATES), limit <= RATES]
    for role, part in zip(("crawl", "bounce", "diverge"), split, strict=True):
        ax.plot(RATES[part], steep[part], **colours.line(role))
    ax.plot(best, 1 - best * min(runs.RATES_EIGENVALUES), markersize=8, zorder=4, **colours.mark("fast"))
    style.label(ax, best, 1 - best, rf"$\eta^*$ = {best:.4f}", colours.fast, ha="right", va="bottom", xytext=(-4, 16))
    style.threshold(ax, limit, r"$2/\lambda_{\max}$", vertical=True, at=0.1, colour=colours.edge)
    style.threshold(ax, limit / 2, r"$1/\lambda_{\max}$", vertical=True, at=0.98)
    style.label(ax, 0.02, 0.985, r"flat, $\lambda$ = 1", colours.ink, va="bottom", xytext=(0, 3))
    style.label(ax, 0.003, 0.2, "steep: shrinks,\nsame side", colours.ink)
    style.label(ax, 0.073, 0.36, "shrinks,\nother side", colours.ink)
    style.label(ax, 0.1065, 1.05, "grows", colours.diverge)
    ax.set(xlim=(0, 0.115), ylim=(0, 1.3), yticks=[0, 0.5, 1])
    ax.set_xlabel(r"learning rate $\eta$ (1/curvature)")
    ax.set_ylabel(r"factor per step $|1-\eta\lambda|$")
    return fig
