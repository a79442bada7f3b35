"""A step goes down at a right angle to the contour, so in a narrow valley it crosses the floor and must come
back, until the rate is small.

Caption: The map of the bowl with the curvatures {{ n.zigzag_flat }} along w₁ and {{ n.zigzag_steep }} across, at η =
{{ n.zigzag_eta }}. Downhill is across the valley; the step passes the floor, the next one returns, each landing
{{ n.zigzag_factor }} times as far from the floor as the last. With η_t = {{ n.zigzag_eta0 }}/(1 + {{ n.zigzag_k }}t)
the swing widens while the rate is above {{ n.zigzag_limit }}, then dies out, and from step {{ n.zigzag_short }} on no
step crosses the floor.

Alt: A contour map of a long narrow valley, a ball high on its side. The contour through the ball lights up and an
arrow grows from it at a right angle, across the valley and far from the direction of the minimum. The ball follows
the arrow, crosses the floor and lands on the other side, a little lower; a new arrow, again at a right angle, points
back. The zig-zag goes on, each landing a little nearer to the floor. Then the same start with a decaying rate: first
the jumps are wider, then they shrink with the rate until they no longer cross, and the path runs along the floor to
the minimum.

Lecture: When somebody asks why large steps do not just go to the minimum.
"""

from itertools import pairwise

import numpy as np
from manim import Line

from figures import runs
from figures.lettering import put, text
from figures.stage import Live, Stage, along, arrow, ball, during, mark, polyline, so_far, trail
from figures.surface import rgb
from lrsim import stability

PAGE = "learn/the-bowl"
UNIT, CENTRE = 1.93, np.array([1.55, 0.4, 0.0])  # Manim's units a unit of w; where the minimum is
BOX = (-6.9, 2.9, -2.95, 3.75)  # left, right, bottom, top of the map
LEVELS = 17.5 * (np.arange(1, 13) / 12) ** 2
# In seconds: the contour lights up, the arrow grows, the first jump, the arrow back, the second jump, all others.
RING, GRADIENT, JUMP, BACK, RETURN, REST = 0.8, 1.8, 3.6, 5.2, 6.6, 8.0
EACH, SHOWN = 0.22, 20  # seconds a later step takes; the last step of the run at the constant rate
AGAIN = REST + (SHOWN - 2) * EACH + 0.8  # the decayed run begins
LATER = AGAIN + 1.0
DECAYED, LENGTH = 24, 4.7  # steps of it that are shown, in so many seconds
END = LATER + LENGTH + 1.4
PAUSES = (
    (RING + 0.7, "The contour through the ball"),
    (GRADIENT + 1.4, "Downhill is at a right angle to it"),
    (JUMP + 1.2, "The step crosses the floor"),
    (AGAIN - 0.4, "It returns, and again: the zig-zag"),
    (END - 1, "A decaying rate jumps first, then settles"),
)


def facts() -> dict[str, str]:
    flat, steep = runs.BOWL_EIGENVALUES
    etas = runs.three_paths()["decay"].etas
    return {
        "zigzag_flat": f"{flat:g}",
        "zigzag_steep": f"{steep:g}",
        "zigzag_eta": f"{runs.LARGE_ETA:g}",
        "zigzag_factor": f"{abs(1 - runs.LARGE_ETA * steep):.1f}",
        "zigzag_eta0": f"{runs.DECAY_ETA0:g}",
        "zigzag_k": f"{runs.DECAY_K:g}",
        "zigzag_limit": f"{stability.threshold(runs.bowl()):g}",
        "zigzag_short": str(int(np.argmax(etas * steep <= 1 + 1e-12))),
    }


def jumped(time: float, begin: float, length: float = 0.9) -> float:
    """A quick ease-out that starts at `begin`."""
    part = min(max((time - begin) / length, 0.0), 1.0)
    return 1 - (1 - part) ** 3


class Film(Stage):
    def construct(self) -> None:
        paths = runs.three_paths()
        self.large, self.decay = paths["bounce"], paths["decay"]
        self.bake(Line((0, 0, 0), (0, 0, 0), stroke_width=0))
        self._map()
        self.bake(*self._contours(), *self._floor())
        self.roll(END, Live(self._arrows), Live(self._paths), Live(self._words))

    def _at(self, w: np.ndarray) -> np.ndarray:
        w = np.reshape(w, (-1, 2))
        return CENTRE + UNIT * np.column_stack([w, np.zeros(len(w))])

    def _map(self) -> None:
        """Bands of height, painted once, under all else."""
        pixel = 90 * self.density
        columns, rows = (BOX[i] + np.arange(round((BOX[i + 1] - BOX[i]) * pixel)) / pixel for i in (0, 2))
        w1, w2 = (columns - CENTRE[0]) / UNIT, (rows[::-1] - CENTRE[1]) / UNIT
        loss = runs.bowl().loss(np.array(np.meshgrid(w1, w2)))
        depth = np.searchsorted(LEVELS, loss) / len(LEVELS)
        low, high = rgb(self.colours.low), rgb(self.colours.high)
        top, left = round((4 - BOX[3]) * pixel), round((BOX[0] + 64 / 9) * pixel)
        part = self.ground[top : top + len(rows), left : left + len(columns), :3]
        part[:] = np.where((loss <= LEVELS[-1])[..., None], low + depth[..., None] * (high - low), part)

    def _contours(self) -> list:
        return [polyline(piece, self.colours.muted, 1.6, 0.9) for level in LEVELS for piece in self._ring(level)]

    def _ring(self, level: float) -> list[np.ndarray]:
        """The pieces of a contour that lie in the map."""
        turn = np.linspace(0, 2 * np.pi, 721)
        a, b = np.sqrt(2 * level / np.array(runs.BOWL_EIGENVALUES))
        points = self._at(np.column_stack([a * np.cos(turn), b * np.sin(turn)]))
        x, y, _ = points.T
        inside = (x > BOX[0]) & (x < BOX[1]) & (y > BOX[2]) & (y < BOX[3])
        cuts = np.flatnonzero(np.diff(inside)) + 1
        return [points[i:j] for i, j in pairwise([0, *cuts, len(points)]) if inside[i] and j - i > 1]

    def _floor(self) -> list:
        ends = np.array([[BOX[0], CENTRE[1]], [BOX[1], CENTRE[1]]])
        cross = [
            polyline(CENTRE + 0.14 * np.array([end, -np.array(end)]), self.colours.ink, 5)
            for end in ((1, 1, 0), (1, -1, 0))
        ]
        return [polyline(ends, self.colours.muted, 2.5), *cross]

    def _done(self) -> float:
        """Steps of the run at the constant rate, a real number."""
        if self.now < REST:
            return jumped(self.now, JUMP) + jumped(self.now, RETURN)
        step, part = divmod(min((self.now - REST) / EACH, SHOWN - 2.0), 1.0)
        return 2 + step + (1 - (1 - min(part / 0.7, 1)) ** 3) if step < SHOWN - 2 else float(SHOWN)

    def _decayed(self) -> float:
        """Steps of the decayed run: the first ones slow enough to be seen."""
        share = min(max((self.now - LATER) / LENGTH, 0.0), 1.0)
        step, part = divmod(DECAYED * share**1.35, 1.0)
        return min(step + (1 - (1 - min(part / 0.7, 1)) ** 3), float(DECAYED))

    def _arrows(self) -> list:
        """The contour through the ball and the step that starts there, as long as it will be."""
        if self.now < REST:
            step, grown = (0, GRADIENT) if self.now < BACK else (1, BACK + 0.3)
            lit = during(self.now, BACK if step else RING, grown)
            ring = [polyline(piece, self.colours.ink, 4, lit) for piece in self._ring(float(self.large.losses[step]))]
            return [*ring, *self._arrow(self.large, step, "bounce", during(self.now, grown, grown + 0.7))]
        step = min(int(self._decayed()), DECAYED - 1)
        return self._arrow(self.decay, step, "decay", 1.0) if self.now > LATER and step < 6 else []

    def _arrow(self, run, step: int, role: str, grown: float) -> list:
        """The step to come from an iterate, with the sign of a right angle."""
        w, gradient = run.iterates[step], runs.bowl().gradient(run.iterates[step])
        if not grown:
            return []
        start, end = self._at(np.array([w, w - grown * run.etas[step] * gradient]))
        unit = -gradient / np.linalg.norm(gradient)
        aside = np.array([-unit[1], unit[0]])
        square = polyline(self._at(w + 0.17 * np.array([unit, unit + aside, aside])), self.colours.ink, 3, grown)
        return [square, arrow(start, end, self.tint(role), 9)]

    def _paths(self) -> list:
        again = during(self.now, AGAIN, AGAIN + 0.8)
        drawn = self._path(self.large.iterates, self._done(), "bounce", 1 - 0.6 * again, not again)
        if again:
            drawn += self._path(self.decay.iterates, self._decayed(), "decay", again, True)
        return drawn

    def _path(self, iterates: np.ndarray, done: float, role: str, shown: float, led: bool) -> list:
        points = self._at(so_far(iterates, done))
        marks = mark(role, points[: int(done) + 1], self.colours, 0.085, shown)
        line = trail(points, self.tint(role), self.colours, 4, shown)
        return [
            line,
            marks,
            *([ball(role, self.colours, 0.22).move_to(self._at(along(iterates, done)))] if led else []),
        ]

    def _words(self) -> list:
        """The rate of the step being made, and what is to be seen."""
        if self.now < AGAIN + 0.2:
            tint, eta, step = self.tint("bounce"), f"eta = {runs.LARGE_ETA:g}", self._done()
        else:
            at = min(int(self._decayed()), DECAYED - 1)
            tint, eta, step = self.tint("decay"), f"eta_t = {self.decay.etas[at]:.3f}", self._decayed()
        said = [
            put(text(f"${eta}$", 52, tint), 3.2, 3.2),
            put(text(f"$t = {int(step)}$", 44, self.colours.muted), 3.2, 2.4),
        ]
        for begin, end, *lines in self._story():
            shown = during(self.now, begin, begin + 0.4) * (1 - during(self.now, end - 0.2, end))
            for line, words in enumerate(lines):
                if shown:
                    said.append(put(text(words, 40, self.colours.ink, opacity=shown), 3.2, 1.2 - 0.58 * line))
        return said

    def _story(self) -> list[tuple]:
        factor = f"{abs(1 - runs.LARGE_ETA * runs.BOWL_EIGENVALUES[1]):.1f}"
        late = LATER + 3.2
        return [
            (RING, GRADIENT, "one contour:", "equal loss"),
            (GRADIENT, JUMP, "downhill: at a", "right angle to it,", "not to the cross"),
            (JUMP, BACK, "past the floor,", "up the other side"),
            (BACK, REST, "downhill now", "points back"),
            (REST, AGAIN, "a zig-zag: the", "distance to the", rf"floor $times (-{factor})$", "a step"),
            (LATER, late, r"$eta_t$ sinks:", "wide jumps first,", "then shorter"),
            (late, END + 9, r"$eta_t$ is small:", "no more crossing"),
        ]
