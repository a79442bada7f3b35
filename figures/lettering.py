"""The words and formulas of the films, set by Typst: words in Inter, formulas in Computer Modern.

Typst is told where its fonts are, so that nothing depends on the fonts of the system.
"""

from functools import cache

import numpy as np
from manim import RIGHT, UP, Typst, VGroup, VMobject

from figures import style

PIXEL = 1 / 90
_CAP = 0.727  # Inter's capital height, in em
_PREAMBLE = '#set text(font: "Inter", weight: {weight})'


@cache
def _glyphs(code: str, weight: int) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    """Outlines of set type, and its rules with their widths: one em tall, left end of the baseline at 0."""
    set_type = Typst(f"H#h(1em){code}", typst_preamble=_PREAMBLE.format(weight=weight), font_paths=[style.fonts()])
    strut, *glyphs = set_type.submobjects
    scale = _CAP / strut.height
    origin = np.array([min(glyph.get_left()[0] for glyph in glyphs), strut.get_bottom()[1], 0])
    drawn = [(scale * (glyph.points - origin), glyph.get_stroke_width()) for glyph in glyphs]
    shapes = [points for points, width in drawn if not width]  # one path for all: many small ones are slow
    return np.concatenate(shapes), [(points, width) for points, width in drawn if width]


def text(code: str, px: float, colour: str, weight: int = 400, opacity: float = 1.0) -> VGroup:
    """Typst markup, words in Inter, $formulas$ in Computer Modern; left end of the baseline at the origin."""
    shapes, rules = _glyphs(code, weight)
    group = VGroup()
    for points, width in [(shapes, 0.0), *rules]:
        part = VMobject(fill_color=colour, fill_opacity=opacity, stroke_width=0)
        if width:
            part.set_stroke(colour, width * px / 48, opacity)
        part.points = px * PIXEL * points
        group.add(part)
    return group


def put(group: VGroup, x: float, y: float, anchor: str = "left") -> VGroup:
    """Move a `text` so that its baseline is at y and its left end, middle or right end at x."""
    shift = {"left": 0.0, "middle": group.width / 2, "right": group.width}[anchor]
    return group.shift((x - shift) * RIGHT + y * UP)
