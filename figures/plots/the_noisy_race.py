"""With noise, every constant rate has a floor of its own, and a decaying rate goes on falling.

Caption: Expected loss (thick, exact) under gradient noise of $\\sigma$ = {{ n.race_sigma }} in each direction of the
canonical bowl from ({{ n.hump_start_flat }}, {{ n.hump_start_steep }}), and one noisy run in each panel (thin). The
larger a constant rate, the higher its floor: {{ n.race_eta0 }} stays at {{ n.race_floor }}. After
{{ n.race_steps }} steps decay from there with $k = \\eta_0\\lambda_{\\min}$ = {{ n.race_best_k }} is at
{{ n.race_best }}, and with $k$ = {{ n.race_large_k }} still at {{ n.race_large }}.

Alt: Two panels of expected loss against step on logarithmic axes, with one run's jagged loss around one of the curves
of each. Left, three constant rates: the largest falls first and stays level at a quarter, the middle one falls later
to a lower floor, the smallest is still falling at the end. Right, three decaying rates: the two slower decays fall in
nearly straight lines and end below every constant rate, the fastest decay sinks ever more slowly and ends far above
them.
"""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import descend, schedules, stability

PAGE = "learn/decay"
STEPS, NOISE, ETA0 = 5000, 1.0, 0.09
SEED = 1  # of the two runs that are shown beside their expectation
KS = (0.02, ETA0 * min(runs.RATES_EIGENVALUES), 0.5)
CONSTANT = {ETA0: "bounce", 0.01: "crawl", 0.001: "crawl"}


def facts() -> dict[str, str]:
    ends = [decayed[-1] for decayed in _decayed().values()]
    floor = stability.noise_floor(runs.RATES_EIGENVALUES, ETA0, NOISE).sum()
    return {
        "race_sigma": number(NOISE),
        "race_eta0": number(ETA0),
        "race_steps": str(STEPS),
        "race_best_k": number(KS[1]),
        "race_large_k": number(KS[2]),
        "race_best": number(ends[1]),
        "race_large": number(ends[2]),
        "race_floor": number(floor),
    }


def data() -> dict[str, np.ndarray]:
    shown = _shown()
    columns = {f"loss at constant {eta}": losses[shown] for eta, losses in _constant().items()}
    columns |= {f"loss at {ETA0}/(1+{k}t)": losses[shown] for k, losses in _decayed().items()}
    noisy = {"constant": _noisy(schedules.constant(ETA0)), "decaying": _noisy(schedules.inverse_time(ETA0, k=KS[1]))}
    return {"step": shown} | columns | {f"loss of one {name} run": losses[shown] for name, losses in noisy.items()}


def _shown() -> np.ndarray:
    return np.unique(np.round(np.geomspace(1, STEPS, 160))).astype(int)


def _constant() -> dict[float, np.ndarray]:
    return {eta: _race(schedules.constant(eta)) for eta in CONSTANT}


def _decayed() -> dict[float, np.ndarray]:
    return {k: _race(schedules.inverse_time(ETA0, k=k)) for k in KS}


@cache
def _race(schedule: schedules.Schedule) -> np.ndarray:
    return stability.expected_losses(runs.canonical(), runs.HUMP_START, schedule, STEPS, NOISE)


@cache
def _noisy(schedule: schedules.Schedule) -> np.ndarray:
    """The losses of one run that met the noise."""
    return descend(runs.canonical(), runs.HUMP_START, schedule, STEPS, noise=NOISE, seed=SEED).losses


def draw(colours: Palette) -> Figure:
    fig, (left, right) = style.panels(2, height=3.4, sharey=True)
    shown = _shown()
    for ax, role, name in ((left, "bounce", "constant"), (right, "decay", "decaying")):
        noisy = data()[f"loss of one {name} run"]
        ax.plot(shown, noisy, color=getattr(colours, role), linewidth=0.7, alpha=0.75, zorder=1.5)
    for eta, losses in _constant().items():
        role = CONSTANT[eta]
        left.plot(shown, losses[shown], **colours.line(role))
        right.plot(shown, losses[shown], color=colours.muted, linewidth=0.7, zorder=1)
        style.label(left, STEPS, losses[-1], f"$\\eta$ = {eta:g}", getattr(colours, role), xytext=(5, 0))
    for k, losses in _decayed().items():
        right.plot(shown, losses[shown], **colours.line("decay"))
        style.label(
            right, STEPS, losses[-1], f"$k$ = {k:g}" + "\ntoo large" * (k == KS[2]), colours.decay, xytext=(5, 0)
        )
    for ax in (left, right):
        ax.set(xscale="log", yscale="log", xlim=(1, 5e4), ylim=(1e-4, 30), xlabel="step $t$")
        ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
        ax.set_yticks([1e-4, 1e-2, 1], ["0.0001", "0.01", "1"])
        ax.grid(axis="y")
    style.label(left, 15, 0.012, "one run", colours.bounce, fontweight=400, ha="right", over=True)
    left.set(title="Constant rates", ylabel="loss $L$; thick: expected")
    right.set_title(rf"Decaying, $\eta_t$ = {ETA0:g} / (1 + $k$ t)")
    return fig
