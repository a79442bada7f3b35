"""η_t as a pure function of the step t: frozen callables that compare, print, pickle and take arrays of steps.

t = 0 is the first update, the one that carries iterate 0 to iterate 1. A schedule's parameters may be arrays, one
entry a run of a sweep: parameters of shape P and steps of shape S give rates of shape P + S. A schedule times a number,
or times an array of them, is a schedule. Every schedule's repr is the call that makes it again. Where another
library's t counts something else, the docstring says so: Keras calls its schedules once a batch, PyTorch counts calls
of `scheduler.step()` (often once an epoch), optax counts updates.
"""

from lrsim.schedules.altered import restarts, scaled, shifted
from lrsim.schedules.decays import (
    constant,
    cosine,
    exponential,
    inverse_sqrt,
    inverse_time,
    one_cycle,
    polynomial,
    ramp,
    step_decay,
)
from lrsim.schedules.pieces import join, piecewise, table, warmup
from lrsim.schedules.schedule import Schedule

__all__ = [
    "Schedule",
    "constant",
    "cosine",
    "exponential",
    "inverse_sqrt",
    "inverse_time",
    "join",
    "one_cycle",
    "piecewise",
    "polynomial",
    "ramp",
    "restarts",
    "scaled",
    "shifted",
    "step_decay",
    "table",
    "warmup",
]
