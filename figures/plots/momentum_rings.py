"""Momentum can ring far below its limit: the peaks shrink by a constant share.

Caption: Heavy ball with $\\beta$ = {{ n.rings_beta }} on one direction, $\\eta\\lambda$ = {{ n.rings_product }}, where
its limit is {{ n.rings_limit }}. The dashed line through the peaks falls by the factor $\\beta$ a step.

Alt: Loss on a logarithmic axis against step: arches side by side, all of one width, with sharp dips between them.
Their tops lie on a straight falling line.
"""

import numpy as np

from figures import beside, style
from figures.facts import number, percent
from lrsim import descend, landscapes, optimizers, stability

PAGE = "my-loss-exploded"
BETA, ETA, SHOWN = 0.9, 0.5, 60


def run(eta=ETA):
    return descend(landscapes.bowl([1.0]), [1.0], eta, 400, optimizer=optimizers.heavy_ball(BETA))


def peaks(losses):
    """The steps of the local maxima."""
    return 1 + np.flatnonzero((losses[1:-1] > losses[:-2]) & (losses[1:-1] > losses[2:]))


def period(losses, count=40):
    tops = peaks(losses)[: count + 1]
    return (tops[-1] - tops[0]) / (len(tops) - 1)


def share(losses, count=40):
    """By what the peaks shrink a step."""
    tops = peaks(losses)[: count + 1]
    return (losses[tops[-1]] / losses[tops[0]]) ** (1 / (tops[-1] - tops[0]))


def facts() -> dict[str, str]:
    losses, limit = run().losses, stability.threshold(1.0, optimizer=optimizers.heavy_ball(BETA))
    beta, halved = share(losses), run(ETA / 2).losses
    return {
        "rings_beta": number(BETA),
        "rings_product": number(ETA),
        "rings_limit": number(limit),
        "rings_share": number(beta, 2),
        "rings_period": number(period(losses)),
        "rings_found": number(1 + beta - 2 * beta**0.5 * np.cos(np.pi / period(losses)), 2),
        "rings_from": percent((1 - BETA**0.5) ** 2 / limit, 1),
        "rings_halved_period": number(period(halved)),
        "rings_halved_share": number(share(halved), 2),
    }


def data():
    return beside.curve(run().losses[: SHOWN + 1])


def draw(colours):
    fig, ax = beside.panel()
    losses = data()["loss"]
    tops = peaks(losses)
    ax.semilogy(losses, **colours.line("bounce") | {"linestyle": "-"})
    ax.semilogy(tops, losses[tops], markersize=4.5, **colours.mark("bounce") | {"linestyle": "--", "linewidth": 0.9})
    style.label(ax, 33, losses[tops[0]] * BETA ** (33 - tops[0]), r"peaks: $\times\,\beta$ a step", colours.bounce,
                va="bottom", xytext=(2, 3))  # fmt: skip
    ax.set(xlabel="step $t$", ylabel="loss $L$", ylim=(1e-5, 1), yticks=[1e-4, 1e-2, 1], xlim=(0, SHOWN))
    return fig
