"""`diagnose`: the questions in their order; the first that answers, answers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim.diagnosis import _record
from lrsim.diagnosis._answers import growing, jumping, quiet, swinging
from lrsim.diagnosis._case import Case, case
from lrsim.diagnosis._found import Diagnosis
from lrsim.logs import Log
from lrsim.typing import Numbers, OptimizerLike

QUESTIONS: tuple[Callable[[Case], dict[str, Any] | None], ...] = (
    growing.lost,
    quiet.nothing,
    quiet.few,
    growing.bursts,
    growing.grows,
    swinging.ringing,
    swinging.spike,
    swinging.cycle,
    jumping.jump,
    jumping.slowly_back,
    quiet.end,
)


def diagnose(
    losses: Numbers | Log,
    steps: Numbers | None = None,
    rates: Numbers | None = None,
    optimizer: OptimizerLike | None = None,
    every: int | None = None,
) -> Diagnosis:
    """What happened to a run, since when, how sure, and what to do, out of its losses L(t).

    losses (n,), one loss an update, in order, or a `Log` from `logs.read`, which brings steps and rates; steps (n,) as
    the log counts them; rates (n,) the learning rate of each row; `optimizer` of `lrsim.optimizers`, plain gradient
    descent without; `every` how many updates a row is, where the log counts epochs, or nothing. A tail that is not
    finite is what it is: a lost run.

    Late growth r an update means ρ = √r for the weights: ηλ = 1+ρ for plain descent, (1+ρ)(ρ+β)/ρ for heavy ball,
    1+ρ²/((1+β)ρ+β) for Nesterov, (1+ρ)(ρ+β₁)/(ρ(1-β₁)) for Adam's preconditioned curvature. What it says of the rate
    holds for the loss that is descended: a validation loss, one without its penalty or a smoothed one may do otherwise.

    Raises:
        TypeError: not real numbers, not an optimizer. ValueError: not one-dimensional, empty, of different lengths,
        steps that do not rise, rates below 0.

    >>> from lrsim import descend, landscapes
    >>> run = descend(landscapes.bowl([1, 20]), [10, 0.05], 0.105, 100)
    >>> found = diagnose(run.losses)
    >>> found.cause, round(found.eta_lambda, 6), round(found.divide_by, 6), found.since
    ('diverging', 2.1, 1.05, 19)
    >>> print(diagnose([3, 2, 2.5, 1, 1.5, 0.5]))
    6 rows are too few to tell...
    """
    given = _record.curve(losses, steps, rates, every)
    this = case(given, optimizer)
    with np.errstate(all="ignore"):
        found = next(found for question in QUESTIONS if (found := question(this)) is not None)
        return Diagnosis(**(_shape(this) | found | _gaps(this, found["happened"])), per=given.per, curve=given)


def _gaps(this: Case, happened: str) -> dict[str, str]:
    """Rows in between that are not finite are said whatever the answer is."""
    gaps, first = this.ending.gaps, this.whole.where(this.ending.first or 0)
    said = "a row in between is" if gaps == 1 else f"{gaps} rows in between are"
    at = f"at {first}" if gaps == 1 else f"first at {first}"
    return {"happened": f"{happened}; {said} not finite, {at}"} if gaps else {}


def _shape(this: Case) -> dict[str, Any]:
    s = this.shape
    facts: dict[str, Any] = {name: getattr(s, name) for name in ("shape", "convex", "tolerance", "floor")}
    facts |= {"rules_out": s.rules_out, "reason": s.reason}
    facts["turn"] = None if s.turn is None else this.whole.step(s.turn)
    if len(this.x) > 2:
        facts["noise"] = 0.0 if this.smooth else float(this.noise.share[-1])
    return facts
