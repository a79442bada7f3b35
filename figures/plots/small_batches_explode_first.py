"""At one and the same rate a small batch can be lost where a larger one lives.

Caption: The same network at a constant rate of {{ n.batch_eta }}: all {{ n.digits_all }} digits in every update,
batches of {{ n.batch_large }} and batches of {{ n.batch_small }}. Losses are of all digits, and so is the limit on the
right, which was measured every {{ n.batch_every }} steps.

Alt: Left, loss against step on a logarithmic axis. The run in the smallest batches leaves the picture upwards within a
few steps; the one in larger batches falls, trembling; the one with all data falls below it. Right, the limit measured
along the two that live: with all data it comes to the rate and stays close to it, in batches it stays well above it.
"""

from functools import cache

import numpy as np

from figures import digits, style
from figures.facts import number
from lrsim import descend, stability

PAGE = "my-loss-exploded"
EVERY = 10
CALM_ETA, CALM_STEPS = 0.3, 10
DRAWS, SOON = 20, 100  # other minibatches, and steps within which they are looked at


def facts() -> dict[str, str]:
    whole, small, large = digits.batched().values()
    calmed = descend(digits.network(), large.last, CALM_ETA, CALM_STEPS)
    return {
        "batch_calm_eta": number(CALM_ETA),
        "batch_calm_steps": str(CALM_STEPS),
        "batch_calm": number(calmed.final_loss, 2),
        "batch_eta": number(digits.WHOLE_ETA),
        "digits_all": str(digits.network().samples),
        "batch_small": str(digits.BATCHES[0]),
        "batch_large": str(digits.BATCHES[1]),
        "batch_times": number(digits.BATCHES[1] / digits.BATCHES[0]),
        "batch_every": str(EVERY),
        "batch_small_lost": str(small.diverged_at),
        "batch_draws": str(DRAWS),
        "batch_small_lost_of": str(sum(lost(seed) for seed in range(DRAWS))),
        "batch_whole_end": number(whole.final_loss, 2),
        "batch_large_end": number(large.final_loss, 2),
        "batch_whole_margin": number(digits.WHOLE_ETA / late("whole"), 2),
        "batch_large_margin": number(digits.WHOLE_ETA / late("large"), 2),
    }


@cache
def limits():
    """2/λ_max of all data along the two runs that live."""
    whole, _, large = digits.batched().values()
    runs = {"whole": whole, "large": large}
    return {name: 2 / stability.sharpness(digits.network(), run.iterates[::EVERY].T) for name, run in runs.items()}


def late(name):
    """The mean limit over the last half."""
    return limits()[name][digits.STEPS // EVERY // 2 :].mean()


def lost(seed):
    """Whether the smallest batches of another draw lose the run."""
    run = digits.run(digits.WHOLE_ETA, SOON, batch=digits.BATCHES[0], seed=seed, record="summary")
    return run.diverged_at is not None


def data():
    steps = np.arange(digits.STEPS + 1)
    columns = {f"loss in batches of {b}": run.losses for b, run in digits.batched().items()}
    found = {
        f"limit in batches of {b}": limits()[n]
        for b, n in ((digits.network().samples, "whole"), (digits.BATCHES[1], "large"))
    }
    return {"step": steps} | columns | {"step of the limit": steps[::EVERY]} | found


def draw(colours):
    fig, (loss, limit) = style.panels(2, height=3.1)
    (rows, whole), (few, small), (more, large) = digits.batched().items()
    for role, run, width in (("diverge", small, 2), ("crawl", large, 1), ("fast", whole, 1.8)):
        loss.semilogy(np.minimum(run.losses, 1e6), **colours.line(role) | {"linewidth": width})
    style.label(loss, 25, 5, f"batches of {few}", colours.diverge)
    style.label(loss, 300, 0.21, f"batches of {more}", colours.crawl)
    style.label(loss, 590, 0.015, f"all {rows}", colours.fast, ha="right")
    for role, name in (("crawl", "large"), ("fast", "whole")):
        limit.plot(data()["step of the limit"], limits()[name], **colours.line(role) | {"linewidth": 1.6})
    limit.axhline(digits.WHOLE_ETA, color=colours.decay, linewidth=1.2, zorder=1)
    style.label(limit, 590, digits.WHOLE_ETA, r"the rate $\eta$", colours.decay, ha="right", va="bottom", xytext=(0, 4))
    loss.set(title="The loss", ylabel="loss $L$ of all data", ylim=(0.008, 20))
    loss.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    loss.yaxis.set_minor_formatter(lambda *_: "")
    limit.set(title=r"The limit $2/\lambda_{\max}$, measured", ylabel="rate (1/curvature)", ylim=(0.6, 1.4))
    for ax in (loss, limit):
        ax.set(xlabel="step $t$", xlim=(0, digits.STEPS))
    return fig
