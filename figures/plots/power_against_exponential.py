"""Without noise, inverse-time decay in the end makes a power law of an exponential fall.

Caption: The slow direction of a bowl with $\\kappa$ = {{ n.power_kappa }}, from $\\eta_0 = {{ n.power_share
}}/\\lambda_{\\max}$. At a constant rate the loss is down to {{ n.power_ratio }} of its start after {{
n.decay_constant_steps }} steps. Divided by $1+kt$ with $k$ = {{ n.power_k }} it falls as
$t^{-2\\eta_0\\lambda_{\\min}/k}$ and needs {{ n.decay_slow_steps }}.

Alt: Loss ratio against step, both on logarithmic axes, from one step to beyond {{ n.decay_slow_steps }} of them. The
constant rate stays level and then plunges like a wall, through {{ n.power_ratio }} at step
{{ n.decay_constant_steps }}. The decaying rate is a straight, gently falling line that crosses the same level only
after {{ n.decay_slow_steps }} steps.
"""

import math

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import landscapes, schedules, stability

PAGE = "learn/decay"
KAPPA, SHARE, K, RATIO = 100, 1.8, 0.1, 1e-6
ETA0 = SHARE / KAPPA  # the slow direction has curvature 1
STEPS = np.unique(np.round(np.geomspace(1, 9e18, 191))).astype(int)
EARLY = np.unique(np.round(np.geomspace(1, 1000, 91))).astype(int)


def facts() -> dict[str, str]:
    return {
        "power_kappa": number(KAPPA),
        "power_share": number(SHARE),
        "power_k": number(K),
        "power_ratio": number(RATIO),
    }


def data() -> dict[str, np.ndarray]:
    constant, decayed = _ratios()
    return {"step, constant": EARLY, "loss, constant": constant, "step, decay": STEPS, "loss, decay": decayed}


def _ratios() -> tuple[np.ndarray, np.ndarray]:
    """L(t)/L(0) in closed form: nobody can run 10¹⁸ steps."""
    return tuple(stability.inverse_time_product(ETA0, k, 1.0, t) ** 2 for k, t in ((0, EARLY), (K, STEPS)))


def draw(colours: Palette) -> Figure:
    fig, (ax,) = style.panels(1, height=3.5)
    constant, decayed = _ratios()
    ax.loglog(EARLY, constant, **colours.line("crawl"))
    ax.loglog(STEPS, decayed, **colours.line("decay"))
    bowl, start = landscapes.bowl([1, KAPPA]), [1.0, 0.0]
    style.threshold(ax, RATIO, "a millionth of the start", at=0.62)
    for role, eta in (("crawl", ETA0), ("decay", schedules.inverse_time(ETA0, k=K))):
        steps = float(stability.steps_to(RATIO, bowl, start, eta))
        ax.plot(steps, RATIO, markersize=8, zorder=4, **colours.mark(role))
        power = math.floor(math.log10(steps))
        text = f"{steps:.0f}" if power < 6 else rf"{steps / 10**power:.1f} × $\mathdefault{{10^{{{power}}}}}$"
        away = {"ha": "left", "xytext": (10, -10)} if role == "crawl" else {"ha": "right", "xytext": (-8, -12)}
        style.label(ax, steps, RATIO, f"{text} steps", getattr(colours, role), **away)
    ax.set(xlim=(1, 1e19), ylim=(1e-8, 10), xlabel="step $t$", ylabel="loss $L(t)/L(0)$")
    ax.set_xticks([1, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18])
    ax.set_yticks([1e-8, 1e-6, 1e-4, 1e-2, 1])
    style.label(ax, 250, 1e-4, f"constant\n$\\eta$ = {ETA0:g}", colours.crawl, xytext=(6, 0))
    style.label(ax, 3e9, 2e-2, rf"$\eta_t$ = {ETA0:g} / (1 + {K:g} t)", colours.decay)
    style.label(ax, 3e9, 4e-3, f"slope $-2\\eta_0\\lambda/k$ = −{2 * ETA0 / K:g}", colours.decay, fontweight=400)
    return fig
