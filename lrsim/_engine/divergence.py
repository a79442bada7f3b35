"""When a run is lost, and what follows the losses of a sweep to see it.

At step t a run is lost when L_t - min L > 10⁶ · max(L_0 - min L, η₀‖g₀‖²), min L the lowest loss up to t and g₀ the
first gradient as the step used it; where both are 0, and in any case, when L_t is not finite. A constant added to the
loss changes nothing. An excess that is round-off of L_t is none.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim._engine.task import Past, Task

FOLD = 1e6
LARGEST = np.finfo(float).max
ROUND_OFF = 8 * np.finfo(float).eps  # of the loss: a difference of two losses less than that says nothing


def excess_limit(first: np.ndarray, low: np.ndarray, scale: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """What L_t - min L may be at most, of a loss that is finite."""
    reach = np.maximum(first - low, scale)
    return np.where(reach == 0, np.inf, np.maximum(FOLD * reach, ROUND_OFF * np.abs(loss)))


def is_lost(first: np.ndarray, low: np.ndarray, scale: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Whether a run is lost at a step of this loss; `low` is the lowest so far, this one included."""
    return ~((loss - low <= excess_limit(first, low, scale, loss)) & np.isfinite(loss))


def first_step(holds: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The smallest whole t in (low, high] at which `holds`, which then holds on; `high` where it does not before."""
    while (high - low > 1).any():
        middle = (low + high) // 2
        there = holds(middle)
        low, high = np.where(there, low, middle), np.where(there, middle, high)
    return high


class Monitor:
    """Told the losses step by step (`see`) or block by block (`see_all`); in place, to stay in the cache.

    The rule is applied to a run only once its loss is above `safe`: L_0 + (10⁶ - 1) η₀‖g₀‖² at least, since the largest
    loss that is not lost, min L + 10⁶ max(L_0 - min L, η₀‖g₀‖²), has its minimum over min L there, and grows as min L
    sinks further.
    """

    def __init__(self, task: Task, loss: np.ndarray, scale: Any = 0.0) -> None:
        """`loss` where the task begins, or takes its runs up again with their past; η₀‖g₀‖² if it is known."""
        past = task.past
        if past is None or not task.begin:
            first = np.array(loss, dtype=float)
            lost = np.where(np.isfinite(first), -1, task.begin)
            past = Past(first, first, first, np.broadcast_to(scale, first.shape), lost)
        self.first, self.low, self.peak, self.scale, self.lost = (np.array(value) for value in past)
        self.runs, self.step, self.bounded = task.runs, task.begin, task.bounded
        self.raises = task.on_divergence == "raise"
        self.gone = np.asarray(self.lost >= 0)
        self.calm = np.empty_like(self.gone)
        self.safe = np.empty_like(self.first)
        self._set_safe()
        if self.raises and self.gone.any():
            self._complain(np.asarray(loss))

    def set_scale(self, scale: np.ndarray) -> None:
        """η₀‖g₀‖², once the first step is taken."""
        self.scale[...] = scale
        self._set_safe()

    def _set_safe(self) -> None:
        safe = np.where(np.isnan(self.scale), -np.inf, self.first + (FOLD - 1) * self.scale)
        np.minimum(safe, LARGEST, out=self.safe)  # an infinite loss is never safe

    def see(self, loss: np.ndarray) -> None:
        """The losses of the next step."""
        self.step += 1
        np.maximum(self.peak, loss, out=self.peak)
        np.minimum(self.low, loss, out=self.low)
        np.less_equal(loss, self.safe, out=self.calm)
        if not self.bounded:
            self.calm &= loss > -np.inf
        np.logical_or(self.calm, self.gone, out=self.calm)
        if not self.calm.all():
            self._judge(loss)

    def _judge(self, loss: np.ndarray) -> None:
        new = is_lost(self.first, self.low, self.scale, loss) & ~self.gone
        self.lost[new] = self.step
        self.gone |= new
        reach = self.first - self.low
        np.maximum(self.safe, np.where(reach >= self.scale, self.low + FOLD * reach, -np.inf), out=self.safe)
        np.minimum(self.safe, LARGEST, out=self.safe)
        if self.raises and new.any():
            self._complain(loss)

    def see_all(self, losses: np.ndarray, convex: bool = False) -> "Monitor":
        """The losses of the next block of steps, time on the last axis; at a constant η they are `convex` in time."""
        if not losses.shape[-1]:
            return self
        if convex:  # largest at an end, lowest at the last step of a curve that does not rise there
            highest, lowest = np.maximum(losses[..., 0], losses[..., -1]), np.array(losses[..., -1])
            falling = (losses[..., -1] <= losses[..., -2:][..., 0]) & (losses[..., -1] < np.inf)
            rising = np.asarray(~falling)
            lowest[rising] = losses[rising].min(-1)
        else:
            highest, lowest = losses.max(-1), losses.min(-1)
        np.maximum(self.peak, highest, out=self.peak)
        above: np.ndarray = np.asarray(~((highest <= self.safe) & (lowest > -np.inf) | self.gone))
        if above.any():
            self._search(losses, above, np.minimum(self.low, lowest) if convex else None)
        np.minimum(self.low, lowest, out=self.low)
        self.step += losses.shape[-1]
        return self

    def _search(self, losses: np.ndarray, above: np.ndarray, lowest: np.ndarray | None) -> None:
        """The step at which each of the runs that are `above` is lost, if it is; `lowest` once they are past it."""
        part = losses[above]
        first, low, scale = (value[above] for value in (self.first, self.low, self.scale))
        run, end = np.arange(len(part)), np.full(len(part), part.shape[-1])
        if lowest is not None:
            low = lowest[above]
            at = first_step(lambda t: is_lost(first, low, scale, part[run, t]), np.full_like(end, -1), end)
        else:
            low = np.minimum(np.minimum.accumulate(part, -1), low[:, None])
            calm = np.asarray(part <= self.safe[above][:, None])
            at = (~calm if self.bounded else ~(calm & (part > -np.inf))).argmax(-1)  # none is lost before
            if not is_lost(first, low[run, at], scale, part[run, at]).all():
                lost = is_lost(first[:, None], low, scale[:, None], part)
                at = np.where(lost.any(-1), lost.argmax(-1), end)
        found = np.asarray(at < end)
        self.lost[above] = np.where(found, self.step + 1 + at, -1)
        self.gone[above] = found
        if self.raises and found.any():
            last = np.zeros(above.shape)
            last[above] = part[run, np.minimum(at, end - 1)]
            self._complain(last)

    def result(self, into: Past) -> None:
        """The largest loss is infinite where anything overflowed."""
        np.copyto(self.peak, np.inf, where=np.isnan(self.peak))
        for goal, value in zip(into, (self.first, self.low, self.peak, self.scale, self.lost), strict=True):
            goal[...] = value

    def _complain(self, loss: np.ndarray) -> None:
        run = np.unravel_index(int(np.argmax(self.gone)), self.gone.shape) if self.gone.ndim else ()
        which = f" {self.runs[run]}" if self.gone.ndim else ""
        raise FloatingPointError(
            f"run{which} diverged at step {self.lost[run]}: its loss is {loss[run]:g}, from {self.first[run]:g} at the "
            f"start; see diverged_at for what counts"
        )
