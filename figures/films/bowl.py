"""Each loss curve is the height of a ball: one crawls, one bounces, one jumps higher before it settles.

Caption: Gradient descent from one start in the bowl $L = \\tfrac12(w_1^2 + {{ n.bowl_curvature }}w_2^2)$, {{
n.bowl_steps }} steps each. With the small rate, $\\eta$ = {{ n.bowl_small_eta }}, the ball crawls, with the large
one, $\\eta$ = {{ n.bowl_large_eta }}, it bounces from wall to wall. With the decaying one, falling from {{
n.bowl_decay_eta0 }}, above the limit {{ n.paths_threshold }}, to {{ n.bowl_decay_last }}, it jumps higher than it
started, then settles.

Alt: A long glass bowl with contour lines, seen from the side while the camera swings slowly, and beside it, as high as
the bowl, an empty plot of the loss against the step. Three balls set out from the same point on the left wall, one
after another; a ring around the bowl at the ball's height and a level line from it to the head of the curve move with
each. The first slides down to the floor of the valley and creeps along it; its loss is still {{
n.bowl_small_final }} after {{ n.bowl_steps }} steps. The second leaps between the two walls, a little lower
each time, and closes in on the minimum in a zig-zag. The third leaps to points higher than its start, its
loss rising from {{ n.bowl_start_loss }} to {{ n.bowl_decay_peak }}, then its jumps and the ball itself shrink with
the learning rate and it glides to the minimum. Each run's rate stands above or below a line, the limit {{
n.paths_threshold }}; the decaying one's begins above it. The film ends on all three paths together and their three
curves; the small ball of the decaying run lies on that of the large one.

Lecture: At the start of the course: let the class predict each ball before it sets out.
"""

from functools import partial

import numpy as np
from manim import UP, Mobject

from figures import runs
from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, along, ball, during, land, mark, passed, polyline, sizes, so_far, trail
from figures.surface import Bowl, View
from lrsim import stability

PAGE = "index"
BOWL = Bowl(runs.BOWL_EIGENVALUES, rim=17.5, height=5.2, stretch=1.6)
ELEVATION, ZOOM, FLOOR = np.radians(27), 66.0, -2.2  # the last is where the bowl's lowest point is, and L = 0
RISE = BOWL.height * np.cos(ELEVATION) * ZOOM / 90  # of the rim over it
# When each ball sets out and arrives, in seconds.
TIMES = {"crawl": (0.7, 3.2), "bounce": (3.6, 6.9), "decay": (7.3, 10.9)}
END = 12.6
NAMES = {"crawl": "small", "bounce": "large", "decay": "decaying"}
ROWS = {"crawl": 2.12, "bounce": 2.7, "decay": 3.45}  # how high each stands: higher rates higher
LIMIT = 3.19
PAUSES = (
    (TIMES["crawl"][1], "The small rate crawls along the floor"),
    (TIMES["bounce"][1], "The large rate bounces from wall to wall"),
    (END - 1, "The decaying rate jumps first, then settles"),
)


def facts() -> dict[str, str]:
    paths = runs.three_paths()
    return {
        "bowl_curvature": f"{runs.BOWL_EIGENVALUES[1]:g}",
        "bowl_steps": str(runs.BOWL_STEPS),
        "bowl_small_eta": f"{runs.SMALL_ETA:g}",
        "bowl_large_eta": f"{runs.LARGE_ETA:g}",
        "bowl_decay_eta0": f"{runs.DECAY_ETA0:g}",
        "bowl_decay_last": f"{paths['decay'].etas[-1]:.2g}",
        "bowl_start_loss": f"{paths['decay'].losses[0]:.0f}",
        "bowl_decay_peak": f"{paths['decay'].losses.max():.1f}",
        "bowl_small_final": f"{paths['crawl'].losses[-1]:.1f}",
    }


def view(time: float) -> View:
    """From far away, so that equal heights are level; the camera swings out and is back when the last ball is there."""
    azimuth = np.radians(-64 + 9 * np.sin(2 * np.pi * min(time / TIMES["decay"][1], 1.0)))
    return View(azimuth, ELEVATION, (0.0, 0.0, 0.0), (436.0, 90 * (4 - FLOOR)), ZOOM, distance=400.0)


def steps_done(role: str, time: float) -> float:
    """How many steps a run has made: a crawl is even, jumps begin slowly and come faster and faster."""
    share = passed(time, *TIMES[role])
    if role == "crawl":
        return runs.BOWL_STEPS * share
    progress = runs.BOWL_STEPS * share**1.7
    return min(land(progress), runs.BOWL_STEPS)


class Film(Stage):
    def construct(self) -> None:
        self.paths = runs.three_paths()
        self.sizes = {role: sizes(path.etas) for role, path in self.paths.items()}
        self.panel = Panel(self.colours, (3.0, FLOOR), (3.6, RISE), (0, 30), (0, BOWL.rim), "step $t$", "loss $L$")
        self.base = self.bake(self.panel)
        ground = Mobject()
        ground.add_updater(lambda _: self._paint())
        rows = [Live(partial(self._row, role, y)) for role, y in ROWS.items()]
        self._paint()
        self.roll(END, ground, *rows, Live(self._limit), Live(self._level), Live(self._curves), Live(self._runs))

    def _paint(self) -> None:
        self.ground[:] = self.base
        BOWL.paint(self.ground, view(self.now), self.colours, self.density)

    def _place(self, w: np.ndarray) -> np.ndarray:
        return view(self.now).on_stage(BOWL.lift(w))

    def _limit(self) -> list:
        """A line between the rates above it and below it, with the first that comes near."""
        shown = self._told("bounce")
        if not shown:
            return []
        tint, value = self.tint("edge"), stability.threshold(runs.bowl())
        words = text(rf"limit $2\/lambda_max = {value:g}$", 38, tint, opacity=shown)
        line = polyline(np.array([[0.85, LIMIT], [6.95, LIMIT]]), tint, 5, shown)
        return [line, put(words, 0.65, LIMIT - 0.13, "right")]

    def _told(self, role: str) -> float:
        """How far a run's row is shown: the first always, another just before it sets out."""
        begin = TIMES[role][0]
        return 1.0 if role == "crawl" else during(self.now, begin - 0.35, begin - 0.1)

    def _row(self, role: str, y: float) -> list:
        """The role's sign, its name and its rate (a decaying one's first and now); nothing before it sets out."""
        shown = self._told(role)
        if not shown:
            return []
        tint = self.tint(role)
        step = min(int(np.ceil(steps_done(role, self.now))), runs.BOWL_STEPS) - 1
        eta = self.paths[role].etas[max(step, 0)]
        label = f"$eta_t = {runs.DECAY_ETA0:g} -> {eta:.3f}$" if role == "decay" else f"$eta = {eta:.2f}$"
        return [
            put(text(NAMES[role], 36, tint, 600, shown), 1.3, y),
            put(text(label, 40, tint, opacity=shown), 3.35, y),
            mark(role, np.array([1.0, y + 0.14, 0]), self.colours, 0.13, shown),
        ]

    def _shown(self) -> list[tuple[str, float]]:
        """Runs that have set out, or are about to, and their steps done."""
        return [
            (role, steps_done(role, self.now)) for role in TIMES if self.now >= TIMES[role][0] - 0.3 or role == "crawl"
        ]

    def _level(self) -> list:
        """The contour at the ball's height, and a level line from its far end to the head of the curve."""
        role, done = self._shown()[-1]
        left = 1 - during(self.now, TIMES["decay"][1], TIMES["decay"][1] + 0.6)
        if not left:
            return []
        if role != "crawl":
            done = float(int(done))  # in the air a ball is not on the surface: its last landing counts
        loss = float(so_far(self.paths[role].losses, done)[-1])
        across = view(self.now).axes[0][:2] / [1, BOWL.stretch]  # there nothing is nearer than the axis or farther
        reach = np.sqrt(2 * loss / (across**2 @ BOWL.eigenvalues))
        head = self.panel.at(done, loss)
        ends = np.array([[self._place(reach * across[None])[0, 0], head[1]], head[:2]])
        tint = self.tint(role)
        ring = polyline(view(self.now).on_stage(BOWL.ring(loss)), tint, 3, 0.7 * left)
        return [ring, polyline(ends, tint, 2, 0.7 * left)]

    def _size(self, role: str, done: float) -> float:
        return float(along(self.sizes[role], done))

    def _curves(self) -> list:
        drawn: list = []
        for role, done in self._shown():
            losses = self.paths[role].losses
            points = self.panel.curve(so_far(np.arange(len(losses)), done), so_far(losses, done))
            drawn.append(polyline(points, self.tint(role), 5))
            drawn.append(mark(role, points[-1], self.colours, 0.12 * self._size(role, done)))
        return drawn

    def _runs(self) -> list:
        drawn: list = []
        for role, done in self._shown():
            iterates = self.paths[role].iterates
            points = self._place(so_far(iterates, done))
            drawn.append(trail(points, self.tint(role), self.colours, 4))
            if role != "crawl":
                landed = points[: int(done) + 1]
                drawn.append(mark(role, landed, self.colours, 0.07 * self.sizes[role][: len(landed)]))
        for role, done in self._shown():
            now = self._place(along(self.paths[role].iterates, done)[None])[0]
            drawn.append(ball(role, self.colours, 0.18 * self._size(role, done)).shift(now + 0.1 * UP))
        return drawn
