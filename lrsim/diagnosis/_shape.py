"""What the digits of a curve show: what plain gradient descent at a constant rate can and cannot have done.

The yardstick: full-batch gradient descent at constant η on a convex quadratic has L(t) = L* + Σ c_i (1 - ηλ_i)^{2t},
c_i ≥ 0, in exact arithmetic and for the very loss that is descended. Whatever L* is, L is convex in t, so such a curve
falls, rises, is level from some step on, or falls and then rises once; and so is the logarithm of its second
differences, themselves such a sum. Of ln L that is true only for L* ≥ 0, which a curve does not show. Another loss of
the same run (validation, or without its penalty) need not be convex: it can wiggle below the threshold.
"""

from dataclasses import dataclass

import numpy as np

from lrsim.diagnosis._exact import EXACT, SHORT, end_ratio, is_convex, monotone, quasiconvex, round_off

FLOOR = 1e-13  # of the largest loss so far: round-off of a loss computed as a difference
NEAR = {EXACT: 2e-14, SHORT: 1e-5}  # round-off of the distance to the minimum, of the largest distance so far
FEWEST = 4  # losses, an overflow counted as two, below which any shape could be chance
QUADRATIC = "full-batch gradient descent at a constant η on a convex quadratic"


@dataclass(frozen=True)
class Shape:
    """What the digits show, as in `Diagnosis`; `ratio` is ln r of the end, by row, and its doubt."""

    shape: str
    ratio: tuple[float, float] | None
    turn: int | None
    convex: bool | None
    tolerance: float
    floor: float
    rules_out: str
    reason: str


def read(recorded: np.ndarray) -> Shape:
    """The shape of losses of any precision; a tail of inf or nan after growth is taken for overflow.

    Round-off is told from the numbers: 1e-12 of the loss, or 1e-6 where they carry single precision or at most nine
    digits. So is a tremble where a curve from far above runs out of digits (1e-13 of the largest loss so far; 1e-10 in
    single precision), or by a unit in the last printed digit.
    """
    finite = np.isfinite(recorded)
    end = len(recorded) if finite.all() else int(finite.argmin())
    curve, overflow = recorded[:end].astype(np.float64), end < len(recorded)
    if end + 2 * overflow < FEWEST or end < 2:
        return _unknown(0.0, f"{end} finite losses are too few, {FEWEST} are the least")
    relative, unit = round_off(recorded[:end])
    if finite[end:].any():
        return _unknown(relative, f"the loss is not finite at row {end} and finite again later")
    with np.errstate(all="ignore"):
        return _read(curve, unit, overflow, relative)


def _read(curve: np.ndarray, unit: np.ndarray, overflow: bool, relative: float) -> Shape:
    slack, spent = relative * np.abs(curve), _spent(np.abs(curve), NEAR[EXACT if relative < SHORT else SHORT])
    floor, turns = 0.0, monotone(curve, slack)
    if not quasiconvex(turns):  # is it only a tremble where the digits end?
        tremble = spent + (0.6 * unit if unit.max() <= 1e-3 * np.ptp(curve) else 0)
        calm = monotone(curve, slack + tremble)
        if quasiconvex(calm):
            floor, turns = float(tremble.max()), calm
    ups = tuple(up for _, up in turns)
    if overflow and not (ups and ups[-1]):
        return _unknown(relative, f"the loss is not finite at row {len(curve)} without having grown before")
    if not quasiconvex(turns):
        return _wiggling(turns, relative, floor)
    doubt = slack + spent + unit / 2
    convex = is_convex(curve, doubt)
    if len(ups) == 2 and turns[1][0] == len(curve) - 2 and not convex and not overflow:
        return _unknown(relative, "only the last loss rises, after a fall too uneven for one rise to mean much")
    return _smooth(turns, np.diff(curve), end_ratio(curve, doubt) if ups else None, convex, relative, floor)


def _spent(size: np.ndarray, near: float) -> np.ndarray:
    """What round-off in the loss and in the weights makes of a curve that comes down from high above.

    The loss goes with the square of the distance to the minimum, which weights of finite precision know only to
    `near` of where they came from.
    """
    highest = np.maximum.accumulate(size)
    return FLOOR * highest + near * (2 * np.sqrt(size) * np.sqrt(highest) + near * highest)


def _wiggling(turns: list[tuple[int, bool]], relative: float, floor: float) -> Shape:
    peak = next(step for step, up in turns if not up and step)
    hump = len([1 for _, up in turns if not up]) - (not turns[0][1]) == 1
    again = "it rises and then falls again" + (f" at row {peak}" if hump else f", first at row {peak}")
    rules = (
        f"Plain {QUADRATIC} cannot do that to the loss it descends: look for a schedule that crosses 2/λ_max, "
        "momentum, minibatch or other noise, a loss that is not quadratic, or a curve of another loss than the one "
        "descended (validation, or without its penalty)."
    )
    return Shape("wiggling", None, None, False, relative, floor, rules, again)


def _smooth(
    turns: list, changes: np.ndarray, end: tuple[float, float] | None, convex: bool, relative: float, floor: float
) -> Shape:
    ups = [up for _, up in turns]
    shape = " then ".join("rising" if up else "falling" for up in ups) or "level"
    grows, turn = ups[-1:] == [True], turns[1][0] if len(ups) == 2 else None
    if end is not None and grows != (end[0] > 0):
        end = None
    sizes = np.abs(changes)
    reason = "it does not move by more than round-off" if shape == "level" else "its end does not show one exponential"
    if end is not None:
        reason = f"at its end it {'grows' if grows else 'shrinks'} by {np.exp(end[0]):.4g} a row"
    elif shape != "level" and convex and len(sizes) > 2 and sizes.max() < 1.1 * sizes.min():
        reason = "so far a straight line, as every exponential begins"
    return Shape(shape, end, turn, convex, relative, floor, _rules_out(shape, convex, end is not None), reason)


def _rules_out(shape: str, convex: bool, twins: bool) -> str:
    if shape == "level":
        return (
            f"For {QUADRATIC} that leaves η = 0, a start at the minimum, ηλ = 2, or changes too small to see; "
            "it rules out growth that these digits would show."
        )
    if not convex:
        return (
            f"L or the logarithm of its second differences is not convex, which rules out plain {QUADRATIC}, seen in "
            "the loss it descends: a schedule, momentum, noise, a loss that is not quadratic or not the one descended."
        )
    if shape == "falling":
        said = "It rules out an η above 2/λ_max whose turn has visibly passed, not one whose turn is still to come."
        return said + (" η and 2/λ - η give the same curve: whether it overshoots cannot be seen." if twins else "")
    return (
        f"For {QUADRATIC} that rules out any η up to 2/λ_max, if this is the loss that is descended (a validation "
        "loss may rise at any η); a local minimum or a rate too small cannot do it."
    )


def _unknown(relative: float, reason: str) -> Shape:
    return Shape("cannot tell", None, None, None, relative, 0.0, "", reason)
