"""A running mean that begins anew with each epoch makes teeth that the loss itself does not have.

Caption: Least squares in minibatches of {{ n.teeth_batch }} of {{ n.teeth_rows }} rows. Thin: the loss at every step.
Thick: its mean since the epoch began, which is what a progress bar shows.

Alt: Loss against step over {{ n.teeth_epochs }} epochs. The thin curve falls steadily. The thick one lies above it,
falls slowly through each epoch, and drops at once to the thin one where the next epoch begins: a tooth an epoch.
"""

import numpy as np

from figures import beside, style
from figures.facts import number
from lrsim import descend, landscapes

PAGE = "my-loss-exploded"
ROWS, BATCH, ETA, EPOCHS, SETTLED, LONG = 200, 10, 0.02, 5, 20, 400
STEPS = ROWS // BATCH  # in an epoch


def problem():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.standard_normal(ROWS), np.ones(ROWS)])
    return landscapes.linear_regression(rows, rows @ [1, 2] + rng.standard_normal(ROWS))


def losses(epochs):
    return descend(problem(), [0, 0], ETA, epochs * STEPS, batch=BATCH, rng=1).losses


def facts() -> dict[str, str]:
    above = losses(LONG)[SETTLED * STEPS : -1].reshape(-1, STEPS) - problem().loss(problem().minimum)
    return {
        "teeth_batch": str(BATCH),
        "teeth_rows": str(ROWS),
        "teeth_epochs": str(EPOCHS),
        "teeth_ratio": number(above.mean() / above[:, 0].mean(), 2),
    }


def data():
    each = losses(EPOCHS)[:-1]
    means = np.cumsum(each.reshape(EPOCHS, STEPS), axis=1) / np.arange(1, STEPS + 1)
    return {"step": range(len(each)), "loss": each, "mean since the epoch began": means.ravel()}


def draw(colours):
    fig, ax = beside.panel()
    shown = data()
    ax.plot(shown["loss"], color=colours.muted, linewidth=1)
    ax.plot(shown["mean since the epoch began"], **colours.line("crawl") | {"linewidth": 2.2})
    style.label(ax, 34, 1.75, "what the bar shows", colours.crawl)
    style.label(ax, 24, 0.86, "the loss", colours.muted, ha="right", va="top")
    ends = [STEPS * epoch for epoch in range(EPOCHS + 1)]
    ax.set(xlabel="epoch", ylabel="loss $L$", ylim=(0.4, 3), yticks=[1, 2, 3], xlim=(0, EPOCHS * STEPS))
    ax.set_xticks(ends, [str(epoch) for epoch in range(EPOCHS + 1)])
    return fig
