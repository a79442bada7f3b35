"""The rate passed its limit, and for half a hundred steps nothing showed.

Caption: A network of {{ n.digits_parameters }} weights on {{ n.digits_rows }} handwritten digits, all of them in every
update, under plain gradient descent. Its rate is warmed up to {{ n.digits_eta }} over {{ n.digits_warm }} steps. The
limit $2/\\lambda_{\\max}$ was measured at every step: {{ n.digits_limit }} at step {{ n.digits_crossing }}, where the
rate passes it. The loss goes on falling until step {{ n.digits_turn }}; at step {{ n.digits_lost }} the run is lost.

Alt: Two panels over the step. In the first the rate rises along a line and crosses the limit, which is nearly level, at
step {{ n.digits_crossing }}; in the last steps the limit falls steeply to zero. In the second, on a logarithmic axis,
the loss falls smoothly past that step, turns at step {{ n.digits_turn }} and shoots up by ten decades.
"""

import numpy as np

from figures import digits, style
from figures.facts import number, percent
from lrsim.diagnosis import diagnose

PAGE = "my-loss-exploded"
ASKED, SHOWN = 107, 110  # the last row of the log when it is diagnosed, and of the picture


def facts() -> dict[str, str]:
    run, crossing = digits.exploded(), digits.crossing()
    found, late = (diagnose(run.losses[:rows], rates=rates()[:rows]) for rows in (ASKED + 1, len(run.losses)))
    return {
        "digits_parameters": str(digits.network().dimension),
        "digits_rows": str(digits.network().samples),
        "digits_eta": number(digits.ETA),
        "digits_warm": str(digits.WARM),
        "digits_limit": number(digits.limits()[crossing]),
        "digits_crossing": str(crossing),
        "digits_turn": str(int(run.losses.argmin())),
        "digits_hidden_steps": str(int(run.losses.argmin()) - crossing),
        "digits_lost": str(run.diverged_at),
        "digits_explosion": str(run.diverged_at - int(run.losses.argmin())),
        "digits_late": str(len(run.losses) - 1),
        "digits_asked": str(ASKED),
        "digits_saturated": percent(digits.saturated(ASKED), 2),
        "digits_saturated_after": percent(digits.saturated(SHOWN), 3),
        "digits_late_divide": number(late.divide_by, 2),
        "digits_says": str(found),
    }


def rates():
    """With the rate that the last row of a log has, too."""
    return np.append(digits.exploded().etas, digits.ETA)


def data():
    losses = digits.exploded().losses[: SHOWN + 1]
    return {"step": range(len(losses)), "loss": losses, "eta": rates()[: SHOWN + 1], "2/sharpness": digits.limits()}


def draw(colours):
    fig, (rate, loss) = style.panels(2, height=3.1)
    shown, crossing = data(), digits.crossing()
    turn = int(shown["loss"].argmin())
    rate.plot(shown["eta"], **colours.line("decay") | {"linewidth": 2.2})
    rate.plot(shown["2/sharpness"], **colours.line("edge"))
    style.label(rate, 80, shown["eta"][80], r"$\eta_t$", colours.decay, ha="right", xytext=(-8, 2), fontsize=13)
    style.label(rate, 22, shown["2/sharpness"][22], r"limit $2/\lambda_{\max}$, measured", colours.edge, va="bottom",
                ha="center", xytext=(0, 5))  # fmt: skip
    loss.semilogy(shown["loss"], **colours.line("diverge"))
    style.label(loss, turn, shown["loss"][turn], f"turns at {turn}", colours.diverge, ha="right", va="top",
                xytext=(4, -8))  # fmt: skip
    rate.set(
        title="The rate and its limit", ylabel=r"learning rate (1/curvature)", ylim=(0, 1.7), yticks=[0, 0.5, 1, 1.5]
    )
    loss.set(title="The loss", ylabel="loss $L$", ylim=(1e-3, 1e9), yticks=[1e-2, 1, 1e3, 1e6])
    for ax in (rate, loss):
        ax.axvline(crossing, color=colours.muted, linewidth=0.9, zorder=1)
        ax.set(xlabel="step $t$", xlim=(0, SHOWN))
    style.label(loss, crossing, 1e7, f"passed at {crossing}", colours.muted, ha="right", xytext=(-5, 0))
    return fig
