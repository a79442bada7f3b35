"""Question 3, where L* is not seen: one exponential c e^{st} above a level of its own, below the lowest loss.

A run that goes on from a flat stretch at a higher rate grows from all that it had lost by then: its L* is never seen.
"""

import numpy as np

from lrsim.diagnosis._growth import FEWEST, FOLDS, WALK, Growth, smoothed, together, walked

TRIALS, ROUNDS, ROWS = 40, 30, 5000  # rows are thinned to so many
EXACT = 1e-9  # of the loss: what is left about the fit is round-off
SURE, ASTRAY = 0.25, 2.5  # of s; standard errors of a line beside the exponential
LEFT = 2.0  # times the noise


def read(g: Growth, x: np.ndarray, t: np.ndarray, sigma: np.ndarray) -> Growth:
    """The growth, with the slope of such an exponential where that is known and not what was read already."""
    if g.kind not in ("slower", "exponential"):
        return g
    own = _fit(t[g.since :], x[g.since :], float(sigma[g.since - 1] / abs(x[g.since - 1])))
    if own is None or (g.slope is not None and abs(own[0] - g.slope) <= own[1]):
        return g
    straight = g.since + 5 * (len(x) - g.since) // 8  # there whatever L* is hardly bends it any more
    return g._replace(slope=own[0], error=own[1], first=straight)


def _fit(t: np.ndarray, x: np.ndarray, noise: float) -> tuple[float, float] | None:
    """s and half of its 95 % interval; None where anything else fits better, or s is not known to a quarter."""
    if len(x) < FEWEST + 3:
        return None
    every = 1 + len(x) // ROWS
    t, x = t[::every], x[::every]
    span = float(t[-1] - t[0])
    u, w = (t - t[-1]) / span, 1 / np.maximum(np.abs(smoothed(x, 7)), 1e-300)  # the noise is a share of L
    trial = np.geomspace(FOLDS / 3, 3.0 * len(x), TRIALS)
    s, step = float(trial[np.argmin([np.sum(_fitted(s, u, x, w)[1] ** 2) for s in trial])]), 0.0
    for _ in range(ROUNDS):
        height, rest, lean, _ = _fitted(s, u, x, w)
        step = float(lean @ rest / (lean @ lean))
        s += step
        if not trial[0] <= s <= trial[-1]:
            return None
    height, rest, lean, beside = _fitted(s, u, x, w)
    spare, hangs = len(x) - 3, together(rest)
    spread = float(rest @ rest / spare) ** 0.5
    wide = spread * ((1 + hangs) / (1 - hangs)) ** 0.5 if spread > EXACT else EXACT
    astray = abs(float(beside @ rest)) > ASTRAY * spread * float(beside @ beside) ** 0.5
    if (
        not height > 0
        or s < FOLDS
        or abs(step) > 1e-6
        or (spread > EXACT and (spread > LEFT * noise or hangs > WALK or astray))
    ):
        return None
    error = wide / float(lean @ lean) ** 0.5 * (1.96 + 2.4 / spare)
    error = max(error, walked(u, rest, hangs) if spread > EXACT else 0.0)
    return (s / span, error / span) if error < SURE * s else None


def _fitted(s: float, u: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """c, what is left, what it would change if s were more, and a line: all as far as what is before does not do it."""
    e = np.exp(s * u) * w
    rise = _left(e, w)
    above = _left(x * w, w)
    height = float(rise @ above / (rise @ rise))
    lean = _left(height * u * e, w, rise)
    return height, above - height * rise, lean, _left(u * w, w, rise, lean)


def _left(v: np.ndarray, *others: np.ndarray) -> np.ndarray:
    for other in others:
        v = v - (other @ v) / (other @ other) * other
    return v
