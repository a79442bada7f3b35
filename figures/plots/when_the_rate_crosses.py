"""How long a decaying rate stays above the threshold grows with its start, and with 1/k.

Caption: Left, $\\eta_t = \\eta_0/(1+kt)$ with $k$ = {{ n.crossing_k }} from several starts. It bounces ever wider
(dotted) until it sinks through $2/\\lambda_{\\max}$, at step $t_c = (\\eta_0\\lambda_{\\max}/2-1)/k$. Right, that
step against the start: each further threshold's worth of $\\eta_0$ costs $1/k$ more steps.

Alt: Left, three curves of learning rate against step, in units of the threshold, sink from {{ n.crossing_starts }}
times the threshold; each is dotted above the threshold line and solid below, with a mark where it crosses, later
the higher it began. Right, three straight lines through one threshold at step 0: the crossing step against the
start, steeper the smaller k is.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import schedules, stability

PAGE = "learn/decay"
K = 0.1
STARTS = np.array([2.0, 3.0, 4.0])  # η₀ in thresholds
KS = np.array([0.05, 0.1, 0.2])
STEPS = 40
RANGE = np.linspace(1, 4, 31)


def facts() -> dict[str, str]:
    named = [number(start) for start in STARTS]
    return {"crossing_k": number(K), "crossing_starts": f"{', '.join(named[:-1])} and {named[-1]}"}


def data() -> dict[str, np.ndarray]:
    columns: dict[str, np.ndarray] = {"step": np.arange(STEPS + 1)}
    columns |= {f"eta over threshold from {s:g}": eta for s, eta in zip(STARTS, _sinking(), strict=True)}
    columns |= {"eta0 over threshold": RANGE}
    return columns | {f"crossing step at k {k:g}": _crossing(RANGE, k) for k in KS}


def _sinking() -> np.ndarray:
    return schedules.inverse_time(STARTS, k=K)(np.arange(STEPS + 1))


def _crossing(start: Any, k: float) -> Any:
    """For a curvature of 2, whose threshold is 1."""
    return stability.inverse_time_crossing(start, k, 2.0)


def draw(colours: Palette) -> Figure:
    title = "The higher the start and the slower the decay, the longer the bounce grows"
    fig, (rate, step) = style.panels(2, height=3.2, title=title)
    t = np.arange(STEPS + 1)
    for start, eta in zip(STARTS, _sinking(), strict=True):
        crossing = _crossing(start, K)
        for part, role in ((t <= crossing, "diverge"), (t >= crossing, "decay")):
            rate.plot(t[part], eta[part], **colours.line(role))
        rate.plot(crossing, 1, markersize=8, zorder=4, markeredgecolor=colours.paper, **colours.mark("decay"))
        rate.vlines(crossing, 0, 1, color=colours.muted, linewidth=0.8, zorder=1)
    style.threshold(rate, 1, r"$2/\lambda_{\max}$", colour=colours.edge)
    for k in KS:
        step.plot(RANGE, _crossing(RANGE, k), **colours.line("decay"))
        style.label(step, 4, _crossing(4.0, k), f"$k$ = {k:g}", colours.decay, xytext=(6, 0))
    own = _crossing(STARTS, K)
    step.plot(STARTS, own, markersize=8, zorder=4, markeredgecolor=colours.paper, **colours.mark("decay"))
    rate.set(title=f"The rate sinks, $k$ = {K:g}", xlabel="step $t$", ylabel=r"$\eta_t$ (in thresholds)")
    rate.set(xlim=(-0.5, STEPS), ylim=(0, 4.15), xticks=[0, 10, 20, 30, 40], yticks=[0, 1, 2, 3, 4])
    step.set(
        title="The step at which it crosses", xlabel=r"first rate $\eta_0$ (in thresholds)", ylabel="$t_c$ (steps)"
    )
    step.set(xlim=(0.9, 4.7), ylim=(-1, 62), xticks=[1, 2, 3, 4], yticks=[0, 20, 40, 60])
    step.grid(axis="y")
    return fig
