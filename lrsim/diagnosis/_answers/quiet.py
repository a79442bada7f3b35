"""What is left: the run falls, is flat, rises a little, or is too short to tell."""

from typing import Any

import numpy as np

from lrsim.diagnosis import _flat, _rates, _ringing
from lrsim.diagnosis._answers import EVERY, HALVE, OVERFITS, SAME, SLOW
from lrsim.diagnosis._case import ENOUGH, Case
from lrsim.diagnosis._growth import smoothed

AGAIN = "start again at half η: if it comes back to this level, look at the labels and at the gradient norm"


def few(this: Case) -> dict[str, Any] | None:
    """2: too few rows for their noise, unless they blew up."""
    rows = len(this.x)
    if this.grown is not None or (this.quasiconvex and rows >= 4) or rows >= ENOUGH:
        return None
    return {
        "cause": "cannot tell",
        "happened": f"{rows} row{'s are' if rows != 1 else ' is'} too few to tell, {ENOUGH} are the least with noise",
        "test": "log on",
    }


def nothing(this: Case) -> dict[str, Any] | None:
    """A loss that is exactly 0 from one row to the next."""
    left = np.flatnonzero(this.x)
    first = int(left[-1]) + 1 if len(left) else 0
    if len(this.x) - first < 3 or (len(left) and abs(this.x[first - 1]) < 0.1 * np.median(np.abs(this.x[left]))):
        return None
    return {
        "cause": "cannot tell",
        "since": this.step(first),
        "happened": f"the loss is exactly 0 from {this.where(first)} on",
        "follows": "some trainers write 0 where it is not finite; else it has no labels, or too few data to be wrong",
        "test": "look at the gradient norm there: where that is not finite or 0, nothing is learned any more",
    }


def end(this: Case) -> dict[str, Any]:
    """9: what is left: it falls, or is flat."""
    trend = _flat.read(this.x, this.curve.t, float(this.noise.share[-1]), this.quasiconvex)
    if this.quasiconvex and this.shape.turn is None and this.shape.shape == "rising":
        return _rises(this, 0)
    if this.quasiconvex and this.shape.turn is not None and trend.share < 0:
        return _rises(this, this.shape.turn)
    if trend.rises:
        return _rises(this, int(np.argmin(smoothed(this.x, min(21, len(this.x) // 6 | 1)))))
    drop = None if this.curve.rates is None else _rates.drop(this.curve.rates, this.x)
    falls = trend.falls and drop is None
    answer = (_falling(this, trend) if falls else _plateau(this, trend, drop)) | _shrinks(this)
    if this.teeth:
        answer["happened"] += f", with teeth every {this.teeth} rows"
        answer["follows"] += "; teeth of an epoch come from the log or the order of the data, not from the rate"
    return answer


def _rises(this: Case, row: int) -> dict[str, Any]:
    g = this.growth
    slower = g is not None and g.kind == "slower" and g.slope is None
    how = "slower than one exponential" if slower else "too little to tell whether as an exponential"
    return {
        "cause": "cannot tell",
        "since": this.step(row),
        "happened": f"the loss rises from {this.where(row)} on, by {this.x[-1] - this.x[row]:.3g}, {how}",
        "follows": f"a rate above its limit makes it grow exponentially; {SLOW}",
        "test": OVERFITS,
    }


def _falling(this: Case, trend: _flat.Trend) -> dict[str, Any]:
    top = int(np.argmax(this.x))
    if trend.end > trend.start and not this.quasiconvex:
        return {
            "cause": "falling",
            "happened": f"the loss falls now, from {trend.middle:.4g} to {trend.end:.4g} over the last half, after a "
            f"rise from {trend.start:.4g} to {this.x[top]:.4g} at {this.where(top)}",
            "follows": "a rate too high for the start throws it up so, and so does a bad minibatch",
            "advice": "a longer warmup, a lower peak rate or clipping",
            "test": SAME,
        }
    return {
        "cause": "falling",
        "happened": f"the loss falls, from {trend.start:.4g} to {trend.end:.4g}, and from {trend.middle:.4g} "
        "over the last half",
        "follows": "nothing here says that η is too high, and a higher one may be faster",
        "test": "a short run at twice η: faster, or above the limit",
    }


def _shrinks(this: Case) -> dict[str, Any]:
    """The factor of an end that shrinks without noise, and both ηλ that give it."""
    if this.factor is None or this.factor[0] >= 0:
        return {}
    slope, error = this.factor
    r, low, high = (float(np.exp(v)) for v in (slope, slope - error, slope + error))
    found: dict[str, Any] = {"factor": r, "factor_interval": (low, high)}
    said = f"at its end it shrinks to {r:.4g} {this.each}"
    if this.curve.per != "update":
        return found | {"follows": f"{said}; {EVERY.format(this.each)}"}
    if this.named:
        return found | {"follows": said}
    pair = (1 - r**0.5, 1 + r**0.5)
    said = (
        f"at its end it shrinks to {r:.4g} {this.each}, so ηλ ≈ {pair[0]:.4g} or {pair[1]:.4g} of the mode seen there"
    )
    return found | {"eta_lambda": pair, "follows": said + ": both give one and the same curve"}


def _plateau(this: Case, trend: _flat.Trend, dropped: _rates.Drop | None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "cause": "plateau",
        "since": this.step(trend.since),
        "happened": f"the loss is flat from {this.where(trend.since)} on, at {trend.level:.4g} ± "
        f"{trend.level_error:.2g}",
        "follows": "a noise floor, a saddle and a rate too small look alike",
        "advice": "if it is a floor, decay η, average the iterates or take larger minibatches",
        "test": HALVE.format("a floor sinks, a rate too small falls more slowly, a saddle changes little"),
    }
    if dropped is not None:
        answer["since"] = this.step(0)
        answer["happened"] = (
            f"the loss is flat at {dropped.levels[0]:.4g}, and at {dropped.levels[1]:.4g} ± {dropped.errors[1]:.2g} "
            f"since the rate dropped at {this.where(dropped.row)}"
        )
        answer["follows"] = f"so it is a noise floor: with η → 0 it would be {dropped.limit:.4g}"
        answer["advice"] = "decay η further, average the iterates or take larger minibatches"
        answer["test"] = HALVE.format("the floor sinks again")
        return answer
    said = _flat.known(trend.level, trend.level_error) if not this.teeth else None
    c = None if this.smooth or this.teeth or this.curve.per != "update" else _ringing.ragged(this.x[trend.since :])
    if said is not None:
        answer |= {"follows": said, "advice": "", "test": AGAIN}
    elif c is not None and np.ptp(np.diff(this.curve.t)) == 0 and this.curve.t[1] - this.curve.t[0] == 1:
        answer["follows"] += (
            f"; if it is one mode's floor, its memory c = {c:.2g} puts ηλ at {1 - c**0.5:.2g} or {1 + c**0.5:.2g}"
        )
    return answer
