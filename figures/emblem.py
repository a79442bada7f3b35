"""The site's sign: a run that bounces to and fro across a parabola, and gets lower with every step."""

import io

import numpy as np
from matplotlib.figure import Figure

from figures.palette import DARK, LIGHT
from lrsim import descend, landscapes

ETA, STEPS = 1.7, 3  # at curvature 1 each step keeps 0.7 of the distance, on the other side
SIZE = 32  # the SVG's own units


def svg() -> str:
    """In the colours of whoever looks at it, light or dark."""
    valley, run = (" ".join(f"{x:.2f},{y:.2f}" for x, y in points) for points in _lines())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" fill="none" stroke-linejoin="round" '
        'stroke-linecap="round"><style>'
        f".valley{{stroke:{LIGHT.ink}}}.run{{stroke:{LIGHT.bounce}}}@media(prefers-color-scheme:dark)"
        f"{{.valley{{stroke:{DARK.ink}}}.run{{stroke:{DARK.bounce}}}}}</style>"
        f'<polyline class="valley" stroke-width="3" points="{valley}"/>'
        f'<polyline class="run" stroke-width="3" points="{run}"/></svg>\n'
    )


def png() -> bytes:
    """180 pixels on light paper, for what shows no SVG."""
    fig = Figure(figsize=(1, 1), dpi=180, facecolor=LIGHT.paper)
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, SIZE), ylim=(SIZE, 0))
    ax.axis("off")
    for points, colour in zip(_lines(), (LIGHT.ink, LIGHT.bounce), strict=True):
        ax.plot(*points.T, color=colour, linewidth=3 * 72 / SIZE, solid_joinstyle="round", solid_capstyle="round")
    drawn = io.BytesIO()
    fig.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def _lines() -> tuple[np.ndarray, np.ndarray]:
    """The parabola and the run on it, in the SVG's units, y down."""
    x = np.linspace(-1, 1, 33)
    iterates = descend(landscapes.bowl([1]), [1.0], ETA, STEPS).iterates[:, 0]
    return tuple(np.stack([16 + 13 * at, 29 - 26 * at**2], axis=1) for at in (x, iterates))  # type: ignore[return-value]
