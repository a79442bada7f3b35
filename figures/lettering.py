"""The words and formulas of the films, set by Typst: words in Inter, formulas in Computer Modern.

Typst is told where its fonts are, so that nothing depends on the fonts of the system.
"""

import re
from functools import cache

import numpy as np
from manim import RIGHT, UP, Typst, VGroup, VMobject

from figures import style

PIXEL = 1 / 90
_CAP = 0.727  # Inter's capital height, in em
_PREAMBLE = '#set text(font: "Inter", weight: {weight})'


Glyph = tuple[np.ndarray, float]  # an outline and the width of a rule's stroke


@cache
def _typeset(code: str, weight: int) -> list[Glyph]:
    """Outlines of set type, and its rules with their widths: one em tall, left end of the baseline at 0."""
    set_type = Typst(f"H#h(1em){code}", typst_preamble=_PREAMBLE.format(weight=weight), font_paths=[style.fonts()])
    strut, *glyphs = set_type.submobjects
    scale = _CAP / strut.height
    origin = np.array([min(glyph.get_left()[0] for glyph in glyphs), strut.get_bottom()[1], 0])
    return [(scale * (glyph.points - origin), glyph.get_stroke_width()) for glyph in glyphs]


@cache
def _digits() -> list[np.ndarray]:
    """The ten digits of the formulas, each as it lies over a 0 whose left end is at 0: all are equally wide."""
    line = [points for points, _ in _typeset("$00102030405060708090$", 400)]  # between noughts none is moved by kerning
    cell = line[1][:, 0].min() - line[0][:, 0].min()
    return [points - [2 * cell * digit, 0, 0] for digit, points in enumerate(line[::2])]


def _counted(code: str, weight: int) -> list[Glyph]:
    """Type that ends with a number, which changes from frame to frame: set with zeros once, then digit for digit."""
    found = re.fullmatch(r"(\$.*[= -])(\d[\d.]*)\$", code)  # no index
    if not found:
        return _typeset(code, weight)
    head, value = found.groups()
    (*before,) = glyphs = _typeset(head + re.sub(r"\d", "0", value) + "$", weight)
    for i, (sign, (zero, width)) in enumerate(zip(value, glyphs[-len(value) :], strict=True), len(glyphs) - len(value)):
        if sign != ".":
            before[i] = _digits()[int(sign)] + [zero[:, 0].min(), 0, 0], width
    return before


@cache
def _glyphs(code: str, weight: int) -> tuple[np.ndarray, list[Glyph]]:
    drawn = _counted(code, weight)
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
