"""Along the axes of its ellipse a bowl is two parabolas that know nothing of each other, each with its own
limit 2/λ.

Caption: A tilted bowl, its Hessian's eigenvectors, and the same bowl seen along them. With η = {{
n.parabolas_eta }} every step multiplies the flat coordinate by 1 − ηλ₁ = {{ n.parabolas_flat }} and the
steep one by 1 − ηλ₂ = {{ n.parabolas_steep }}: the zig-zag is a slide along one parabola and a bounce on
the other.

Alt: The contours of a long tilted bowl with a ball on its rim. Two lines grow along the long and the short
axis of the ellipses, the eigenvectors of the Hessian. The picture turns until the lines lie level and
upright, and two parabolas appear beside it: a flat one for the long axis, a steep one for the short axis,
each with a ball of its own at the ball's coordinate. Then the ball zig-zags to the centre, and at every
step the two balls move with it: the flat one slides down one side, multiplied by {{ n.parabolas_flat }}
each time, while the steep one jumps from side to side, multiplied by {{ n.parabolas_steep }}.
"""

import numpy as np
from manim import Line, VMobject

from figures.lettering import put, text
from figures.palette import Palette
from figures.stage import Live, Stage, along, ball, during, land, mark, mix, polyline, so_far, trail
from lrsim import Trajectory, descend, landscapes

PAGE = "learn/why-two-over-lambda"
EIGENVALUES, ANGLE = (1.0, 5.0), 0.62
MODES = (2.7, 1.25)
ETA, STEPS = 0.36, 10
AXES, TURN, SPLIT, RUN = 0.8, 2.4, 4.2, 5.4
EACH = 0.55
END = RUN + STEPS * EACH + 1.5
CENTRE, SCALE = np.array([-2.25, -0.1, 0.0]), 1.07
# Where each parabola stands: its lowest point, units a unit of x, units a unit of loss.
BASES, WIDTH, RISE = ((4.75, 0.1), (4.75, -3.4)), 0.64, 0.45


def run() -> Trajectory:
    bowl = landscapes.bowl(EIGENVALUES, angle=ANGLE)
    return descend(bowl, bowl.from_modes(np.array(MODES)), ETA, STEPS)


def facts() -> dict[str, str]:
    flat, steep = (1 - ETA * value for value in EIGENVALUES)
    return {
        "parabolas_eta": f"{ETA:g}",
        "parabolas_flat": f"{flat:.2f}",
        "parabolas_steep": f"{steep:.2f}".replace("-", "−"),
    }


class Film(Stage):
    def construct(self) -> None:
        self.modes = landscapes.bowl(EIGENVALUES, angle=ANGLE).to_modes(run().iterates.T).T
        self.bake(put(text(f"$eta = {ETA:g}$", 46, self.tint("bounce")), 4.75, 3.35, "middle"))
        self.roll(END, Live(self._bowl), Live(self._axes), Live(self._path), Live(self._parabolas))

    def _place(self, x: np.ndarray) -> np.ndarray:
        """Eigen-coordinates (n, 2) to the screen, turned as far as the film has turned them."""
        angle = ANGLE * (1 - during(self.now, TURN, TURN + 1.6))
        c, s = np.cos(angle), np.sin(angle)
        turned = SCALE * np.asarray(x) @ np.array([[c, s], [-s, c]])
        return CENTRE + np.column_stack([turned, np.zeros(len(turned))])

    def _done(self) -> float:
        return min(land(max(self.now - RUN, 0) / EACH), STEPS) if self.now > RUN else 0.0

    def _bowl(self) -> list:
        levels = 8.2 * (np.arange(6, 0, -1) / 6) ** 2
        return [self._ellipse(level, i / 5, self.colours) for i, level in enumerate(levels)]

    def _ellipse(self, level: float, depth: float, colours: Palette) -> VMobject:
        turn = np.linspace(0, 2 * np.pi, 97)
        a, b = np.sqrt(2 * level / np.array(EIGENVALUES))
        ring = polyline(self._place(np.column_stack([a * np.cos(turn), b * np.sin(turn)])), colours.muted, 1.4, 0.6)
        return ring.set_fill(mix(colours.high, colours.low, depth), 1)

    def _axes(self) -> list:
        grown = during(self.now, AXES, AXES + 1.0)
        if not grown:
            return []
        drawn: list = []
        for k, (reach, name) in enumerate(((4.15, "$x_1$"), (2.2, "$x_2$"))):
            ends = np.zeros((2, 2))
            ends[:, k] = -reach * grown, reach * grown
            ends = self._place(ends)
            drawn.append(Line(*ends, color=self.colours.ink, stroke_width=2.5))
            label = text(name, 40, self.colours.ink, opacity=grown)
            tip = ends[1] + (ends[1] - CENTRE) / np.linalg.norm(ends[1] - CENTRE) * 0.3
            drawn.append(label.move_to(tip))
        return drawn

    def _path(self) -> list:
        done = self._done()
        here = along(self.modes, done)
        points = self._place(so_far(self.modes, done))
        spot = points[-1]
        shown = during(self.now, SPLIT, SPLIT + 0.8)
        feet = self._place(np.diag(here))
        plumbs = [polyline(np.array([spot, foot]), self.colours.muted, 2, shown) for foot in feet]
        return [
            *plumbs,
            mark("bounce", feet, self.colours, 0.07, shown),
            trail(points, self.tint("bounce"), self.colours, 4),
            mark("bounce", points[: int(done) + 1], self.colours, 0.08),
            ball("bounce", self.colours, 0.19).move_to(spot),
        ]

    def _parabolas(self) -> list:
        shown = during(self.now, SPLIT, SPLIT + 0.8)
        return [part for k in (0, 1) for part in self._parabola(k, shown)] if shown else []

    def _parabola(self, k: int, shown: float) -> list:
        """One mode: its curve, its ball where the coordinate is, the factor of each step."""
        done, curvature = self._done(), EIGENVALUES[k]
        base = np.array([*BASES[k], 0.0])
        reach = np.sqrt(2 * 4.5 / curvature)
        x = np.linspace(-reach, reach, 61)

        def at(value: np.ndarray) -> np.ndarray:
            value = np.atleast_1d(value)
            height = RISE * 0.5 * curvature * value**2
            return base + np.column_stack([WIDTH * value, height, np.zeros(len(value))])

        factor = 1 - ETA * curvature
        name = ("flat", "steep")[k]
        sign = f"{factor:.2f}" if factor > 0 else f"(-{-factor:.2f})"
        head = put(
            text(f"{name}: $times {sign}$", 38, self.tint("bounce"), opacity=shown),
            base[0],
            base[1] + 2.25,
            "middle",
        )
        axis = text(f"$x_{k + 1}$", 36, self.colours.ink, opacity=shown).move_to(base + np.array([2.0, 0.1, 0]))
        jump = at(np.array([along(self.modes[:, k], done)]))[0]
        return [
            polyline(base + np.array([[-1.75, 0, 0], [1.75, 0, 0]]), self.colours.muted, 1.5, shown),
            polyline(at(x), self.colours.muted, 4, shown),
            mark("bounce", at(self.modes[: int(done) + 1, k]), self.colours, 0.075, shown),
            ball("bounce", self.colours, 0.17, shown).move_to(jump),
            head,
            axis,
        ]
