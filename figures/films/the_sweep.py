"""As η grows, a step lands short of the bottom, on it, beyond it and at last outside: the steeper the parabola, the
sooner.

Caption: One step from the same start, and its landing as the rate $\\eta$ is pushed up slowly: at $1/\\lambda$ it is
the bottom, at $2/\\lambda$ the mirror image of the start. Then two parabolas, $\\lambda_1$ = {{ n.sweep_flat }} and
$\\lambda_2$ = {{ n.sweep_steep }}, under one rate. The steep one leaves at $2/\\lambda_2$ = {{ n.sweep_steep_limit
}}, long before the flat one at $2/\\lambda_1$ = {{ n.sweep_flat_limit }}, and a bowl needs both.

Alt: A parabola with a start high on its right side, and under it a slider for the rate η. As η grows from zero, the
landing point of one step slides down the right side, is at the bottom at 1/λ, climbs the left side, is as high as the
start at 2/λ, and then higher: outside. The slider goes back to zero and a steep parabola appears beside the first,
with a start of its own. Pushed up again, the rate sends the steep landing over the bottom and out at 2/λ₂ =
{{ n.sweep_steep_limit }}, while the flat one is still on its way down; the flat one leaves at 2/λ₁ =
{{ n.sweep_flat_limit }}. Both limits stay drawn on the slider.

Lecture: Before the formula $\\lvert 1 - \\eta\\lambda \\rvert < 1$: let the room call out where the step will land.
"""

from functools import cache
from itertools import pairwise

import numpy as np
from manim import Circle, Line

from figures.lettering import put, text
from figures.stage import Live, Stage, arrow, ball, during, mark, polyline
from lrsim import descend, landscapes, stability

PAGE = "learn/why-two-over-lambda"
FLAT, STEEP = 1.0, 2.5
TOP = 2.25  # the rate at which each sweep ends
START = {FLAT: 1.0, STEEP: 1 / np.sqrt(STEEP)}  # both as high
# When the rate is where, in seconds: it rests where something happens.
FIRST = ((0, 0.0), (0.8, 0.0), (3.2, 1.0), (4.2, 1.0), (6.3, 2.0), (7.3, 2.0), (8.1, TOP), (9.1, TOP))
SECOND = ((10.2, 0.0), (11.0, 0.0), (13.2, 0.8), (14.2, 0.8), (16.5, 2.0), (17.2, 2.0), (18.0, TOP))
SPLIT = SECOND[0][0]
END = SECOND[-1][0] + 1.8
PAUSES = (
    (3.9, "At 1/λ it lands on the bottom"),
    (7.0, "At 2/λ it lands at the mirror image of the start"),
    (8.8, "Above, it lands higher than the start"),
    (13.9, "The steep parabola reaches its limit first"),
    (END - 1, "The flat one leaves at its own limit"),
)
FLOOR, RISE, WIDTH = -1.35, 2.1, 2.15  # of a parabola: the bottom's height, the start's above it, units a unit of w
STEP, RAIL, LEFT, RIGHT = -1.66, -2.12, -6.2, 6.2  # how low the step's arrow lies, and the slider; its ends


def facts() -> dict[str, str]:
    numbers = {}
    for name, curvature in (("sweep_flat", FLAT), ("sweep_steep", STEEP)):
        numbers |= {name: f"{curvature:g}", f"{name}_limit": f"{stability.threshold(landscapes.bowl([curvature])):g}"}
    return numbers


def rate(time: float) -> float:
    """η at a moment: at rest at every second of the places above, smooth between."""
    path = FIRST + SECOND
    for (begin, low), (end, high) in pairwise(path):
        if time < end:
            return low + (high - low) * during(time, begin, end)
    return path[-1][1]


@cache
def landing(curvature: float, eta: float) -> float:
    """Where one step lands, in units of its start."""
    run = descend(landscapes.bowl([curvature]), [START[curvature]], eta, 1)
    return float(run.iterates[1, 0] / START[curvature])


WORDS = {  # a step that leaves a share above the edge, by role
    "crawl": (1e-9, "lands short of the bottom"),
    "fast": (-1e-9, "lands on the bottom"),
    "bounce": (-1 + 1e-9, "beyond, but lower"),
    "edge": (-1 - 1e-9, "the mirror image"),
    "diverge": (-np.inf, "out: higher than before"),
}


def role(share: float) -> str:
    """Of a run whose every step leaves this share."""
    return next(name for name, (edge, _) in WORDS.items() if share > edge)


class Film(Stage):
    def construct(self) -> None:
        rail = Line((LEFT, RAIL, 0), (RIGHT, RAIL, 0), stroke_width=4, color=self.colours.muted)
        self.bake(rail, put(text("rate $eta$", 36, self.colours.muted), 6.9, RAIL - 0.75, "right"))
        self.roll(END, Live(self._slider), Live(self._parabolas), Live(self._words))

    def _split(self) -> float:
        return during(self.now, SPLIT, SPLIT + 1.0)

    def _slider(self) -> list:
        """First with the rates that mean something to one parabola, then with the limits of both."""
        split = self._split()
        limit = 2 / FLAT + (2 / STEEP - 2 / FLAT) * split
        drawn: list = [polyline(np.array([[LEFT, RAIL], [self._along(limit), RAIL]]), self.colours.ink, 9)]
        for value, words, tint, shown in (
            (1 / FLAT, r"$1\/lambda$", "muted", 1 - split),
            (2 / FLAT, r"$2\/lambda$", "edge", 1 - split),
            (2 / STEEP, r"$2\/lambda_2$", "edge", split),
            (2 / FLAT, r"$2\/lambda_1$", "edge", split),
        ):
            x, colour = self._along(value), self.tint(tint)
            if shown:
                drawn.append(polyline(np.array([[x, RAIL - 0.2], [x, RAIL + 0.2]]), colour, 5, shown))
                drawn.append(put(text(words, 40, colour, opacity=shown), x, RAIL - 0.75, "middle"))
        knob = Circle(radius=0.2).set_fill(self.colours.ink, 1).set_stroke(self.colours.paper, 4)
        return [*drawn, knob.move_to((self._along(rate(self.now)), RAIL, 0))]

    def _along(self, eta: float) -> float:
        return LEFT + (RIGHT - LEFT) * eta / (TOP + 0.05)

    def _parabolas(self) -> list:
        split = self._split()
        drawn = self._parabola(FLAT, -2.4 - 1.5 * split, 1.0)
        return drawn + self._parabola(STEEP, 1.45, split) if split else drawn

    def _parabola(self, curvature: float, middle: float, shown: float) -> list:
        """A curve, the start on it, the step along the axis and the landing."""
        start, share = START[curvature], landing(curvature, rate(self.now))

        def at(values: np.ndarray) -> np.ndarray:
            values = np.atleast_1d(values)
            return np.column_stack([middle + WIDTH * start * values, FLOOR + RISE * values**2, 0 * values])

        curve = at(np.linspace(-1.4, 1.4, 81))
        gone = during(-share, 1.3, 1.4)  # it has left the picture
        tint = self.tint(role(share))
        foot, end = at(np.array([1.0, max(share, -1.4)]))
        ends = np.array([[foot[0], STEP, 0], [end[0], STEP, 0]])  # out of the picture it has no head
        away = polyline(ends, tint, 6, shown) if share < -1.4 else arrow(*ends, tint, 6, shown)
        level = at(np.array([-1.15, 1.15])) * [1, 0, 0] + [0, foot[1], 0]
        return [
            polyline(level, self.colours.muted, 1.5, 0.6 * shown),
            polyline(curve, self.colours.muted, 5, shown),
            away,
            polyline(np.array([[foot[0], STEP, 0], foot]), self.colours.muted, 1.5, 0.6 * shown),
            mark("crawl", foot, self.colours, 0.11, 0.55 * shown),
            *([mark("diverge", at(-1.4), self.colours, 0.2, shown * gone)] if gone else []),
            *([ball(role(share), self.colours, 0.24, shown * (1 - gone)).move_to(end)] if gone < 1 else []),
            *self._named(curvature, middle, share),
        ]

    def _named(self, curvature: float, middle: float, share: float) -> list:
        """Over a parabola, once there are two: its name, or that it is out."""
        name, index = ("flat", 1) if curvature == FLAT else ("steep", 2)
        out = role(share) == "diverge"
        words = rf"{name}: out above $2\/lambda_{index}$" if out else f"{name}: $lambda_{index} = {curvature:g}$"
        tint, split = self.tint("diverge" if out else "ink"), self._split()
        return [put(text(words, 42, tint, 600, split), middle, 3.25, "middle")] if split else []

    def _words(self) -> list:
        """The rate, and what the factor of a step is; for one parabola also in words."""
        eta, split = rate(self.now), self._split()
        said = [put(text(f"$eta = {eta:.2f}$", 52, self.colours.ink), 6.7, 2.3, "right")]
        two = ((FLAT, 1.2, "lambda_1", split), (STEEP, 0.2, "lambda_2", split))
        for curvature, y, name, shown in ((FLAT, 1.2, "lambda", 1 - split), *two):
            share = landing(curvature, eta)
            sign = "-" if share < -0.005 else ""
            if shown:
                words = f"$1 - eta {name} = {sign}{abs(share) + 1e-9:.2f}$"
                said.append(put(text(words, 42, self.tint(role(share)), opacity=shown), 6.7, y, "right"))
        if split < 1 and eta:
            now = role(landing(FLAT, eta))
            said.append(put(text(WORDS[now][1], 40, self.tint(now), 600, 1 - split), 6.7, 0.2, "right"))
        return said
