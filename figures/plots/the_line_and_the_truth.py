"""Where the straight line of a low rate reaches zero, more than a third of the loss is left.

Caption: A low rate ($\\eta\\lambda$ = {{ n.line_a }}) on one parabola. Its first {{ n.line_window }} steps pass for a
straight line. That line, $L(0) - \\eta\\,\\lVert\\nabla L(0)\\rVert^2\\,t$, reaches zero at step {{ n.line_zero }},
where {{ n.line_left }} of the loss is still left.

Alt: Loss against step: a straight line from the start down to zero at step {{ n.line_zero }}, and the true loss, which
leaves the line within a shaded window of the first {{ n.line_window }} steps only slightly, then bends away above it
and is at {{ n.line_left }} where the line ends.
"""

import math

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.facts import number, percent
from figures.palette import Palette
from lrsim import Trajectory, descend, landscapes

PAGE = "learn/three-learning-rates"
PARABOLA = landscapes.bowl([1.0])
ETA, COARSE, STEPS, WINDOW = 0.001, 0.1, 1500, 100


def _run() -> Trajectory:
    return descend(PARABOLA, [10.0], ETA, STEPS)


def _zero(eta: float) -> int:
    """The step at which L(0) - η‖∇L(0)‖² t is zero."""
    start = np.array([1.0])
    return round(float(PARABOLA.loss(start)) / (eta * float(PARABOLA.gradient(start) @ PARABOLA.gradient(start))))


def _left(eta: float) -> float:
    losses = descend(PARABOLA, [1.0], eta, _zero(eta)).losses
    return float(losses[-1] / losses[0])


def facts() -> dict[str, str]:
    return {
        "line_a": number(ETA),
        "line_window": str(WINDOW),
        "line_zero": str(_zero(ETA)),
        "line_left": percent(_left(ETA)),
        "line_limit": percent(math.exp(-1)),
        "line_coarse": number(COARSE),
        "line_coarse_left": percent(_left(COARSE)),
    }


def data() -> dict[str, np.ndarray]:
    losses, step = _run().losses, np.arange(STEPS + 1)
    line = losses[0] * (1 - step[: _zero(ETA) + 1] / _zero(ETA))
    return {"step": step, "loss": losses, "line": line}


def draw(colours: Palette) -> Figure:
    fig, (curve,) = style.panels(1, height=3.3)
    columns, zero = data(), _zero(ETA)
    start = columns["loss"][0]
    style.band(curve, 0, WINDOW, vertical=True)
    curve.plot(columns["line"], color=colours.ink, linewidth=1, linestyle=(0, (5, 3)))
    curve.plot(columns["loss"], **colours.line("crawl") | {"linewidth": 2.2})
    curve.plot([zero, zero], [0, start * _left(ETA)], color=colours.muted, linewidth=0.9)
    curve.plot(zero, start * _left(ETA), markersize=7, zorder=4, **colours.mark("crawl"))
    style.label(curve, zero, start * _left(ETA), f"{percent(_left(ETA))} is left", colours.crawl, xytext=(8, 8))
    style.label(curve, 1000, 8.5, "the truth", colours.crawl, va="bottom")
    style.label(curve, 335, 12, "the line", colours.ink, ha="right", fontweight=400)
    style.label(curve, 112, 2, f"first {WINDOW}\nsteps", colours.muted, fontweight=400, va="bottom", fontsize=9)
    curve.set(title=rf"A low rate, $\eta\lambda$ = {ETA}", xlabel="step $t$", ylabel="loss $L$")
    curve.set(xlim=(0, STEPS), ylim=(0, 53), xticks=[0, 500, 1000, 1500], yticks=[0, 25, 50])
    return fig
