"""Started near the valley's floor, a low rate hardly moves, the optimal one is soon done, one above the limit falls
first, then explodes.

Caption: The same valley, $L = \\tfrac12(w_1^2 + {{ n.runners_curvature }}w_2^2)$, run at three learning rates.
$\\eta$ = {{ n.runners_low_eta }} has lost {{ n.runners_low_share }} % of its loss after {{ n.runners_steps }} steps,
$\\eta$ = {{ n.runners_fast_eta }} nearly all of it. $\\eta$ = {{ n.runners_high_eta }}, just above
$2/\\lambda_{\\max}$ = {{ n.runners_threshold }}, falls until step {{ n.runners_turn }} and then leaves the picture,
for each step multiplies its steep direction by {{ n.runners_high_factor }}.

Alt: Loss against step on plain axes, with three runners that set out together from a loss of {{
n.runners_start }}, one step at a time. Beside them stand the three rates, and between the optimal and the high one a
line, the limit {{ n.runners_threshold }}. The blue circle, the low learning rate, stays almost level. The green diamond
drops at once and lies on the axis after some twenty steps. The red cross drops just as fast, reaches its lowest
point at step {{ n.runners_turn }}, turns, and shoots up through the top of the picture around step
{{ n.runners_gone }}. Under each rate appears what a step does to the steep direction: times {{ n.runners_high_factor }}
for the high one, times {{ n.runners_fast_factor }} for the optimal one; under the low one, that it leaves nearly all
of the flat direction.

Lecture: After a vote on which of the three rates wins.
"""

from functools import partial

import numpy as np

from figures import runs
from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, during, land, mark, passed, polyline, so_far
from lrsim import stability

PAGE = "learn/three-learning-rates"
STEPS = 60
TOP = 62.0
BEGIN, LENGTH, HOLD = 0.7, 8.3, 2.0
END = BEGIN + LENGTH + HOLD
EASE = 1.35  # half a second for each of the first steps, then faster and faster
SIZES = {"crawl": 0.14, "diverge": 0.17, "fast": 0.105}  # at one place two signs are seen
ETAS = {role: f"{eta:.3g}" for role, eta in runs.RATES.items()}


def factor(role: str) -> float:
    """What a step does to the steep direction."""
    return 1 - runs.RATES[role] * runs.RATES_EIGENVALUES[1]


def when(step: float) -> float:
    """The moment at which a step has been made."""
    return BEGIN + LENGTH * (step / STEPS) ** (1 / EASE)


def turn() -> int:
    step = stability.turnaround_step(runs.canonical(), runs.RATES_START, runs.RATES["diverge"])
    assert step is not None
    return step


PAUSES = (
    (when(9), "Optimal and high fall alike"),
    (when(turn() + 6), "The high one has turned"),
    (END - 1, "Above the limit each step adds to the steep direction"),
)


def facts() -> dict[str, str]:
    losses = {role: run.losses for role, run in runs.three_rates().items()}
    return {
        "runners_curvature": f"{runs.RATES_EIGENVALUES[1]:g}",
        "runners_fast_eta": ETAS["fast"],
        "runners_low_eta": ETAS["crawl"],
        "runners_high_eta": ETAS["diverge"],
        **{f"runners_{name}_factor": signed(factor(role)) for name, role in (("high", "diverge"), ("fast", "fast"))},
        "runners_threshold": f"{stability.threshold(runs.canonical()):g}",
        "runners_steps": str(STEPS),
        "runners_turn": str(turn()),
        "runners_start": f"{losses['crawl'][0]:.0f}",
        "runners_low_share": f"{100 * (1 - losses['crawl'][STEPS] / losses['crawl'][0]):.0f}",
        "runners_gone": str(int(np.argmax(losses["diverge"] > TOP))),
    }


def signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def steps_done(time: float) -> float:
    return min(land(STEPS * passed(time, BEGIN, BEGIN + LENGTH) ** EASE), STEPS)


class Film(Stage):
    def construct(self) -> None:
        self.losses = {role: run.losses for role, run in runs.three_rates().items()}
        self.turn = turn()
        self.panel = Panel(self.colours, (-6.2, -2.25), (8.2, 5.15), (0, STEPS), (0, TOP), "step $t$", "loss $L$")
        for step in (20, 40):
            self.panel.xtick(step, str(step))
        self.panel.ytick(50, "50")
        self.at = stability.threshold(runs.canonical())
        self.bake(self.panel)
        rows = (Live(partial(self._row, role)) for role in ETAS)
        self.roll(END, Live(self._turn), Live(self._curves), Live(self._limit), *rows)

    def _why(self) -> float:
        """How far the reason is shown, once one has turned."""
        return during(self.now, when(self.turn + 2), when(self.turn + 4))

    def _limit(self) -> list:
        if not (why := self._why()):
            return []
        words = text(rf"limit $2\/lambda_max = {self.at:g}$", 38, self.tint("edge"), opacity=why)
        line = np.array([[2.75, 2.0, 0], [6.9, 2.0, 0]])
        return [polyline(line, self.tint("edge"), 5, why), put(words, 2.8, 1.4)]

    def _row(self, role: str) -> list:
        """Name and learning rate, on its side of the limit; once one has turned, why."""
        y = {"diverge": 3.15, "fast": 0.35, "crawl": -1.45}[role]
        tint, why = self.tint(role), self._why()
        slow = role == "crawl"  # what is left of it is the flat part
        times = f"{1 - runs.RATES[role] * runs.RATES_EIGENVALUES[0]:.3f}" if slow else f"(-{-factor(role):.2f})"
        return [
            mark(role, np.array([2.9, y + 0.14, 0]), self.colours, 0.14),
            put(text(runs.RATES_NAMES[role], 36, tint, 600), 3.2, y),
            put(text(f"$eta = {ETAS[role]}$", 39, tint), 6.95, y, "right"),
            *(
                [put(text(f"{'flat' if slow else 'steep'} part: $times {times}$", 38, tint, opacity=why), 2.8, y - 0.7)]
                if why
                else []
            ),
        ]

    def _curves(self) -> list:
        drawn: list = []
        done = steps_done(self.now)
        for role in ("crawl", "diverge", "fast"):  # the optimal run over the high one, which is wider
            losses = self.losses[role]
            steps = np.arange(len(losses))
            x, y = so_far(steps, done), so_far(losses, done)
            over = np.flatnonzero(y > TOP * 1.14)
            if len(over):  # cut where the curve leaves the picture
                last = over[0]
                share = (1.14 * TOP - y[last - 1]) / (y[last] - y[last - 1])
                x = np.append(x[:last], x[last - 1] + share * (x[last] - x[last - 1]))
                y = np.append(y[:last], 1.14 * TOP)
            points = self.panel.curve(x, y)
            drawn.append(polyline(points, self.tint(role), 9 if role == "diverge" else 5))
            if not len(over):
                drawn.append(mark(role, points[-1], self.colours, SIZES[role]))
        return drawn

    def _turn(self) -> list:
        """Where the large learning rate's loss is lowest, once it has turned."""
        shown = self._why()
        if not shown:
            return []
        foot, head = self.panel.at(self.turn, 0), self.panel.at(self.turn, 21)
        foot[1] += 0.12
        words = put(
            text(f"lowest at step {self.turn}", 36, self.tint("diverge"), 600, shown),
            head[0],
            head[1] + 0.12,
            "middle",
        )
        return [polyline(np.array([foot, head]), self.tint("diverge"), 2, shown), words]
