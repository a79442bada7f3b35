"""The rate passed its limit, and for almost thirty steps nothing showed.

Caption: A network of {{ n.digits_parameters }} weights on {{ n.digits_rows }} handwritten digits, all of them in every
update, under plain gradient descent, its rate warmed up to {{ n.digits_eta }} over {{ n.digits_warm }} steps. The
limit $2/\\lambda_{\\max}$ was measured at every step: {{ n.digits_limit }} at step {{ n.digits_crossing }}, where the
rate passes it. The loss goes on falling until step {{ n.digits_turn }}; at step {{ n.digits_lost }} the run is lost.

Alt: In the first panel the rate rises along a line and crosses the limit, which is nearly level, at
step {{ n.digits_crossing }}; in the last steps the limit falls steeply to zero. In the second, on a logarithmic axis,
the loss falls smoothly past that step, turns at step {{ n.digits_turn }} and shoots up by ten decades.
"""

from figures import digits, style
from figures.facts import number, percent
from lrsim.diagnosis import diagnose

PAGE = "my-loss-exploded"
FREE = 0.01  # of the hidden units


def shown() -> int:
    """The last step of the picture: the first at which the run is lost."""
    return len(digits.limits())


def facts() -> dict[str, str]:
    run, crossing = digits.exploded(), digits.crossing()
    turn, free = digits.turn(), max(step for step in range(shown()) if digits.saturated(step) < FREE)
    (asked, found), late = digits.asked(), diagnose(run.losses, rates=digits.rates())
    limit = 2 * digits.rates()[asked] / found.eta_lambda
    assert limit > digits.WHOLE_ETA, "the rate that lives is not below what the log says"
    held = digits.held(limit)
    assert held.diverged_at is None
    return {
        "digits_parameters": str(digits.network().dimension),
        "digits_rows": str(digits.network().samples),
        "digits_eta": number(digits.ETA),
        "digits_warm": str(digits.WARM),
        "digits_precision": number(digits.PRECISION),
        "digits_limit": number(digits.limits()[crossing]),
        "digits_crossing": str(crossing),
        "digits_turn": str(turn),
        "digits_hidden_steps": str(turn - crossing),
        "digits_lost": str(run.diverged_at),
        "digits_explosion": str(run.diverged_at - turn),
        "digits_late": str(len(run.losses) - 1),
        "digits_asked": str(asked),
        "digits_free": str(free),
        "digits_saturated": percent(digits.saturated(free), 1),
        "digits_saturated_after": percent(digits.saturated(free + 2), 2),
        "digits_held_climb": number(held.losses[turn:].max() / held.losses[:turn].min(), 2),
        "digits_spoilt": str(next(step for step in range(turn, shown()) if digits.spoilt(step))),
        "digits_limit_over": percent(limit / digits.limits()[turn] - 1, 1),
        "digits_limit_turn": number(digits.limits()[turn], 2),
        "digits_late_divide": number(late.divide_by, 2),
        "digits_says": str(found),
    }


def data():
    losses, rates = (series[: shown() + 1] for series in (digits.exploded().losses, digits.rates()))
    return {"step": range(len(losses)), "loss": losses, "eta": rates, "2/sharpness": digits.limits()}


def draw(colours):
    fig, (rate, loss) = style.panels(2, height=3.1)
    columns, crossing, turn = data(), digits.crossing(), digits.turn()
    rate.plot(columns["eta"], **colours.line("decay") | {"linewidth": 2.2})
    rate.plot(columns["2/sharpness"], **colours.line("edge"))
    style.label(rate, 80, columns["eta"][80], r"$\eta_t$", colours.decay, ha="right", xytext=(-8, 2), fontsize=13)
    style.label(rate, 26, columns["2/sharpness"][26], r"limit $2/\lambda_{\max}$, measured", colours.edge, va="bottom",
                ha="center", xytext=(0, 5))  # fmt: skip
    loss.semilogy(columns["loss"], **colours.line("diverge"))
    style.label(loss, turn, columns["loss"][turn], f"turns at {turn}", colours.diverge, ha="right", va="top",
                xytext=(4, -8))  # fmt: skip
    rate.set(
        title="The rate and its limit", ylabel=r"learning rate (1/curvature)", ylim=(0, 1.7), yticks=[0, 0.5, 1, 1.5]
    )
    loss.set(title="The loss", ylabel="loss $L$", ylim=(1e-3, 1e9), yticks=[1e-2, 1, 1e3, 1e6])
    for ax in (rate, loss):
        ax.axvline(crossing, color=colours.muted, linewidth=0.9, zorder=1)
        ax.set(xlabel="step $t$", xlim=(0, shown() + 4))
    style.label(loss, crossing, 1e7, f"passed at {crossing}", colours.muted, ha="right", xytext=(-5, 0))
    return fig
