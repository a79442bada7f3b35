"""η_t as a pure function of the step t: frozen callables that compare, print, pickle and take arrays of steps.

t = 0 is the first update, the one that carries iterate 0 to iterate 1. A schedule's parameters may be arrays, one entry
a run of a sweep: parameters of shape P and steps of shape S give rates of shape P + S. A schedule times a number, or
times an array of them, is a schedule. Every schedule's repr is the call that makes it again. Where another library's t
counts something else, the docstring says so: Keras calls its schedules once a minibatch, PyTorch counts calls of
`scheduler.step()` (often once an epoch), optax counts updates.
"""

from lrsim.schedules import composed, decays, rising, stepwise
from lrsim.schedules._schedule import Schedule
from lrsim.schedules.composed import *
from lrsim.schedules.decays import *
from lrsim.schedules.rising import *
from lrsim.schedules.stepwise import *

__all__ = ["Schedule"]
__all__ += composed.__all__
__all__ += decays.__all__
__all__ += rising.__all__
__all__ += stepwise.__all__
