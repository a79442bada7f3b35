"""A bowl from above: bands of colour between its contours, cut off at a frame, the floor and the minimum."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manim import VMobject

from figures.palette import Palette
from figures.stage import polyline
from figures.surface import rgb
from lrsim import landscapes


@dataclass(frozen=True)
class Plane:
    """`unit` of the stage's to one of w, the minimum at `centre`; `frame` is left, right, bottom, top."""

    bowl: landscapes.Quadratic
    unit: float
    centre: tuple[float, float]
    frame: tuple[float, float, float, float]
    levels: np.ndarray

    def at(self, w: np.ndarray) -> np.ndarray:
        """Iterates (n, 2), or one (2,), to points on the stage (n, 3)."""
        w = np.reshape(w, (-1, 2))
        return np.column_stack([self.centre + self.unit * w, np.zeros(len(w))])

    def ring(self, level: float) -> list[np.ndarray]:
        """The pieces of a contour that lie in the frame."""
        turn = np.linspace(0, 2 * np.pi, 721)
        points = self.at(np.sqrt(2 * level / self.bowl.eigenvalues) * np.column_stack([np.cos(turn), np.sin(turn)]))
        left, right, bottom, top = self.frame
        x, y, _ = points.T
        inside = (x > left) & (x < right) & (y > bottom) & (y < top)
        cuts = np.flatnonzero(np.diff(inside)) + 1
        return [points[i:j] for i, j in pairwise([0, *cuts, len(points)]) if inside[i] and j - i > 1]

    def lines(self, colours: Palette) -> list[VMobject]:
        """All contours, the floor along the flat axis, and a cross at the minimum."""
        rings = [polyline(piece, colours.muted, 1.6, 0.9) for level in self.levels for piece in self.ring(level)]
        floor = polyline(np.array([[x, self.centre[1]] for x in self.frame[:2]]), colours.muted, 2.5)
        arms = 0.14 * np.array([(1, 1), (1, -1)])
        cross = [polyline(np.array([self.centre + arm, self.centre - arm]), colours.ink, 5) for arm in arms]
        return [*rings, floor, *cross]

    def paint(self, ground: np.ndarray, colours: Palette, density: float) -> None:
        """Bands of height into a picture (height, width, 4) of so many pixels to one of 1280."""
        pixel = 90 * density
        left, right, bottom, top = self.frame
        columns, rows = (low + np.arange(round((high - low) * pixel)) / pixel for low, high in
                         ((left, right), (bottom, top)))  # fmt: skip
        w1, w2 = (columns - self.centre[0]) / self.unit, (rows[::-1] - self.centre[1]) / self.unit
        loss = self.bowl.loss(np.array(np.meshgrid(w1, w2)))
        low, high = rgb(colours.low), rgb(colours.high)
        depth = np.searchsorted(self.levels, loss)[..., None] / len(self.levels)
        y, x = round((4 - top) * pixel), round((left + 64 / 9) * pixel)
        part = ground[y : y + len(rows), x : x + len(columns), :3]
        part[:] = np.where((loss <= self.levels[-1])[..., None], low + depth * (high - low), part)
