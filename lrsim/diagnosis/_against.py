"""Question 10: two logs against each other: their plateaus, and the steps that they take to one loss."""

from dataclasses import dataclass

import numpy as np

from lrsim.diagnosis import _flat, _record
from lrsim.diagnosis._case import case
from lrsim.diagnosis._growth import smoothed
from lrsim.logs import Log
from lrsim.typing import Numbers


@dataclass(frozen=True)
class Comparison:
    """How one run stands against another; `str()` says it in a sentence.

    Attributes:
        difference: the mean loss of the flat end of the first minus that of the second; None unless both are flat.
        error: its standard error.
        loss: the lowest loss that both reach, by their running medians.
        ratio: the steps of the first to that loss, over those of the second; None if one starts below it.
    """

    difference: float | None
    error: float | None
    loss: float
    ratio: float | None

    def __str__(self) -> str:
        said = []
        if self.difference is not None and self.error is not None:
            apart = abs(self.difference) > 2 * self.error
            sure = "" if apart else ", within the noise"
            said.append(f"its plateau is {self.difference:+.4g} ± {self.error:.2g} from the other's{sure}")
        if self.ratio is not None:
            said.append(f"it takes {self.ratio:.3g} times the steps of the other to a loss of {self.loss:.4g}")
        text = ", and ".join(said) or "the two have no loss in common that both come down to"
        return text[:1].upper() + text[1:] + "."


def compare(one: Numbers | Log, other: Numbers | Log) -> Comparison:
    """The difference of two plateaus ± its standard error, and the ratio of the steps to equal loss.

    Each is a list of losses, one an update, or a `Log`.

    Raises:
        TypeError, ValueError: as `diagnose`.

    >>> from lrsim import descend, landscapes
    >>> bowl = landscapes.bowl([1, 20])
    >>> slow, fast = (descend(bowl, [10, 0.05], eta, 300) for eta in (0.02, 0.04))
    >>> print(compare(slow.losses, fast.losses))
    It takes 2.01 times the steps of the other to a loss of 0.0002...
    """
    cases = [case(_record.curve(losses), None) for losses in (one, other)]
    for name, this in zip(("one", "other"), cases, strict=True):
        if len(this.x) < 4:
            raise ValueError(f"{name} must have at least 4 finite losses, got {len(this.x)}")
    with np.errstate(all="ignore"):
        ends = [_flat.read(this.x, this.curve.t, float(this.noise.share[-1]), this.quasiconvex) for this in cases]
        levels = [this.x if this.quasiconvex else smoothed(this.x, min(7, len(this.x) // 6 | 1)) for this in cases]
        target = max(float(level.min()) for level in levels)
        first = [int(np.argmax(level <= target)) for level in levels]
        times = [float(this.curve.t[row] - this.curve.t[0]) for this, row in zip(cases, first, strict=True)]
        ratio = times[0] / times[1] if min(times) > 0 else None
        if any(end.falls for end in ends):
            return Comparison(None, None, target, ratio)
        error = float(np.hypot(ends[0].level_error, ends[1].level_error))
        return Comparison(ends[0].level - ends[1].level, error, target, ratio)
