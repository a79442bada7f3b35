"""Runs that jump from one row to the next: what was learned is lost, or comes back slowly."""

from typing import Any

import numpy as np

from lrsim.diagnosis import _flat
from lrsim.diagnosis._answers import NOT_YET, OVERFITS, SAME, SLOW, whether_back
from lrsim.diagnosis._case import ENOUGH, Case

STAYS = 10  # rows, from which on a jump has not come back
STILL = 0.01  # of a jump: what moves by less does not move, as where a network is saturated
BESIDE = 5  # rows on each side of a jump that tell how high it is
MOST = 0.6  # of its height, which a jump has within as many rows


def jump(this: Case) -> dict[str, Any] | None:
    """The end is far above what came before and neither grows nor came back, or comes back only now."""
    g = this.growth
    if g is None or this.smooth or len(this.x) < ENOUGH:
        return None
    x, end = this.x, float(np.median(this.x[max(len(this.x) - 3, g.since) :]))
    above, low = end - g.lowest, float(g.lowest)
    tall = 0.5 * low if low > 0 else 0.1 * (float(np.median(x[:3])) - low)  # of a loss below 0, by what it fell
    least = max(8 * float(this.sigma[g.since - 1]), tall, this.wander)
    if above < least or g.since < len(x) // 4 or end < x[max(g.since - BESIDE, 0) : g.since].max():
        return None
    high, soon = float(x[g.peak]) - g.lowest, float(np.median(x[g.since : g.since + BESIDE])) - g.lowest
    half = int(np.argmax(x[g.since :] > g.lowest + max(above, high) / 2))
    if g.back > 0 or (len(x) - g.peak > 3 and x[-1] < x[g.peak] - 4 * float(this.sigma[g.peak])):
        said = _answer(this, g.since, g.peak, low, float(x[g.peak]), soon > MOST * high)
        return None if half >= BESIDE else said | {"cause": "spike", "follows": NOT_YET}
    quick = soon > MOST * above
    landed = g.since + int(np.argmax(x[g.since :] > g.lowest + (MOST if quick else 0.9) * above))
    seen = half < BESIDE or len(x) - g.since >= 3 * half  # else it may be half a swing
    stays = _stays(this, g.lowest, above, seen)
    if not quick and half >= BESIDE:
        stays = {"advice": "", "test": OVERFITS} | stays | {"follows": f"{stays['follows']}; {SLOW}"}
    return _answer(this, g.since, landed, low, end, quick) | stays


def _answer(this: Case, since: int, top: int, low: float, high: float, quick: bool = True) -> dict[str, Any]:
    moves = "jumps" if quick else "rises"
    by = f"{high / low:.3g}-fold" if low > 0 else f"by {high - low:.3g}"
    return {
        "since": this.step(since),
        "happened": f"the loss {moves} {by} between {this.where(since - 1)} and {this.where(top)}",
        "advice": f"log every step around {this.where(top)}, and clip or lower the peak rate",
        "test": SAME,
    }


def _stays(this: Case, lowest: float, above: float, seen: bool) -> dict[str, Any]:
    """Whether it stays up there, and how much of what was learned is lost."""
    g = this.growth
    assert g is not None
    stays, start = this.x[g.since :], float(np.median(this.x[:3]))
    still = len(stays) > 3 and np.ptp(stays[-3:]) < STILL * above and above > 3 * np.ptp(this.x[: g.since])
    if (len(stays) < STAYS or not seen) and not still:
        return {"cause": "cannot tell", "follows": "whether it comes back cannot be seen yet"}
    if not still and float(np.median(stays)) - lowest <= 0.5 * (start - lowest):
        follows = f"it stays there, for {len(stays)} rows by now: some of what was learned is lost, or the data changed"
        return {"cause": "cannot tell", "follows": follows}
    said = _flat.known(float(stays.mean()), float(stays.std() / len(stays) ** 0.5))
    follows = "it stays there: what was learned is lost" + (f"; {said}" if said else "")
    advice = f"halve η from before {this.where(g.since)}, with a longer warmup or clipping"
    return {"cause": "diverging", "lost_at": this.step(g.since), "follows": follows, "advice": advice}


def slowly_back(this: Case) -> dict[str, Any] | None:
    """A jump out of a calm that the loss has been coming down from ever since, as after its start."""
    x, w = this.x, BESIDE
    if this.smooth or len(x) < 4 * w:
        return None
    level = np.median(np.lib.stride_tricks.sliding_window_view(x, w), axis=1)  # of rows i to i + w
    before, after, earlier = level[w : -w or None], level[2 * w :], level[: -2 * w]
    rise = after - before
    at = int(np.argmax(rise / this.sigma[2 * w - 1 : 2 * w - 1 + len(rise)]))
    row, least = at + 2 * w, max(8 * float(this.sigma[at + 2 * w - 1]), 0.5 * abs(float(before[at])))
    end = float(np.median(x[-3:]))
    calm = abs(float(before[at] - earlier[at])) < 0.2 * float(rise[at])
    near = x[row - w : row + w]
    sharp = float((near[2:] - near[:-2]).max()) > 0.6 * float(rise[at])
    if rise[at] < least or not calm or not sharp or end > after[at] - 0.5 * float(rise[at]) or len(x) - row < 2 * STAYS:
        return None
    came = whether_back(float(before[at]), float(after[at]), end)
    said = _answer(this, row, row, float(before[at]), float(after[at]))
    return said | {
        "cause": "spike",
        "happened": f"{said['happened']}, and {came}",
        "follows": "too few rows lead up to it to tell a bad minibatch from an instability",
    }
