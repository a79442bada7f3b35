"""Runs that are lost or grow: to no number at all, in one exponential, in bursts."""

from typing import Any

import numpy as np

from lrsim.diagnosis import _bursts, _ending, _rates
from lrsim.diagnosis._answers import EVERY, OVERFITS, SAME, how_high
from lrsim.diagnosis._case import Case

STILL = "the curvature rose or the rate is not the cause"
WHY = {  # no factor can be read off a growth of each kind
    "steeper": ": a loss steeper than a quadratic, or a rate that grows",
    "slower": ": a rate that falls, clipping, a loss less steep than a quadratic, or a validation loss",
    "jump": ": too little of the growth shows",
}


def lost(this: Case) -> dict[str, Any] | None:
    """1: not finite from some row on: after growth, or out of nothing."""
    end = this.ending
    if not end.lost or end.first is None:
        return None
    row = int(end.kept[-1]) + 1 if len(end.kept) else 0
    row = end.first if row > end.first and not end.gaps else row
    at = this.whole.where(row)
    since = f"at {at}" if end.but else f"from {at} on"
    answer: dict[str, Any] = {"lost_at": this.whole.step(row), "since": this.whole.step(row)}
    if this.grown is not None:
        grown = _growth(this)
        happened = f"the loss is not finite {since}; before, it {grown.pop('happened').removeprefix('the loss ')}"
        return answer | grown | {"cause": "diverged to nan", "happened": happened, "lost_at": answer["lost_at"]}
    answer |= {"cause": "lost without growth", "happened": f"the loss is not finite {since}; nothing grew before"}
    return answer | _overflow(this, row)


def _overflow(this: Case, row: int) -> dict[str, Any]:
    """Whether a rate could have led from the last finite loss to an overflow in the steps between."""
    suspects = "look for a logarithm or root of 0, a division by 0, float16 overflow or a bad minibatch"
    if not len(this.x):
        return {"follows": "so it was never finite", "advice": suspects}
    gap = float(this.whole.t[row] - this.curve.t[-1])
    level = max(float(this.sigma[-1]), 1e-12 * abs(float(this.x[-1])))
    name, factor = _ending.needed(level, gap)
    said = f"a {name} overflow out of the noise takes {factor:.3g}-fold growth {this.each}"
    at, known = this.whole.where(row), this.curve.per == "update"
    if factor > _ending.CREDIBLE and known and gap <= 1:
        return {
            "follows": f"{said}: that is data or arithmetic, not the learning rate",
            "advice": suspects,
            "test": f"log the inputs and the gradient norm around {at}",
        }
    if factor > _ending.CREDIBLE and known:
        could = f", but nothing of the {gap:.4g} updates before {at} was logged: an instability, data or arithmetic"
    elif factor > _ending.CREDIBLE:
        could = f": data or arithmetic if one {this.unit} is one update, an instability as well if it is many"
    else:
        could = ": an instability could do that between two rows of this log"
    return {
        "follows": said + could,
        "advice": f"halve η and log every step before {at}",
        "test": SAME,
    }


def bursts(this: Case) -> dict[str, Any] | None:
    """6, before growth, since a burst at the end is one: ln L walks up and down without a drift."""
    times = _bursts.read(this.noise.u) if not this.smooth else None
    if times is None:
        return None
    top = int(np.argmax(this.x))
    high = float(this.x[top] / np.median(np.abs(this.x[:5])))
    return {
        "cause": "bursts",
        "since": this.step(0),
        "lost_at": this.step(top),
        "happened": f"the loss blew up {times} times and returned, at most to {high:.3g} times its start at "
        f"{this.where(top)}",
        "follows": "so η is near the threshold of these minibatches: a typical run comes back, the mean of "
        "many does not",
        "advice": "halve η, or take larger minibatches",
        "test": "at half η bursts from the rate end, those from bad data come at the same samples",
    }


def grows(this: Case) -> dict[str, Any] | None:
    """3, 4 and 7: growth to the end, beyond the noise; what its factor means."""
    return None if this.grown is None else {"cause": "diverging"} | _growth(this)


def _growth(this: Case) -> dict[str, Any]:
    g = this.grown
    assert g is not None
    row = this.onset
    below = np.flatnonzero(this.x <= this.x[: g.since].max())
    out = int(below[-1]) + 1
    answer: dict[str, Any] = {"since": this.step(row), "lost_at": this.step(out) if out < len(this.x) else None}
    if this.curvature is not None and this.curvature.misfit < 1.5:
        return answer | _scheduled(this, row)
    if this.factor is None or this.factor[0] <= 0:
        more = {"steeper": ", faster than one exponential", "slower": ", slower than one exponential"}.get(g.kind, "")
        if g.kind == "jump":
            more = f", to {how_high(float(g.lowest), float(this.x[-1]))} its lowest"
        return answer | {
            "happened": f"the loss grows from {this.where(row)} on{more}",
            "follows": f"so ηλ cannot be read off{WHY.get(g.kind, '')}",
            "advice": f"halve η or clip the gradient{_before(this, row)}",
            "test": OVERFITS if g.kind == "slower" else SAME,
        }
    return answer | _factor(this, row)


def _factor(this: Case, row: int) -> dict[str, Any]:
    slope, error = this.factor or (0.0, 0.0)
    r, low, high = (float(np.exp(v)) for v in (slope, slope - error, slope + error))
    answer: dict[str, Any] = {
        "factor": r,
        "factor_interval": (low, high),
        "happened": f"the loss grows {r:.4g}-fold {this.each} from {this.where(row)} on (95 %: {low:.4g} to "
        f"{high:.4g})",
    }
    meant, limit = this.meaning, this.meaning.limit
    product, least, most = (meant.eta_lambda(v**0.5) for v in (r, max(low, 1.0), high))
    enough = 1.2 * product / limit
    if this.curve.per != "update":  # of more updates a row the same growth asks for less
        return answer | {
            "follows": EVERY.format(this.each),
            "advice": f"halve η until it no longer grows{_before(this, row)}",
            "test": f"if it still grows at η divided by {max(enough, 2.0):.3g}, {STILL}",
        }
    whose = f"of the {meant.curvature} where it grows, above its limit {limit:.4g}"
    if not this.named:
        whose = f"where it grows, above the limit {limit:.4g} of plain gradient descent"
    return answer | {
        "eta_lambda": product,
        "eta_lambda_interval": (least, most),
        "divide_by": product / limit,
        "follows": f"so ηλ ≈ {product:.4g} ({least:.4g} to {most:.4g}) {whose}{_passed(this, product)}",
        "advice": f"divide η by more than {product / limit:.4g}, say {enough:.3g}{_before(this, row)}",
        "test": f"if it still grows then, {STILL}",
    }


def _before(this: Case, row: int) -> str:
    """Where to start again: what grew may have left for where it is steeper."""
    return f", from before {this.where(row)}" if row else ""


def _passed(this: Case, product: float) -> str:
    """The step where a changing rate passed its limit, if λ was then what it is at the end."""
    eta = this.curve.rates
    if eta is None or _rates.constant(eta) or not eta[-1] > 0:
        return ""
    limit = float(eta[-1]) * this.meaning.limit / product
    low = np.flatnonzero(eta <= limit)
    if not len(low):
        return ""
    return f"; η passed its limit there, {limit:.4g}, at {this.where(min(int(low[-1]) + 1, len(eta) - 1))}"


def _scheduled(this: Case, row: int) -> dict[str, Any]:
    found, eta = this.curvature, this.curve.rates
    assert found is not None and eta is not None
    product = float(found.value * eta[-1])
    passed = "" if found.passed is None else f", passed at {this.where(found.passed)}"
    error = found.error
    return {
        "factor": (1 - product) ** 2,
        "eta_lambda": product,
        "divide_by": product / 2,
        "factor_interval": ((1 - product * (1 - error)) ** 2, (1 - product * (1 + error)) ** 2),
        "eta_lambda_interval": (product * (1 - error), product * (1 + error)),
        "happened": f"the loss grows from {this.where(row)} on",
        "follows": f"the rates of the log put λ at {found.value:.4g} where it grows, so the limit is 2/λ = "
        f"{2 / found.value:.4g}{passed}, and ηλ ≈ {product:.4g} at the end",
        "advice": f"keep η below {2 / found.value:.4g}",
        "test": "hold η where it was before it passed: the loss no longer grows",
    }
