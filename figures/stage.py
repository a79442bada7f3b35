"""What all films share: a clock, marks, paths with an outline of paper, a small panel, easing.

Lengths are Manim's: the picture is 14.22 × 8 units, of which the lowest eighth stays free for a player's controls. `px`
of type count from a picture 720 high, 90 a unit; less than 36, a twentieth, cannot be read on a phone.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, cast

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Line,
    LineJointType,
    ManimColor,
    Mobject,
    Polygon,
    RegularPolygon,
    Scene,
    Square,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)
from manim.utils.family import extract_mobject_family_members

from figures.lettering import PIXEL, put, text
from figures.palette import LIGHT, Palette


class Stage(Scene):
    """A scene that knows its colours; `render` sets them before it plays."""

    colours: Palette = LIGHT

    def setup(self) -> None:
        self.clock = ValueTracker(0.0)

    @property
    def now(self) -> float:
        """Seconds since the film began."""
        return self.clock.get_value()

    def roll(self, seconds: float, *parts: Mobject) -> None:
        """Show parts that are functions of `now` (see `Live`) for so many seconds."""
        self.add(self.clock, *parts)
        self.play(self.clock.animate.set_value(self.now + seconds), run_time=seconds, rate_func=linear)

    def get_moving_and_static_mobjects(self, animations: Iterable[Animation]) -> tuple[list, list]:
        """Manim flattens groups once an animation; a `Live` group has new members in each frame."""
        first = set(map(id, self.get_moving_mobjects(*animations)))
        moving = [mobject for mobject in self.mobjects if id(mobject) in first]
        static = [mobject for mobject in self.mobjects if id(mobject) not in first]
        return moving, extract_mobject_family_members(static, only_those_with_points=True)

    def bake(self, *mobjects: Mobject) -> np.ndarray:
        """Draw mobjects into the background for good; a copy of it."""
        camera = cast(Any, self.camera)
        camera.reset()
        camera.capture_mobjects(mobjects)
        camera.set_background(camera.pixel_array)
        return self.ground.copy()

    @property
    def ground(self) -> np.ndarray:
        """The picture under all mobjects, (height, width, 4) uint8 RGBA, to be painted into."""
        return cast(Any, self.camera).background

    @property
    def density(self) -> float:
        """Pixels of the picture to one of the 1280 that the films count in."""
        return self.ground.shape[1] / 1280

    def tint(self, role: str) -> str:
        return getattr(self.colours, role)


def mark(
    role: str, at: np.ndarray, colours: Palette, size: float | np.ndarray = 0.075, opacity: float = 1.0
) -> VMobject:
    """The role's sign at one place (3,) or many (n, 3), filled, with a thin outline of paper; one size or n."""
    sign, places = _sign(role), np.reshape(at, (-1, 3))
    shape = VMobject()
    shape.points = (np.reshape(size, (-1, 1, 1)) * sign + places[:, None]).reshape(-1, 3)
    return _solid(shape, getattr(colours, role), colours.paper, 22 * float(np.max(size)), opacity)


def sizes(etas: np.ndarray) -> np.ndarray:
    """For each iterate of a run the size of its mark, the first being 1: its area is as the rate that leaves it."""
    return np.sqrt(np.append(etas, etas[-1]) / etas[0])


@cache
def _sign(role: str) -> np.ndarray:
    """The outline of a circle, diamond, square, cross or triangle of about the same area."""
    shapes: dict[str, Callable[[], VMobject]] = {
        "crawl": lambda: Circle(radius=1),
        "fast": lambda: Square(side_length=1.7).rotate(np.pi / 4),
        "bounce": lambda: Square(side_length=1.75),
        "edge": lambda: RegularPolygon(5, radius=1.1),
        "diverge": lambda: _cross(0.4, 1.15),
        "decay": lambda: Polygon((0, 1.25, 0), (-1.19, -0.81, 0), (1.19, -0.81, 0)),
    }
    return shapes[role]().points


def _solid(shape: VMobject, fill: str, outline: str, width: float, opacity: float = 1.0) -> VMobject:
    shape.set_fill(fill, opacity).set_stroke(width=0)
    return shape.set_stroke(outline, 2 * width, opacity, background=True)


def _cross(a: float, b: float) -> VMobject:
    arm = np.array([(a, 0), (b, b - a), (b - a, b), (0, a)])
    corners = np.concatenate([arm, arm[::-1] * [-1, 1], -arm, arm[::-1] * [1, -1]])
    return Polygon(*np.column_stack([corners, np.zeros(len(corners))]))


def ball(role: str, colours: Palette, radius: float = 0.15, opacity: float = 1.0) -> VGroup:
    """A small sphere: the role's colour, an outline of paper, a light spot at the upper left."""
    body = _solid(Circle(radius=radius), getattr(colours, role), colours.paper, 3, opacity)
    spot = Circle(radius=0.34 * radius).set_fill(LIGHT.paper, 0.5 * opacity).set_stroke(width=0)
    return VGroup(body, spot.shift(0.36 * radius * (LEFT + UP)))


def arrow(start: np.ndarray, end: np.ndarray, colour: str, width: float = 6, opacity: float = 1.0) -> VGroup:
    """A shaft and a head, both slighter where the arrow is short; a dot of an arrow is no arrow."""
    along_it = np.asarray(end, float) - start
    length = float(np.linalg.norm(along_it))
    if length < 0.02:
        return VGroup()
    unit = along_it / length
    side = np.array([-unit[1], unit[0], 0])
    width = min(width, 14 * length)
    head = min(0.045 * width, 0.45 * length)
    tip = Polygon(end, end - head * unit + 0.55 * head * side, end - head * unit - 0.55 * head * side)
    tip.set_fill(colour, opacity).set_stroke(width=0)
    return VGroup(polyline(np.array([start, end - 0.9 * head * unit]), colour, width, opacity), tip)


def polyline(points: np.ndarray, colour: str, width: float = 4, opacity: float = 1.0) -> VMobject:
    """Straight pieces through points (n, 2) or (n, 3)."""
    line = VMobject(stroke_color=colour, stroke_width=width, stroke_opacity=opacity)
    line.joint_type = LineJointType.ROUND  # a mitre would shoot past the sharp turns of a zig-zag
    points = np.asarray(points, dtype=float)
    if points.shape[1] == 2:
        points = np.column_stack([points, np.zeros(len(points))])
    if len(points) > 1:
        line.set_points_as_corners(points)
    return line


def trail(points: np.ndarray, colour: str, colours: Palette, width: float = 4, opacity: float = 1.0) -> VGroup:
    """A path that reads on any ground: the line over a wider one of paper colour."""
    under = polyline(points, colours.paper, width + 3.5, 0.85 * opacity)
    return VGroup(under, polyline(points, colour, width, opacity))


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: 0 is the first, 1 the second."""
    return ManimColor(one).interpolate(ManimColor(other), share).to_hex()


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
        px: float = 36,
    ) -> None:
        super().__init__()
        self.corner, self.size, self.xlim, self.ylim = np.array(corner), np.array(size), xlim, ylim
        self.colours, self.px = colours, px
        origin, right, top = self.at(xlim[0], ylim[0]), self.at(xlim[1], ylim[0]), self.at(xlim[0], ylim[1])
        self.add(Line(origin, right + 0.1 * RIGHT, stroke_width=2, color=colours.muted))
        self.add(Line(origin, top + 0.1 * UP, stroke_width=2, color=colours.muted))
        if xlabel:
            self.add(put(text(xlabel, px, colours.muted), right[0] + 0.1, origin[1] - 1.45 * px * PIXEL, "right"))
        if ylabel:
            self.add(put(text(ylabel, px, colours.muted), top[0], top[1] + 0.3))

    def at(self, x: float, y: float) -> np.ndarray:
        (left, right), (bottom, top) = self.xlim, self.ylim
        share = np.array([(x - left) / (right - left), (y - bottom) / (top - bottom)])
        return np.array([*(self.corner + share * self.size), 0.0])

    def curve(self, x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray) -> np.ndarray:
        """Points (n, 3) on the screen."""
        return np.array([self.at(a, b) for a, b in zip(x, y, strict=True)])

    def ytick(self, value: float, label: str) -> "Panel":
        place = self.at(self.xlim[0], value)
        self.add(Line(place, place + 0.1 * LEFT, stroke_width=2, color=self.colours.muted))
        self.add(put(text(label, self.px, self.colours.muted), place[0] - 0.2, place[1] - 0.1, "right"))
        return self

    def xtick(self, value: float, label: str) -> "Panel":
        place = self.at(value, self.ylim[0])
        self.add(Line(place, place + 0.1 * DOWN, stroke_width=2, color=self.colours.muted))
        self.add(put(text(label, self.px, self.colours.muted), place[0], place[1] - 0.45, "middle"))
        return self


class Live(VGroup):
    """A group whose contents are made anew for each frame by `make()`."""

    def __init__(self, make: Callable[[], list]) -> None:
        super().__init__()
        self.make = make
        self.refresh()
        self.add_updater(lambda group: group.refresh())

    def refresh(self) -> None:
        self.submobjects = list(self.make())


def land(progress: float, jump: float = 0.7) -> float:
    """Steps done, a real number, when the time of `progress` steps is over: an ease-out, then a rest."""
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


def passed(time: float, begin: float, end: float) -> float:
    """The share of a span that is over: 0 before `begin`, 1 after `end`, even between."""
    return min(max((time - begin) / (end - begin), 0.0), 1.0)


def during(time: float, begin: float, end: float) -> float:
    """As `passed`, with both ends at rest."""
    x = passed(time, begin, end)
    return x * x * (3 - 2 * x)
