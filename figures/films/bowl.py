"""A small learning rate crawls, a large one bounces, a decayed one jumps first and settles later.

Caption: Gradient descent from one start in the bowl L = ½(w₁² + {{ n.bowl_curvature }}w₂²), {{ n.bowl_steps
}} steps each. With η = {{ n.bowl_small_eta }} the ball crawls, with η = {{ n.bowl_large_eta }} it bounces
from wall to wall, and with η falling from {{ n.bowl_decay_eta0 }} to {{ n.bowl_decay_last }} it jumps
higher than it started, then settles. Each loss curve is the height of its ball.

Alt: A long bowl with contour lines, seen from above while the camera swings slowly, and beside it an empty
plot of the loss against the step. Three balls set out from the same point on the left wall, one after
another. The first slides down to the floor of the valley and creeps along it; its loss is still {{
n.bowl_small_final }} after {{ n.bowl_steps }} steps. The second leaps between the two walls, a little lower
each time, and closes in on the minimum in a zig-zag. The third leaps to points higher than its start, its
loss rising from {{ n.bowl_start_loss }} to {{ n.bowl_decay_peak }}, then its jumps shrink with the learning
rate and it glides to the minimum. The film ends on all three paths together and their three curves.
"""

from functools import partial

import numpy as np
from manim import UP, Mobject

from figures import runs
from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, along, ball, land, mark, polyline, smooth, so_far, trail
from figures.surface import Bowl, View

PAGE = "index"
BOWL = Bowl(runs.BOWL_EIGENVALUES, rim=17.5, height=2.7, stretch=1.6)
# When each ball sets out and arrives, in seconds. Before the first, the paths of the last round fade.
TIMES = {"crawl": (0.5, 2.7), "bounce": (2.8, 5.7), "decay": (5.8, 9.0)}
END = 10.5
LAST = max(end for _, end in TIMES.values())
WORDS = {"crawl": "crawls", "bounce": "bounces", "decay": "settles"}


def facts() -> dict[str, str]:
    paths = runs.three_paths()
    return {
        "bowl_curvature": f"{runs.BOWL_EIGENVALUES[1]:g}",
        "bowl_steps": str(runs.BOWL_STEPS),
        "bowl_small_eta": f"{runs.SMALL_ETA:g}",
        "bowl_large_eta": f"{runs.LARGE_ETA:g}",
        "bowl_decay_eta0": f"{runs.DECAY_ETA0:g}",
        "bowl_decay_last": f"{paths['decay'].etas[-1]:.2f}",
        "bowl_start_loss": f"{paths['decay'].losses[0]:.0f}",
        "bowl_decay_peak": f"{paths['decay'].losses.max():.1f}",
        "bowl_small_final": f"{paths['crawl'].losses[-1]:.1f}",
    }


def view(time: float) -> View:
    """The camera swings out and back, so that the last frame meets the first."""
    azimuth = np.radians(-62 + 11 * np.sin(2 * np.pi * time / END))
    return View(azimuth, np.radians(50), target=(0.0, 0.0, 1.0), centre=(436.0, 380.0), zoom=71.0)


def steps_done(role: str, time: float) -> float:
    """How many steps a run has made: a crawl is even, jumps begin slowly and come faster and faster."""
    begin, end = TIMES[role]
    share = min(max((time - begin) / (end - begin), 0.0), 1.0)
    if role == "crawl":
        return runs.BOWL_STEPS * share
    progress = runs.BOWL_STEPS * share**1.7
    return min(land(progress), runs.BOWL_STEPS)


class Film(Stage):
    def construct(self) -> None:
        self.paths = runs.three_paths()
        self.panel = Panel(self.colours, (2.85, -2.75), (3.75, 2.9), (0, 30), (0, BOWL.rim), "step $t$", "loss $L$")
        self.base = self.bake(self.panel)
        ground = Mobject()
        ground.add_updater(lambda _: self._paint())
        heights = dict(zip(TIMES, (3.05, 2.15, 1.25), strict=True))
        rows = [Live(partial(self._row, role, heights[role])) for role in TIMES]
        self._paint()
        self.roll(END, ground, *rows, Live(self._curves), Live(self._runs))

    def _paint(self) -> None:
        self.ground[:] = self.base
        BOWL.paint(self.ground, view(self.now), self.colours)

    def _place(self, w: np.ndarray) -> np.ndarray:
        return view(self.now).on_stage(BOWL.lift(w))

    def _row(self, role: str, y: float) -> list:
        """The role's sign, its learning rate now, and a word for what it does."""
        time = self.now
        tint = self.tint(role)
        step = min(int(np.ceil(steps_done(role, time))), runs.BOWL_STEPS) - 1
        eta = self.paths[role].etas[max(step, 0)]
        name = r"eta_t" if role == "decay" else "eta"
        digits = 3 if role == "decay" else 2
        begin, _ = TIMES[role]
        awake = smooth((time - begin + 0.3) / 0.3) if time < LAST else 1.0
        shade = 0.4 + 0.6 * max(awake, 1 - smooth(time / TIMES["crawl"][0]))
        label = put(text(f"${name} = {eta:.{digits}f}$", 42, tint, opacity=shade), 3.25, y)
        word = put(text(WORDS[role], 32, tint, 600, shade), 6.85, y, "right")
        return [label, word, mark(role, np.array([2.9, y + 0.14, 0]), self.colours, 0.12, shade)]

    def _shown(self) -> list[tuple[str, float, float]]:
        """Runs to draw now: role, steps done, opacity. The last film's paths fade as this one begins."""
        time = self.now
        if time < TIMES["crawl"][0]:
            return [(role, float(runs.BOWL_STEPS), 1 - smooth(time / TIMES["crawl"][0])) for role in TIMES]
        return [(role, steps_done(role, time), 1.0) for role in TIMES if time >= TIMES[role][0] - 0.1]

    def _curves(self) -> list:
        drawn: list = []
        for role, done, opacity in self._shown():
            losses = self.paths[role].losses
            points = self.panel.curve(so_far(np.arange(len(losses)), done), so_far(losses, done))
            drawn.append(polyline(points, self.tint(role), 5, opacity))
            drawn.append(mark(role, points[-1], self.colours, 0.11, opacity))
        return drawn

    def _runs(self) -> list:
        drawn: list = []
        for role, done, opacity in self._shown():
            iterates = self.paths[role].iterates
            points = self._place(so_far(iterates, done))
            drawn.append(trail(points, self.tint(role), self.colours, 3.5, opacity))
            if role != "crawl":
                drawn.append(mark(role, points[: int(done) + 1], self.colours, 0.06, opacity))
        for role, done, opacity in self._shown() or [("crawl", 0.0, 1.0)]:
            now = self._place(along(self.paths[role].iterates, done)[None])[0]
            drawn.append(ball(role, self.colours, 0.16, opacity).shift(now + 0.1 * UP))
        return drawn
