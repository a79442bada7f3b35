"""On a parabola two learning rates share one loss curve: the bounce does not show in it.

Caption: One parabola of curvature $\\lambda$, two rates: $\\eta\\lambda$ = {{ n.same_glide }} and its mirror image
$2 - \\eta\\lambda$ = {{ n.same_bounce }}. The loss depends on $(1-\\eta\\lambda)^2$, which is the same for both, so the
curves agree at every step. The weights do not: one run glides down one wall, the other jumps from wall to wall.

Alt: First panel, loss against step: a single falling curve on which the marks of both runs, circles and squares, lie
on top of each other. Second panel, weight against step: the circles sink smoothly from 1 towards 0 and stay positive;
the squares alternate above and below 0 inside a narrowing band whose upper edge the circles follow.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import Trajectory, descend, landscapes, stability

PAGE = "learn/the-bowl"
PARABOLA = landscapes.bowl([1.0])
GLIDE, STEPS = 0.2, 14


def _runs() -> dict[str, Trajectory]:
    etas = {"crawl": GLIDE, "bounce": stability.threshold(PARABOLA) - GLIDE}
    return {role: descend(PARABOLA, [1.0], eta, STEPS) for role, eta in etas.items()}


def facts() -> dict[str, str]:
    glide, bounce = _runs().values()
    return {"same_glide": number(glide.etas[0]), "same_bounce": number(bounce.etas[0])}


def data() -> dict[str, np.ndarray]:
    columns = {"step": np.arange(STEPS + 1)}
    for role, run in _runs().items():
        name = {"crawl": "glide", "bounce": "bounce"}[role]
        columns |= {f"{name} loss": run.losses, f"{name} w": run.iterates[:, 0]}
    return columns


def draw(colours: Palette) -> Figure:
    fig, (curve, path) = style.panels(2, height=3.2)
    glide, bounce = _runs().values()
    path.axhline(0, color=colours.muted, linewidth=0.9, zorder=1)
    for ax, first, second in (
        (curve, glide.losses, bounce.losses),
        (path, *(r.iterates[:, 0] for r in (glide, bounce))),
    ):
        ax.plot(second, **colours.line("bounce"))
        ax.plot(
            second, markersize=10 if ax is curve else 6, **colours.mark("bounce") | {"markerfacecolor": colours.paper}
        )
        ax.plot(first, **colours.line("crawl"))
        ax.plot(first, markersize=4.5, **colours.mark("crawl"))
        ax.set(xlabel="step $t$", xlim=(-0.5, STEPS + 0.5), xticks=[0, 5, 10])
    both = rf"$\eta\lambda$ = {glide.etas[0]:.1f} and $\eta\lambda$ = {bounce.etas[0]:.1f}"
    style.label(curve, 2.6, 0.23, both, colours.ink)
    style.label(path, 3.2, 0.62, rf"$\eta\lambda$ = {glide.etas[0]:.1f} glides", colours.crawl)
    style.label(path, 5.6, -0.55, rf"$\eta\lambda$ = {bounce.etas[0]:.1f} bounces", colours.bounce)
    curve.set(
        title="The loss: no difference", ylabel=r"loss $L\,/\,\lambda$", ylim=(-0.02, 0.55), yticks=[0, 0.25, 0.5]
    )
    path.set(title="The weight: all the difference", ylabel="weight $w$", ylim=(-1.15, 1.15), yticks=[-1, 0, 1])
    return fig
