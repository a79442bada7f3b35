"""Seen from above, a crawl, a zig-zag and a settling zig-zag; seen from the side, heights that are the loss.

Caption: {{ n.balls_steps }} steps from one start, all at once, first and last seen as a map. After them the
loss is {{ n.balls_crawl }} with η = {{ n.balls_small_eta }}, {{ n.balls_bounce }} with η = {{
n.balls_large_eta }} and {{ n.balls_decay }} with η_t = {{ n.balls_decay_eta0 }}/(1 + {{ n.balls_decay_k
}}t). The decayed rate climbs at first and ends lowest.

Alt: A contour map of a long bowl with one starting point. The camera sinks until the map is a bowl with
walls, and three balls set out together, a step at a time, while three curves of the loss grow beside it on
a log axis. The blue ball slides to the floor and creeps along it, its curve sinking slowly. The ochre ball
leaps from wall to wall, each landing a little lower. The pink ball leaps higher than its start at first,
then shorter and shorter as its learning rate falls, and its curve drops below the others. At the end the
camera rises again and the three paths lie on the map: a bent line, a long zig-zag, and a wide zig-zag that
closes quickly.
"""

import numpy as np
from manim import UP, Mobject

from figures import runs
from figures.films.bowl import BOWL
from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, along, ball, during, land, mark, polyline, so_far, trail
from figures.surface import View
from lrsim import schedules

PAGE = "learn/the-bowl"
SINK, RUN, RISE = (0.6, 2.2), (2.4, 10.6), (10.8, 12.4)
END = 13.8
ROLES = ("crawl", "bounce", "decay")


def facts() -> dict[str, str]:
    final = {role: run.losses[-1] for role, run in runs.three_paths().items()}
    return {
        "balls_steps": str(runs.BOWL_STEPS),
        "balls_small_eta": f"{runs.SMALL_ETA:g}",
        "balls_large_eta": f"{runs.LARGE_ETA:g}",
        "balls_decay_eta0": f"{runs.DECAY_ETA0:g}",
        "balls_decay_k": f"{runs.DECAY_K:g}",
        **{f"balls_{role}": f"{loss:.2g}" for role, loss in final.items()},
    }


def view(time: float) -> View:
    """From straight above to the side and back; while the balls run, a slow drift."""
    lowered = during(time, *SINK) - during(time, *RISE)
    azimuth = np.radians(-90 + lowered * (26 + 14 * during(time, *RUN)))
    elevation = np.radians(89.9 - 41 * lowered)
    return View(azimuth, elevation, target=(0.0, 0.0, 1.0), centre=(436.0, 365.0), zoom=67.0)


def steps_done(time: float) -> float:
    """The first jumps are slow enough to follow."""
    share = min(max((time - RUN[0]) / (RUN[1] - RUN[0]), 0.0), 1.0)
    return runs.BOWL_STEPS * share**1.45


class Film(Stage):
    def construct(self) -> None:
        self.paths = runs.three_paths()
        decay = schedules.inverse_time(runs.DECAY_ETA0, k=runs.DECAY_K)(runs.BOWL_STEPS)
        after = {role: decay if role == "decay" else run.etas[-1] for role, run in self.paths.items()}
        self.etas = {role: np.append(run.etas, after[role]) for role, run in self.paths.items()}
        self.panel = Panel(
            self.colours, (3.25, -2.75), (3.3, 3.0), (0, runs.BOWL_STEPS), (-2.6, 1.6), "step $t$", "loss $L$"
        )
        for power in (1, 0, -1, -2):
            self.panel.ytick(power, f"{10.0**power:g}")
        self.base = self.bake(self.panel)
        ground = Mobject()
        ground.add_updater(lambda _: self._paint())
        self._paint()
        self.roll(END, ground, Live(self._rows), Live(self._curves), Live(self._runs))

    def _paint(self) -> None:
        self.ground[:] = self.base
        BOWL.paint(self.ground, view(self.now), self.colours)

    def _done(self, role: str) -> float:
        progress = steps_done(self.now)
        return progress if role == "crawl" else min(land(progress), runs.BOWL_STEPS)

    def _rows(self) -> list:
        """The steps made so far, and each run's learning rate for the next one."""
        drawn: list = []
        step = int(steps_done(self.now))
        for y, role in zip((3.15, 2.4, 1.65), ROLES, strict=True):
            name, digits = ("eta_t", 3) if role == "decay" else ("eta", 2)
            label = f"${name} = {self.etas[role][step]:.{digits}f}$"
            drawn.append(mark(role, np.array([3.2, y + 0.14, 0]), self.colours, 0.13))
            drawn.append(put(text(label, 44, self.tint(role)), 3.6, y))
        drawn.append(put(text(f"$t = {step}$", 38, self.colours.muted), -6.6, -3.4))
        return drawn

    def _curves(self) -> list:
        drawn: list = []
        for role in ROLES:
            height = np.log10(self.paths[role].losses)
            done = self._done(role)
            points = self.panel.curve(so_far(np.arange(len(height)), done), so_far(height, done))
            drawn.append(polyline(points, self.tint(role), 5))
            drawn.append(mark(role, points[-1], self.colours, 0.12))
        return drawn

    def _runs(self) -> list:
        drawn: list = []
        now = view(self.now)
        for role in ROLES:
            points = now.on_stage(BOWL.lift(so_far(self.paths[role].iterates, self._done(role))))
            drawn.append(trail(points, self.tint(role), self.colours, 3.5))
            if role != "crawl":
                drawn.append(mark(role, points[: int(self._done(role)) + 1], self.colours, 0.065))
        for role in ROLES:
            here = along(self.paths[role].iterates, self._done(role))[None]
            drawn.append(ball(role, self.colours, 0.17).move_to(now.on_stage(BOWL.lift(here))[0] + 0.08 * UP))
        return drawn
