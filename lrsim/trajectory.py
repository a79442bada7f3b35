"""What a run leaves behind."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lrsim import _saving, stability
from lrsim._engine.ending import End, Reached
from lrsim._engine.task import Past, recorded
from lrsim.typing import Array

__all__ = ["Trajectory"]


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """The record of one run, or of a sweep: batch first, then time, then coordinates.

    Attributes:
        iterates: w_t, (*batch, kept, d), or None unless record="path".
        losses: L(w_t), (*batch, kept), or None when record="summary".
        etas: η_t, (*batch, kept - 1), read-only: etas[j] was in force at step `steps[j]`; with every=1 it carried
            iterates[j] to iterates[j+1]. None when record="summary".
        updates: how many updates were made.
        every: the steps that are a multiple of it were kept, the first and the last.
        begin: the step of the first iterate; above 0 for a run that was taken up again.
        average: the mean of the iterates from the step `average` on to the last, (d, *batch), laid out as `start`; None
            unless asked for.
    """

    iterates: Array | Any  # a checker takes it for an array; it may be None
    losses: Array | Any
    etas: Array | Any
    updates: int
    every: int = 1
    begin: int = 0
    average: Array | Any = None
    reached: Any = None  # Reached; None: that of `ending`
    product: Any = None  # ηλ_max of a constant η and plain gradient descent on a quadratic
    ending: Any = None  # End; this and the last one may be functions that find them when somebody asks

    def __init__(
        self, iterates: Any, losses: Any, etas: Any, updates: int, every: int = 1, begin: int = 0, average: Any = None,
        reached: Any = None, product: Any = None, ending: Any = None,
    ) -> None:  # fmt: skip
        self.__dict__.update(  # the generated one takes twice as long, which a single run feels
            iterates=iterates, losses=losses, etas=etas, updates=updates, every=every, begin=begin, average=average,
            reached=reached, product=product, ending=ending,
        )  # fmt: skip

    def _found(self, name: str) -> Any:
        value = getattr(self, name)
        if callable(value):
            value = value()
            object.__setattr__(self, name, value)
        return value

    @property
    def _end(self) -> End:
        """What `descend` takes the run up from."""
        if self.ending is None:
            raise ValueError("start must be a run that can be taken up, and this one was saved by lrsim 0.1")
        return self._found("ending")

    @property
    def _past(self) -> Past:
        return self._reached.past

    @property
    def _reached(self) -> Reached:
        if self.reached is None:
            end = self._end
            object.__setattr__(self, "reached", Reached(end.task.past, end.final))  # type: ignore[arg-type]
        return self.reached

    @property
    def last(self) -> Array:
        """The last iterate, laid out as `start` wants it: (d,) or (d, *batch)."""
        return np.array(self._end.last)

    @property
    def steps(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The steps that were kept, (kept,): the first, the multiples of `every`, and the last."""
        return recorded(self.updates, self.every, self.begin)

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the sweep, () for one run."""
        return np.shape(self.losses)[:-1] if self.losses is not None else np.shape(self._reached.final)

    @property
    def final_loss(self) -> Array | Any:
        """L after the last update, (*batch). NaN or infinite only after an overflow."""
        return self._reached.final[()]

    @property
    def peak_loss(self) -> Array | Any:
        """The largest L of all steps, kept or not, (*batch); infinite where anything overflowed."""
        return self._past.peak[()]

    @property
    def diverged_at(self) -> np.ndarray[Any, np.dtype[np.int64]] | Any:
        """The first step at which L_t - min L > 10⁶ · max(L_0 - min L, η₀‖g₀‖²), min L the lowest loss up to t.

        Where both are 0, and in any case, a loss that is not finite counts. g₀ is the first gradient as the step used
        it, noise included. What is added to the loss as a constant changes nothing.

        One run: an int, or None. A sweep: an integer array, -1 where there is none.
        """
        step = self._past.lost
        if np.ndim(step):
            return step
        return int(step) if step >= 0 else None

    @property
    def recovered(self) -> np.ndarray[Any, np.dtype[np.bool_]] | Any:
        """Whether the loss rose above the start's and ended at or below it, (*batch)."""
        past, final = self._reached
        answer = (past.peak > past.first) & (final <= past.first)
        return answer if np.ndim(answer) else bool(answer)

    @property
    def regime(self) -> np.ndarray[Any, np.dtype[np.str_]] | Any:
        """`stability.regime` of a constant η and plain gradient descent on a quadratic; None for anything else."""
        if self.product is None:
            return None
        names = stability.regime(self._found("product"), 1.0)
        return names if not np.ndim(names) else np.array(np.broadcast_to(names, self.batch))

    def __repr__(self) -> str:
        runs = f"{' x '.join(map(str, self.batch))} runs, " if self.batch else ""
        lost, final = np.asarray(self._past.lost), np.asarray(self.final_loss)
        said = f"{runs}steps {self.begin} to {self.begin + self.updates}"
        if not self.batch:
            end = f"final loss {float(final):.4g}" + (f", lost at step {int(lost)}" if lost >= 0 else "")
        elif not lost.size:
            end = "none"
        else:
            low, high = np.fmin.reduce(final, axis=None), np.fmax.reduce(final, axis=None)  # nan only where all are
            end = f"final losses {low:.4g} to {high:.4g}, {np.sum(lost >= 0)} lost"
        return f"<Trajectory: {said}; {end}>"

    def __getstate__(self) -> dict[str, Any]:
        for name in ("product", "ending"):
            self._found(name)
        return self.__dict__.copy()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes an .npz beside `path` and moves it there: a killed save leaves the old file whole.

        Raises:
            TypeError: not a path. OSError: a folder that is not there, or no space.
        """
        _saving.write(path, self)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Trajectory":
        """What `save` wrote, to be taken up again where it ended.

        Raises:
            TypeError: not a path. OSError: no such file. ValueError: a file that `save` did not write.
        """
        return cls(**_saving.read(path))

    def to_xarray(self) -> Any:
        """As an `xarray.Dataset` with dimensions run (run_0, run_1, ... of a larger sweep), step, update, coordinate.

        Needs xarray: `pip install lrsim[xarray]`.
        """
        try:
            import xarray
        except ImportError:
            raise ImportError("to_xarray needs xarray: pip install 'lrsim[xarray]'") from None
        runs = ["run"] if len(self.batch) == 1 else [f"run_{i}" for i in range(len(self.batch))]
        whole = {
            "iterates": ([*runs, "step", "coordinate"], self.iterates),
            "losses": ([*runs, "step"], self.losses),
            "etas": ([*runs, "update"], self.etas),
            "final_loss": (runs, self.final_loss),
            "peak_loss": (runs, self.peak_loss),
            "diverged_at": (runs, self._past.lost),
            "recovered": (runs, self.recovered),
        }
        kept = {key: value for key, value in whole.items() if value[1] is not None}
        return xarray.Dataset(kept, {"step": self.steps, "update": self.steps[:-1]})


if TYPE_CHECKING:

    class SingleRun(Trajectory):
        """A `Trajectory` that a checker knows to be of one run: numbers where a sweep has arrays."""

        @property
        def final_loss(self) -> float: ...
        @property
        def peak_loss(self) -> float: ...
        @property
        def diverged_at(self) -> int | None: ...
        @property
        def recovered(self) -> bool: ...
        @property
        def regime(self) -> str | None: ...
