"""Adam after a long calm on a parabola: a spike out of nothing, about as high as the learning rate.

Caption: Adam with its usual settings on one parabola, $\\eta$ = {{ n.adam_eta }}: the distance from the minimum. As
the gradient dies, $\\sqrt{s}$ forgets it, and $\\eta\\lambda/\\sqrt{s}$ passes the limit {{ n.adam_limit }} at step
{{ n.adam_passes }}.

Alt: Distance from the minimum on a logarithmic axis that spans hundreds of decades, against step. It sinks along a line
far below anything that single precision holds, and after about {{ n.adam_back }} steps jumps back up to
{{ n.adam_far }} within a few steps; shorter dips and jumps follow.
"""

from functools import cache

import numpy as np

from figures import beside, style
from figures.facts import number
from lrsim import descend, landscapes, optimizers, stability

PAGE = "my-loss-exploded"
ETA, STEPS, EPS = 0.01, 18_000, 1e-3


@cache
def distance(eps=1e-8, eta=ETA):
    run = descend(landscapes.bowl([1.0]), [1.0], eta, STEPS, optimizer=optimizers.adam(eps=eps))
    return np.abs(run.iterates[:, 0])


def back():
    """The step at which it is back at η for the first time after the calm."""
    calm = int(distance()[:10_000].argmin())
    return calm + int(np.argmax(distance()[calm:] > ETA / 2))


def passes():
    """The first step at which ηλ/(√ŝ + ε) passes Adam's limit; s is the running mean of g² = x²."""
    mean, decay = 0.0, 0.999
    for t, x in enumerate(distance()):
        mean = decay * mean + (1 - decay) * x * x
        if ETA / (np.sqrt(mean / (1 - decay ** (t + 1))) + 1e-8) > stability.threshold(
            1.0, optimizer=optimizers.adam()
        ):
            return t
    raise ValueError("it never passes")


def facts() -> dict[str, str]:
    return {
        "adam_eta": number(ETA),
        "adam_limit": number(stability.threshold(1.0, optimizer=optimizers.adam())),
        "adam_passes": str(passes()),
        "adam_back": str(back()),
        "adam_far": number(distance()[back() :].max(), 2),
        "adam_eps": number(EPS),
        "adam_eps_product": number(ETA / EPS),
    }


def data():
    shown = np.arange(0, STEPS + 1, 20)
    return {"step": shown, "distance": distance()[shown]}


def draw(colours):
    fig, ax = beside.panel()
    shown = data()
    ax.semilogy(shown["step"], np.maximum(shown["distance"], 1e-305), color=colours.bounce, linewidth=1.3)
    style.label(ax, back(), 1e-30, "a spike", colours.bounce, ha="right", xytext=(-6, 0))
    ax.set(xlabel="step $t$", ylabel=r"distance $|w-w^*|$", ylim=(1e-306, 1e25), xlim=(0, STEPS))
    ax.set_yticks([1e-300, 1e-200, 1e-100, 1])
    ax.set_xticks([0, 5000, 10_000, 15_000], ["0", "5000", "10 000", "15 000"])
    return fig
