"""The rate passes its limit, a bounce grows out of nothing, and here the loss shows it only {{ n.hidden_later }} steps
later.

Caption: The network on handwritten digits: above its rate and the limit, measured at every step, below the loss, and
on the right how far the weights bounce along the steepest direction, which no loss shows while it is small. It dies
away into the noise of the numbers, about {{ n.hidden_lowest }}, which swings the longer the nearer the rate is to its
limit; above it, from step {{ n.hidden_crossing }} on, it grows, and at step {{ n.hidden_turn }} the loss turns.

Alt: On the left a rate climbs along a line towards a nearly level one, its limit; below it the loss of the same steps
falls. On the right a curve on a logarithmic axis, the bounce along the steepest direction, sinks to a jitter about two
decades lower and turns as the rate comes near the limit, which it meets at step {{ n.hidden_crossing }}. The loss goes
on falling, while the bounce climbs, decade by decade. At step {{ n.hidden_turn }} the loss turns too, and soon leaves
the picture.

Lecture: Before you talk about monitoring: ask when the run was lost.
"""

import numpy as np

from figures import digits
from figures.facts import number
from figures.lettering import put, text
from figures.stage import Live, Panel, Stage, during, mark, passed, polyline, so_far

PAGE = "my-loss-exploded"
FIRST, SEEN = 20, 20  # bounces long before the crossing, of which the middle one is told
BEGIN, LENGTH, HOLD = 0.6, 11.0, 1.8
END = BEGIN + LENGTH + HOLD


def last() -> int:
    """The last step before the run is lost."""
    return len(digits.limits()) - 1


def when(step: float) -> float:
    """The moment at which a step has been made."""
    return BEGIN + LENGTH * step / last()


PAUSES = (
    (when(digits.crossing() + 7), "The limit is passed, and the loss shows nothing"),
    (when(digits.turn() - 3), "The bounce has grown by decades"),
    (END - 1, "Now it shows"),
)


def facts() -> dict[str, str]:
    return {
        "hidden_crossing": str(digits.crossing()),
        "hidden_turn": str(digits.turn()),
        "hidden_later": str(digits.turn() - digits.crossing()),
        "hidden_lowest": number(10 ** round(np.log10(np.median(digits.bounce()[FIRST : FIRST + SEEN]))), 1),
    }


class Film(Stage):
    def construct(self) -> None:
        self.crossing, self.turn = digits.crossing(), digits.turn()
        steps = np.arange(last() + 1.0)
        self.etas, self.limits = digits.exploded().etas[: len(steps)], digits.limits()[: len(steps)]
        self.losses = digits.exploded().losses[: len(steps)]
        self.bounces = np.log10(digits.bounce())
        span = (0, last() + 2.0)
        self.rate = Panel(self.colours, (-6.5, 1.15), (7.6, 2.05), span, (0, 1.7), "", "learning rate $eta_t$")
        self.loss = Panel(self.colours, (-6.5, -2.2), (7.6, 2.35), span, (0, 0.72), "step $t$", "loss $L$")
        self.wide = Panel(self.colours, (3.1, -2.2), (3.5, 4.9), span, (-11, 1), "step $t$", "steepest direction")
        name = put(text("bounce along the", 36, self.colours.muted), 3.1, 3.5)
        for decade in (-10, -5, 0):
            self.wide.ytick(decade, f"$10^({decade})$" if decade else "$1$")
        self.steps = steps
        self.bake(self.rate, self.loss, self.wide, name)
        self.roll(END, Live(self._lines), Live(self._curves), Live(self._bounce), Live(self._words))

    def done(self) -> float:
        """Steps made, a real number."""
        return last() * passed(self.now, BEGIN, BEGIN + LENGTH)

    def _lines(self) -> list:
        """Where the rate met its limit, through all three panels, once it has, and at which step."""
        shown = during(self.done(), self.crossing, self.crossing + 2)
        if not shown:
            return []
        ends = [(panel.at(self.crossing, panel.ylim[0]), panel.at(self.crossing, panel.ylim[1])) for panel in
                (self.rate, self.loss, self.wide)]  # fmt: skip
        step = text(str(self.crossing), 36, self.colours.muted, opacity=shown)
        return [
            *(polyline(np.array(pair), self.colours.muted, 2, 0.8 * shown) for pair in ends),
            *(put(step.copy(), foot[0], foot[1] - 0.45, "middle") for foot, _ in ends[1:]),
        ]

    def _curves(self) -> list:
        shown = [
            (self.rate, self.limits, "edge", 3),
            (self.rate, self.etas, "decay", 5),
            (self.loss, self.losses, "diverge", 5),
        ]
        drawn = []
        for panel, values, role, width in shown:
            inside = np.flatnonzero(values <= panel.ylim[1])[-1] + 1.0  # a run that leaves the picture stays out
            done = min(self.done(), inside)
            at = so_far(self.steps, done)
            points = panel.curve(at, np.clip(so_far(values, done), *panel.ylim))
            drawn += [polyline(points, self.tint(role), width), mark(role, points[-1], self.colours, 0.13)]
        return drawn

    def _bounce(self) -> list:
        """A difference belongs to the middle of the steps that it is taken from."""
        done = min(self.done() - digits.BINOMIAL / 2, len(self.bounces) - 1.0)
        if done <= 0:
            return []
        at = so_far(np.arange(len(self.bounces)) + digits.BINOMIAL / 2, done)
        points = self.wide.curve(at, np.clip(so_far(self.bounces, done), *self.wide.ylim))
        return [polyline(points, self.tint("bounce"), 5), mark("bounce", points[-1], self.colours, 0.13)]

    def _words(self) -> list:
        done = self.done()
        step = put(text(f"$t = {int(done)}$", 40, self.colours.muted), 1.1, 3.5, "right")
        limit = put(text(r"limit $2\/lambda_max$", 36, self.tint("edge")), -6.3, self.rate.at(0, 1.05)[1])
        said = [step, limit]
        if self.crossing <= done < self.turn:
            x, y, _ = self.loss.at(self.crossing, 0.5)
            for line, words in enumerate(("the limit is passed:", "nothing shows")):
                said.append(put(text(words, 36, self.colours.muted), x + 0.15, y - 0.5 * line))
        if done >= self.crossing + 14:
            place = self.wide.at(self.crossing, 0)
            said.append(
                put(text("it grows", 36, self.tint("bounce")), place[0] - 0.15, self.wide.at(0, -3)[1], "right")
            )
        if done >= self.turn:
            x, y, _ = self.loss.at(self.turn, 0.34)
            for line, words in enumerate(("it shows", f"at step {self.turn}")):
                said.append(put(text(words, 36, self.tint("diverge")), x - 0.15, y - 0.5 * line, "right"))
        return said
