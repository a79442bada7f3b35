"""The runs that more than one picture shows, so that a plot and a film of the same thing show the same numbers."""

from functools import cache

from lrsim import Trajectory, descend, landscapes, schedules

# The bowl: steep enough across the valley for a zig-zag to be seen, wide enough along it for a crawl.
BOWL_EIGENVALUES = (1.0, 10.0)
BOWL_START = (-4.0, 1.0)
BOWL_STEPS = 30
SMALL_ETA = 0.02
LARGE_ETA = 0.19
DECAY_ETA0 = 0.24
DECAY_K = 0.1

# The canonical problem of loss against step: two modes, twenty times apart.
RATES_EIGENVALUES = (1.0, 20.0)
RATES_START = (10.0, 0.05)
RATES_STEPS = 200
RATES = {"crawl": 0.001, "fast": 2 / 21, "diverge": 0.105}


def bowl() -> landscapes.Quadratic:
    return landscapes.bowl(BOWL_EIGENVALUES)


@cache
def three_paths() -> dict[str, Trajectory]:
    """Small, large and decayed learning rates from one start in the bowl, by drawing role."""
    etas = {
        "crawl": SMALL_ETA,
        "bounce": LARGE_ETA,
        "decay": schedules.inverse_time(DECAY_ETA0, k=DECAY_K),
    }
    return {role: descend(bowl(), BOWL_START, eta, BOWL_STEPS) for role, eta in etas.items()}


@cache
def three_rates() -> dict[str, Trajectory]:
    """Low, optimal and high learning rates on the canonical problem, by drawing role."""
    landscape = landscapes.bowl(RATES_EIGENVALUES)
    return {role: descend(landscape, RATES_START, eta, RATES_STEPS) for role, eta in RATES.items()}
