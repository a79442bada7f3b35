"""Above the threshold a loss can fall, turn once, and then rise along a straight line.

Caption: The canonical bowl at $\\eta$ = {{ n.eta_high }}, where the limit $2/\\lambda_{\\max}$ is
{{ n.threshold }}. The axis of the loss is logarithmic.

Alt: Loss on a logarithmic axis against step. It falls along a curve that flattens, is lowest at step {{ n.high_turn }},
and from there climbs ever more along a straight line, by a factor of {{ n.explodes_factor }} a step, far above its
start.
"""

import numpy as np

from figures import beside, runs, style
from figures.facts import number
from lrsim import descend, logs, optimizers, schedules
from lrsim.diagnosis import diagnose

PAGE = "my-loss-exploded"
SHOWN = 110
ETA = runs.RATES["diverge"]
WARM, CLIP, KEEPS = 100, 1.0, (0.9, 0.98)


def run(steps, eta=ETA, **options):
    return descend(runs.canonical(), runs.RATES_START, eta, steps, **options)


def asked():
    """The picture's own data, read and answered as the command line does."""
    log = logs.read({name: list(column) for name, column in data().items()})
    return log, diagnose(log)


def facts() -> dict[str, str]:
    log, found = asked()
    losses, warmed = run(500).losses, run(2000, schedules.warmup(WARM, schedules.constant(ETA)))
    clipped = run(3000, optimizer=optimizers.clipped(optimizers.gradient_descent(), norm=CLIP)).losses[-2:]
    return {
        "explodes_says": f"{log}\n{found}",
        "explodes_factor": number(found.factor),
        "explodes_eta_lambda": number(found.eta_lambda),
        "explodes_divide_by": number(found.divide_by),
        "explodes_half": str((losses > np.finfo(np.float16).max).argmax()),
        "explodes_single": str((losses > np.finfo(np.float32).max).argmax()),
        "explodes_keeps": number(KEEPS[0]),
        "explodes_keeps_more": number(KEEPS[1]),
        "explodes_smoothed": str(int(smoothed(losses, KEEPS[0]).argmin())),
        "explodes_smoother": str(int(smoothed(losses, KEEPS[1]).argmin())),
        "explodes_lost": str(run(200).diverged_at),
        "explodes_warm": str(WARM),
        "explodes_warm_lost": str(warmed.diverged_at),
        "explodes_clip": number(CLIP),
        "explodes_clip_low": number(min(clipped)),
        "explodes_clip_high": number(max(clipped)),
        "explodes_halved_rises": str(int((np.diff(run(200, ETA / 2).losses) > 0).sum())),
    }


def smoothed(losses, keep):
    """The exponential moving average that dashboards draw."""
    means = losses[:1].tolist()
    for loss in losses[1:]:
        means.append(keep * means[-1] + (1 - keep) * loss)
    return np.array(means)


def data():
    return beside.curve(run(SHOWN).losses)


def draw(colours):
    fig, ax = beside.panel()
    losses = data()["loss"]
    turn = int(losses.argmin())
    ax.semilogy(losses, **colours.line("diverge"))
    ax.plot(turn, losses[turn], markersize=8, **colours.mark("diverge"))
    style.label(ax, turn, losses[turn], "turns here", colours.diverge, va="top", ha="center", xytext=(6, -7))
    slope = f"× {number(losses[-1] / losses[-2])} a step"
    style.label(ax, 82, losses[82], slope, colours.diverge, ha="right", xytext=(-9, 3))
    ax.set(xlabel="step $t$", ylabel="loss $L$", ylim=(0.05, 1e8), yticks=[1, 1e3, 1e6], xlim=(0, SHOWN + 2))
    return fig
