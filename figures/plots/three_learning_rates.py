"""Too low crawls; too high, started near the valley's floor, falls first and then explodes.

Caption: The same loss, the same start, three learning rates; an epoch (one pass over the data) is one step here. On
the linear axis the low rate ($\\eta$ = {{ n.eta_low }}) passes for a straight line; on the logarithmic axis every
stable run ends as one (the loss at the minimum is 0 here; elsewhere subtract it first). The high rate ($\\eta$ = {{
n.eta_high }}), only {{ n.high_over_threshold }} above the threshold $2/\\lambda_{\\max}$ = {{ n.threshold }}, removes
{{ n.high_fall }} of the loss by step {{ n.high_turn }}, then grows without end.

Alt: Two panels of loss against epoch. Left, linear axis: the low rate sinks in what looks like a straight line, the
optimal rate drops steeply and flattens out at zero, the high rate drops too and then shoots up out of the picture
near epoch {{ n.high_returns }}. Right, logarithmic axis: the low and optimal rates are straight lines with very
different slopes, and the high rate is a V whose lowest point is at epoch {{ n.high_turn }}.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import runs, style
from figures.palette import Palette

PAGE = "learn/three-learning-rates"


def data() -> dict[str, np.ndarray]:
    rates = runs.three_rates()
    epochs = np.arange(len(rates["fast"].losses))
    return {"epoch": epochs} | {f"loss at {name} eta": rates[role].losses for role, name in runs.RATES_NAMES.items()}


def draw(colours: Palette) -> Figure:
    fig, (linear, log) = style.panels(2, height=3.5)
    rates = runs.three_rates()
    for ax in (linear, log):
        for role, run in rates.items():
            ax.plot(run.losses, **colours.line(role))
        ax.set_xlabel("epoch $t$ (here one step each)")
        ax.set_ylabel("loss $L$")
    linear.set(title="Linear axis", xlim=(0, 120), ylim=(0, 60))
    log.set(title="Logarithmic axis", yscale="log", xlim=(0, 120), ylim=(1e-9, 1e9))
    log.set_yticks([1e-8, 1e-4, 1, 1e4, 1e8])
    log.grid(axis="y")
    _names(colours, linear, {"crawl": (62, 48.5), "fast": (50, 5), "diverge": (44, 27)})
    _names(colours, log, {"crawl": (80, 2), "fast": (40, 1e-7), "diverge": (42, 3e6)})
    return fig


def _names(colours: Palette, ax, places: dict[str, tuple[float, float]]) -> None:
    rates = runs.three_rates()
    for role, (x, y) in places.items():
        eta = rates[role].etas[0]
        text = f"{runs.RATES_NAMES[role]}\n$\\eta$ = {eta:.3g}"
        style.label(ax, x, y, text, getattr(colours, role))
