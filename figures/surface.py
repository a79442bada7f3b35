"""A quadratic bowl in perspective, shaded pixel by pixel: every ray meets z = ½(λ₁x² + λ₂y²) at the root of a quadratic.

Exact, smooth and without seams, and some ten times faster than drawing the same bowl as small squares.
"""

from dataclasses import dataclass, field

import cairo
import numpy as np

from figures.palette import Palette


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
        ca, sa, ce, se = np.cos(self.azimuth), np.sin(self.azimuth), np.cos(self.elevation), np.sin(self.elevation)
        out = np.array([ce * ca, ce * sa, se])
        right = np.array([-sa, ca, 0.0])
        object.__setattr__(self, "axes", (right, np.cross(out, right), -out))
        object.__setattr__(self, "position", np.array(self.target) + self.distance * out)

    def project(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 3) to pixels (n, 2), x to the right and y down."""
        right, up, forward = self.axes
        away = np.asarray(points) - self.position
        scale = self.zoom * self.distance / (away @ forward)
        return np.stack([self.centre[0] + scale * (away @ right), self.centre[1] - scale * (away @ up)], axis=1)


@dataclass(frozen=True)
class Bowl:
    """z = `height` · L(x, y) / `rim` for L = ½(λ₁x² + λ₂y²), cut off where L reaches `rim`.

    The second axis is drawn `stretch` times as long as the first, so that a narrow valley has room for its walls.
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

    def paint(self, image: np.ndarray, view: View, colours: Palette) -> None:
        """Draw into `image` (rows, columns, 4) uint8 RGBA, in place."""
        outline = view.project(self.ring(self.rim))
        floor = view.project(self.lift(np.zeros((1, 2))))
        low = np.floor(np.minimum(outline.min(0), floor.min(0))).astype(int) - 3
        high = np.ceil(np.maximum(outline.max(0), floor.max(0))).astype(int) + 60
        x0, y0 = np.maximum(low, 0)
        x1, y1 = np.minimum(high, image.shape[1::-1])
        patch = image[y0:y1, x0:x1, :3]
        columns, rows = np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32)
        inner, inner_cover, outer_cover = self._hit(columns, rows, view, colours)
        mixed = patch + inner_cover[..., None] * (inner - patch)
        veil = rgb(colours.muted if colours.name == "light" else colours.high)
        mixed += (0.13 * outer_cover)[..., None] * (veil - mixed)
        patch[:] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
        self._contours(image, view, colours)

    def _hit(self, columns: np.ndarray, rows: np.ndarray, view: View, colours: Palette) -> tuple[np.ndarray, ...]:
        """Colour of the inside, how much of each pixel it covers, and how much the outside wall does."""
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
        disc = b * b - 4 * a * c
        root = np.sqrt(np.maximum(disc, 0))
        far, near = (-b + root) / (2 * a), (-b - root) / (2 * a)
        edge = _cover(disc, _slope(disc))
        z = oz + far * dz
        inner = _cover(self.height - z, _slope(z)) * edge
        znear = oz + near * dz
        outer = _cover(self.height - znear, _slope(znear)) * edge * (near > 0)
        gx, gy = p * (ox + far * dx), q * (oy + far * dy)
        return self._shade(gx, gy, z, view, colours), inner, outer

    def _shade(self, gx: np.ndarray, gy: np.ndarray, z: np.ndarray, view: View, colours: Palette) -> np.ndarray:
        """Soft light from the upper left, and the palette's ramp from the floor to the rim."""
        right, up, forward = view.axes
        light = -0.62 * right + 0.62 * up - 0.55 * forward
        light = (light / np.linalg.norm(light)).astype(np.float32)
        lit = (light[2] - gx * light[0] - gy * light[1]) / np.sqrt(1 + gx * gx + gy * gy)
        ramp = np.sqrt(np.clip(z / self.height, 0, 1))[..., None]
        base = rgb(colours.low) + ramp * (rgb(colours.high) - rgb(colours.low))
        strength = 0.30 if colours.name == "light" else 0.95
        return base * (1 + strength * np.clip(lit - 0.75, -0.62, 0.25))[..., None]

    def _contours(self, image: np.ndarray, view: View, colours: Palette) -> None:
        surface = cairo.ImageSurface.create_for_data(image.data, cairo.FORMAT_ARGB32, image.shape[1], image.shape[0])
        context = cairo.Context(surface)
        red, green, blue = rgb(colours.muted) / 255
        for i in range(1, self.levels + 1):
            rim = i == self.levels
            context.set_source_rgba(blue, green, red, 0.75 if rim else 0.30)  # the array is RGBA, cairo writes BGRA
            context.set_line_width(1.8 if rim else 1.0)
            for x, y in view.project(self.ring(self.rim * (i / self.levels) ** 2)):
                context.line_to(x, y)
            context.stroke()


def _slope(field: np.ndarray) -> np.ndarray:
    """|∂/∂column| + |∂/∂row|: the change over one pixel."""
    rows, columns = np.gradient(field)
    return np.abs(rows) + np.abs(columns) + np.float32(1e-9)


def _cover(distance: np.ndarray, per_pixel: np.ndarray) -> np.ndarray:
    """How much of a pixel lies on the positive side of an edge."""
    return np.clip(distance / per_pixel + 0.5, 0, 1)
