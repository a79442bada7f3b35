"""What each question answers: the cause, numbers, and the sentences that say what happened and what to do."""

from typing import Any

import numpy as np

from lrsim.diagnosis import bursts as walks
from lrsim.diagnosis import ending, flat, noise, rates, spikes
from lrsim.diagnosis import ringing as rings
from lrsim.diagnosis.case import ENOUGH, Case
from lrsim.diagnosis.growth import smoothed

HALVE = "halve η: {}"
DESCENDED = "if this is the loss that is descended, and not a validation, partial or smoothed one"


def lost(this: Case) -> dict[str, Any] | None:
    """1: not finite from some row on: after growth, or out of nothing."""
    end = this.ending
    if not end.lost or end.first is None:
        return None
    row = int(end.kept[-1]) + 1 if len(end.kept) else 0
    row = end.first if row > end.first and not end.gaps else row
    at = this.whole.where(row)
    answer: dict[str, Any] = {"lost_at": this.whole.step(row), "since": this.whole.step(row)}
    if this.grown is not None:
        grown = _growth(this)
        happened = f"the loss is not finite from {at} on; before, {grown.pop('happened')}"
        return answer | grown | {"cause": "diverged to nan", "happened": happened, "lost_at": answer["lost_at"]}
    answer |= {"cause": "lost without growth", "happened": f"the loss is not finite from {at} on; nothing grew before"}
    return answer | _overflow(this, row)


def _overflow(this: Case, row: int) -> dict[str, Any]:
    """Whether a rate could have led from the last finite loss to an overflow in the steps between."""
    suspects = "look for a logarithm or root of 0, a division by 0, float16 overflow, or a bad batch in the data"
    if not len(this.x):
        return {"follows": "so it was never finite", "advice": suspects}
    gap = float(this.whole.t[row] - this.curve.t[-1])
    level = max(float(this.sigma[-1]), 1e-12 * abs(float(this.x[-1])))
    name, factor = ending.needed(level, gap)
    said = f"an overflow of {name} would take a growth of {factor:.3g} {this.each} out of the noise"
    if factor > ending.CREDIBLE:
        return {
            "follows": f"{said}: that is data or arithmetic, not the learning rate",
            "advice": suspects,
            "test": f"log the inputs and the gradient norm around {this.whole.where(row)}",
        }
    return {
        "follows": f"{said}: an instability could do that between two rows of this log",
        "advice": f"log every step before {this.whole.where(row)}; {suspects}",
        "test": HALVE.format("an instability goes away, a bad batch comes back at the same step"),
    }


def few(this: Case) -> dict[str, Any] | None:
    """2: too few rows for their noise, unless they blew up."""
    rows = len(this.x)
    if this.grown is not None or (this.plain and rows >= 4) or rows >= ENOUGH:
        return None
    return {
        "cause": "cannot tell",
        "happened": f"{rows} row{'s are' if rows != 1 else ' is'} too few to tell, {ENOUGH} are the least with noise",
        "test": "log on",
    }


def bursts(this: Case) -> dict[str, Any] | None:
    """6, before growth, since a burst at the end is one: ln L walks up and down without a drift."""
    times = walks.read(this.noise.u) if not this.smooth else None
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
        "advice": "lower η by a half, or take larger batches",
        "test": HALVE.format("bursts from the rate end, those from bad data come at the same samples"),
    }


def grows(this: Case) -> dict[str, Any] | None:
    """3, 4 and 7: growth to the end, beyond the noise; what its factor means."""
    return None if this.grown is None else {"cause": "diverging"} | _growth(this)


def _growth(this: Case) -> dict[str, Any]:
    g = this.grown
    assert g is not None
    row = this.shape.turn if this.plain and this.shape.turn is not None else 0 if this.plain else g.onset
    below = np.flatnonzero(this.x <= this.x[: g.since].max())
    out = int(below[-1]) + 1
    answer: dict[str, Any] = {"since": this.step(row), "lost_at": this.step(out) if out < len(this.x) else None}
    if this.curvature is not None and this.curvature.misfit < 1.5:
        return answer | _scheduled(this, row)
    if this.factor is None or this.factor[0] <= 0:
        more = {"steeper": ", faster than one exponential", "slower": ", slower than one exponential"}.get(g.kind, "")
        if g.kind == "jump":
            more = f", to {this.x[-1] / (abs(g.lowest) or 1):.3g} times its lowest"
        return answer | {
            "happened": f"the loss grows from {this.where(row)} on{more}",
            "follows": "so the factor, and with it ηλ, cannot be read off: a loss steeper than a quadratic, "
            "or a rate that grows",
            "advice": "divide η by 2, or clip the gradient; start again from before the growth",
            "test": HALVE.format("an instability ends, bad data comes back at the same step"),
        }
    return answer | _factor(this, row)


def _factor(this: Case, row: int) -> dict[str, Any]:
    slope, error = this.factor or (0.0, 0.0)
    r, low, high = (float(np.exp(v)) for v in (slope, slope - error, slope + error))
    unit = this.unit
    answer: dict[str, Any] = {
        "factor": r,
        "factor_interval": (low, high),
        "happened": f"the loss grows {r:.4g}-fold {this.each} from {this.where(row)} on (95 %: {low:.4g} to "
        f"{high:.4g})",
    }
    if this.curve.per != "update":
        return answer | {
            "follows": f"what that says of ηλ depends on how many updates one {unit} is: give it as every",
            "advice": "lower η until the loss no longer grows",
            "test": HALVE.format("if it still grows, the rate is not the cause"),
        }
    meant, limit = this.meaning, this.meaning.limit
    product, least, most = (meant.eta_lambda(v**0.5) for v in (r, max(low, 1.0), high))
    rule = "" if this.named else " under plain gradient descent"
    return answer | {
        "eta_lambda": product,
        "eta_lambda_interval": (least, most),
        "divide_by": product / limit,
        "follows": f"so ηλ ≈ {product:.4g} ({least:.4g} to {most:.4g}) of the {meant.curvature}{rule}, above "
        f"its limit {limit:.4g}" + _passed(this, product),
        "advice": f"divide η by more than {product / limit:.4g}",
        "test": f"run at η divided by {1.2 * product / limit:.3g}: if it still grows, the curvature grew "
        "on the way or the rate is not the cause",
    }


def _passed(this: Case, product: float) -> str:
    """The step where a changing rate passed its limit, if λ was then what it is at the end."""
    eta = this.curve.rates
    if eta is None or rates.constant(eta) or not eta[-1] > 0:
        return ""
    limit = float(eta[-1]) * this.meaning.limit / product
    low = np.flatnonzero(eta <= limit)
    return f"; η passed {limit:.4g} at {this.where(min(int(low[-1]) + 1, len(eta) - 1))}" if len(low) else ""


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
        "follows": f"the rates of the log put λ at {found.value:.4g}, so the limit is 2/λ = "
        f"{2 / found.value:.4g}{passed}, and ηλ ≈ {product:.4g} at the end",
        "advice": f"keep η below {2 / found.value:.4g}",
        "test": "hold η where it was before it passed: the loss no longer grows",
    }


def spike(this: Case) -> dict[str, Any] | None:
    """5: far above both sides."""
    found = None if len(this.x) < ENOUGH or this.smooth else spikes.read(this.x, this.sigma)
    if found is None:
        return None
    top = found.top
    calm = abs(float(np.median(this.x[max(0, found.first - 10) : found.first + 1])))
    high = float(this.x[top]) / max(calm, 1e-300)
    came = (
        "the loss came back"
        if abs(float(np.median(this.x[-3:]))) < 1.5 * calm
        else "it falls since, and is not back yet"
    )
    times = f"{len(found.peaks)} spikes" if len(found.peaks) > 1 else "a spike"
    grew = found.rows >= spikes.GROWING
    ratio = spikes.growth(this.x, found)
    pace = "" if ratio is None or ratio <= 1 else f", {ratio:.2g}-fold a row"
    return {
        "cause": "spike",
        "since": this.step(found.first if grew else found.peaks[0]),
        "happened": f"{times}, the highest {high:.3g} times what was before it, at {this.where(top)}, and {came}",
        "follows": f"it grew for {found.rows} rows before{pace}: an instability that ended at a flatter "
        "place (catapult, edge of stability)"
        if grew
        else "too few rows lead up to it to tell a bad batch from an instability",
        "advice": "a lower peak rate, a longer warm-up or clipping keeps it smaller"
        if grew
        else f"log every step around {this.where(top)}",
        "test": HALVE.format("an instability goes, a bad batch stays at the same step"),
    }


def cycle(this: Case) -> dict[str, Any] | None:
    """2: every second loss is higher, for ever."""
    share = None if this.smooth else noise.alternates(this.noise)
    if share is None:
        return None
    return {
        "cause": "two-cycle",
        "since": this.step(0),
        "happened": f"every second loss is higher, by {100 * share:.3g} %, and that goes on",
        "follows": f"plain descent on a bowl cannot do that, {DESCENDED}: the edge of stability, or data of period 2",
        "advice": "lower η a little to settle, or average the last two iterates",
        "test": HALVE.format("an edge of stability goes quiet, data of period 2 does not"),
    }


def ringing(this: Case) -> dict[str, Any] | None:
    """8: swings of even period that die out."""
    found = None if this.smooth else rings.read(this.x, this.curve.t)
    if found is None:
        return None
    beta, product = rings.momentum(found)
    unit = this.unit
    known = this.curve.per == "update" and found.period > 2
    answer: dict[str, Any] = {
        "cause": "ringing",
        "since": this.step(found.first),
        "factor": found.share,
        "happened": f"the loss swings with a period of {found.period:.3g} {unit}s, and its peaks shrink to "
        f"{found.share:.4g} of their height {this.each}",
        "advice": "nothing is wrong; a smaller momentum rings for a shorter time, a lower η does not",
        "test": HALVE.format("momentum rings on with a longer period, and the peaks shrink as before"),
    }
    if not known:
        return answer | {"follows": "so that is momentum"}
    return answer | {
        "eta_lambda": product,
        "follows": f"so that is momentum: β ≈ {beta:.3g}, and ηλ ≈ {product:.3g} of the mode that rings (heavy ball)",
    }


def jump(this: Case) -> dict[str, Any] | None:
    """The end is far above what came before and neither grows nor came back, or comes back only now."""
    g = this.growth
    if g is None or this.smooth or len(this.x) < ENOUGH:
        return None
    above = float(np.median(this.x[max(len(this.x) - 3, g.since) :])) - g.lowest
    least = max(8 * float(this.sigma[g.since - 1]), 0.5 * abs(g.lowest), this.wander)
    if above < least or g.since < len(this.x) // 4:
        return None
    top, before = g.peak, g.since - 1
    answer: dict[str, Any] = {
        "since": this.step(g.since),
        "happened": f"the loss jumps {this.x[top] / (abs(g.lowest) or 1):.3g}-fold between "
        f"{this.where(before)} and {this.where(top)}",
        "advice": f"log every step around {this.where(top)}; a lower peak rate or clipping keeps a jump smaller",
        "test": HALVE.format("an instability goes, a bad batch stays at the same step"),
    }
    if g.back > 0 or (len(this.x) - top > 3 and this.x[-1] < this.x[top] - 4 * float(this.sigma[top])):
        return answer | {"cause": "spike", "follows": "it has been falling since, and is not back yet"}
    stays, start = this.x[g.since :], float(np.median(this.x[:3]))
    if len(stays) >= 10 and float(np.median(stays)) - g.lowest > 0.5 * (start - g.lowest):
        said = flat.known(float(stays.mean()), float(stays.std() / len(stays) ** 0.5))
        follows = "it stays there: what was learned is lost" + (f"; {said}" if said else "")
        return answer | {"cause": "diverging", "lost_at": this.step(g.since), "follows": follows}
    return answer | {"cause": "cannot tell", "follows": "whether it comes back cannot be seen yet"}


def end(this: Case) -> dict[str, Any]:
    """9: what is left: it falls, or is flat."""
    trend = flat.read(this.x, this.curve.t, float(this.noise.share[-1]), this.plain)
    if this.plain and this.shape.turn is None and this.shape.shape == "rising":
        return _rises(this, 0)
    if this.plain and this.shape.turn is not None and trend.share < 0:
        return _rises(this, this.shape.turn)
    if trend.rises:
        return _rises(this, int(np.argmin(smoothed(this.x, min(21, len(this.x) // 6 | 1)))))
    drop = None if this.curve.rates is None else rates.drop(this.curve.rates, this.x)
    falls = trend.falls and drop is None
    answer = (_falling(trend) if falls else _plateau(this, trend, drop)) | _shrinks(this)
    if this.ending.gaps:
        answer["happened"] += (
            f"; {this.ending.gaps} rows in between are not finite, first at {this.whole.where(this.ending.first or 0)}"
        )
    return answer


def _rises(this: Case, row: int) -> dict[str, Any]:
    return {
        "cause": "cannot tell",
        "since": this.step(row),
        "happened": f"the loss rises from {this.where(row)} on, by {this.x[-1] - this.x[row]:.3g}, and not as "
        "an exponential",
        "follows": "a rate above its limit makes it grow exponentially; a validation loss rises so when the "
        "model overfits",
        "test": "look at the training loss of the same steps, or log on",
    }


def _falling(trend: flat.Trend) -> dict[str, Any]:
    return {
        "cause": "falling",
        "happened": f"the loss falls, from {trend.start:.4g} to {trend.end:.4g}, and from {trend.middle:.4g} "
        "over the last half",
        "follows": "so nothing here says that η is too high, nor that a higher one would not be faster",
        "test": "a short run at twice η: faster, or above the limit",
    }


def _shrinks(this: Case) -> dict[str, Any]:
    """The factor of an end that shrinks without noise, and both ηλ that give it."""
    if this.factor is None or this.factor[0] >= 0:
        return {}
    slope, error = this.factor
    r, low, high = (float(np.exp(v)) for v in (slope, slope - error, slope + error))
    found: dict[str, Any] = {"factor": r, "factor_interval": (low, high)}
    if this.curve.per != "update":
        said = f"at its end it shrinks to {r:.4g} {this.each}; what that says of ηλ depends on how many updates one "
        return found | {"follows": f"{said}{this.unit} is: give it as every"}
    if this.named:
        return found | {"follows": f"at its end it shrinks to {r:.4g} {this.each}"}
    pair = (1 - r**0.5, 1 + r**0.5)
    said = (
        f"at its end it shrinks to {r:.4g} {this.each}, so ηλ ≈ {pair[0]:.4g} or {pair[1]:.4g} of the mode seen there"
    )
    return found | {"eta_lambda": pair, "follows": said + ": both give one and the same curve"}


def _plateau(this: Case, trend: flat.Trend, dropped: rates.Drop | None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "cause": "plateau",
        "since": this.step(trend.since),
        "happened": f"the loss is flat from {this.where(trend.since)} on, at {trend.level:.4g} ± "
        f"{trend.level_error:.2g}",
        "follows": "a noise floor, a saddle and a rate too small look alike",
        "advice": "if it is a noise floor, decay η, average the iterates or take larger batches",
        "test": HALVE.format("a floor sinks, a rate too small falls more slowly, a saddle changes little"),
    }
    if dropped is not None:
        answer["since"] = this.step(0)
        answer["happened"] = (
            f"the loss is flat at {dropped.levels[0]:.4g}, and at {dropped.levels[1]:.4g} ± {dropped.errors[1]:.2g} "
            f"since the rate dropped at {this.where(dropped.row)}"
        )
        answer["follows"] = f"so a noise floor that goes with η; with η → 0 it would be {dropped.limit:.4g}"
        return answer
    said = flat.known(trend.level, trend.level_error)
    c = None if this.smooth or this.curve.per != "update" else rings.ragged(this.x[trend.since :])
    if said is not None:
        answer["follows"] = said
    elif c is not None and np.ptp(np.diff(this.curve.t)) == 0 and this.curve.t[1] - this.curve.t[0] == 1:
        answer["follows"] += (
            f"; if it is the floor of one mode, its memory c = {c:.2g} puts ηλ at {1 - c**0.5:.2g} or {1 + c**0.5:.2g}"
        )
    return answer
