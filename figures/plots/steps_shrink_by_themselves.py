"""On a parabola steps below the threshold shrink by themselves, and up to 1/λ half a rate takes the longer ones in
the end.

Caption: One parabola, curvature $\\lambda$ = 1, two constant rates: $\\eta$ = {{ n.shrink_eta }} and half of it. At
half the rate the first step is half as long. From $t$ = {{ n.shrink_cross }} on it is the longer one, because the
faster run is already closer to the minimum, where the slope is small.

Alt: First panel: a parabola with one run coming down its left wall at η = {{ n.shrink_eta }} and one coming down its
right wall at half that rate; the marks stand ever closer together towards the bottom, and the left run is nearer to
it. Second panel, step length against step: both fall along curves that flatten; the larger rate starts twice as
high, the two cross before step {{ n.shrink_cross }}, and the larger rate ends lower.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import style
from figures.facts import number
from figures.palette import Palette
from lrsim import Trajectory, descend, landscapes

PAGE = "learn/the-update-rule"
ETA, STEPS = 0.2, 20
PARABOLA = landscapes.bowl([1.0])


def _runs() -> dict[str, Trajectory]:
    """Left wall at η, right wall at η/2: the same height, so one picture holds both."""
    return {"full": descend(PARABOLA, [-1.0], ETA, STEPS), "half": descend(PARABOLA, [1.0], ETA / 2, STEPS)}


def _lengths(run: Trajectory) -> np.ndarray:
    return np.abs(np.diff(run.iterates[:, 0]))


def data() -> dict[str, np.ndarray]:
    columns = {"step": np.arange(STEPS + 1)}
    for name, run in _runs().items():
        columns |= {f"{name} eta": run.etas, f"{name} w": run.iterates[:, 0], f"{name} step length": _lengths(run)}
    return columns


def facts() -> dict[str, str]:
    full, half = map(_lengths, _runs().values())
    return {
        "shrink_eta": number(ETA),
        "shrink_cross": str(int(np.argmax(half > full))),
        "shrink_tenth": number(half[9] / full[9], 2),
    }


def draw(colours: Palette) -> Figure:
    fig, (wall, length) = style.panels(2, height=3.2)
    w = np.linspace(-1.12, 1.12, 121)
    wall.plot(w, PARABOLA.loss(w[None]), color=colours.muted, linewidth=1.1)
    for name, run in _runs().items():
        face = colours.crawl if name == "full" else colours.paper
        mark = colours.mark("crawl") | {"markerfacecolor": face, "markeredgewidth": 1.4}
        wall.plot(run.iterates[:, 0], run.losses, markersize=5.5, **mark, zorder=3)
        length.plot(_lengths(run), color=colours.crawl, linewidth=1.1)
        length.plot(_lengths(run), markersize=5.5, **mark, zorder=3)
    style.label(wall, -0.66, 0.36, rf"$\eta$ = {ETA}", colours.crawl)
    style.label(wall, 0.66, 0.36, rf"$\eta$ = {ETA / 2}", colours.crawl, ha="right")
    style.label(length, 1.9, 0.165, rf"$\eta$ = {ETA} (filled)", colours.crawl)
    style.label(length, 9.2, 0.068, rf"$\eta$ = {ETA / 2} (open)", colours.crawl)
    wall.set(title="Each mark ends a step", xlabel="weight $w$", ylabel="loss $L$")
    wall.set(xlim=(-1.15, 1.15), ylim=(-0.03, 0.64), xticks=[-1, 0, 1], yticks=[0, 0.25, 0.5])
    length.set(title="The length of each step", xlabel="step $t$", xlim=(-0.5, STEPS), xticks=[0, 5, 10, 15])
    length.set(ylabel=r"step length $\eta\,\Vert\nabla L\Vert$", ylim=(0, 0.215), yticks=[0, 0.1, 0.2])
    return fig
