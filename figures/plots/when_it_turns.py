"""When a diverging run turns depends on its start as well as on its rate.

Caption: The canonical bowl, started at {{ n.turn_flat }} along the flat axis: a run that starts above a line of the map
has turned by that step. Runs A and B share a rate; with a steep start of {{ n.turn_a_start }} the loss turns at step
{{ n.turn_a }}, with {{ n.turn_b_start }} at step {{ n.turn_b }}. Run C starts like B, at a higher rate, and turns at
step {{ n.turn_c }}.

Alt: First panel, a map over learning rate and, on a logarithmic axis, the steep part of the start, with lines
labelled by the step at which the loss turns. They fan out from the threshold at the left edge: just above it and for
tiny steep starts the loss falls for hundreds of steps; for high rates and large steep starts it turns within a few,
and in the upper right corner it rises from the start. Second panel: the loss curves of three marked runs, each a V on
a logarithmic axis with its lowest point at step {{ n.turn_a }} (A), {{ n.turn_b }} (B) and {{ n.turn_c }} (C).
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import descend, stability

PAGE = "learn/three-learning-rates"
BOWL = runs.canonical()
FLAT = runs.RATES_START[0]
ETAS = stability.threshold(BOWL) * (1 + np.logspace(-3, np.log10(0.3), 80))
STEPS = (0, 2, 5, 10, 20, 50, 100, 200)
MARKED = {"A": (0.105, 0.05), "B": (0.105, 1e-6), "C": (0.12, 1e-6)}
BOTTOM, TOP = 1e-8, 10.0


def _turn(eta: float, steep: float) -> int:
    step = stability.turnaround_step(BOWL, [FLAT, steep], eta)
    assert step is not None
    return step


def _lines() -> np.ndarray:
    """The smallest steep start that has turned by each step, (len(STEPS), len(ETAS)).

    Losses of modes add up, and the steep one's grows with the square of its start: two sweeps give every start.
    """
    flat, steep = (descend(BOWL, start, ETAS, max(STEPS) + 1).losses for start in ([FLAT, 0], [0, 1.0]))
    falls, grows = -np.diff(flat), np.diff(steep)
    return np.sqrt(falls / grows)[:, list(STEPS)].T


def facts() -> dict[str, str]:
    (high, plenty), (_, little) = MARKED["A"], MARKED["B"]
    said = {
        "turn_flat": number(FLAT),
        "turn_ratio": number(plenty / little),
        "turn_later": str(_turn(high, little) - _turn(high, plenty)),
    }
    for name, (eta, steep) in MARKED.items():
        said |= {f"turn_{name.lower()}": str(_turn(eta, steep)), f"turn_{name.lower()}_start": number(steep)}
    return said


def data() -> dict[str, np.ndarray]:
    lines = zip(STEPS, _lines(), strict=True)
    return {"eta": ETAS} | {f"steep start that turns by step {t}": row for t, row in lines}


def draw(colours: Palette) -> Figure:
    fig, (chart, curves) = style.panels(2, height=3.7)
    _chart(chart, colours)
    places = {"A": (-6, 26, "left"), "B": (0, -14, "center"), "C": (-7, -8, "right")}
    for name, (eta, steep) in MARKED.items():
        turn = _turn(eta, steep)
        losses = descend(BOWL, [FLAT, steep], eta, 140).losses
        curves.plot(losses, **colours.line("diverge") | {"linewidth": 1.8})
        curves.plot(turn, losses[turn], markersize=8, **colours.mark("diverge"))
        x, y, side = places[name]
        style.label(curves, turn, losses[turn], f"{name}: {turn}", colours.ink, ha=side, xytext=(x, y))
        chart.plot(eta, steep, markersize=9, markeredgecolor=colours.paper, zorder=4, **colours.mark("diverge"))
        style.label(chart, eta, steep, name, colours.ink, xytext=(8, 0), fontsize=11)
    curves.set(
        title="The marked runs turn at step …", xlabel="step $t$", ylabel="loss $L$", xlim=(0, 140), yscale="log"
    )
    curves.set(ylim=(1e-7, 1e4), yticks=[1e-6, 1e-4, 1e-2, 1, 100, 1e4])
    curves.grid(axis="y")
    return fig


def _chart(ax: Axes, colours: Palette) -> None:
    for step, line in zip(STEPS, _lines(), strict=True):
        ax.fill_between(ETAS, line, TOP, where=line <= TOP, color=colours.diverge, alpha=0.06, linewidth=0)
        ax.plot(ETAS, line, color=colours.diverge, linewidth=0.9)
        low = 2.2 * BOTTOM
        x = 0.1295 if line[-1] > low else float(np.interp(-np.log(low), -np.log(line), ETAS))
        side = {"ha": "right", "va": "bottom", "xytext": (0, step // 3)} if line[-1] > low else {"xytext": (4, 0)}
        if step:
            style.label(ax, x, np.exp(np.interp(x, ETAS, np.log(line))), str(step), colours.ink, **side)
    style.label(ax, 0.1295, 4.5, "rises at once", colours.ink, ha="right")
    ax.set(title="The loss has turned by step …", yscale="log", xlim=(0.1, 0.13), ylim=(BOTTOM, TOP))
    ax.set(xlabel=r"learning rate $\eta$ (1/curvature)", ylabel="start along the steep axis")
    ax.set(xticks=[0.1, 0.11, 0.12, 0.13], yticks=[1e-8, 1e-6, 1e-4, 1e-2, 1])
