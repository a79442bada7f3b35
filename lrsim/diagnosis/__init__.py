"""Reads a recorded loss curve and says what happened, since when, how sure, and what to do: `diagnose`.

One file here for each kind of evidence: the end, the noise, growth, what a factor means, spikes, bursts, learning
rates, ringing, flat ends, and two logs against each other. `questions` has the order in which they are asked: bursts
before growth and ringing before spikes, which would take a piece of them for all.

The yardstick: full-batch gradient descent at constant η on a convex quadratic has L(t) = L* + Σ c_i (1 - ηλ_i)^{2t},
c_i ≥ 0, in exact arithmetic and for the very loss that is descended. Whatever L* is, L is convex in t, so such a curve
falls, rises, is level from some step on, or falls and then rises once; and so is the logarithm of its second
differences, themselves such a sum. Another loss of the same run (validation, or without its penalty) need not be
convex: it can wiggle below the threshold.
"""

from lrsim.diagnosis._against import Comparison, compare
from lrsim.diagnosis._found import Diagnosis
from lrsim.diagnosis._questions import diagnose

__all__ = ["Comparison", "Diagnosis", "compare", "diagnose"]
