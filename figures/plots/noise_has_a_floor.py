"""Noise from minibatches: the loss falls to a level and stays there, ragged.

Caption: One direction at $\\eta\\lambda$ = {{ n.floor_product }}, noise of $\\sigma$ = {{ n.floor_sigma }} in every
gradient. The line is the floor that was computed, $\\eta\\sigma^2/(2(2-\\eta\\lambda))$.

Alt: Loss against step. It falls steeply from its start and is then ragged without end about a level line, the floor,
with peaks several times as high.
"""

import numpy as np

from figures import beside, style
from figures.facts import number
from lrsim import descend, landscapes, stability

PAGE = "my-loss-exploded"
ETA, NOISE, START, SHOWN, LONG = 0.2, 1.0, 1.2, 160, 40_000


def run(steps):
    return descend(landscapes.bowl([1.0]), [START], ETA, steps, noise=NOISE, rng=3)


def facts() -> dict[str, str]:
    losses = run(LONG).losses[200:]
    alike = np.corrcoef(losses[1:], losses[:-1])[0, 1]

    def sinks(product):
        """By what halving η divides the floor."""
        return number(stability.noise_floor(1, product, NOISE) / stability.noise_floor(1, product / 2, NOISE))

    return {
        "floor_product": number(ETA),
        "floor_sigma": number(NOISE),
        "floor_spread": number(losses.std() / losses.mean(), 2),
        "floor_alike": number(alike, 2),
        "floor_low": number(1 - alike**0.5, 2),
        "floor_high": number(1 + alike**0.5, 2),
        "floor_halved": sinks(ETA),
        "floor_halved_high": sinks(2 - ETA),
        "floor_other": number(2 - ETA),
    }


def data():
    return beside.curve(run(SHOWN).losses)


def draw(colours):
    fig, ax = beside.panel()
    ax.plot(data()["loss"], **colours.line("crawl") | {"linewidth": 1.3})
    style.threshold(ax, stability.noise_floor(1, ETA, NOISE), "", colour=colours.ink)
    style.label(ax, SHOWN / 2, 0.4, "ragged, about one level", colours.crawl, ha="center")
    ax.set(xlabel="step $t$", ylabel="loss $L$", ylim=(0, 0.75), yticks=[0, 0.3, 0.6], xlim=(-2, SHOWN))
    return fig
