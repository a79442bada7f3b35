"""`Diagnosis`: what was found, in three short sentences, in fields, as a plot."""

import warnings
from dataclasses import dataclass, field
from typing import Any

from lrsim.diagnosis._record import Curve

LOST = ("diverging", "diverged to nan", "lost without growth", "bursts")


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What `diagnose` found; `str()` says what happened, what follows from it, and what to do.

    Attributes:
        cause: "diverging", "diverged to nan", "lost without growth", "spike" (came back), "bursts", "two-cycle",
            "ringing", "plateau" (a noisy floor too), "falling" or "cannot tell".
        since: the step, as in the log, from which that shows; None where there is none.
        lost_at: the step from which on the loss is not finite, or above all that came before; None if it is not lost.
        factor: by how much the loss grows, or falls, every `per`; None unless one exponential drives the end.
        per: "update", or "row" where nothing says how many updates a row is.
        eta_lambda: ηλ of the mode that dominates the end, of the preconditioned curvature for Adam and RMSProp; both
            candidates where a curve without noise falls; None unless the factor is one of an update.
        divide_by: divide η by more than this and that mode no longer diverges; None unless it grows.
        factor_interval: where the factor is, with 95 % confidence; with 90 to 95 % where a loss that walks at random
            grows over few rows.
        eta_lambda_interval: where ηλ is, with the same.
        noise: σ of a loss about its neighbours, by the level of the loss at the end, such as 0.1 for 10 %.
        advice: what to change.
        test: the one experiment that separates what remains.
        happened: the first sentence.
        follows: the second.
        shape: "falling", "rising", "falling then rising", "level", "wiggling" or "cannot tell", to the last digit.
        turn: the step of the lowest loss of a curve that falls and then rises without noise, else None.
        convex: whether L and the logarithm of its second differences are convex up to round-off, as they must be for
            plain descent on a convex quadratic, whatever its L*; None: cannot tell.
        tolerance: changes of less than this times the loss (plus `floor`) were taken for round-off.
        floor: the absolute part of that tolerance, at its largest; 0 unless the curve trembles where its digits end.
        rules_out: what the curve cannot be.
        reason: why it has that shape, or why one cannot tell.
    """

    cause: str
    since: float | None = None
    lost_at: float | None = None
    factor: float | None = None
    per: str = "update"
    eta_lambda: float | tuple[float, float] | None = None
    divide_by: float | None = None
    factor_interval: tuple[float, float] | None = None
    eta_lambda_interval: tuple[float, float] | None = None
    noise: float | None = None
    advice: str = ""
    test: str = ""
    happened: str = ""
    follows: str = ""
    shape: str = "cannot tell"
    turn: float | None = None
    convex: bool | None = None
    tolerance: float = 0.0
    floor: float = 0.0
    rules_out: str = ""
    reason: str = ""
    curve: Curve | None = field(default=None, repr=False)

    def __str__(self) -> str:
        do = "; ".join(part for part in (self.advice, self.test) if part)
        said = (part[:1].upper() + part[1:] for part in (self.happened, self.follows, do) if part)
        return " ".join(f"{part}." for part in said)

    @property
    def lost(self) -> bool:
        """Whether the run was lost: it diverged, is not finite any more, or blew up again and again."""
        return self.cause in LOST

    @property
    def lower_by(self) -> float | None:
        """Deprecated: `divide_by`."""
        warnings.warn("lower_by is called divide_by", DeprecationWarning, stacklevel=2)
        return self.divide_by

    def plot(self, ax: Any = None) -> Any:
        """ln(L - L*) with the fitted line and its window, the noise, spikes, and η against 2/λ; returns the axes.

        Needs matplotlib; draws in the style that is set, on `ax` or on axes of its own.
        """
        from lrsim.diagnosis._plotting import plot

        return plot(self, ax)
