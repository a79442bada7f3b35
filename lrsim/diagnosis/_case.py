"""What all questions look at: the finite part of a curve, its noise, its shape, its growth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lrsim.diagnosis import _ending, _growth, _meaning, _noise, _raised, _rates, _shape
from lrsim.diagnosis._ending import Ending
from lrsim.diagnosis._growth import Growth
from lrsim.diagnosis._meaning import Meaning
from lrsim.diagnosis._noise import Noise
from lrsim.diagnosis._rates import Curvature
from lrsim.diagnosis._record import Curve
from lrsim.diagnosis._shape import Shape

ENOUGH = 8  # noisy rows, below which any shape could be chance


@dataclass(frozen=True, eq=False)
class Case:
    whole: Curve
    meaning: Meaning
    named: bool  # whether the optimizer was given

    @cached_property
    def ending(self) -> Ending:
        return _ending.read(self.whole.losses)

    @cached_property
    def curve(self) -> Curve:
        return self.whole.only(self.ending.kept)

    @cached_property
    def x(self) -> np.ndarray:
        return self.curve.losses.astype(np.float64)

    @cached_property
    def shape(self) -> Shape:
        return _shape.read(self.whole.losses)

    @property
    def quasiconvex(self) -> bool:
        """Whether it falls, rises, or falls and then rises: noise may hide in that."""
        return self.shape.shape not in ("wiggling", "cannot tell")

    @property
    def smooth(self) -> bool:
        return self.quasiconvex and self.shape.convex is not False

    @cached_property
    def round_off(self) -> np.ndarray:
        return max(self.shape.tolerance, 1e-15) * np.abs(self.x) + self.shape.floor

    @cached_property
    def noise(self) -> Noise:
        return _noise.read(self.x, self.round_off)

    @cached_property
    def teeth(self) -> int | None:
        """The rows after which the loss does the same again."""
        return None if self.smooth else _noise.repeats(self.noise)

    @cached_property
    def sigma(self) -> np.ndarray:
        return self.round_off if self.smooth else self.noise.sigma

    @cached_property
    def growth(self) -> Growth | None:
        g = _growth.read(self.x, self.curve.t, self.sigma, self.smooth) if len(self.x) > 1 else None
        return g if g is None or self.smooth else _raised.read(g, self.x, self.curve.t, self.sigma)

    @property
    def wander(self) -> float:
        """7 x (q90 - median) of the losses between the first as low as the lowest and the growth."""
        g = self.growth
        assert g is not None
        before = self.x[: g.since]
        low = before[int(np.argmax(before <= g.lowest + 4 * self.sigma[g.since - 1])) :]
        return 7 * float(np.quantile(low, 0.9) - np.median(low)) if len(low) >= ENOUGH else 0.0

    @cached_property
    def grown(self) -> Growth | None:
        """The growth, if it is one that sets the exit code: up to the end, beyond the noise and what came before."""
        g = self.growth
        if g is None or g.back > 0:
            return None
        if self.x[-1] - g.lowest > _growth.HUGE * max(float(self.x[:-1].max()) - g.lowest, abs(g.lowest)):
            return g  # its last row alone does that
        before, end = self.x[: g.since], float(np.median(self.x[-3:] if len(self.x) - g.since > 2 else self.x[-1:]))
        above, scale = end - g.lowest, max(float(before.max()) - g.lowest, abs(g.lowest) * 1e-3)
        half = self.x[g.since : (g.since + len(self.x)) // 2]
        if g.kind != "jump" and len(half) and end <= half.max():
            return None  # what grows is higher at its end than half-way
        if self.teeth and len(self.x) - g.since <= self.teeth and above < 2 * np.ptp(before[-self.teeth :]):
            return None  # one more tooth
        if g.kind in ("exponential", "steeper"):
            many = self.quasiconvex or len(self.x) >= ENOUGH
            return g if many and above > self.wander and (g.kind == "exponential" or above > 0.1 * scale) else None
        if g.kind == "slower":
            return g if above > 2 * scale and above > abs(g.lowest) else None
        rows = len(self.x) - g.since
        smooth = self.smooth and self.shape.convex is not False and rows > 2 and above > 0.5 * abs(g.lowest)
        huge = rows > 1 and above > _growth.HUGE / 10 * max(scale, abs(g.lowest))
        return g if smooth or huge else None

    @property
    def onset(self) -> int:
        """The row from which it grows: the last that is level with the turn, or out of the noise."""
        g, start = self.growth, self.shape.turn or 0
        assert g is not None
        if not self.quasiconvex:
            return g.onset
        return int(np.flatnonzero(self.x <= self.x[start] + 4 * self.round_off[start])[-1])

    @cached_property
    def factor(self) -> tuple[float, float] | None:
        """ln of the growth every `per` at the end, and half of its 95 % interval; None if it is not one exponential."""
        gaps = np.diff(self.curve.t)
        if self.smooth and self.shape.ratio is not None and len(gaps) and np.ptp(gaps) <= 1e-9 * gaps[0]:
            slope, doubt = self.shape.ratio
            return slope / gaps[0], 2 * doubt / gaps[0]
        g = self.grown
        return None if g is None or g.slope is None else (g.slope, g.error)

    @cached_property
    def curvature(self) -> Curvature | None:
        """λ from the rates of the log, where they change while the loss grows, under plain gradient descent."""
        g, eta = self.grown, self.curve.rates
        if g is None or eta is None or self.named or self.curve.per != "update":
            return None
        if g.slope is not None and _rates.constant(eta[g.first :]):
            return None
        excess = np.maximum(self.x - g.lowest, np.finfo(float).tiny)
        return _rates.fit(eta, self.curve.t, np.log(excess[g.since :]), g.since)

    @property
    def unit(self) -> str:
        return "step" if self.curve.per == "update" else self.curve.word

    @property
    def each(self) -> str:
        return f"an {self.unit}" if self.unit == "epoch" else f"a {self.unit}"

    def where(self, row: int) -> str:
        return self.curve.where(row)

    def step(self, row: int) -> float:
        return self.curve.step(row)


def case(curve: Curve, optimizer: Any) -> Case:
    return Case(curve, _meaning.of(optimizer), optimizer is not None)
