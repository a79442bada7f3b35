"""Runs that go up and come back: spikes, cycles, ringing."""

from typing import Any

import numpy as np

from lrsim.diagnosis import _noise, _ringing, _spikes
from lrsim.diagnosis._answers import EVERY, HALVE, SAME, how_high, whether_back
from lrsim.diagnosis._case import ENOUGH, Case

OTHERS = "or a validation, partial or smoothed loss"
SLOW = 6  # rows, from which a period tells more than a decay


def ringing(this: Case) -> dict[str, Any] | None:
    """8: swings of even period that die out."""
    found = None if this.smooth else _ringing.read(this.x, this.curve.t)
    if found is None:
        return None
    unit = this.unit
    answer: dict[str, Any] = {
        "cause": "ringing",
        "since": this.step(found.first),
        "factor": found.share,
        "happened": f"the loss swings with a period of {found.period:.3g} {unit}s, and its peaks shrink to "
        f"{found.share:.4g} of their height {this.each}",
        "advice": "nothing is wrong: a smaller momentum ends it sooner, a lower η does not",
        "test": HALVE.format("the swings grow longer far from the limit, shorter near it"),
    }
    if this.named and this.meaning.beta is None:
        said = "without momentum no mode of a bowl swings the loss it descends: data that repeat"
        return answer | {"follows": f"{said}, {OTHERS}", "advice": "look for momentum, or data that repeat"}
    if this.curve.per != "update":
        return answer | {"follows": f"so that is momentum; {EVERY.format(this.each)}"}
    gap = float(np.median(np.diff(this.curve.t)))
    return answer | (_nesterov if this.meaning.name == "nesterov" else _heavy_ball)(this, found, gap)


def _nesterov(this: Case, found: _ringing.Ringing, gap: float) -> dict[str, Any]:
    """It rings at angles below π/2 alone, and by how fast the peaks shrink: s = β(1-ηλ)."""
    beta = this.meaning.beta or 1.0
    if found.share > 1.01 * beta:
        return {"follows": f"so that is momentum, but not Nesterov's with β = {beta:.3g}, whose peaks shrink faster"}
    product = _ringing.products(found)[0]
    if gap > 1 or found.period < SLOW:
        product = max(product, 1 - found.share / beta)
    return {
        "eta_lambda": product,
        "follows": f"so that is momentum: ηλ ≈ {product:.3g} of the mode that rings (Nesterov), "
        f"against its limit {this.meaning.limit:.4g}",
        "test": HALVE.format("the swings grow longer, and the peaks shrink more slowly"),
    }


def _heavy_ball(this: Case, found: _ringing.Ringing, gap: float) -> dict[str, Any]:
    """Heavy ball, Adam, whose momentum averages, or nothing named: far from the limit or near it."""
    share = min(found.share, 0.9999)
    adam = this.meaning.name in ("adam", "adamw")
    low, high = (v / (1 - (this.meaning.beta or 0.0) * adam) for v in _ringing.products(found))
    rule = "Adam" if adam else "heavy ball"
    said = f"so that is momentum, β ≈ {share:.3g}: ηλ "
    if gap > 1:
        return {
            "follows": f"{said}lies between {low:.3g} and {high:.3g} ({rule}); with {gap:.4g} updates "
            "a row, how near the limit cannot be told",
            "test": "log every update for a while: that leaves two values of ηλ",
        }
    return {
        "eta_lambda": (low, high),
        "follows": f"{said}≈ {low:.3g} of the mode that rings, or {high:.3g}, near the limit "
        + (f"({rule})" if this.named else f"({rule}; Nesterov: {low:.3g}, and a larger β)"),
    }


def spike(this: Case) -> dict[str, Any] | None:
    """5: far above both sides."""
    found = None if len(this.x) < ENOUGH or this.smooth else _spikes.read(this.x, this.sigma)
    if found is None:
        return None
    top = found.top
    calm, high = float(np.median(this.x[max(0, found.first - 10) : found.first + 1])), float(this.x[top])
    came = whether_back(calm, high, float(np.median(this.x[-3:])))
    evenly = _spikes.evenly(found.peaks)
    often = "" if evenly is None else f", one every {evenly:.3g} rows"
    so = "; an epoch or a schedule comes as evenly" if often else ""
    times = f"{len(found.peaks)} spikes{often}" if len(found.peaks) > 1 else "a spike"
    grew = found.rows >= _spikes.GROWING
    ratio = _spikes.growth(this.x, found)
    pace = "" if ratio is None or ratio <= 1 else f", {ratio:.2g}-fold a row"
    return {
        "cause": "spike",
        "since": this.step(found.first if grew else found.peaks[0]),
        "happened": f"{times}, the highest {how_high(calm, high)} what was before it, at {this.where(top)}, and {came}",
        "follows": (
            f"it grew for {found.rows} rows before{pace}: an instability that ended at a flatter place "
            "(catapult, edge of stability)"
            if grew
            else "too few rows lead up to it to tell a bad minibatch from an instability"
        )
        + so,
        "advice": "a lower peak rate, a longer warmup or clipping keeps it smaller"
        if grew
        else f"log every step around {this.where(top)}",
        "test": SAME,
    }


def cycle(this: Case) -> dict[str, Any] | None:
    """2: every second loss is higher, for ever."""
    share = None if this.smooth else _noise.alternates(this.noise)
    if share is None:
        return None
    return {
        "cause": "two-cycle",
        "since": this.step(0),
        "happened": f"every second loss is higher, by {100 * share:.3g} %, and that goes on",
        "follows": "plain descent on a bowl cannot do that to the loss it descends: the edge of stability, "
        f"data of period 2, {OTHERS}",
        "advice": "lower η a little to settle, or average the last two iterates",
        "test": HALVE.format("an edge of stability goes quiet, data of period 2 does not"),
    }
