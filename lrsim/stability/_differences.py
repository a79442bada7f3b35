"""Products of a Hessian with vectors from a gradient alone, with a step that is tried out."""

from collections.abc import Callable

import numpy as np

from lrsim._engine.krylov import length
from lrsim.landscapes._differences import EPSILON, FIRST, Rise, across, apart

AGREE = 100  # x √ε, x ε^(4/9) where nested: slopes over a step and a quarter of it that differ by less are both good
QUARTER = 17**-0.5  # about: slopes of rounded values are whole multiples of 1/h, and would agree by chance
SHORTER, LONGER = 16, 9  # times that the step is quartered, or lengthened as much, in search of such a pair
SHARE = 0.01  # of the farthest that a coordinate moves: those that move less have no say in how a slope bends


class Differences:
    """v -> (∇L(w + hv) - ∇L(w - hv)) / 2h, where h balances truncation, h², and round-off, ε/h.

    By h no coordinate moves by more than ε^(1/3) max(1, |w_i|). ε is that of the gradient's values, or ε^(2/3) where
    they are `nested`, differences of a loss. That does not say how fast the gradient bends or how rough it is: the
    first time a coordinate moves the slope is compared with that over other steps, and the step kept that agrees best
    with its neighbour. The gradient is called with w and the scales by which coordinates move, for those that are
    nested.
    """

    def __init__(
        self, gradient: Callable[[np.ndarray, np.ndarray], np.ndarray], w: np.ndarray, nested: bool = False
    ) -> None:
        self.gradient, self.w, self.nested = gradient, w, nested
        self.scales, self.tried = np.maximum(1, np.abs(w)), np.zeros(len(w), bool)
        self.short = self.double = False  # whether the gradient's values look like single precision, or cannot be
        self.taken, self.doubt = 0, np.zeros(len(w))  # by how much round-off may have changed the last product

    def __call__(self, v: np.ndarray, multiple: float = 1.0) -> np.ndarray:
        """H v, over that multiple of the step."""
        total, doubt = np.zeros_like(v), np.zeros_like(v)
        for part in apart(v, self.scales):
            total += self._slope(part, multiple) if self.tried[part != 0].all() else self._fitted(part, 0.0)
            doubt += self.doubt
        self.doubt = doubt
        return total

    def fit(self, v: np.ndarray) -> None:
        """Chooses the steps anew along the coordinates that v moves farthest."""
        for part in apart(v, self.scales):
            self._fitted(part, SHARE)

    def _fitted(self, v: np.ndarray, share: float) -> np.ndarray:
        _, change, slope, self.doubt = self._best(v)
        moves = np.abs(v) / self.scales
        self.scales = np.where(moves > share * moves.max(), self.scales * change, self.scales)
        self.tried |= v != 0
        return slope

    @property
    def epsilon(self) -> float:
        own = float(np.finfo(np.float32).eps) if self.short else EPSILON
        return own ** (2 * FIRST) if self.nested else own

    @property
    def good(self) -> float:
        """How far two slopes may differ, relative to them."""
        return float(AGREE * self.epsilon ** (2 / 3 if self.nested else 1 / 2))

    def _best(self, v: np.ndarray) -> tuple[float, float, np.ndarray, np.ndarray]:
        """How far slopes differ at best, the factor by which to change the step for that, the slope and its doubt."""
        usual, doubt = self._slope(v), self.doubt
        best = _apart(usual, self._slope(v, QUARTER)), 1.0, usual, doubt
        for factor, times in ((QUARTER, SHORTER), (1 / QUARTER, LONGER)):  # where it bends, then where it is rough
            multiple, before = 1.0, usual
            for _ in range(times):
                if best[0] <= self.good:
                    break
                multiple *= factor
                slope = self._slope(v, multiple)
                off = _apart(before, slope) if slope.any() else np.inf
                if off < best[0]:
                    best = off, multiple, slope, self.doubt
                elif off > 16 * best[0] and best[1] != 1:  # past the best
                    break
                before = slope
        return best

    def _slope(self, v: np.ndarray, multiple: float = 1.0) -> np.ndarray:
        rise, short = self._rise(v, multiple), self.short
        self.double = self.double or rise.epsilon == EPSILON
        self.short = not self.double and (short or rise.epsilon > EPSILON)
        rise = rise if self.short == short else self._rise(v, multiple)
        self.doubt = rise.doubt
        return rise.slope

    def _rise(self, v: np.ndarray, multiple: float) -> Rise:
        self.taken += 1
        scales = np.where(v != 0, multiple * self.scales, self.scales)
        return across(lambda w: self.gradient(w, scales), self.w, v, self.epsilon**FIRST, scales)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """‖one - other‖, relative to the longer."""
    size = max(length(one), length(other))
    return length(one - other) / size if size > 0 else 0.0
