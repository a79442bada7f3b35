"""Follows the losses of a sweep: the largest, and the step at which each run is lost."""

import numpy as np

DIVERGED = 1e6  # times the start's |loss|


class Watch:
    """Told the losses step by step (`see`) or stretch by stretch (`see_all`); in place, to stay in the cache.

    A run is lost at the first step whose |loss| is above 10⁶ times the start's, or not finite; where the start's loss
    is 0, only a loss that is not finite counts.
    """

    def __init__(self, first: np.ndarray, runs: np.ndarray, signed: bool, raises: bool) -> None:
        first = np.array(first)
        self.first, self.runs, self.raises = first, runs, raises
        self.peak = first.copy()
        self.limit = limit(first)
        self.signed, self.step = signed, 0
        self.size = np.empty_like(first)
        self.sound = np.asarray(np.isfinite(first))
        self.now = np.empty_like(self.sound)
        self.recent = np.zeros(first.shape, np.int8)  # sound steps not yet in `total`: one byte a run is cheap to add
        self.total = np.array(self.sound, dtype=np.int64)
        if raises:
            self._complain(first)

    def see(self, loss: np.ndarray) -> None:
        """The losses of the next step."""
        self.step += 1
        np.maximum(self.peak, loss, out=self.peak)
        if self.signed:
            np.less_equal(np.abs(loss, out=self.size), self.limit, out=self.now)
            np.logical_and(self.sound, self.now, out=self.sound)
        else:  # nor does the largest so far come back below the limit
            np.less_equal(self.peak, self.limit, out=self.sound)
        self.recent += self.sound.view(np.int8)
        if self.step % 100 == 0:
            self._settle()
        if self.raises:
            self._complain(loss)

    def see_all(self, losses: np.ndarray) -> None:
        """The losses of the next stretch of steps, time on the last axis."""
        if not losses.shape[-1]:
            return
        highest = losses.max(-1)
        np.maximum(self.peak, highest, out=self.peak)
        if (highest <= self.limit).all() and not (self.signed and (losses.min(-1) < -self.limit).any()):
            self.total += self.sound * losses.shape[-1]
            return
        limits = self.limit[..., None]
        sound = losses <= limits
        if self.signed:
            sound &= losses >= -limits
        before = np.where(sound.all(-1), losses.shape[-1], (~sound).argmax(-1))
        self.total += np.where(self.sound, before, 0)
        self.sound &= before == losses.shape[-1]
        if self.raises and not self.sound.all():
            lost = np.minimum(before, losses.shape[-1] - 1)[..., None]
            self._complain(np.take_along_axis(losses, lost, -1)[..., 0])

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """The largest loss, infinite where anything overflowed, and the step of divergence or -1."""
        self._settle()
        return np.where(np.isnan(self.peak), np.inf, self.peak), np.where(self.sound, -1, self.total)

    def _settle(self) -> None:
        self.total += self.recent
        self.recent[...] = 0

    def _complain(self, loss: np.ndarray) -> None:
        if self.sound.all():
            return
        self._settle()
        run = np.unravel_index(int(np.argmin(self.sound)), self.sound.shape) if self.sound.ndim else ()
        which = f" {self.runs[run]}" if self.sound.ndim else ""
        raise FloatingPointError(
            f"run{which} diverged at step {self.total[run]}: its loss is {loss[run]:g}, more than {DIVERGED:g} times "
            f"the start's, {self.first[run]:g}"
        )


def limit(first: np.ndarray) -> np.ndarray:
    """The largest |loss| of a run that is not lost."""
    largest = np.finfo(float).max
    return np.where(first == 0, largest, np.minimum(DIVERGED * np.abs(first), largest))
