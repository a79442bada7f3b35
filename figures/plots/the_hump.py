"""From this start, decay from twice the threshold climbs before it settles.

Caption: Inverse-time decay from $\\eta_0$ = {{ n.hump_eta0 }}, twice the threshold, on the canonical bowl
(curvatures {{ n.flat }} and {{ n.steep }}) from ({{ n.hump_start_flat }}, {{ n.hump_start_steep }}). The loss,
{{ n.hump_start }} at first, dips, climbs to {{ n.hump_peak }} at step {{ n.hump_peak_step }}, where $\\eta_t$ sinks
through $2/\\lambda_{\\max}$ = {{ n.threshold }}, and only then falls: the bounce is dampened, after a hump.

Alt: Two panels over the step. In the first the learning rate sinks from {{ n.hump_eta0 }} and crosses the threshold
line at step {{ n.hump_crossing }}. In the second the loss, on a logarithmic axis, first dips, then climbs to a peak
at the step of that crossing, and then falls by several decades.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import runs, style
from figures.palette import Palette
from lrsim import stability

PAGE = "learn/decay"


def data() -> dict[str, np.ndarray]:
    run = runs.hump()
    return {"step": np.arange(len(run.losses)), "eta": run.etas, "loss": run.losses}


def draw(colours: Palette) -> Figure:
    fig, (rate, loss) = style.panels(2, height=3.1)
    run = runs.hump()
    limit = stability.threshold(runs.canonical())
    crossing = runs.hump_crossing()
    rate.plot(run.etas, markersize=4.5, **(colours.mark("decay") | {"linestyle": "-", "linewidth": 1}))
    style.threshold(rate, limit, r"threshold $2/\lambda_{\max}$", colour=colours.edge)
    rate.set(
        title="The rate sinks",
        ylim=(0, 0.215),
        ylabel=r"learning rate $\eta_t$ (1/curvature)",
        yticks=[0, 0.1, 0.2],
    )
    loss.semilogy(run.losses, markersize=4.5, **(colours.mark("decay") | {"linestyle": "-", "linewidth": 1}))
    loss.set(title="The loss climbs until then", ylabel="loss $L$", ylim=(1e-3, 1e3))
    loss.set_yticks([1e-3, 1e-2, 1e-1, 1, 10, 100, 1000])
    loss.grid(axis="y")
    for ax in (rate, loss):
        ax.axvline(crossing, color=colours.muted, linewidth=0.9, zorder=1)
        ax.set(xlabel="step $t$", xlim=(-1, len(run.etas)))
    style.label(loss, crossing + 0.8, 2.2e-3, f"$t_c$ = {crossing:.0f}", colours.muted)
    peak = int(np.argmax(run.losses))
    style.label(
        loss,
        peak,
        run.losses[peak],
        f"peak {run.losses[peak]:.1f}",
        colours.decay,
        va="bottom",
        xytext=(4, 4),
    )
    return fig
