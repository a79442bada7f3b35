"""All reach the same highest rate, and differ in how early they give it up.

Caption: Eight schedules over the same {{ n.family_steps }} steps, drawn as a share of the largest rate $\\eta_0$. The
number in each panel is the mean of $\\eta_t/\\eta_0$: how much of the constant rate's total $\\sum_t \\eta_t$ is
left. Only the constant, the inverse-time and the inverse-square-root rates have sums that grow without bound.

Alt: Eight small panels of learning rate against step, each with the area under it shaded. Constant stays at the
top. Inverse square root and inverse time drop at once and flatten out, exponential drops faster, step decay falls
in three stairs, cosine stays high and then glides to zero, a straight line falls evenly to zero, and warmup
followed by cosine climbs first and then glides to zero.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.facts import percent
from figures.palette import Palette
from lrsim import schedules

PAGE = "learn/decay"
STEPS = 60
FAMILY = {
    "constant": schedules.constant(1.0),
    "inverse square root": schedules.inverse_sqrt(1.0, k=0.15),
    "inverse time": schedules.inverse_time(1.0, k=0.15),
    "exponential": schedules.exponential(1.0, factor=0.92),
    "step decay": schedules.step_decay(1.0, factor=0.3, every=15),
    "straight line": schedules.polynomial(1.0, STEPS),
    "cosine": schedules.cosine(1.0, STEPS),
    "warmup, then cosine": schedules.warmup(10, then=schedules.cosine(1.0, STEPS - 10)),
}
FORMULAS = (
    r"$\eta_0$",
    r"$\eta_0/\sqrt{1+kt}$",
    r"$\eta_0/(1+kt)$",
    r"$\eta_0\,g^{\,t}$",
    r"$\eta_0\,g^{\lfloor t/s\rfloor}$",
    r"$\eta_0\,(1-t/T)$",
    r"$\frac{1}{2}\eta_0\,(1+\cos\pi t/T)$",
    r"first up, then down",
)


def facts() -> dict[str, str]:
    return {"family_steps": str(STEPS)}


def data() -> dict[str, np.ndarray]:
    t = np.arange(STEPS)
    return {"step": t} | {name: schedule(t) for name, schedule in FAMILY.items()}


def draw(colours: Palette) -> Figure:
    fig, (whole,) = style.panels(1, height=(3.9, 7.2))
    whole.remove()
    shape = (4, 2) if style.narrow() else (2, 4)
    axes = fig.subplots(*shape, sharex=True, sharey=True)
    t = np.arange(STEPS)
    for ax, (name, schedule), formula in zip(axes.flat, FAMILY.items(), FORMULAS, strict=True):
        role = "ink" if name == "constant" else "decay"
        colour = getattr(colours, role)
        eta = schedule(t)
        stairs = "steps-post" if name == "step decay" else "default"
        ax.fill_between(t, eta, step="post" if stairs != "default" else None, color=colour, alpha=0.12, linewidth=0)
        ax.plot(t, eta, drawstyle=stairs, color=colour, linewidth=1.9, clip_on=False)
        ax.axhline(1, color=colours.muted, linewidth=0.6, zorder=1)
        ax.set_title(f"{name}\n{formula}", color=colour, linespacing=1.55)  # a root reaches above its line
        ax.text(0.97, 0.9, f"mean {percent(eta.mean(), 2)}", transform=ax.transAxes, ha="right", va="top", color=colour)
        ax.set(xlim=(0, STEPS), ylim=(0, 1.05), xticks=[0, 30, 60], yticks=[0, 1])
        ax.set(xlabel="step $t$", ylabel=r"$\eta_t/\eta_0$")
        ax.label_outer()
    return fig
