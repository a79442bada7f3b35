"""Whatever is no number, schedule or optimizer is refused by the name of the parameter, in every function there is."""

import inspect

import numpy as np
import pytest

from lrsim import landscapes, optimizers, schedules

GOOD = {
    "eta": 0.1, "eta0": 0.1, "k": 0.1, "factor": 1, "low": 0.1, "high": 0.2, "steps": 9, "every": 3, "power": 2,
    "floor": 0.01, "rise": 0.5, "divide": 2, "final_divide": 2, "values": [0.1, 0.2], "etas": [0.1, 0.2], "at": [3],
    "then": 0.1, "parts": [0.1, 0.2], "restart": True, "schedule": schedules.cosine(0.1, 9), "by": 2, "period": 3,
    "beta": 0.5, "rho": 0.5, "eps": 1e-8, "beta1": 0.5, "beta2": 0.5, "decay": 0.1, "optimizer": optimizers.adam(),
    "norm": 1, "value": None,
}  # fmt: skip
PARAMETERS = [
    (getattr(room, name), parameter)
    for room in (schedules, optimizers)
    for name in room.__all__
    if not isinstance(getattr(room, name), type)
    for parameter in inspect.signature(getattr(room, name)).parameters
]


class Attached:
    """A PyTorch tensor with a gradient, to NumPy."""

    ndim = 0

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


BAD = [
    None, "3", 1 + 2j, Attached(), np.ma.masked, np.ma.array([0.1, 0.2], mask=[1, 0]), object(), {}, set(), b"3",
    np.nan, -np.inf, -1, -(10**400), [None], ["3"], np.array(["3"]), np.datetime64("2020"), np.timedelta64(3, "s"),
    schedules, lambda t: 0.1, schedules.cosine, optimizers.adam, optimizers.Optimizer, landscapes.bowl([1.0]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "parameter"), PARAMETERS, ids=lambda x: x if isinstance(x, str) else x.__name__)
def test_what_is_no_value_of_a_parameter_is_refused_by_its_name(make, parameter):
    good = {name: GOOD[name] for name in inspect.signature(make).parameters}
    make(**good)
    if parameter == "value":
        good["norm"] = None
    for bad in BAD:
        with pytest.raises((TypeError, ValueError), match=rf"^{parameter}\b|^norm or {parameter}\b"):
            make(**good | {parameter: bad})
