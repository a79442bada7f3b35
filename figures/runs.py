"""The runs that more than one picture shows: a plot and a film of the same thing show the same numbers."""

from functools import cache
from typing import Any

from lrsim import Trajectory, descend, landscapes, schedules, stability

# The bowl: steep enough across the valley for a zig-zag to be seen, wide enough along it for a crawl.
BOWL_EIGENVALUES = (1.0, 10.0)
BOWL_START = (-4.0, 1.0)
BOWL_STEPS = 30
SMALL_ETA = 0.02
LARGE_ETA = 0.19
DECAY_ETA0 = 0.24
DECAY_K = 0.1
BOWL_LABELS = {
    "crawl": rf"$\eta$ = {SMALL_ETA}",
    "bounce": rf"$\eta$ = {LARGE_ETA}",
    "decay": rf"$\eta_t$ = {DECAY_ETA0} / (1 + {DECAY_K} t)",
}

# The canonical problem of loss against step: two modes, twenty times apart.
RATES_EIGENVALUES = (1.0, 20.0)
RATES_START = (10.0, 0.05)
RATES_STEPS = 200
RATES = {"crawl": 0.001, "fast": 2 / 21, "diverge": 0.105}
RATES_NAMES = {"crawl": "low", "fast": "optimal", "diverge": "high"}

# Decay that starts at twice the canonical threshold.
HUMP_START = (5.0, 0.01)
HUMP_ETA0 = 0.2
HUMP_K = 0.1
HUMP_STEPS = 50


def bowl() -> landscapes.Quadratic:
    return landscapes.bowl(BOWL_EIGENVALUES)


@cache
def three_paths() -> dict[str, Trajectory]:
    """Small, large and decayed learning rates from one start in the bowl, by drawing role."""
    etas: dict[str, Any] = {
        "crawl": SMALL_ETA,
        "bounce": LARGE_ETA,
        "decay": schedules.inverse_time(DECAY_ETA0, k=DECAY_K),
    }
    return {role: descend(bowl(), BOWL_START, eta, BOWL_STEPS) for role, eta in etas.items()}


@cache
def three_rates() -> dict[str, Trajectory]:
    """Low, optimal and high learning rates on the canonical problem, by drawing role."""
    return {role: descend(canonical(), RATES_START, eta, RATES_STEPS) for role, eta in RATES.items()}


def canonical() -> landscapes.Quadratic:
    return landscapes.bowl(RATES_EIGENVALUES)


@cache
def hump() -> Trajectory:
    return descend(canonical(), HUMP_START, schedules.inverse_time(HUMP_ETA0, k=HUMP_K), HUMP_STEPS)


def hump_crossing() -> float:
    """The step at which the decayed rate sinks through 2/λ_max."""
    return stability.inverse_time_crossing(HUMP_ETA0, HUMP_K, stability.sharpness(canonical()))
