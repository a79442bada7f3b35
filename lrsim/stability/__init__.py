"""What is known about a run before it starts: thresholds, the best constant rate, when a curve turns and arrives."""

from typing import TYPE_CHECKING

from lrsim import _deprecated
from lrsim.stability.finder import RangeTest, range_test
from lrsim.stability.hessian import Spectrum, spectrum
from lrsim.stability.inverse_time import (
    Peak,
    inverse_time_crossing,
    inverse_time_peak,
    inverse_time_product,
    inverse_time_recovery,
)
from lrsim.stability.limits import optimal_eta, regime, sharpness, threshold
from lrsim.stability.noise import expected_losses, noise_floor
from lrsim.stability.turning import steps_to, turnaround_step

__all__ = [
    "Peak",
    "RangeTest",
    "Spectrum",
    "expected_losses",
    "inverse_time_crossing",
    "inverse_time_peak",
    "inverse_time_product",
    "inverse_time_recovery",
    "noise_floor",
    "optimal_eta",
    "range_test",
    "regime",
    "sharpness",
    "spectrum",
    "steps_to",
    "threshold",
    "turnaround_step",
]

if not TYPE_CHECKING:  # which would let any name pass
    __getattr__ = _deprecated.names(
        __name__,
        {
            "crossing_step": inverse_time_crossing,
            "decay_product": inverse_time_product,
            "peak": inverse_time_peak,
            "recovery_step": inverse_time_recovery,
        },
    )
