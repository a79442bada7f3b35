"""Start higher above the threshold or decay slower, and the hump grows by powers of ten.

Caption: How many times its start the steep direction reaches under $\\eta_0/(1+kt)$: each line joins the pairs for
which it is as many as is written at it, and to the right and below it is more. Solid lines are exact, the dashes on
them the formula above. The mark is $\\eta_0$ = {{ n.hump_eta0 }}, $k$ =
{{ n.hump_k }} on the canonical bowl: {{ n.peaks_hump }} times in distance, and the square of that in loss.

Alt: A map over the first rate, from one to four thresholds, and the decay k on a logarithmic axis. The shade is faint
at the left and at the top, where it says "a low hump", and grows strong over "a high hump" in the middle towards "a
mountain" at the lower right, with a contour line every few powers of ten. The formula's dashes lie on the solid
lines.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import stability

PAGE = "learn/decay"
FILLED = True
STARTS = np.linspace(1, 4, 49)  # η₀ in thresholds
KS = np.geomspace(0.02, 1, 49)
TENS = {1: 2.3, 3: 2.6, 6: 2.9, 12: 3.2, 24: 3.5}  # powers of ten, and where along η₀ the label stands


def facts() -> dict[str, str]:
    curvature = stability.sharpness(runs.canonical())
    return {"peaks_hump": number(stability.inverse_time_peak(runs.HUMP_ETA0, runs.HUMP_K, curvature).amplitude)}


def data() -> dict[str, np.ndarray]:
    start, k = (grid.ravel() for grid in np.meshgrid(STARTS, KS))
    return {"eta0 over threshold": start, "k": k, "log10 of the peak": _exact().ravel()}


def _exact() -> np.ndarray:
    """For a curvature of 2, whose threshold is 1."""
    return stability.inverse_time_peak(STARTS, KS[:, None], 2.0).log_amplitude / np.log(10)


def _formula() -> np.ndarray:
    a = 2 * STARTS
    p = 1 / a
    entropy = -p * np.log(p) - (1 - p) * np.log1p(-p)
    return (a / KS[:, None] * (np.log(2) - entropy) + np.log(a - 1) / 2) / np.log(10)


def _slowness(start: float, ten: float) -> float:
    """The k at which the formula's peak from `start` is 10^`ten`: its first term alone depends on k."""
    column = [np.interp(start, STARTS, row) for row in _formula()]
    return float(np.exp(np.interp(-ten, -np.array(column), np.log(KS))))


def draw(colours: Palette) -> Figure:
    fig, (ax,) = style.panels(1, height=(3.7, 3.9))
    ax.set_yscale("log")
    exact = _exact()
    ramp = LinearSegmentedColormap.from_list("hump", [colours.paper, colours.decay])
    levels = np.concatenate([[0], np.geomspace(0.1, 64, 40)])
    ax.contourf(STARTS, KS, np.clip(exact, 0, 64), levels=levels, colors=ramp(np.linspace(0, 0.75, 40)))
    ax.contour(STARTS, KS, exact, levels=list(TENS), colors=colours.ink, linewidths=1.1)
    ax.contour(
        STARTS, KS, _formula(), levels=list(TENS), colors=colours.paper, linewidths=1.6, linestyles=[(0, (3, 4))]
    )
    for ten, x in TENS.items():
        text = rf"$\mathdefault{{10^{{{ten}}}}}$" if ten > 1 else "10 times its start"
        style.label(ax, x, _slowness(x, ten), text, colours.ink, ha="right", va="bottom", xytext=(-1, 2))
    start = runs.HUMP_ETA0 / stability.threshold(runs.canonical())
    ax.plot(start, runs.HUMP_K, markersize=9, markeredgecolor=colours.paper, **colours.mark("decay"))
    style.label(ax, start, runs.HUMP_K, facts()["peaks_hump"], colours.ink, ha="right", xytext=(-8, 0))
    for words, x, k in (("a low hump", 1.8, 0.36), ("a high hump", 3.8, 0.5), ("a mountain", 3.95, 0.0255)):
        style.label(ax, x, k, words, colours.ink, ha="right", fontsize=11)
    style.label(ax, 1.04, 0.78, "solid: exact\ndashes: formula", colours.ink, fontweight=400, fontsize=9)
    ax.set(xlabel=r"first rate $\eta_0$ (in thresholds $2/\lambda_{\max}$)", ylabel="decay $k$ (1/step)")
    ax.set_xticks([1, 2, 3, 4])
    ax.set_yticks([0.02, 0.1, 1], ["0.02", "0.1", "1"])
    return fig
