"""What all films share: type set by Typst, marks, paths with an outline of paper, a small curve panel, easing.

Lengths are Manim's: the picture is 14.22 × 8 units, 90 pixels a unit.
"""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Line,
    Mobject,
    Polygon,
    Scene,
    Square,
    Typst,
    VGroup,
    VMobject,
)

from figures import style
from figures.palette import LIGHT, Palette

PIXEL = 1 / 90
_CAP = 0.727  # Inter's capital height, in em
_PREAMBLE = '#set text(font: "Inter", weight: {weight})'


class Stage(Scene):
    """A scene that knows its colours; `render` sets them before it plays."""

    colours: Palette = LIGHT

    def tint(self, role: str) -> str:
        return getattr(self.colours, role)


@cache
def _set(code: str, weight: int) -> Typst:
    return Typst(
        f"H#h(1em){code}", typst_preamble=_PREAMBLE.format(weight=weight), font_paths=[style.fonts()], color="#000000"
    )


def text(code: str, px: float = 36, colour: str = "#000000", weight: int = 400) -> VGroup:
    """Typst markup, words in Inter and $formulas$ in Computer Modern: left end of the baseline at the origin."""
    made = _set(code, weight).copy()
    strut, *glyphs = made.submobjects
    made.scale(px * PIXEL * _CAP / strut.height, about_point=np.zeros(3))
    floor = strut.get_bottom()[1]
    group = VGroup(*glyphs)
    group.shift(-floor * UP - group.get_left()[0] * RIGHT)
    return group.set_color(colour)


def put(group: VGroup, x: float, y: float, anchor: str = "left") -> VGroup:
    """Move a `text` so that its baseline is at y and its left end, middle or right end at x."""
    shift = {"left": 0.0, "middle": group.width / 2, "right": group.width}[anchor]
    return group.shift((x - shift) * RIGHT + y * UP)


def mark(role: str, at: np.ndarray, colours: Palette, size: float = 0.075, outline: float = 2.0) -> VMobject:
    """The role's sign, filled, with a thin outline of paper: circle, diamond, square, cross, triangle."""
    shapes: dict[str, Callable[[], VMobject]] = {
        "crawl": lambda: Circle(radius=size),
        "fast": lambda: Square(side_length=1.7 * size).rotate(np.pi / 4),
        "bounce": lambda: Square(side_length=1.75 * size),
        "edge": lambda: Circle(radius=size),
        "diverge": lambda: _cross(size),
        "decay": lambda: Polygon(*(1.25 * size * np.array([[0, 1, 0], [-0.95, -0.65, 0], [0.95, -0.65, 0]]))),
    }
    shape = shapes[role]()
    shape.set_fill(getattr(colours, role), 1).set_stroke(colours.paper, outline, background=True)
    return shape.move_to(at)


def _cross(size: float) -> VMobject:
    a, b = 0.4 * size, 1.15 * size
    corners = [(a, 0), (b, b - a), (b - a, b), (0, a), (a - b, b), (-b, b - a), (-a, 0), (-b, a - b), (a - b, -b), (0, -a), (b - a, -b), (b, a - b)]
    return Polygon(*(np.array([x, y, 0]) for x, y in corners))


def ball(role: str, colours: Palette, radius: float = 0.15) -> VGroup:
    """A small sphere: the role's colour, an outline of paper, a light spot at the upper left."""
    body = Circle(radius=radius).set_fill(getattr(colours, role), 1).set_stroke(colours.paper, 3, background=True)
    spot = Circle(radius=0.34 * radius).set_fill("#ffffff", 0.5).set_stroke(width=0)
    return VGroup(body, spot.shift(0.36 * radius * (LEFT + UP)))


def polyline(points: np.ndarray, colour: str, width: float = 4, opacity: float = 1.0) -> VMobject:
    """Straight pieces through points (n, 2) or (n, 3)."""
    line = VMobject(stroke_color=colour, stroke_width=width, stroke_opacity=opacity)
    points = np.asarray(points, dtype=float)
    if points.shape[1] == 2:
        points = np.column_stack([points, np.zeros(len(points))])
    if len(points) > 1:
        line.set_points_as_corners(points)
    return line


def trail(points: np.ndarray, colour: str, colours: Palette, width: float = 4) -> VGroup:
    """A path that reads on any ground: the line over a wider one of paper colour."""
    return VGroup(polyline(points, colours.paper, width + 3.5, 0.85), polyline(points, colour, width))


class Panel(VGroup):
    """A small pair of axes: `at(x, y)` is where a value lies on the screen. Ticks only where `ticks` asks."""

    def __init__(
        self,
        colours: Palette,
        corner: tuple[float, float],
        size: tuple[float, float],
        xlim: tuple[float, float],
        ylim: tuple[float, float],
        xlabel: str,
        ylabel: str,
        px: float = 30,
    ) -> None:
        super().__init__()
        self.corner, self.size, self.xlim, self.ylim = np.array(corner), np.array(size), xlim, ylim
        self.colours, self.px = colours, px
        origin, right, top = self.at(xlim[0], ylim[0]), self.at(xlim[1], ylim[0]), self.at(xlim[0], ylim[1])
        self.add(Line(origin, right + 0.1 * RIGHT, stroke_width=2, color=colours.muted))
        self.add(Line(origin, top + 0.1 * UP, stroke_width=2, color=colours.muted))
        self.add(put(text(xlabel, px, colours.muted), right[0] + 0.1, origin[1] - 1.45 * px * PIXEL, "right"))
        self.add(put(text(ylabel, px, colours.muted), top[0], top[1] + 0.3))

    def at(self, x: float, y: float) -> np.ndarray:
        share = np.array([(x - self.xlim[0]) / (self.xlim[1] - self.xlim[0]), (y - self.ylim[0]) / (self.ylim[1] - self.ylim[0])])
        return np.array([*(self.corner + share * self.size), 0.0])

    def curve(self, x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray) -> np.ndarray:
        """Points (n, 3) on the screen."""
        return np.array([self.at(a, b) for a, b in zip(x, y, strict=True)])

    def ytick(self, value: float, label: str) -> "Panel":
        place = self.at(self.xlim[0], value)
        self.add(Line(place, place + 0.1 * LEFT, stroke_width=2, color=self.colours.muted))
        self.add(put(text(label, 0.85 * self.px, self.colours.muted), place[0] - 0.2, place[1] - 0.1, "right"))
        return self

    def xtick(self, value: float, label: str) -> "Panel":
        place = self.at(value, self.ylim[0])
        self.add(Line(place, place + 0.1 * DOWN, stroke_width=2, color=self.colours.muted))
        self.add(put(text(label, 0.85 * self.px, self.colours.muted), place[0], place[1] - 0.4, "middle"))
        return self


class Live(VGroup):
    """A group whose contents are made anew for each frame by `make()`."""

    def __init__(self, make: Callable[[], Sequence[Mobject]]) -> None:
        super().__init__()
        self.make = make
        self.refresh()
        self.add_updater(lambda group: group.refresh())

    def refresh(self) -> None:
        self.submobjects = list(self.make())


def land(progress: float, jump: float = 0.7) -> float:
    """Steps done, as a real number, when `progress` steps' time has passed: quick, easing out, then a short rest."""
    step, part = divmod(progress, 1.0)
    part = min(part / jump, 1.0)
    return step + 1 - (1 - part) ** 3


def along(values: np.ndarray, position: float) -> np.ndarray:
    """The value at a real-numbered step: straight between iterates."""
    step = min(int(position), len(values) - 1)
    following = min(step + 1, len(values) - 1)
    return values[step] + (position - step) * (values[following] - values[step])


def so_far(values: np.ndarray, position: float) -> np.ndarray:
    """All iterates up to a real-numbered step, ending exactly there."""
    return np.concatenate([values[: int(position) + 1], along(values, position)[None]])


def smooth(x: float) -> float:
    """0 to 1 with both ends at rest."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)
