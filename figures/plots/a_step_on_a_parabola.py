"""The same curvature, four rates: one step lands short, on, across, or higher.

Caption: One step from the same point of the parabola $L = \\tfrac12\\lambda w^2$. The step is the arrow on the axis:
the tangent's slope says which way, and its length is $\\eta\\,|\\lambda w|$. Below $\\eta\\lambda = 1$ it lands
on the same side, between 1 and 2 on the other side but lower, above 2 higher than it was.

Alt: Four small panels, each with the same parabola, the starting point on its right wall, and below it, on the axis
of the weight, an arrow from where it stands to where one step takes it, over which it then is on the parabola. With
ηλ = {{ n.step_short }} it lands halfway down the same side; with 1 exactly at the bottom; with {{ n.step_across }} on
the left wall, lower than it was; with {{ n.step_higher }} on the left wall, higher than it was.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import descend, landscapes

PAGE = "learn/the-update-rule"
START = 1.0
FLOOR = -0.42  # the height at which the axis is drawn, with room between it and the parabola
PRODUCTS = {
    0.5: ("crawl", "lands short"),
    1.0: ("fast", "lands on it"),
    1.5: ("bounce", "across, lower"),
    2.3: ("diverge", "across, higher"),
}


def facts() -> dict[str, str]:
    short, _, across, higher = map(number, PRODUCTS)
    return {"step_short": short, "step_across": across, "step_higher": higher}


def data() -> dict[str, list[float]]:
    ends = [_step(product) for product in PRODUCTS]
    return {
        "eta lambda": list(PRODUCTS),
        "w before": [w[0] for w, _ in ends],
        "w after": [w[1] for w, _ in ends],
        "loss before": [loss[0] for _, loss in ends],
        "loss after": [loss[1] for _, loss in ends],
    }


def _step(product: float) -> tuple[np.ndarray, np.ndarray]:
    run = descend(landscapes.bowl([1.0]), [START], product, 1)
    return run.iterates[:, 0], run.losses


def draw(colours: Palette) -> Figure:
    fig, axes = style.panels(4, height=2.4, sharex=True, sharey=True)
    w = np.linspace(-1.6, 1.6, 121)
    for ax, (product, (role, what)) in zip(axes, PRODUCTS.items(), strict=True):
        (before, after), (high, low) = _step(product)
        colour = getattr(colours, role)
        ax.plot(w, landscapes.bowl([1.0]).loss(w[None]), color=colours.muted, linewidth=1.1)
        tangent = np.array([before - 0.55, before + 0.4])
        ax.plot(tangent, high + before * (tangent - before), color=colours.ink, linewidth=1)
        for x, loss, end in ((before, high, colours.ink), (after, low, colour)):
            ax.plot([x, x], [FLOOR, loss], color=end, linewidth=0.9, linestyle=(0, (1.5, 2)))
        _arrow(ax, before, after, colour)
        ax.plot(before, high, "o", color=colours.ink, markersize=6)
        ax.plot(after, low, markersize=8, **colours.mark(role))
        ax.set_title(rf"$\eta\lambda$ = {product}: {what}", color=colour)
        ax.set(xlim=(-1.6, 1.6), ylim=(FLOOR, 1.3), xticks=[-1, 0, 1], yticks=[0, 0.5, 1])
        ax.set_xlabel("weight $w$")
        ax.set_ylabel(r"loss $L\,/\,\lambda$")
    for ax in axes:
        if style.narrow():
            ax.tick_params(labelbottom=True, labelleft=True)
        else:
            ax.label_outer()
    return fig


def _arrow(ax: Axes, before: float, after: float, colour: str) -> None:
    """The step where its length is: on the axis of the weight."""
    look = {"arrowstyle": "-|>,head_width=0.28,head_length=0.5", "color": colour, "lw": 2.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (after, FLOOR), (before, FLOOR), arrowprops=look, annotation_clip=False)
    style.label(
        ax, (before + after) / 2, FLOOR, r"$\eta\,|\lambda w|$", colour, ha="center", va="bottom", xytext=(0, 5)
    )
