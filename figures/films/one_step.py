"""One step is the learning rate times the slope, taken downhill: at one rate steps shrink where the ground flattens.

Caption: The update rule term by term on $L = \\tfrac12\\lambda w^2$ with $\\lambda$ = {{ n.one_step_curvature }}, at
$\\eta$ = {{ n.one_step_eta }}. The slope at $w$ = {{ n.one_step_start }} is {{ n.one_step_slope }}; the step is
$\\eta$ times that, {{ n.one_step_length }}, to the left. The learning rate stays the same from step to step and the
steps get shorter all the same.

Alt: A parabola with a ball high on its right side, and beside it the update rule with a value for each
term. The tangent at the ball appears and the slope {{ n.one_step_slope }} is written down; an arrow as long
as the slope points downhill along the floor of the picture. Then the arrow shrinks to a fifth, minus η times
the slope, and the ball moves left by just that much, to w = {{ n.one_step_next }}, lower on the parabola.
The axis of w is marked there, as at the start. Five more steps follow at the same learning rate, each arrow
shorter than the one before; the arrows lie end to end under the ball's marks.

Lecture: With the update rule, one term at a time.
"""

import numpy as np
from manim import DOWN, Line

from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, arrow, ball, during, mark, polyline
from lrsim import Trajectory, descend, landscapes

PAGE = "learn/the-update-rule"
CURVATURE, START, ETA, STEPS = 2.0, 1.5, 0.2, 6
# The first step, term by term, in seconds: slope, direction, scaling, move; then the others follow.
SLOPE, DOWNHILL, SCALE, MOVE, REST = 1.0, 2.8, 4.6, 6.2, 7.8
EACH = 0.75
END = REST + (STEPS - 1) * EACH + 1.6
PAUSES = (
    (SLOPE + 1.2, "The slope at the ball"),
    (DOWNHILL + 1.4, "Downhill"),
    (SCALE + 1.3, "Times the rate"),
    (MOVE + 1.3, "The step"),
    (END - 1, "Flatter ground, shorter steps at the same rate"),
)
ROWS = ("w", "slope", "eta", "step", "next")


def run() -> Trajectory:
    return descend(landscapes.bowl([CURVATURE]), [START], ETA, STEPS)


def facts() -> dict[str, str]:
    w = run().iterates[:, 0]
    return {
        "one_step_curvature": f"{CURVATURE:g}",
        "one_step_eta": f"{ETA:g}",
        "one_step_start": f"{w[0]:g}",
        "one_step_slope": f"{landscapes.bowl([CURVATURE]).gradient(np.array([START]))[0]:g}",
        "one_step_length": f"{w[0] - w[1]:g}",
        "one_step_next": f"{w[1]:g}",
    }


class Film(Stage):
    def construct(self) -> None:
        self.bowl = landscapes.bowl([CURVATURE])
        self.w = run().iterates[:, 0]
        self.slopes = self.bowl.gradient(self.w[None])[0]
        self.losses = run().losses
        self.panel = Panel(self.colours, (-6.6, -0.95), (8.6, 4.25), (-1.75, 1.75), (0, 2.75), "", "loss $L$")
        name = put(text("$w$", 40, self.colours.muted), 2.2, -1.05)
        x = np.linspace(-1.64, 1.64, 120)
        self.panel.xtick(0, "0").xtick(START, f"{START:.2f}")
        curve = polyline(self.panel.curve(x, self.bowl.loss(x[None])), self.colours.muted, 4)
        rule = put(text("$w_(t+1) = w_t - eta thin nabla L(w_t)$", 38, self.colours.ink), 2.75, 2.95)
        self.bake(self.panel, name, curve, rule)
        parts = (self._ticks, self._table, self._picture, self._arrows, self._ball)
        self.roll(END, *map(Live, parts))

    def _step(self) -> tuple[int, float]:
        """The step being made and how much of its move is done."""
        if self.now < REST:
            return 0, during(self.now, MOVE, MOVE + 1.0)
        step, part = divmod((self.now - REST) / EACH, 1.0)
        if step >= STEPS - 1:
            return STEPS - 1, 1.0
        return 1 + int(step), 1 - (1 - min(part / 0.65, 1.0)) ** 3

    def _table(self) -> list:
        """One row a term: its name, its value at this step; the term being explained stands out."""
        step, _ = self._step()
        w, slope = self.w[step], self.slopes[step]
        names = {
            "w": ("$w_t$", w, 0.0, SLOPE, "ink"),
            "slope": (r"$nabla L(w_t)$", slope, SLOPE, DOWNHILL + 1.2, "ink"),
            "eta": ("$eta$", ETA, 0.0, END, "crawl"),
            "step": (r"$-eta thin nabla L(w_t)$", -ETA * slope, SCALE, MOVE, "crawl"),
            "next": ("$w_(t+1)$", self.w[step + 1], MOVE, REST, "ink"),
        }
        rows: list = []
        for i, row in enumerate(ROWS):
            label, value, begin, end, role = names[row]
            shown = during(self.now, begin, begin + 0.4) if begin else 1.0
            hot = begin <= self.now < end or self.now >= REST
            colour = self.tint(role if hot or role == "crawl" else "muted")
            y = 1.75 - 0.85 * i
            rows.append(put(text(label, 40, colour, opacity=shown), 2.9, y))
            rows.append(put(text(f"${value:.2f}$", 42, colour, opacity=shown), 6.75, y, "right"))
        return rows

    def _ticks(self) -> list:
        """Where steps have landed, on the axis; of the first also the number that the table has."""
        step, done = self._step()
        landed = self.w[1 : step + (2 if done == 1 else 1)]
        feet = [self.panel.at(w, 0) for w in landed]
        ticks: list = [Line(foot, foot + 0.1 * DOWN, stroke_width=2, color=self.colours.muted) for foot in feet]
        if feet:
            ticks.append(put(text(f"{self.w[1]:.2f}", 36, self.colours.muted), feet[0][0], feet[0][1] - 0.45, "middle"))
        return ticks

    def _picture(self) -> list:
        """The tangent at the ball, while the slope is the subject."""
        step, done = self._step()
        if step or done:
            return []
        reach = 0.45 * during(self.now, SLOPE, SLOPE + 0.7)
        w, loss, slope = self.w[0], self.losses[0], self.slopes[0]
        ends = np.array([w - 1.6 * reach, w + 0.3 * reach])
        return [polyline(self.panel.curve(ends, loss + slope * (ends - w)), self.colours.ink, 4)] if reach else []

    def _arrows(self) -> list:
        """Under the ball: the slope as an arrow downhill, then η times it; past steps lie end to end."""
        step, done = self._step()
        drawn = [self._arrow(i, 1.0, "crawl") for i in range(step + (1 if done else 0))]
        if not step and not done and self.now > DOWNHILL:
            grown = during(self.now, DOWNHILL, DOWNHILL + 0.8)
            share = 1 + (ETA - 1) * during(self.now, SCALE, SCALE + 0.9)
            scaled = self.now > SCALE
            drawn.append(self._arrow(0, grown * share / ETA, "crawl" if scaled else "ink"))
            word = r"$-eta thin nabla L$" if scaled else r"$-nabla L$"
            middle = self.panel.at(self.w[0] - 0.5 * share * self.slopes[0], 0)[0]
            tint = self.tint("crawl" if scaled else "ink")
            drawn.append(put(text(word, 42, tint, opacity=grown), middle, self._floor - 0.62, "middle"))
        if step:
            grown = during(self.now, REST, REST + 0.5)
            words = text("flatter ground, shorter steps", 38, self.tint("crawl"), 600, grown)
            drawn.append(put(words, self.panel.at(START, 0)[0], self._floor - 0.68, "right"))
        return drawn

    @property
    def _floor(self) -> float:
        return float(self.panel.corner[1]) - 0.8

    def _arrow(self, step: int, share: float, role: str):
        start = self.panel.at(self.w[step], 0)
        end = self.panel.at(self.w[step] + share * (self.w[step + 1] - self.w[step]), 0)
        start[1] = end[1] = self._floor
        return arrow(start, end, self.tint(role), 7)

    def _ball(self) -> list:
        step, done = self._step()
        w = self.w[step] + done * (self.w[step + 1] - self.w[step])
        landed = np.array([self.panel.at(a, b) for a, b in zip(self.w[: step + 1], self.losses, strict=False)])
        spot = self.panel.at(w, float(self.bowl.loss(np.array([w]))))
        plumb = polyline(np.array([self.panel.at(w, 0), spot]), self.colours.muted, 1.5, 0.8)
        return [
            plumb,
            mark("crawl", landed, self.colours, 0.07),
            ball("crawl", self.colours, 0.17).shift(spot),
        ]
