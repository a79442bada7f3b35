"""A validation loss may wiggle from step to step while the training loss falls at every one.

Caption: The canonical bowl at $\\eta$ = {{ n.validation_eta }}, below the limit. The validation loss is the same bowl
with its minimum a little elsewhere; it turns {{ n.validation_turns }} times in {{ n.validation_steps }} steps.

Alt: Two losses on a logarithmic axis against step. The training loss falls without a turn. The validation loss goes up
and down at every step about a falling curve and flattens, its wiggles shrinking.
"""

from figures import beside, style
from figures.facts import VALIDATION_ETA, validation

PAGE = "my-loss-exploded"


def data():
    training, other = validation(VALIDATION_ETA)
    return {"step": range(len(training)), "training loss": training, "validation loss": other}


def draw(colours):
    fig, ax = beside.panel()
    losses = data()
    ax.semilogy(losses["training loss"], **colours.line("fast") | {"linewidth": 1.8})
    ax.semilogy(losses["validation loss"], color=colours.bounce, linewidth=1.2)
    style.label(ax, 47, losses["training loss"][47], "training", colours.fast, xytext=(4, 6))
    style.label(
        ax, 34, losses["validation loss"][33:36].max(), "validation", colours.bounce, va="bottom", xytext=(0, 4)
    )
    ax.set(
        xlabel="step $t$",
        ylabel="loss $L$",
        ylim=(3e-4, 60),
        yticks=[1e-3, 1e-1, 10],
        xlim=(0, len(losses["step"]) - 1),
    )
    return fig
