"""While a decaying rate is above the threshold the bounce grows; from the step it sinks through, the bounce
dies out.

Caption: The steep direction alone, $\\lambda$ = {{ n.sinking_curvature }}, under $\\eta_t = {{ n.sinking_eta0 }}/(1 +
{{ n.sinking_k }}\\,t)$. The rate crosses $2/\\lambda$ = {{ n.sinking_threshold }} at step {{ n.sinking_crossing }}:
there the bounce is widest, {{ n.sinking_peak }} times the start, and at step {{ n.sinking_return }} it is back to
just the size it had at the start.

Alt: On the left, a learning rate sinks step by step along a curve towards a level line, the threshold 2/λ; below it
the loss of the same steps. On the right a ball bounces in a parabola. While the rate is above the line every
landing is higher than the last, on alternate sides, and the loss climbs. At step {{ n.sinking_crossing }} the rate
meets the line and the loss is at its top. The next landing is as high, and every later one lower; at step
{{ n.sinking_return }} the ball is as high as it began, and the next landing is lower still.

Lecture: When somebody says that decay dampens the bounce.
"""

import numpy as np

from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, along, ball, during, land, mark, passed, polyline, sizes, so_far
from lrsim import Trajectory, descend, landscapes, schedules, stability

PAGE = "learn/decay"
CURVATURE, START = 10.0, 0.2
ETA0, K, STEPS = 0.26, 0.05, 14
BEGIN, LENGTH, HOLD = 0.7, 9.3, 2.0
EASE = 1.12
END = BEGIN + LENGTH + HOLD


def run() -> Trajectory:
    return descend(landscapes.bowl([CURVATURE]), [START], schedules.inverse_time(ETA0, k=K), STEPS)


def crossing() -> int:
    """A whole number for these values."""
    return round(float(stability.inverse_time_crossing(ETA0, K, CURVATURE)))


def when(step: float) -> float:
    """The moment at which a step has been made."""
    return BEGIN + LENGTH * (step / STEPS) ** (1 / EASE)


PAUSES = (
    (when(3), "Above the limit each bounce is wider"),
    (when(crossing()), "The rate meets the limit: the bounce is widest"),
    (END - 1, "Below it each bounce is narrower"),
)


def facts() -> dict[str, str]:
    x = np.abs(run().iterates[:, 0])
    return {
        "sinking_curvature": f"{CURVATURE:g}",
        "sinking_eta0": f"{ETA0:g}",
        "sinking_k": f"{K:g}",
        "sinking_threshold": f"{stability.threshold(landscapes.bowl([CURVATURE])):g}",
        "sinking_crossing": str(crossing()),
        "sinking_peak": f"{x.max() / x[0]:.1f}",
        "sinking_return": str(2 * crossing() + 1),
    }


def steps_done(time: float) -> float:
    return min(land(STEPS * passed(time, BEGIN, BEGIN + LENGTH) ** EASE), STEPS)


class Film(Stage):
    def construct(self) -> None:
        self.run = run()
        self.bowl = landscapes.bowl([CURVATURE])
        self.etas = schedules.inverse_time(ETA0, k=K)(np.arange(STEPS + 1))
        self.sizes = sizes(self.run.etas)
        self.threshold = stability.threshold(self.bowl)
        self.rate = Panel(self.colours, (-6.6, 0.85), (8.2, 2.3), (0, STEPS), (0.11, 0.3), "", "learning rate $eta_t$")
        self.loss = Panel(self.colours, (-6.6, -2.2), (8.2, 2.1), (0, STEPS), (0, 5.2), "", "loss $L$")
        for step in (crossing(), 2 * crossing() + 1):
            self.loss.xtick(step, str(step))
        time = put(text("step $t$", 36, self.colours.muted), -6.6, -2.65)
        line = polyline(self.rate.curve([0, STEPS], [self.threshold] * 2), self.tint("edge"), 2.5)
        at = self.rate.at(STEPS, self.threshold)
        limit = put(
            text(rf"limit $2\/lambda = {self.threshold:g}$", 38, self.tint("edge")),
            at[0] - 0.1,
            at[1] + 0.15,
            "right",
        )
        w = np.linspace(-1.2, 1.2, 81)
        valley = polyline(self._valley(w), self.colours.muted, 4)
        self.bake(self.rate, self.loss, time, line, limit, valley)
        self.roll(END, Live(self._words), Live(self._number), Live(self._rates), Live(self._losses), Live(self._ball))

    def _valley(self, w: np.ndarray) -> np.ndarray:
        height = self.bowl.loss(np.asarray(w)[None])
        return np.column_stack([4.7 + 1.75 * w, -2.6 + 0.52 * height, np.zeros(len(w))])

    def _words(self) -> list:
        """What each bounce does above the limit and below it, once it has been seen."""
        done = steps_done(self.now)
        return [
            put(text(words, 36, self.colours.muted, opacity=shown), *self.rate.at(left, eta)[:2])
            for words, left, eta, begin in (
                (r"above $2\/lambda$: wider", 0.3, 0.275, 2),
                (r"below $2\/lambda$: narrower", crossing() + 0.3, 0.122, crossing() + 1),
            )
            if (shown := during(done, begin, begin + 1))
        ]

    def _number(self) -> list:
        """The updates made so far, and the rate of the jump that is being made or comes next."""
        step = int(steps_done(self.now))
        eta = self.etas[step]
        tint = self.tint("decay")
        return [
            put(text(f"$eta_t = {eta:.3f}$", 48, tint), 4.7, 2.75, "middle"),
            put(text(f"$t = {step}$", 40, self.colours.muted), 4.7, 2.1, "middle"),
        ]

    def _rates(self) -> list:
        done = steps_done(self.now)
        points = self.rate.curve(so_far(np.arange(STEPS + 1.0), done), so_far(self.etas, done))
        crossed = during(done, crossing(), crossing() + 0.6)
        ends = np.array([self.rate.at(crossing(), self.threshold), self.loss.at(crossing(), 0)])
        drawn = [polyline(ends, self.colours.muted, 1.5, 0.8 * crossed)] if crossed else []
        return [
            *drawn,
            polyline(points, self.tint("decay"), 4),
            self._marks(points, done),
            mark("decay", points[-1], self.colours, 0.15),
        ]

    def _marks(self, points: np.ndarray, done: float):
        count = int(done) + 1
        return mark("decay", points[:count], self.colours, 0.07 * self.sizes[:count])

    def _losses(self) -> list:
        done = steps_done(self.now)
        losses = self.run.losses
        points = self.loss.curve(so_far(np.arange(STEPS + 1.0), done), so_far(losses, done))
        return [polyline(points, self.tint("decay"), 4), mark("decay", points[-1], self.colours, 0.15)]

    def _ball(self) -> list:
        """A jump is straight through the air from landing to landing; the last few stay as marks."""
        done = steps_done(self.now)
        w = self.run.iterates[:, 0]
        landed = self._valley(w)
        here = along(landed, done)
        tail = so_far(landed, done)
        return [
            polyline(tail, self.tint("decay"), 1.5, 0.45),
            self._marks(landed, done),
            ball("decay", self.colours, 0.19 * along(self.sizes, done)).move_to(here),
        ]
