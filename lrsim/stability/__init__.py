"""What is known about a run before it starts: thresholds, the best constant rate, when a curve turns and arrives."""

from lrsim.stability.hessian import Spectrum, spectrum
from lrsim.stability.inverse_time import Peak, crossing_step, decay_product, peak, recovery_step
from lrsim.stability.limits import optimal_eta, regime, sharpness, threshold
from lrsim.stability.noise import expected_losses, noise_floor
from lrsim.stability.turning import steps_to, turnaround_step

__all__ = [
    "Peak",
    "Spectrum",
    "crossing_step",
    "decay_product",
    "expected_losses",
    "noise_floor",
    "optimal_eta",
    "peak",
    "recovery_step",
    "regime",
    "sharpness",
    "spectrum",
    "steps_to",
    "threshold",
    "turnaround_step",
]
