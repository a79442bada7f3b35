"""What every schedule is: a rule with its parameters, as one frozen callable."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check
from lrsim.typing import Numbers

CLIMB = "; to climb, negate the landscape"
ALONG_TIME = ("values", "etas")  # parameters whose last axis is time, not a sweep


@dataclass(frozen=True, eq=False, repr=False)
class Schedule:
    """η_t, called with a step or an integer array of steps; made by the functions of `lrsim.schedules`.

    `rule(t, *values)` returns rates of shape `batch` + the shape of t, or what broadcasts to it; `batch` is the shape
    of the sweep that the parameters span, () for one run.
    """

    name: str
    rule: Callable[..., np.ndarray]
    parameters: tuple[tuple[str, Any], ...]
    batch: tuple[int, ...] = ()

    __array_ufunc__ = None  # an array times a schedule is a schedule

    def __call__(self, step: Numbers | range) -> Any:
        with np.errstate(all="ignore"):
            return np.array(self.rates(whole("step", step)))[()]

    def rates(self, t: np.ndarray) -> np.ndarray:
        """As a call, for steps known to be good, where NumPy's warnings are off; the result may be read-only."""
        found = self.rule(t, *(value for _, value in self.parameters))
        shape = self.batch + t.shape
        return found if found.shape == shape else np.broadcast_to(found, shape)

    def __mul__(self, by: Numbers) -> "Schedule":
        """`scaled(schedule, by)`, on either side."""
        return NotImplemented if isinstance(by, Schedule) else times(self, by)

    __rmul__ = __mul__

    def part(self, where: tuple[slice, ...]) -> "Schedule":
        """The same schedule for those runs of a sweep that `where` selects, one slice an axis."""
        if not self.batch:
            return self
        cut = tuple((key, _part(value, where, key in ALONG_TIME)) for key, value in self.parameters)
        return Schedule(self.name, self.rule, cut, _shape(cut))

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={_say(value)}' for key, value in self.parameters)})"

    def _key(self) -> tuple:
        return self.name, tuple(_key(value) for _, value in self.parameters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


def make(name: str, rule: Callable[..., np.ndarray], **parameters: Any) -> Schedule:
    """A schedule whose sweep is what its parameters broadcast to; the arrays must be ours, since they are frozen.

    Raises:
        ValueError: they do not.
    """
    for value in parameters.values():
        if isinstance(value, np.ndarray):
            if value.dtype.kind == "f" and value.flags.writeable:
                value += 0.0  # -0. is 0.
            value.setflags(write=False)
    pairs = tuple(parameters.items())
    try:
        return Schedule(name, rule, pairs, _shape(pairs))
    except ValueError:
        shapes = ", ".join(f"{key} {_sweep(key, value)}" for key, value in pairs if np.ndim(_sweep(key, value)))
        raise ValueError(f"the parameters of {name} must broadcast together, got shapes {shapes}") from None


def times(schedule: Schedule, by: Numbers) -> Schedule:
    """by · η_t; a constant stays one."""
    made = make("scaled", _scaled, schedule=schedule, by=rate("by", by))
    if schedule.name != "constant":
        return made
    with np.errstate(all="ignore"):
        product = schedule.parameters[0][1] * made.parameters[1][1]
    if not np.isfinite(product).all():
        raise ValueError(f"by times eta must be finite, got {np.max(product):g}")
    return make("constant", schedule.rule, eta=np.array(product))


def _scaled(t: np.ndarray, schedule: Schedule, by: np.ndarray) -> np.ndarray:
    return finite("scaled", t, schedule.rates(t) * before(t, by)[0])


def whole(name: str, value: Any, low: int = 0) -> np.ndarray:
    """`value` as an array of whole numbers >= `low`, a new one."""
    given = _check.rectangular(name, value)
    if given.size and (given.dtype.kind == "u" or _check.huge(given)):
        if given.max() >= 2**63:
            raise ValueError(f"{name} must be below 2**63, got {_check.said(given.max())}")
        if given.min() < low:
            raise ValueError(f"{name} must be >= {low}, got {_check.said(given.min())}")
    if given.dtype.kind not in "iu" and not (given.size == 0 and isinstance(value, (list, tuple))):
        raise TypeError(f"{name} must be whole numbers, got {value!r:.60}")
    given = given.astype(np.int64)
    if given.size and given.min() < low:
        raise ValueError(f"{name} must be >= {low}, got {given.min()}")
    return given


def before(t: np.ndarray, *values: np.ndarray) -> list[np.ndarray]:
    """Each parameter with axes for t put behind its own."""
    return [value.reshape(value.shape + (1,) * t.ndim) if value.ndim and t.ndim else value for value in values]


def finite(name: str, t: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """The rates of steps t, or an error that says from which step on there are none."""
    lost = ~np.isfinite(rates)
    if lost.any():
        step = np.broadcast_to(t, rates.shape)[lost].min()
        raise ValueError(f"step must be below {step:.16g}, where the rate of {name} passes the largest float")
    return rates


def rate(name: str, value: Any) -> np.ndarray:
    return _check.array(name, value, low=0, hint=CLIMB)


def steady(t: np.ndarray, eta: np.ndarray) -> np.ndarray:
    return before(t, eta)[0]


def half_cosine(share: Any) -> np.ndarray:
    """Half a cosine from 1 to 0."""
    return (1 + np.cos(np.pi * share)) / 2


def _sweep(key: str, value: Any) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return _shape([("", item) for item in value])
    shape = value.batch if isinstance(value, Schedule) else np.shape(value)
    return shape[:-1] if key in ALONG_TIME else shape


def _shape(pairs: Any) -> tuple[int, ...]:
    shapes = [shape for key, value in pairs if (shape := _sweep(key, value))]
    return np.broadcast_shapes(*shapes) if shapes else ()


def _part(value: Any, where: tuple[slice, ...], along_time: bool) -> Any:
    if isinstance(value, Schedule):
        return value.part(where)
    if isinstance(value, tuple):
        return tuple(_part(item, where, False) for item in value)
    if not isinstance(value, np.ndarray) or not value.ndim:
        return value
    shape = value.shape[:-1] if along_time else value.shape
    own = where[len(where) - len(shape) :]
    return value[tuple(slice(None) if size == 1 else cut for size, cut in zip(shape, own, strict=True))]


def _say(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_say, value))}]"
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


def _key(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    return value._key() if isinstance(value, Schedule) else value
