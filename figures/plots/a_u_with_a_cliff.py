"""On a bowl the loss after a fixed number of steps, over all rates, is a U with a cliff.

Caption: What a constant rate leaves of the canonical bowl's loss after $T$ steps. A larger rate helps until close to
the threshold $2/\\lambda_{\\max}$ = {{ n.threshold }}; there the loss turns up, and the more steeply the longer the
run. Diamonds mark the best rate for each $T$: {{ n.cliff_first_best }} after {{ n.cliff_first }} steps, above the
threshold, {{ n.cliff_last_best }} after {{ n.cliff_last }}, and in the end $\\eta^*$ = {{ n.eta_optimal }}.

Alt: First panel, loss on a linear axis against learning rate, one curve for each of {{ n.cliff_list }} steps: each is
a U that falls along a curved left wall, is flat at the bottom and climbs a steep right wall, which stands the closer
to the threshold line at {{ n.threshold }} the more steps there were. Second panel, the same curves on a logarithmic
axis around the threshold, with a diamond at each lowest point; the diamonds move left with more steps, from beyond
the threshold towards the line of the optimal rate.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import descend, stability

PAGE = "learn/three-learning-rates"
STEPS = (5, 20, 100)
RATES = np.linspace(0, 0.16, 1601)
NAMED = {5: 39, 20: 22, 100: 5}  # the loss at which a curve's name stands right of its left wall


def _losses() -> np.ndarray:
    """Loss after each number of steps at each rate, (len(STEPS), len(RATES))."""
    return descend(runs.canonical(), runs.RATES_START, RATES, max(STEPS)).losses[:, list(STEPS)].T


def facts() -> dict[str, str]:
    best = RATES[_losses().argmin(axis=1)]
    return {
        "cliff_first": str(STEPS[0]),
        "cliff_first_best": number(best[0], 2),
        "cliff_last": str(STEPS[-1]),
        "cliff_last_best": number(best[-1], 2),
        "cliff_list": ", ".join(map(str, STEPS[:-1])) + f" and {STEPS[-1]}",
    }


def data() -> dict[str, np.ndarray]:
    return {"eta": RATES} | {f"loss after {t} steps": row for t, row in zip(STEPS, _losses(), strict=True)}


def draw(colours: Palette) -> Figure:
    fig, (whole, near) = style.panels(2, height=3.7)
    bowl = runs.canonical()
    limit, best = stability.threshold(bowl), stability.optimal_eta(bowl)
    for ax in (whole, near):
        _curves(ax, colours, limit)
        ax.set(xlabel=r"learning rate $\eta$ (1/curvature)", ylabel="loss after $T$ steps")
    _whole(whole, colours, limit)
    style.threshold(near, limit, r"$2/\lambda_{\max}$", vertical=True, at=0.1, colour=colours.edge)
    near.axvline(best, color=colours.fast, linewidth=0.9, zorder=1)
    style.label(near, best, 2e4, r"$\eta^*$", colours.fast, ha="right", xytext=(-4, 0), fontsize=12)
    for steps, row in zip(STEPS, _losses(), strict=True):
        near.plot(RATES[row.argmin()], row.min(), markersize=7, zorder=4, **colours.mark("fast"))
        style.label(
            near, 0.0875, np.interp(0.0875, RATES, row), f"$T$ = {steps}", colours.ink, va="bottom", xytext=(0, 3)
        )
    style.label(near, 0.1135, 1e-3, "diverges", colours.diverge, ha="center")
    near.set(yscale="log", ylim=(1e-8, 1e5), yticks=[1e-8, 1e-6, 1e-4, 1e-2, 1, 100, 1e4])
    near.set(title="Logarithmic axis, around the threshold", xlim=(0.087, 0.128), xticks=[0.09, 0.1, 0.11, 0.12])
    return fig


def _whole(ax: Axes, colours: Palette, limit: float) -> None:
    """All rates, on a linear axis: there the U is one."""
    style.threshold(ax, limit / 2, r"$1/\lambda_{\max}$", vertical=True, side="right")
    style.threshold(ax, limit, r"$2/\lambda_{\max}$", vertical=True, side="right", colour=colours.edge)
    for steps, row in zip(STEPS, _losses(), strict=True):
        left = row[: row.argmin()]
        x = np.interp(-NAMED[steps], -left, RATES[: len(left)])
        style.label(ax, x, NAMED[steps], f"$T$ = {steps}", colours.ink, xytext=(5, 1))
    for role, x, word in (("crawl", 0.026, "glides"), ("bounce", 0.075, "bounces"), ("diverge", 0.134, "diverges")):
        style.label(ax, x, 58, word, getattr(colours, role), ha="center")
    ax.set(title="Linear axis", xlim=(0, 0.16), ylim=(0, 70), xticks=[0, 0.05, 0.1, 0.15], yticks=[0, 25, 50])


def _curves(ax: Axes, colours: Palette, limit: float) -> None:
    """Each curve in the line styles of its regimes."""
    ends = {"crawl": (0, limit / 2), "bounce": (limit / 2, limit), "diverge": (limit, np.inf)}
    for row in _losses():
        for role, (low, high) in ends.items():
            part = (low <= RATES) & (high >= RATES)
            ax.plot(RATES[part], row[part], **colours.line(role) | {"linewidth": 1.7})
