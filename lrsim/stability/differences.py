"""Products of a Hessian with vectors from a gradient alone, with a step that is tried out."""

from collections.abc import Callable

import numpy as np

from lrsim._engine.krylov import length
from lrsim.landscapes.functions import EPSILON, FIRST, Rise, across, apart

AGREE = 100  # x √ε: slopes over a step and over a quarter of it that differ by less than this part are both good
FARTHEST = 9  # times that the step is quartered, or quadrupled, in search of such a pair


class Differences:
    """v -> (∇L(w + hv) - ∇L(w - hv)) / 2h, where h balances truncation, h², and round-off, ε/h.

    By h no coordinate moves by more than ε^(1/3) max(1, |w_i|). ε is that of the gradient's values, or `noise` where
    that is larger. Neither says how fast the gradient bends or how rough it is: the first time a coordinate moves the
    slope is compared with that over other steps, and the step kept that agrees best with its neighbour.
    """

    def __init__(self, gradient: Callable[[np.ndarray], np.ndarray], w: np.ndarray, noise: float = EPSILON) -> None:
        self.gradient, self.w, self.noise = gradient, w, noise
        self.scales, self.tried = np.maximum(1, np.abs(w)), np.zeros(len(w), bool)
        self.short = self.double = False  # whether the gradient's values look like single precision, or cannot be
        self.taken = 0

    def __call__(self, v: np.ndarray, stretch: float = 1.0) -> np.ndarray:
        """H v, over `stretch` times the step."""
        total = np.zeros_like(v)
        for part in apart(v, self.scales):
            moved = part != 0
            if self.tried[moved].all():
                total += self._slope(part, stretch)
                continue
            change, slope = self._best(part)
            self.scales, self.tried = np.where(moved, self.scales * change, self.scales), self.tried | moved
            total += slope
        return total

    def _best(self, v: np.ndarray) -> tuple[float, np.ndarray]:
        """The factor by which to change the step along v, and the slope then."""
        usual, shorter = self._slope(v), self._slope(v, 0.25)
        off = _apart(usual, shorter)
        good = AGREE * max(self.epsilon, self.noise) ** 0.5
        if off <= good:
            return 1.0, usual
        longer = self._slope(v, 4.0)
        above = _apart(usual, longer)
        rough = above < off / 2  # round-off, that shrinks with 1/h; where the gradient bends, off is no smaller above
        factor, before, best = (4.0, longer, (above, 4.0, longer)) if rough else (0.25, shorter, (off, 0.25, shorter))
        stretch = factor
        while best[0] > good and stretch != factor**FARTHEST:
            stretch *= factor
            slope = self._slope(v, stretch)
            if slope.any():
                best = min(best, (_apart(before, slope), stretch, slope), key=lambda found: found[0])
            before = slope
        return best[1:]

    @property
    def epsilon(self) -> float:
        return float(np.finfo(np.float32).eps) if self.short else EPSILON

    def _slope(self, v: np.ndarray, stretch: float = 1.0) -> np.ndarray:
        rise, short = self._rise(v, stretch), self.short
        self.double = self.double or rise.epsilon == EPSILON
        self.short = not self.double and (short or rise.epsilon > EPSILON)
        return rise.slope if self.short == short else self._rise(v, stretch).slope

    def _rise(self, v: np.ndarray, stretch: float) -> Rise:
        self.taken += 1
        return across(self.gradient, self.w, v, stretch * max(self.epsilon, self.noise) ** FIRST, self.scales)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """‖one - other‖, relative to the longer."""
    size = max(length(one), length(other))
    return length(one - other) / size if size > 0 else 0.0
