"""A step leaves its contour at a right angle, so in a narrow valley a large rate crosses the floor each time, a
decaying one only until it is small.

Caption: The map of the bowl with the curvatures {{ n.zigzag_flat }} along $w_1$ and {{ n.zigzag_steep }} across, at
$\\eta$ = {{ n.zigzag_eta }}. Downhill is across the valley; the step passes the floor, the next one returns, each
landing {{ n.zigzag_factor }} times as far from the floor as the last. With $\\eta_t = {{ n.zigzag_eta0 }}/(1 + {{
n.zigzag_k }}\\,t)$ the swing widens while the rate is above {{ n.zigzag_limit }}, then dies out, and from step {{
n.zigzag_short }} on no step crosses the floor.

Alt: A contour map of a long narrow valley, a ball high on its side. The contour through the ball lights up and an
arrow grows from it at a right angle, across the valley and far from the direction of the minimum. The ball follows
the arrow, crosses the floor and lands on the other side, a little lower; a new arrow, again at a right angle, points
back. The zig-zag goes on, each landing a little nearer to the floor. Then the same start with a decaying rate: first
the jumps are wider, then they and the ball shrink with the rate until they no longer cross, and the path runs along
the floor to the minimum. The film ends on both paths, the contour through the start and the right angle at which both
leave it.

Lecture: When somebody asks why large steps do not just go to the minimum.
"""

from collections.abc import Sequence

import numpy as np

from figures import runs
from figures.lettering import put, text
from figures.plane import Plane
from figures.stage import Live, Stage, along, arrow, ball, during, land, mark, passed, polyline, sizes, so_far, trail
from lrsim import Trajectory, stability

PAGE = "learn/the-bowl"
MAP = Plane(runs.bowl(), 1.93, (1.55, 0.4), (-6.9, 2.9, -2.95, 3.75), 17.5 * (np.arange(1, 13) / 12) ** 2)
# In seconds: the contour lights up, the arrow grows, the first jump, the arrow back, the second jump, all others.
RING, GRADIENT, JUMP, BACK, RETURN, REST = 0.8, 1.8, 3.6, 5.2, 6.6, 8.0
FIRST, EACH, SHOWN = 1.3, 0.22, 20  # seconds of one of the first two steps, of a later one; steps at the constant rate
AGAIN = REST + (SHOWN - 2) * EACH + 0.8  # the decayed run begins
LATER = AGAIN + 1.0
DECAYED = 24  # steps of it that are shown
STILL = LATER + 4.4
END = STILL + 1.7
PAUSES = (
    (RING + 0.7, "The contour through the ball"),
    (GRADIENT + 1.4, "Downhill is at a right angle to it"),
    (JUMP + 1.2, "The step crosses the floor"),
    (AGAIN - 0.4, "It returns, and again: the zig-zag"),
    (END - 1, "Once small, the decaying rate crosses no more"),
)
FACTOR = 1 - runs.LARGE_ETA * runs.BOWL_EIGENVALUES[1]  # of the distance to the floor, a step
STORY = (  # from, to, lines
    (RING, GRADIENT, "one contour:", "equal loss"),
    (GRADIENT, JUMP, "downhill: at a", "right angle to it,", "not to the cross"),
    (JUMP, BACK, "past the floor,", "up the other side"),
    (BACK, REST, "downhill now", "points back"),
    (REST, AGAIN, "a zig-zag: the", "distance to the", rf"floor $times (-{-FACTOR:.1f})$", "a step"),
    (LATER, LATER + 3.0, r"$eta_t$ sinks:", "wide jumps first,", "then shorter"),
    (LATER + 3.0, STILL, r"$eta_t$ is small:", "no more crossing"),
)


def facts() -> dict[str, str]:
    flat, steep = runs.BOWL_EIGENVALUES
    etas = runs.three_paths()["decay"].etas
    return {
        "zigzag_flat": f"{flat:g}",
        "zigzag_steep": f"{steep:g}",
        "zigzag_eta": f"{runs.LARGE_ETA:g}",
        "zigzag_factor": f"{abs(FACTOR):.1f}",
        "zigzag_eta0": f"{runs.DECAY_ETA0:g}",
        "zigzag_k": f"{runs.DECAY_K:g}",
        "zigzag_limit": f"{stability.threshold(runs.bowl()):g}",
        "zigzag_short": str(int(np.argmax(etas * steep <= 1 + 1e-12))),
    }


def paragraph(lines: Sequence[str], top: float, colour: str, shown: float) -> list:
    return [put(text(line, 40, colour, opacity=shown), 3.2, top - 0.58 * i) for i, line in enumerate(lines)]


class Film(Stage):
    def construct(self) -> None:
        self.large, self.decay = (runs.three_paths()[role] for role in ("bounce", "decay"))
        self.sizes = {"bounce": sizes(self.large.etas), "decay": sizes(self.decay.etas)}
        self.bake()
        MAP.paint(self.ground, self.colours, self.density)
        self.bake(*MAP.lines(self.colours))
        self.roll(END, Live(self._downhill), Live(self._paths), Live(self._words))

    def _done(self) -> float:
        """Steps of the run at the constant rate, a real number."""
        first, second = (passed(self.now, begin, begin + FIRST) for begin in (JUMP, RETURN))
        others = (SHOWN - 2) * passed(self.now, REST, REST + (SHOWN - 2) * EACH)
        return min(land(first + second + others), SHOWN)

    def _decayed(self) -> float:
        """Steps of the decayed run: the first ones slow enough to be seen."""
        return min(land(DECAYED * passed(self.now, LATER, STILL) ** 1.35), DECAYED)

    def _downhill(self) -> list:
        """The contour through the ball, a right angle to it, and the step that starts there, as long as it will be."""
        if self.now < REST:
            step, grown = (0, GRADIENT) if self.now < BACK else (1, BACK + 0.3)
            lit = self._lit(step, during(self.now, BACK if step else RING, grown))
            return lit + self._arrow(self.large, step, "bounce", during(self.now, grown, grown + 0.7))
        if self.now < STILL:
            step = int(self._decayed())
            return self._arrow(self.decay, step, "decay", 1.0) if self.now > LATER and step < 6 else []
        shown = during(self.now, STILL, STILL + 0.5)
        return [*self._lit(0, shown), self._angle(self.large, 0, shown)]

    def _lit(self, step: int, shown: float) -> list:
        return [polyline(piece, self.colours.ink, 4, shown) for piece in MAP.ring(float(self.large.losses[step]))]

    def _angle(self, run: Trajectory, step: int, shown: float):
        w, gradient = run.iterates[step], runs.bowl().gradient(run.iterates[step])
        unit = -gradient / np.linalg.norm(gradient)
        aside = np.array([-unit[1], unit[0]])
        return polyline(MAP.at(w + 0.17 * np.array([unit, unit + aside, aside])), self.colours.ink, 3, shown)

    def _arrow(self, run: Trajectory, step: int, role: str, grown: float) -> list:
        w, following = run.iterates[step : step + 2]
        start, end = MAP.at(np.array([w, w + grown * (following - w)]))
        return [self._angle(run, step, grown), arrow(start, end, self.tint(role), 9)] if grown else []

    def _paths(self) -> list:
        again, whole = during(self.now, AGAIN, AGAIN + 0.8), during(self.now, STILL, STILL + 0.5)
        drawn = self._path(self.large.iterates, self._done(), "bounce", 1 - 0.6 * (again - whole), not again)
        return drawn + (self._path(self.decay.iterates, self._decayed(), "decay", again, True) if again else [])

    def _path(self, iterates: np.ndarray, done: float, role: str, shown: float, led: bool) -> list:
        points = MAP.at(so_far(iterates, done))
        landed, size = points[: int(done) + 1], self.sizes[role]
        marks = mark(role, landed, self.colours, 0.085 * size[: len(landed)], shown)
        drawn: list = [trail(points, self.tint(role), self.colours, 4, shown), marks]
        here = MAP.at(along(iterates, done))
        return [*drawn, ball(role, self.colours, 0.22 * along(size, done)).move_to(here)] if led else drawn

    def _words(self) -> list:
        """The rate of the step being made, and what is to be seen; in the end what both runs, by name, have shown."""
        if self.now >= STILL:
            return self._sum(during(self.now, STILL, STILL + 0.5))
        if self.now < AGAIN + 0.2:
            tint, eta, step = self.tint("bounce"), f"eta = {runs.LARGE_ETA:g}", self._done()
        else:
            at = min(int(self._decayed()), DECAYED - 1)
            tint, eta, step = self.tint("decay"), f"eta_t = {self.decay.etas[at]:.3f}", self._decayed()
        said = [put(text(f"${eta}$", 52, tint), 3.2, 3.2)]
        said.append(put(text(f"$t = {int(step)}$", 44, self.colours.muted), 3.2, 2.4))
        if self.now >= LATER:
            said.append(
                put(
                    text(rf"limit $2\/lambda_max = {stability.threshold(runs.bowl()):g}$", 36, self.tint("edge")),
                    3.2,
                    1.85,
                )
            )
        for begin, end, *lines in STORY:
            if shown := during(self.now, begin, begin + 0.4) * (1 - during(self.now, end - 0.2, end)):
                said += paragraph(lines, 1.2, self.colours.ink, shown)
        return said

    def _sum(self, shown: float) -> list:
        last = self.decay.etas[DECAYED - 1]
        said = paragraph(("downhill: at a", "right angle to", "the contour"), 3.2, self.colours.ink, shown)
        for role, y, name, rate, word in (
            ("bounce", 0.9, "large", f"$eta = {runs.LARGE_ETA:g}$", "keeps crossing"),
            ("decay", -1.25, "decaying", f"$eta_t = {runs.DECAY_ETA0:g} -> {last:.3f}$", "crosses no more"),
        ):
            tint = self.tint(role)
            said.append(mark(role, np.array([3.33, y + 0.14, 0]), self.colours, 0.13, shown))
            said.append(put(text(name, 40, tint, 600, shown), 3.58, y))
            said.append(put(text(rate, 37, tint, opacity=shown), 3.2, y - 0.62))
            said.append(put(text(word, 40, tint, 600, shown), 3.2, y - 1.2))
        return said
