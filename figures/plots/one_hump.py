"""A catapult: the loss jumps up once, comes back, and ends lower, where the curvature is less.

Caption: The valley $\\tfrac12(uv-1)^2$ from ({{ n.catapult_u }}, {{ n.catapult_v }}). $\\eta$ is {{ n.catapult_above }}
times the limit there, and {{ n.catapult_below }} of the limit where the run ends.

Alt: Loss on a logarithmic axis against step. It climbs for {{ n.catapult_peak_step }} steps to {{ n.catapult_times }}
times its start, then falls without another rise along a straight line, far below where it began.
"""

from figures import beside, style
from figures.facts import number, percent
from lrsim import descend, landscapes, stability

PAGE = "my-loss-exploded"
START, SHOWN = (3.0, 0.5), 14
ETA = 3 / sum(x * x for x in START)


def run():
    return descend(landscapes.product_valley(), START, ETA, 400)


def facts() -> dict[str, str]:
    valley, found = landscapes.product_valley(), run()
    first, last = (stability.sharpness(valley, w) for w in (found.iterates[0], found.iterates[-1]))
    halved = descend(valley, START, ETA / 2, 60).losses
    return {
        "catapult_halved_rises": str(int((halved[1:] > halved[:-1]).sum())),
        "catapult_u": number(START[0]),
        "catapult_v": number(START[1]),
        "catapult_above": number(ETA * first / 2, 2),
        "catapult_below": percent(ETA * last / 2, 2),
        "catapult_first": number(first, 2),
        "catapult_last": number(last, 2),
        "catapult_peak_step": str(int(found.losses.argmax())),
        "catapult_times": number(found.losses.max() / found.losses[0], 2),
    }


def data():
    return beside.curve(run().losses[: SHOWN + 1])


def draw(colours):
    fig, ax = beside.panel()
    losses = data()["loss"]
    peak = int(losses.argmax())
    ax.semilogy(losses, markersize=4, **colours.mark("decay") | {"linestyle": "-", "linewidth": 1.4})
    style.label(ax, peak, losses[peak], "one hump", colours.decay, xytext=(8, 2))
    ax.set(xlabel="step $t$", ylabel="loss $L$", ylim=(1e-8, 30), yticks=[1e-6, 1e-3, 1], xlim=(-0.5, SHOWN))
    return fig
