"""At the edge of stability a loss can alternate from step to step and stay level for ever.

Caption: The double well $\\tfrac14(x^2-1)^2$, with curvature {{ n.cycle_curvature }} at its minima, at $\\eta$ =
{{ n.cycle_eta }}: above the limit {{ n.cycle_limit }}, and yet not lost, since the loss is not a bowl.

Alt: Loss against step: after a few steps it jumps between two levels, up and down at every step, and goes on so to the
end of the picture.
"""

from figures import beside, style
from figures.facts import number
from lrsim import descend, landscapes, stability

PAGE = "my-loss-exploded"
ETA, START, SHOWN = 1.1, 0.6, 40


def run(eta=ETA, steps=2000):
    return descend(landscapes.double_well(), [START], eta, steps)


def facts() -> dict[str, str]:
    curvature = stability.sharpness(landscapes.double_well(), [1.0])
    end, lower = run().losses[-2:], 0.9
    return {
        "cycle_eta": number(ETA),
        "cycle_curvature": number(curvature),
        "cycle_limit": number(2 / curvature),
        "cycle_low": number(min(end)),
        "cycle_high": number(max(end)),
        "cycle_mean": number((1 - 1 / ETA**2) / 8),
        "cycle_lower": number(lower),
        "cycle_lower_loss": number(run(lower).final_loss, 1),
    }


def data():
    return beside.curve(run(steps=SHOWN).losses)


def draw(colours):
    fig, ax = beside.panel()
    ax.plot(data()["loss"], markersize=4, **colours.mark("edge") | {"linestyle": "-", "linewidth": 1})
    style.label(ax, SHOWN / 2, 0.066, "up, down, up, down …", colours.edge, ha="center")
    ax.set(xlabel="step $t$", ylabel="loss $L$", ylim=(0, 0.115), yticks=[0, 0.05, 0.1], xlim=(-0.5, SHOWN))
    return fig
