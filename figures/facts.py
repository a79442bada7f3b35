"""Every number that the prose prints, computed here and written as it is to be read.

A page says {{ n.name }} for the fact `name`. A fact is a string, so that its digits, sign and unit are chosen once.
"""

import math

import numpy as np

from figures import runs
from lrsim import descend, landscapes, schedules, stability


def facts() -> dict[str, str]:
    """All facts by name; each group below belongs to one picture or page."""
    return _step() | _rates() | _paths() | _hump() | _decay()


def number(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant digits as a person writes it: 0.0952, 12.5, 4.8 × 10⁶; −0.1 with a true minus."""
    if value == 0 or not math.isfinite(value):
        return {0.0: "0", math.inf: "∞", -math.inf: "−∞"}.get(value, "undefined")
    exponent = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if -4 <= exponent < 6:
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa = f"{value / 10.0**exponent:.{digits - 1}f}".rstrip("0").rstrip(".")
        power = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        text = f"10{power}" if mantissa == "1" else f"{mantissa} × 10{power}"
    return text.replace("-", "−")


def percent(share: float, digits: int = 3) -> str:
    return f"{number(100 * share, digits)} %"


def _step() -> dict[str, str]:
    short = 0.01
    return {
        "step_eta_short": number(short),
        "step_curvature_flat": number(0.1 / short),  # where ηλ = 0.1 ...
        "step_curvature_steep": number(3 / short),  # ... and where it is 3, above the threshold
    }


def _rates() -> dict[str, str]:
    low, best, high = runs.three_rates().values()
    bowl = runs.canonical()
    limit = stability.threshold(bowl)
    turn = stability.turnaround_step(bowl, runs.RATES_START, runs.RATES["diverge"])
    assert turn is not None
    flat, steep = runs.RATES_EIGENVALUES
    edge = descend(bowl, runs.RATES_START, limit, runs.RATES_STEPS)
    half = runs.RATES_STEPS // 2
    return {
        "epochs": str(runs.RATES_STEPS),
        "epochs_half": str(half),
        "rates_start_flat": number(runs.RATES_START[0]),
        "rates_start_steep": number(runs.RATES_START[1]),
        "flat": number(flat),
        "steep": number(steep),
        "threshold": number(limit),
        "one_over_max": number(limit / 2),
        "edge_floor": number(edge.final_loss),
        "eta_low": number(runs.RATES["crawl"]),
        "eta_optimal": number(stability.optimal_eta(bowl)),
        "eta_high": number(runs.RATES["diverge"]),
        "high_over_threshold": percent(runs.RATES["diverge"] / limit - 1),
        "high_fall": percent(1 - high.losses[turn] / high.losses[0]),
        "high_turn": str(turn),
        "high_returns": str(turn + int(np.argmax(high.losses[turn:] > high.losses[0]))),
        "high_growth": percent(abs(1 - runs.RATES["diverge"] * steep) - 1),
        "low_keeps": percent(low.iterates[1, 0] / low.iterates[0, 0]),
        "low_left": percent(low.losses[half] / low.losses[0]),
        "optimal_factor": number(best.iterates[1, 0] / best.iterates[0, 0]),
    }


def _paths() -> dict[str, str]:
    flat, steep = runs.BOWL_EIGENVALUES
    small, large, decayed = runs.three_paths().values()
    return {
        "paths_flat": number(flat),
        "paths_steep": number(steep),
        "paths_steps": str(runs.BOWL_STEPS),
        "paths_threshold": number(stability.threshold(runs.bowl())),
        "paths_small": number(runs.SMALL_ETA),
        "paths_large": number(runs.LARGE_ETA),
        "paths_eta0": number(runs.DECAY_ETA0),
        "paths_k": number(runs.DECAY_K),
        "paths_small_final": number(small.final_loss, 2),
        "paths_large_final": number(large.final_loss, 2),
        "paths_decay_final": number(decayed.final_loss, 2),
    }


def _hump() -> dict[str, str]:
    losses = runs.hump().losses
    later = 20
    return {
        "hump_eta0": number(runs.HUMP_ETA0),
        "hump_k": number(runs.HUMP_K),
        "hump_crossing": number(runs.hump_crossing()),
        "hump_start_flat": number(runs.HUMP_START[0]),
        "hump_start_steep": number(runs.HUMP_START[1]),
        "hump_start": number(losses[0]),
        "hump_peak": number(losses.max(), 4),
        "hump_peak_step": str(int(losses.argmax())),
        "hump_later": number(losses[later]),
        "hump_later_step": str(later),
    }


def _decay() -> dict[str, str]:
    """Below the threshold and without noise: κ = 100, η₀ = 1.8/λ_max, to a millionth of the loss."""
    bowl, eta0, k, ratio = landscapes.bowl([1, 100]), 1.8 / 100, 0.1, 1e-6
    start = [1.0, 0.0]  # the slow mode alone decides
    constant = stability.steps_to(ratio, bowl, start, eta0)
    decayed = stability.steps_to(ratio, bowl, start, schedules.inverse_time(eta0, k=k))
    a, g = 0.1, 0.9
    stalled = descend(landscapes.bowl([1.0]), [1.0], schedules.exponential(a, g), 1000).iterates[-1, 0]
    return {
        "best_kappa": number(stability.sharpness(bowl)),
        "best_steps": number(stability.steps_to(ratio, bowl, start, stability.optimal_eta(bowl))),
        "inverse_steps": number(stability.steps_to(ratio, bowl, start, 1 / stability.sharpness(bowl))),
        "decay_constant_steps": number(constant),
        "decay_slow_steps": number(decayed, 2),
        "stall_a": number(a),
        "stall_g": number(g),
        "stall_left": percent(stalled),
    }
