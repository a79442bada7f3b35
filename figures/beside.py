"""The sheet of a picture that stands beside its words, which say its claim."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import style

WIDTH = 3.6  # inches


def panel(height: float = 2.1) -> tuple[Figure, Axes]:
    """One panel: small beside words, and on a telephone, where these stand below it, as wide as any."""
    fig, (ax,) = style.panels(height=height - 0.15)
    if not style.narrow():
        fig.set_figwidth(WIDTH)
    return fig, ax


def curve(losses: np.ndarray) -> dict[str, range | np.ndarray]:
    """The data of a picture of one run: its losses, a row a step."""
    return {"step": range(len(losses)), "loss": losses}
