"""The type and the manners of every plot: fonts, sizes, panels, labels at the end of a curve, thresholds.

A plot is drawn twice a theme: wide (panels side by side) and narrow (panels stacked, for a telephone). It asks
`panels()` for its axes and need not know which of the two it is.
"""

import os
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.font_manager
import numpy as np
from cycler import cycler
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from figures.palette import Palette

ROOT = Path(__file__).resolve().parent.parent
WIDE, NARROW = 7.6, 4.1  # inches: shown at 100 % these are 730 and 394 CSS pixels
_narrow: ContextVar[bool] = ContextVar("narrow", default=False)
_paper: ContextVar[Palette] = ContextVar("paper")


@contextmanager
def sheet(colours: Palette, narrow: bool = False) -> Iterator[None]:
    """Everything drawn inside has this theme's colours and, when `narrow`, is laid out for 390 pixels."""
    fonts()
    tokens = _narrow.set(narrow), _paper.set(colours)
    try:
        with matplotlib.rc_context(settings(colours)):
            yield
    finally:
        _narrow.reset(tokens[0])
        _paper.reset(tokens[1])
        plt.close("all")


def narrow() -> bool:
    return _narrow.get()


def panels(
    count: int = 1, *, rows: int = 1, height: float | tuple[float, float] = 3.3, **kwargs
) -> tuple[Figure, list[Axes]]:
    """`count` axes: side by side on a wide sheet, stacked on a narrow one; `height` is one panel's, in inches,
    or a pair (wide, narrow). With more `rows` each of them has as many more, below it or, on a narrow sheet, beside.

    `kwargs` go to `Figure.subplots`.
    """
    rows, columns = (count, rows) if narrow() else (rows, count)
    if not narrow() and count == 4:
        rows, columns = 2, 2
    width = NARROW if narrow() else WIDE
    if isinstance(height, tuple):
        height = height[narrow()]
    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06, wspace=0.05, hspace=0.06)
    fig = plt.figure(figsize=(width, rows * height + 0.15), layout=layout)
    axes = fig.subplots(rows, columns, squeeze=False, **kwargs)
    return fig, list((axes.T if narrow() else axes).flat)


def title(fig: Figure, claim: str) -> None:
    """The claim over a picture that is taken away; on the site it stands on the page."""
    width, height = fig.get_size_inches()
    lines = textwrap.wrap(claim.replace("`", "").removesuffix("."), int(11 * width))
    words = re.sub(r"([ηλ]+(_max)?)", lambda m: f"${m[1]}$".replace("_max", r"_{\max}"), "\n".join(lines))
    fig.set_size_inches(width, height + 0.12 + 0.23 * len(lines))
    fig.suptitle(words, x=0.012, ha="left", fontsize=12.5, fontweight=600)


def label(ax: Axes, x: float, y: float, text: str, colour: str, *, over: bool = False, **kwargs) -> None:
    """Direct label beside a curve, in the curve's colour; `over` hairlines it lies on paper, so that they do not
    strike it through. `kwargs` go to `Axes.annotate`."""
    if over:
        kwargs["bbox"] = {"facecolor": _paper.get().paper, "edgecolor": "none", "pad": 1.2}
    words: dict[str, Any] = {
        "fontsize": 9.5,
        "fontweight": 600,
        "va": "center",
        "ha": "left",
        "xytext": (0, 0),
    } | kwargs
    ax.annotate(text, (x, y), textcoords="offset points", color=colour, **words)


def threshold(
    ax: Axes,
    value: float,
    text: str,
    *,
    vertical: bool = False,
    at: float = 0.985,
    side: str = "left",
    colour: str | None = None,
) -> None:
    """A thin labelled line at a value the reader should know; `at` is where along it (0 to 1) the label stands, and
    `side` which of its own ends a vertical line's label has at the line."""
    colour = colour or _paper.get().muted
    line = ax.axvline if vertical else ax.axhline
    line(value, color=colour, linewidth=0.9, zorder=1)
    words: dict[str, Any] = {"color": colour, "fontsize": 9.5}
    if vertical:
        ax.text(value, at, f" {text} ", transform=ax.get_xaxis_transform(), ha=side, va="top", **words)
    else:
        ax.text(at, value, text, transform=ax.get_yaxis_transform(), ha="right", va="bottom", **words)


def iterates(ax: Axes, points: np.ndarray, etas: np.ndarray, mark: dict) -> None:
    """A mark for each of a run's iterates (n, 2), as large as the rate that leaves it, with a thin rim of paper."""
    size = 130 * np.append(etas, etas[-1])  # square points
    size = size[:1] if np.ptp(size) == 0 else size  # one shape, not many of one size: a smaller file
    rim = {"edgecolors": _paper.get().paper, "linewidths": 0.07 * np.sqrt(size)}
    x, y = points.T
    ax.scatter(x, y, s=size, color=mark["color"], marker=mark["marker"], zorder=3, **rim)


def band(ax: Axes, low: float, high: float, *, vertical: bool = False) -> None:
    """A stretch of an axis that means something: a fill that is seen on the paper of either theme, and its outline."""
    p = _paper.get()
    span = ax.axvspan if vertical else ax.axhspan
    span(low, high, facecolor=p.band, edgecolor=p.muted, linewidth=0.8, zorder=0)


def settings(p: Palette) -> dict:
    """matplotlib's own, by name."""
    return {
        "font.family": "Inter",
        "font.size": 10,
        "mathtext.fontset": "cm",
        "axes.titlesize": 10.5,
        "axes.titleweight": 600,
        "axes.titlelocation": "left",
        "axes.labelsize": 10,
        "axes.labelcolor": p.muted,
        "axes.edgecolor": p.muted,
        "axes.linewidth": 0.8,
        "axes.facecolor": p.paper,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=[p.ink]),
        "axes.unicode_minus": True,
        "axes.axisbelow": True,
        "figure.facecolor": p.paper,
        "savefig.facecolor": p.paper,
        "savefig.dpi": 160,
        "text.color": p.ink,
        "xtick.color": p.muted,
        "ytick.color": p.muted,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "xtick.major.size": 3.5,
        "ytick.major.size": 3.5,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "grid.color": p.grid,
        "grid.linewidth": 0.6,
        "lines.solid_capstyle": "round",
        "lines.dash_capstyle": "butt",
        "legend.frameon": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "lrsim",
        "svg.id": "lrsim",
    }


@cache
def fonts() -> Path:
    """The folder with the site's own typeface as TrueType, converted once from the web fonts; known to matplotlib."""
    folder = ROOT / ".cache" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, style in _FACES.items():
        target = folder / f"{name}.ttf"
        if not target.exists():
            _convert(ROOT / "node_modules/@fontsource/inter/files" / f"inter-latin-{style}.woff2", target)
        matplotlib.font_manager.fontManager.addfont(target)
    return folder


_FACES = {
    "Inter-Regular": "400-normal",
    "Inter-Italic": "400-italic",
    "Inter-SemiBold": "600-normal",
}


def _convert(source: Path, target: Path) -> None:
    from fontTools.ttLib import TTFont

    if not source.exists():
        raise FileNotFoundError(f"the font {source.relative_to(ROOT)} is missing: run `npm ci` (or `make figures`)")
    font = TTFont(source)
    font.flavor = None
    partial = target.with_suffix(f".{os.getpid()}.part")
    font.save(partial)
    os.replace(partial, target)


def levels(low: float, high: float, count: int, power: float = 2.0) -> Sequence[float]:
    """Contour levels that are evenly spaced in distance from the minimum of a quadratic, so the valley shows."""
    return [low + (high - low) * (i / count) ** power for i in range(1, count + 1)]
