"""A low learning rate hardly moves, the optimal one is done in a few steps, a high one falls and then explodes.

Caption: The same valley, L = ½(w₁² + {{ n.runners_curvature }}w₂²), run at three learning rates. η = {{
n.runners_low_eta }} has lost {{ n.runners_low_share }} % of its loss after {{ n.runners_steps }} steps, η =
{{ n.runners_fast_eta }} nearly all of it; η = {{ n.runners_high_eta }}, above 2/λ_max = {{
n.runners_threshold }}, falls until step {{ n.runners_turn }} and then leaves the picture.

Alt: Loss against step on plain axes, with three runners that set out together from a loss of {{
n.runners_start }}, one step at a time. The blue circle, the low learning rate, stays almost level. The
green diamond drops at once and lies on the axis after some twenty steps. The red cross drops just as fast
as the diamond, reaches its lowest point at step {{ n.runners_turn }}, turns, and shoots up through the top
of the picture around step {{ n.runners_gone }} while the number beside it keeps growing.
"""

from fractions import Fraction
from functools import partial

import numpy as np

from figures import runs
from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, during, land, mark, polyline, so_far
from lrsim import stability

PAGE = "learn/three-learning-rates"
STEPS = 60
TOP = 62.0
BEGIN, LENGTH, HOLD = 0.7, 8.3, 1.8
END = BEGIN + LENGTH + HOLD
FAST = str(Fraction(runs.RATES["fast"]).limit_denominator(100))
ETAS = {
    "crawl": f"eta = {runs.RATES['crawl']:g}",
    "fast": f"eta = {FAST}".replace("/", r"\/"),
    "diverge": f"eta = {runs.RATES['diverge']:g}",
}


def turn() -> int:
    step = stability.turnaround_step(runs.canonical(), runs.RATES_START, runs.RATES["diverge"])
    assert step is not None
    return step


def facts() -> dict[str, str]:
    losses = {role: run.losses for role, run in runs.three_rates().items()}
    return {
        "runners_curvature": f"{runs.RATES_EIGENVALUES[1]:g}",
        "runners_fast_eta": FAST,
        "runners_low_eta": f"{runs.RATES['crawl']:g}",
        "runners_high_eta": f"{runs.RATES['diverge']:g}",
        "runners_threshold": f"{stability.threshold(runs.canonical()):g}",
        "runners_steps": str(STEPS),
        "runners_turn": str(turn()),
        "runners_start": f"{losses['crawl'][0]:.0f}",
        "runners_low_share": f"{100 * (1 - losses['crawl'][STEPS] / losses['crawl'][0]):.0f}",
        "runners_gone": str(int(np.argmax(losses["diverge"] > TOP))),
    }


def steps_done(time: float) -> float:
    """Half a second for each of the first steps, then faster and faster."""
    share = min(max((time - BEGIN) / LENGTH, 0.0), 1.0)
    return min(land(STEPS * share**1.35), STEPS)


def written(loss: float) -> str:
    """Three digits or so, as a formula."""
    if loss >= 0.01:
        return f"{loss:.0f}" if loss >= 100 else f"{loss:.1f}" if loss >= 1 else f"{loss:.2f}"
    digits, power = f"{loss:.0e}".split("e")
    return f"{digits} dot 10^({int(power)})"


class Film(Stage):
    def construct(self) -> None:
        self.losses = {role: run.losses for role, run in runs.three_rates().items()}
        self.turn = turn()
        self.panel = Panel(self.colours, (-6.2, -2.8), (8.2, 5.6), (0, STEPS), (0, TOP), "step $t$", "loss $L$")
        for step in (20, 40):
            self.panel.xtick(step, str(step))
        self.panel.ytick(50, "50")
        self.bake(self.panel)
        self.roll(
            END,
            Live(self._turn),
            Live(self._curves),
            *(Live(partial(self._row, role)) for role in ETAS),
        )

    def _row(self, role: str) -> list:
        """Name, learning rate and the loss now."""
        done = int(steps_done(self.now))
        loss = self.losses[role][done]
        y = {"crawl": 2.35, "fast": 0.2, "diverge": -1.95}[role]
        tint = self.tint(role)
        return [
            mark(role, np.array([3.0, y + 0.13, 0]), self.colours, 0.13),
            put(text(runs.RATES_NAMES[role], 36, tint, 600), 3.3, y),
            put(text(f"${ETAS[role]}$", 42, tint), 3.3, y - 0.68),
            put(text(f"$L = {written(loss)}$", 42, tint), 3.3, y - 1.3),
        ]

    def _curves(self) -> list:
        drawn: list = []
        done = steps_done(self.now)
        for role, losses in self.losses.items():
            steps = np.arange(len(losses))
            x, y = so_far(steps, done), so_far(losses, done)
            over = np.flatnonzero(y > TOP * 1.14)
            if len(over):  # cut where the curve leaves the picture
                last = over[0]
                share = (1.14 * TOP - y[last - 1]) / (y[last] - y[last - 1])
                x = np.append(x[:last], x[last - 1] + share * (x[last] - x[last - 1]))
                y = np.append(y[:last], 1.14 * TOP)
            points = self.panel.curve(x, y)
            drawn.append(polyline(points, self.tint(role), 7 if role != "crawl" else 5))
            if not len(over):
                drawn.append(mark(role, points[-1], self.colours, 0.17))
        return drawn

    def _turn(self) -> list:
        """Where the large learning rate's loss is lowest, once it has turned."""
        arrival = np.interp(self.turn + 2.0, [steps_done(t) for t in _GRID], _GRID)
        shown = during(self.now, arrival, arrival + 0.5)
        if not shown:
            return []
        foot, head = self.panel.at(self.turn, 0), self.panel.at(self.turn, 21)
        foot[1] += 0.12
        words = put(
            text(f"lowest at step {self.turn}", 32, self.tint("diverge"), 600, shown),
            head[0],
            head[1] + 0.12,
            "middle",
        )
        return [polyline(np.array([foot, head]), self.tint("diverge"), 2, shown), words]


_GRID = np.linspace(0, END, 400)
