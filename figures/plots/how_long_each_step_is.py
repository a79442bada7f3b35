"""Of these three runs the decaying one takes the longest steps, early, and the shortest at the end.

Caption: The length of each step, $\\eta_t\\lVert\\nabla L\\rVert$, in the three runs, on a logarithmic axis. The
decaying run's longest step is {{ n.lengths_longest }}, its last {{ n.lengths_decay_last }}. The small rate's steps
have only sunk from {{ n.lengths_crawl_first }} to {{ n.lengths_crawl_last }}.

Alt: Three curves of step length against step, on a logarithmic axis. The small rate begins with short steps that
shrink for ten steps and then hardly at all. The large rate begins with steps almost ten times as long and sinks
along a straight line. The decaying rate starts highest, grows for two more steps while it is above the threshold,
and then plunges below both others.
"""

import numpy as np
from matplotlib.figure import Figure

from figures import runs, style
from figures.facts import number
from figures.palette import Palette
from lrsim import stability

PAGE = "learn/the-bowl"
NAMES = {"crawl": "small", "bounce": "large", "decay": "decaying"}


def facts() -> dict[str, str]:
    lengths = _lengths()
    return {
        "lengths_longest": number(lengths["decay"].max()),
        "lengths_decay_last": number(lengths["decay"][-1], 2),
        "lengths_crawl_first": number(lengths["crawl"][0], 2),
        "lengths_crawl_last": number(lengths["crawl"][-1], 2),
    }


def data() -> dict[str, np.ndarray]:
    columns = {f"length at {NAMES[role]} eta": lengths for role, lengths in _lengths().items()}
    return {"step": np.arange(runs.BOWL_STEPS)} | columns


def _lengths() -> dict[str, np.ndarray]:
    return {role: np.linalg.norm(np.diff(run.iterates, axis=0), axis=1) for role, run in runs.three_paths().items()}


def draw(colours: Palette) -> Figure:
    fig, (ax,) = style.panels(1, height=3.4)
    for role, length in _lengths().items():
        look = colours.line(role) | {"linewidth": 1.2}
        ax.plot(length, marker=colours.mark(role)["marker"], markersize=4, **look)
    ax.set(yscale="log", xlim=(-0.7, runs.BOWL_STEPS), ylim=(4e-3, 8), xlabel="step $t$")
    ax.set_ylabel(r"length of the step $\eta_t\,\|\nabla L\|$")
    ax.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    ax.grid(axis="y")
    for role, place in {"crawl": (15.5, 0.093), "bounce": (16, 0.66), "decay": (15, 0.0165)}.items():
        text = f"{NAMES[role]}, {runs.BOWL_LABELS[role]}" if role != "decay" else f"decaying\n{runs.BOWL_LABELS[role]}"
        side = "right" if role == "decay" else "left"
        style.label(ax, *place, text, getattr(colours, role), ha=side)
    crossing = stability.inverse_time_crossing(runs.DECAY_ETA0, runs.DECAY_K, stability.sharpness(runs.bowl()))
    style.label(ax, crossing, 3.4, r"$\eta_t$ passes $2/\lambda_{\max}$", colours.decay, va="bottom", xytext=(3, 6))
    return fig
