"""Four changes that saved the run, and what each of them cost.

Caption: The run that exploded (dotted) and the same network from the same start with one thing changed, over
{{ n.remedy_steps }} steps: a constant rate of {{ n.remedy_lower }}; a warmup of {{ n.remedy_longer }} steps; gradients
clipped at a norm of {{ n.remedy_clip }}; a rate that decays after {{ n.remedy_early }} steps of warmup, with
$k$ = {{ n.remedy_k }}.

Alt: Four panels of loss against step on logarithmic axes, each with the same dotted curve that turns and leaves the
picture upwards. The lower rate falls smoothly to the end. With the longer warmup the loss falls, then climbs in bursts
higher than the start, and comes back. Clipped, it falls on. With decay it has one hump higher than the start and then
flattens.
"""

import numpy as np

from figures import digits, style
from figures.facts import number
from lrsim import schedules

PAGE = "my-loss-exploded"
SHOWN = ("fast", "bounce", "crawl", "decay")
BELOW = 0.05
SHORT = (20, 50)  # warmups with which the run is lost as well
LAST = {  # the rate of each run's last step
    "lower rate": digits.LOWER,
    "longer warmup": digits.ETA,
    "clipping": digits.ETA,
    "decay": float(schedules.inverse_time(digits.ETA, k=digits.K)(digits.STEPS - 1 - digits.EARLY)),
}


def facts() -> dict[str, str]:
    said = {
        "remedy_steps": str(digits.STEPS),
        "remedy_lower": number(digits.LOWER),
        "remedy_longer": str(digits.LONGER),
        "remedy_clip": number(digits.CLIP),
        "remedy_k": number(digits.K),
        "remedy_early": str(digits.EARLY),
        "remedy_below": number(BELOW),
    }
    for name, run in digits.remedies().items():
        key = f"remedy_{name.split()[0]}"
        said |= {
            f"{key}_end": number(run.final_loss, 2),
            f"{key}_peak": number(run.losses[1:].max(), 2),
            f"{key}_rises": str(int((np.diff(run.losses) > 0).sum())),
            f"{key}_reaches": str(int((run.losses < BELOW).argmax()) or "never"),
            f"{key}_margin": number(digits.margin(run, LAST[name]), 2),
        }
    too_short = [digits.run(digits.warmed(steps), steps + 100, record="loss").diverged_at for steps in SHORT]
    assert all(too_short), "a short warmup lives"
    late = digits.run(digits.decayed(digits.WARM), record="loss").diverged_at
    return said | {"remedy_short": " and ".join(map(str, SHORT)), "remedy_late_lost": str(late)}


def lost():
    """The losses of the run that explodes, to the first that is lost."""
    return digits.exploded().losses[: len(digits.limits()) + 1]


def data():
    columns = {f"loss with {name}": run.losses for name, run in digits.remedies().items()}
    return {"step": range(digits.STEPS + 1)} | columns | {"loss of the lost run": lost()}


def draw(colours):
    fig, axes = style.panels(4, height=(2.15, 2.0), sharey=True)
    for ax, role, (name, run) in zip(axes, SHOWN, digits.remedies().items(), strict=True):
        ax.semilogy(lost(), **colours.line("diverge") | {"linewidth": 1.6})
        ax.semilogy(run.losses, color=getattr(colours, role), linewidth=1.4)
        ax.set(title=name.capitalize(), ylabel="loss $L$", xlabel="step $t$")
        ax.set(xlim=(0, digits.STEPS), ylim=(0.02, 3))
        ax.set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
        ax.yaxis.set_minor_formatter(lambda *_: "")
        ax.grid(axis="y")
    return fig
