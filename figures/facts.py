"""Every number that the prose prints, computed here and written as it is to be read.

A page says {{ n.name }} for the fact `name`. A fact is a string, so that its digits, sign and unit are chosen once.
"""

import math

import numpy as np
from scipy.optimize import minimize_scalar

from figures import runs
from lrsim import descend, landscapes, schedules, stability

VALIDATION_ETA = 0.095


def facts() -> dict[str, str]:
    """All facts by name; each group below belongs to one picture or page."""
    return _step() | _lengths() | _rates() | _other_losses() | _paths() | _hump() | _decay() | _little() | _long_run()


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
    return f"{number(100 * share, digits)}\N{NO-BREAK SPACE}%"


def _step() -> dict[str, str]:
    short = 0.01
    return {
        "step_eta_short": number(short),
        "step_curvature_flat": number(0.1 / short),  # where ηλ = 0.1 ...
        "step_curvature_steep": number(3 / short),  # ... and where it is 3, above the threshold
    }


def _lengths() -> dict[str, str]:
    """Where steps do not shrink by themselves: above the threshold, and on the way down from a hilltop."""
    eta, start = 0.3, 0.01
    high = np.linalg.norm(np.diff(runs.three_rates()["diverge"].iterates, axis=0), axis=1)
    hill = abs(np.diff(descend(landscapes.double_well(), [start], eta, 60).iterates[:, 0]))
    return {
        "lengths_turn": str(int(high.argmin())),
        "hill_eta": number(eta),
        "hill_start": number(start),
        "hill_first": number(hill[0], 1),
        "hill_turn": str(int(hill.argmax())),
        "hill_longest": number(hill.max()),
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
        "high_loss_growth": percent((1 - runs.RATES["diverge"] * steep) ** 2 - 1),
        "low_keeps": percent(low.iterates[1, 0] / low.iterates[0, 0]),
        "low_left": percent(low.losses[half] / low.losses[0]),
        "optimal_factor": number(best.iterates[1, 0] / best.iterates[0, 0]),
    }


def turns(losses: np.ndarray) -> int:
    """How often a curve goes from falling to rising or back."""
    rising = np.diff(losses) > 0
    return int((rising[1:] != rising[:-1]).sum())


def validation(eta: float, steps: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """The training losses of a run, and its losses on the same bowl with the minimum elsewhere."""
    run = descend(runs.canonical(), [5, 1], eta, steps)
    return run.losses, landscapes.bowl(runs.RATES_EIGENVALUES, minimum=[0.2, 0.1]).loss(run.iterates.T)


def _other_losses() -> dict[str, str]:
    """Two losses of plain runs below the threshold that are not the loss descended, and wiggle."""
    eta = VALIDATION_ETA
    validated = validation(eta)[1]
    penalty, steps = 0.1, 20  # ½(w-1)² + ½·penalty·w² is descended, ½(w-1)² is written down
    stiffer = landscapes.bowl([1 + penalty], minimum=[1 / (1 + penalty)])
    data = landscapes.bowl([1.0], minimum=[1.0]).loss(descend(stiffer, [3], 1.7, steps).iterates.T)
    return {
        "validation_eta": number(eta),
        "validation_steps": str(len(validated) - 1),
        "validation_turns": str(turns(validated)),
        "validation_halved_turns": str(turns(validation(eta / 2)[1])),
        "penalty_steps": str(steps),
        "penalty_turns": str(turns(data)),
    }


def _paths() -> dict[str, str]:
    flat, steep = runs.BOWL_EIGENVALUES
    small, large, decayed = runs.three_paths().values()
    later = (runs.LARGE_ETA, schedules.inverse_time(runs.DECAY_ETA0, k=runs.DECAY_K))
    ahead = np.subtract(*(descend(runs.bowl(), runs.BOWL_START, eta, 2 * runs.BOWL_STEPS).losses for eta in later)) > 0
    return {
        "paths_overtaken": str(np.flatnonzero(ahead)[-1] + 1),  # from there on the large rate's loss is the lower one
        "paths_start_loss": number(float(decayed.losses[0])),
        "paths_peak": number(float(decayed.losses.max())),
        "paths_peak_step": str(decayed.losses.argmax()),
        "paths_flat": number(flat),
        "paths_steep": number(steep),
        "paths_start_flat": number(runs.BOWL_START[0]),
        "paths_start_steep": number(runs.BOWL_START[1]),
        "paths_steps": str(runs.BOWL_STEPS),
        "paths_threshold": number(stability.threshold(runs.bowl())),
        "paths_small": number(runs.SMALL_ETA),
        "paths_large": number(runs.LARGE_ETA),
        "paths_eta0": number(runs.DECAY_ETA0),
        "paths_k": number(runs.DECAY_K),
        "paths_eta_last": number(decayed.etas[-1], 2),
        "paths_small_final": number(float(small.final_loss), 2),
        "paths_large_final": number(float(large.final_loss), 2),
        "paths_decay_final": number(float(decayed.final_loss), 2),
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


def _little() -> dict[str, str]:
    """Just below the threshold, without noise: a little decay against none, on the canonical bowl."""
    eta, k, steps = 0.0999, 7.7e-4, 100
    bowl, start = runs.canonical(), runs.RATES_START
    constant, decayed, best = (
        float(descend(bowl, start, rate, steps).final_loss)
        for rate in (eta, schedules.inverse_time(eta, k=k), stability.optimal_eta(bowl))
    )
    return {
        "little_eta": number(eta),
        "little_k": number(k),
        "little_steps": str(steps),
        "little_constant": number(constant, 2),
        "little_decayed": number(decayed, 2),
        "little_times": number(float(f"{constant / decayed:.1g}")),
        "little_best": number(best, 2),
    }


def _long_run() -> dict[str, str]:
    """The decay that leaves the least under noise: in the limit for two directions, and after so many steps."""
    eta0, noise, steps = 0.09, 1.0, 5000

    def left(k: float) -> float:
        decay = schedules.inverse_time(eta0, k=k)
        return float(stability.expected_losses(runs.canonical(), runs.HUMP_START, decay, steps, noise)[-1])

    found = minimize_scalar(left, bounds=(0.02, 0.2), method="bounded")
    return {
        "long_two": number(2 / (1 + 2**-0.5)),
        "long_steps": str(steps),
        "long_best_k": number(found.x, 2),
        "long_one_k": number(eta0 * runs.RATES_EIGENVALUES[0]),
    }
