"""Where the straight line of a low rate reaches zero, more than a third of the loss is left.

Caption: A low rate ($\\eta\\lambda$ = {{ n.line_a }}) on one parabola. Its first {{ n.line_window }} steps pass for a
straight line. The line with the slope of the start, $L(0) - \\eta\\,\\lVert\\nabla L(0)\\rVert^2\\,t$, reaches zero at
step $1/(2\\eta\\lambda)$ = {{ n.line_zero }}; the true loss is then still {{ n.line_left }} of the start. The
remainder is $(1-\\eta\\lambda)^{1/(\\eta\\lambda)}$, which tends to $e^{-1}$ = {{ n.line_limit }} as $\\eta \\to 0$; at
$\\eta\\lambda$ = {{ n.line_coarse }} it is {{ n.line_coarse_left }}.

Alt: First panel, loss against step: a straight line from the start down to zero at step {{ n.line_zero }}, and the
true loss, which leaves the line within a shaded window of the first {{ n.line_window }} steps only slightly, then
bends away above it and is at {{ n.line_left }} where the line ends. Second panel: the share that is left there
against ηλ; the marks climb towards {{ n.line_limit }} at the left edge as the rate gets smaller.
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
ENDS = np.array([1, 2, 3, 4, 5, 6, 8, 10, 15, 25, 50, 100, 500])  # whole steps at which a line can reach zero


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
    rates = 1 / (2 * ENDS)
    return {"step": step, "loss": losses, "line": line, "eta lambda": rates, "left": [_left(eta) for eta in rates]}


def draw(colours: Palette) -> Figure:
    title = "Where the line of a low rate reaches zero, more than a third of the loss is left"
    fig, (curve, share) = style.panels(2, height=3.3, title=title)
    columns, zero = data(), _zero(ETA)
    start = columns["loss"][0]
    curve.axvspan(0, WINDOW, color=colours.low, linewidth=0, zorder=0)
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
    share.plot(columns["eta lambda"], 100 * np.array(columns["left"]), markersize=6, zorder=3, **colours.mark("crawl"))
    text = rf"$\eta\lambda$ = {COARSE}: {percent(_left(COARSE))}"
    style.threshold(share, 100 * math.exp(-1), rf"$e^{{-1}}$ = {percent(math.exp(-1))}")
    style.label(share, COARSE, 100 * _left(COARSE), text, colours.crawl, ha="right", va="top", xytext=(2, -9))
    share.set(
        title="Left where the line ends",
        xlabel=r"$\eta\lambda$ (logarithmic)",
        ylabel="share of the loss (%)",
        xscale="log",
    )
    share.set(xlim=(7e-4, 0.8), ylim=(0, 44), yticks=[0, 10, 20, 30, 40])
    share.set_xticks([0.001, 0.01, 0.1], ["0.001", "0.01", "0.1"])
    return fig
