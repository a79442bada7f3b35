"""A bowl in perspective: every pixel's ray meets z = ½(λ₁x² + λ₂y²) at the root of a quadratic.

Smooth and without seams, and a hundred times faster than drawing the same bowl as small squares.
"""

from dataclasses import dataclass, field

import cairo
import numpy as np
from scipy.spatial import ConvexHull

from figures.palette import Palette

_COARSE = 3
Slopes = tuple[np.ndarray, np.ndarray, np.ndarray]


def rgb(colour: str) -> np.ndarray:
    """'#rrggbb' as three floats from 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)


@dataclass(frozen=True)
class View:
    """A camera on a sphere around `target`: angles in radians, `zoom` in pixels a unit at the target."""

    azimuth: float
    elevation: float
    target: tuple[float, float, float]
    centre: tuple[float, float]
    zoom: float
    distance: float = 26.0
    axes: tuple[np.ndarray, np.ndarray, np.ndarray] = field(init=False, repr=False)
    position: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ca, sa = np.cos(self.azimuth), np.sin(self.azimuth)
        ce, se = np.cos(self.elevation), np.sin(self.elevation)
        out = np.array([ce * ca, ce * sa, se])
        right = np.array([-sa, ca, 0.0])
        object.__setattr__(self, "axes", (right, np.cross(out, right), -out))
        object.__setattr__(self, "position", np.array(self.target) + self.distance * out)

    def project(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 3) to pixels (n, 2), x to the right and y down."""
        right, up, forward = self.axes
        away = np.asarray(points) - self.position
        scale = self.zoom * self.distance / (away @ forward)
        return np.stack([scale * (away @ right), -scale * (away @ up)], axis=1) + self.centre

    def on_stage(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 3) to Manim's coordinates (n, 3), where the view's picture is 1280 pixels wide."""
        pixels = self.project(points)
        return np.column_stack([pixels[:, 0] / 90 - 64 / 9, 4 - pixels[:, 1] / 90, np.zeros(len(pixels))])


@dataclass(frozen=True)
class Bowl:
    """z = `height` · L(x, y) / `rim` for L = ½(λ₁x² + λ₂y²), cut off where L reaches `rim`.

    The second axis is drawn `stretch` times as long as the first: a narrow valley needs room for its walls.
    """

    eigenvalues: tuple[float, float]
    rim: float
    height: float
    stretch: float = 1.0
    levels: int = 9

    def lift(self, w: np.ndarray) -> np.ndarray:
        """Iterates (n, 2) to points on the surface (n, 3)."""
        w = np.asarray(w)
        z = self.height / self.rim * 0.5 * (w**2 @ np.array(self.eigenvalues))
        return np.column_stack([w[:, 0], self.stretch * w[:, 1], z])

    def ring(self, level: float, count: int = 121) -> np.ndarray:
        """The contour L = `level` as points (count, 3)."""
        turn = np.linspace(0, 2 * np.pi, count)
        a, b = np.sqrt(2 * level / np.array(self.eigenvalues))
        return self.lift(np.stack([a * np.cos(turn), b * np.sin(turn)], axis=1))

    def paint(self, image: np.ndarray, view: View, colours: Palette, density: float = 1.0) -> None:
        """Draw into `image` (rows, columns, 4) uint8 RGBA, in place; `density` pixels of it to one of the view's."""
        rings = [view.project(self.ring(self.rim * share**2)) for share in np.linspace(0.04, 1, 25)]
        cloud = np.concatenate(rings)
        hull = cloud[ConvexHull(cloud).vertices]  # the solid inside a bowl is convex, so this is its outline
        context = _canvas(image, density)
        _trace(context, hull)
        context.save()
        context.clip()
        context.set_source(self._shading(np.floor(hull.min(0)) - 4, np.ceil(hull.max(0)) + 4, view, colours))
        context.paint()
        _trace(context, hull)
        _trace(context, rings[-1])
        context.set_fill_rule(cairo.FILL_RULE_EVEN_ODD)  # what lies beyond the rim is the outer wall
        context.set_source_rgba(*_bgr(colours.muted), 0.13)
        context.fill()
        context.restore()
        self._contours(context, view, colours)

    def _shading(self, low: np.ndarray, high: np.ndarray, view: View, colours: Palette) -> cairo.SurfacePattern:
        """The inside's colour, computed every `_COARSE` pixels and stretched: smooth but for its edges."""
        columns = np.arange(low[0], high[0], _COARSE, dtype=np.float32) + _COARSE / 2
        rows = np.arange(low[1], high[1], _COARSE, dtype=np.float32) + _COARSE / 2
        colour = self._colour(*self._hit(columns, rows, view), view, colours)
        pixels = np.full((len(rows), len(columns), 4), 255, dtype=np.uint8)
        pixels[:, :, :3] = np.clip(colour + 0.5, 0, 255)
        pattern = cairo.SurfacePattern(_surface(pixels))
        pattern.set_filter(cairo.FILTER_BILINEAR)
        pattern.set_extend(cairo.EXTEND_PAD)
        pattern.set_matrix(cairo.Matrix(1 / _COARSE, 0, 0, 1 / _COARSE, -low[0] / _COARSE, -low[1] / _COARSE))
        return pattern

    def _hit(self, columns: np.ndarray, rows: np.ndarray, view: View) -> Slopes:
        """Slopes ∂z/∂x, ∂z/∂y and height z where each pixel's ray meets the inside, its farther root."""
        right, up, forward = (axis.astype(np.float32) for axis in view.axes)
        u = ((columns - view.centre[0]) / (view.zoom * view.distance)).astype(np.float32)[None, :]
        v = ((view.centre[1] - rows) / (view.zoom * view.distance)).astype(np.float32)[:, None]
        dx, dy, dz = (forward[i] + right[i] * u + up[i] * v for i in range(3))
        ox, oy, oz = view.position.astype(np.float32)
        k = self.height / self.rim
        p = np.float32(k * self.eigenvalues[0])
        q = np.float32(k * self.eigenvalues[1] / self.stretch**2)
        a = 0.5 * (p * dx * dx + q * dy * dy)
        b = p * ox * dx + q * oy * dy - dz
        c = np.float32(0.5 * (p * ox**2 + q * oy**2) - oz)
        far = (-b + np.sqrt(np.maximum(b * b - 4 * a * c, 0))) / (2 * a)
        return p * (ox + far * dx), q * (oy + far * dy), oz + far * dz

    def _colour(self, gx: np.ndarray, gy: np.ndarray, z: np.ndarray, view: View, colours: Palette):
        """Soft light from the upper left, and the palette's ramp from the floor to the rim."""
        right, up, forward = view.axes
        light = -0.62 * right + 0.62 * up - 0.55 * forward
        light = (light / np.linalg.norm(light)).astype(np.float32)
        lit = (light[2] - gx * light[0] - gy * light[1]) / np.sqrt(1 + gx * gx + gy * gy)
        ramp = np.sqrt(np.clip(z / self.height, 0, 1))[..., None]
        base = rgb(colours.low) + ramp * (rgb(colours.high) - rgb(colours.low))
        strength = 0.27 if colours.name == "light" else 0.7
        return base * (1 + strength * np.clip(lit - 0.75, -0.62, 0.25))[..., None]

    def _contours(self, context: cairo.Context, view: View, colours: Palette) -> None:
        for i in range(1, self.levels + 1):
            rim = i == self.levels
            context.set_source_rgba(*_bgr(colours.muted), 1.0)
            context.set_line_width(2.0 if rim else 1.0)
            _trace(context, view.project(self.ring(self.rim * (i / self.levels) ** 2)))
            context.stroke()


def _surface(pixels: np.ndarray) -> cairo.ImageSurface:
    height, width = pixels.shape[:2]
    return cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, width, height)


def _canvas(image: np.ndarray, density: float) -> cairo.Context:
    context = cairo.Context(_surface(image))
    context.scale(density, density)
    return context


def _bgr(colour: str) -> tuple[float, float, float]:
    """Cairo's pixels are BGRA where the array's are RGBA: colours go in with red and blue exchanged."""
    red, green, blue = (float(value) / 255 for value in rgb(colour))
    return blue, green, red


def _trace(context: cairo.Context, points: np.ndarray) -> None:
    for x, y in points:
        context.line_to(x, y)
    context.close_path()
