"""What a run leaves behind."""

import os
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lrsim import optimizers
from lrsim._engine.task import Past, Task, recorded
from lrsim.typing import Array


class Reached(NamedTuple):
    """What the losses of all steps, kept or not, came to: each (*batch)."""

    past: Past
    final: np.ndarray


class End(NamedTuple):
    """Where a run stands after its last step, for whoever takes it up again.

    `task` has the coordinates the engine worked in and neither landscape nor schedule, `last` is w (d, *batch), and
    `frame` names the axes and the origin of mode coordinates.
    """

    task: Task
    last: np.ndarray
    final: np.ndarray
    frame: bytes

    def unless(self, *given: Any) -> tuple[Any, ...]:
        """Optimizer, noise, minibatch and average of the run, unless others are given."""
        known = self.task.optimizer, self.task.noise or None, self.task.minibatch, self.task.average
        return tuple(old if new is None else new for new, old in zip(given, known, strict=True))

    def taken_up_by(self, task: Task) -> Task:
        """A task that starts at `last`, with all that the run carries beside it."""
        held = self.task
        same = held.optimizer == task.optimizer
        state, fresh = (held.state, held.fresh) if same else (None, task.begin)
        if held.exact and self.frame != (frame(task.landscape) if task.exact else self.frame):
            raise ValueError("landscape must be that of the run that is taken up; elsewhere start from run.last")
        if state and held.exact != task.exact:
            raise ValueError("method must be that of the run that is taken up, since its optimizer has a memory")
        start = held.start if held.exact == task.exact else task.start
        total = held.total if held.average == task.average else None
        if total is not None and held.exact != task.exact:
            raise ValueError("method must be that of the run that is taken up, since its iterates are averaged")
        return task._replace(start=start, state=state, past=held.past, total=total, fresh=fresh)


def frame(landscape: Any) -> bytes:
    """A short name for the mode coordinates of a quadratic."""
    import hashlib

    basis = landscape.basis
    parts = (landscape.minimum.tobytes(), b"" if basis is None else np.ascontiguousarray(basis).tobytes())
    return hashlib.sha256(b"|".join(parts)).digest()


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
    def final_loss(self) -> Any:
        """L after the last update, (*batch). NaN or infinite only after an overflow."""
        return self._reached.final[()]

    @property
    def peak_loss(self) -> Any:
        """The largest L of all steps, kept or not, (*batch); infinite where anything overflowed."""
        return self._past.peak[()]

    @property
    def diverged_at(self) -> Any:
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
    def recovered(self) -> Any:
        """Whether the loss rose above the start's and ended at or below it, (*batch)."""
        past, final = self._reached
        answer = (past.peak > past.first) & (final <= past.first)
        return answer if np.ndim(answer) else bool(answer)

    @property
    def regime(self) -> Any:
        """`stability.regime` of a constant η and plain gradient descent on a quadratic; None for anything else."""
        if self.product is None:
            return None
        from lrsim import stability

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
            TypeError: not a path. OSError: a folder that is not there, or no room.
        """
        path = _path(path)
        arrays = {name: np.asarray(value) for name, value in self._held().items() if value is not None}
        if not os.path.isdir(os.path.dirname(path) or "."):
            raise FileNotFoundError(f"path must be in a folder that exists, got {path!r}")
        aside = f"{path}.{os.getpid()}.part"
        try:
            with open(aside, "wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, path)
        finally:
            if os.path.exists(aside):
                os.remove(aside)

    def _held(self) -> dict[str, Any]:
        """Everything as arrays, by the names that `load` looks for."""
        import json

        plain = ("iterates", "losses", "etas", "updates", "every", "begin", "average")
        held = {name: getattr(self, name) for name in plain} | {"product": self._found("product")}
        past, final = self._reached
        held |= {f"past_{name}": value for name, value in past._asdict().items()} | {"final": final}
        if self.ending is None:
            return held
        task, last, _, axes = self._end
        seed = task.seed
        said = {
            "optimizer": repr(task.optimizer), "noise": task.noise, "minibatch": task.minibatch, "exact": task.exact,
            "average": task.average, "fresh": task.fresh, "frame": axes.hex(),
            "seed": seed and [seed.entropy, list(seed.spawn_key), seed.pool_size],
        }  # fmt: skip
        held |= {f"state_{i}": buffer for i, buffer in enumerate(task.state or ())}
        return held | {"last": last, "point": task.start, "total": task.total, "end": json.dumps(said, default=_listed)}

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Trajectory":
        """What `save` wrote, to be taken up again where it ended.

        Raises:
            TypeError: not a path. OSError: no such file. ValueError: a file that `save` did not write.
        """
        import zipfile
        import zlib

        path = _path(path)
        try:
            with np.load(path, allow_pickle=False) as file:
                held: dict[str, Any] = dict(file)
            return _restored(held)
        except (FileNotFoundError, PermissionError):
            raise
        except (
            ValueError, KeyError, TypeError, EOFError, RuntimeError, OSError, MemoryError, IndexError,
            OverflowError, zipfile.BadZipFile, zlib.error,
        ) as error:  # fmt: skip
            raise ValueError(f"path must be a file that Trajectory.save wrote, got {path!r}") from error

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


def _restored(held: dict[str, Any]) -> Trajectory:
    plain = {name: held.get(name) for name in ("iterates", "losses", "etas", "average", "product")}
    counts = {name: int(held.get(name, 0)) for name in ("updates", "begin")} | {"every": int(held.get("every", 1))}
    if "updates" not in held:
        raise KeyError("updates")
    if plain["etas"] is not None:
        plain["etas"].flags.writeable = False
    if "past_first" not in held:  # lrsim 0.1
        return Trajectory(**plain, **counts, reached=_old(held))  # type: ignore[arg-type]
    past = Past(*(held[f"past_{name}"] for name in Past._fields))
    if "end" not in held:
        return Trajectory(**plain, **counts, reached=Reached(past, held["final"]))  # type: ignore[arg-type]
    import json

    from lrsim import _expressions

    said = json.loads(str(held["end"]))
    entropy, key, pool = said["seed"] or (None, (), 4)
    seed = said["seed"] and np.random.SeedSequence(entropy, spawn_key=key, pool_size=pool)
    state = tuple(held[f"state_{i}"] for i in range(sum(name.startswith("state_") for name in held)))
    runs = np.arange(past.lost.size).reshape(past.lost.shape)
    task = Task(
        None, held["point"], None, 0, _expressions.evaluate(said["optimizer"], optimizers), runs,
        said["noise"], said["minibatch"], seed, "path", 1, said["exact"], "continue", said["average"],
        counts["begin"] + counts["updates"], state, past, held.get("total"), fresh=said["fresh"],
    )  # fmt: skip
    end = End(task, held["last"], held["final"], bytes.fromhex(said["frame"]))
    return Trajectory(**plain, **counts, reached=Reached(past, held["final"]), ending=end)  # type: ignore[arg-type]


def _old(held: dict[str, Any]) -> Reached:
    """Of a file of lrsim 0.1: a summary, or what the losses show."""
    if "summary_0" in held:
        first, final, peak, lost = (held[f"summary_{i}"] for i in range(4))
        return Reached(Past(first, np.fmin(first, final), peak, np.zeros_like(first), lost), final)
    losses = held["losses"]
    with np.errstate(all="ignore"):
        peak = losses.max(-1)
        lost = ~(np.abs(losses) <= 1e6 * np.abs(losses[..., :1]))
    lost = np.where(lost.any(-1), lost.argmax(-1), -1)
    first, low = losses[..., 0], losses.min(-1)
    return Reached(Past(first, low, np.where(np.isnan(peak), np.inf, peak), np.zeros_like(low), lost), losses[..., -1])


def _listed(value: Any) -> Any:
    return value.tolist()  # NumPy's numbers, which JSON does not know


def _path(path: Any) -> str:
    try:
        name = os.fsdecode(path)
    except TypeError:
        raise TypeError(f"path must be a file's path, got {path!r:.60}") from None
    if "\0" in name:
        raise ValueError(f"path must be a file's path, got {path!r:.60}")
    return name
