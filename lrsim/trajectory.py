"""What a run leaves behind."""

import os
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from lrsim._engine.divergence import limit
from lrsim._engine.task import recorded


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The record of one run, or of a sweep: batch first, then time, then coordinates.

    Attributes:
        iterates: w_t, (*batch, kept, d), or None unless record="path".
        losses: L(w_t), (*batch, kept), or None when record="summary".
        etas: η_t, (*batch, kept - 1): etas[j] was in force at step `steps[j]`; with every=1 it carried iterates[j] to
            iterates[j+1]. None when record="summary".
        updates: how many updates were made.
        every: each `every`-th step was kept, and the last.
        summary: losses at the start, at the end and the largest, and the step of divergence or -1, each (*batch); None
            where they are read off the losses.
        product: ηλ_max of a constant η and plain gradient descent on a quadratic, or a function that finds it when
            `regime` asks; else None.
    """

    iterates: Any
    losses: Any
    etas: Any
    updates: int
    every: int = 1
    summary: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None = None
    product: Any = None

    @cached_property
    def _reached(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        if self.summary is not None:
            return self.summary
        losses = self.losses
        with np.errstate(all="ignore"):
            lost = ~(np.abs(losses) <= limit(losses[..., 0])[..., None])
            peak = losses.max(-1)
        diverged = np.where(lost.any(-1), lost.argmax(-1), -1)
        return losses[..., 0], losses[..., -1], np.where(np.isnan(peak), np.inf, peak), diverged

    @property
    def steps(self) -> np.ndarray:
        """The steps that were kept, (kept,): 0, every, 2·every, ..., and always the last."""
        return recorded(self.updates, self.every)

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the sweep, () for one run."""
        return np.shape(self._reached[1])

    @property
    def final_loss(self) -> Any:
        """L after the last update, (*batch). NaN or infinite only after an overflow."""
        return self._reached[1][()]

    @property
    def peak_loss(self) -> Any:
        """The largest L of all steps, kept or not, (*batch); infinite where anything overflowed."""
        return self._reached[2][()]

    @property
    def diverged_at(self) -> Any:
        """The first step whose |loss| exceeds 10⁶ times the start's or is not finite.

        One run: an int, or None. A sweep: an integer array, -1 where there is none. Where the start's loss is 0, only
        a loss that is not finite counts.
        """
        step = self._reached[3]
        if np.ndim(step):
            return step
        return int(step) if step >= 0 else None

    @property
    def recovered(self) -> Any:
        """Whether the loss rose above the start's and ended at or below it, (*batch)."""
        first, final, peak, _ = self._reached
        answer = (peak > first) & (final <= first)
        return answer if np.ndim(answer) else bool(answer)

    @property
    def regime(self) -> Any:
        """`stability.regime` of a constant η on a quadratic; None for anything else."""
        if self.product is None:
            return None
        from lrsim import stability

        names = stability.regime(self._product(), 1.0)
        return names if not np.ndim(names) else np.array(np.broadcast_to(names, self.batch))

    def _product(self) -> Any:
        return self.product() if callable(self.product) else self.product

    def save(self, path: Any) -> None:
        """Writes an .npz beside `path` and moves it there: a killed save leaves the old file whole.

        Raises:
            TypeError: not a path. OSError: a folder that is not there, or no room.
        """
        path = _path(path)
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        held["product"] = self._product()
        arrays = {key: np.asarray(value) for key, value in held.items() if value is not None and key != "summary"}
        if self.summary is not None:
            arrays |= {f"summary_{i}": np.asarray(value) for i, value in enumerate(self.summary)}
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

    @classmethod
    def load(cls, path: Any) -> "Trajectory":
        """What `save` wrote.

        Raises:
            TypeError: not a path. OSError: no such file. ValueError: a file that `save` did not write.
        """
        import zipfile
        import zlib

        path = _path(path)
        try:
            with np.load(path, allow_pickle=False) as file:
                held: dict[str, Any] = dict(file)
            summary = tuple(held.pop(f"summary_{i}") for i in range(4)) if "summary_0" in held else None
            counts = {key: int(held.pop(key)) for key in ("updates", "every")}
            wanted = ("iterates", "losses", "etas", "product")
            return cls(**{key: held.get(key) for key in wanted}, summary=summary, **counts)  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
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
            "diverged_at": (runs, self._reached[3]),
            "recovered": (runs, self.recovered),
        }
        kept = {key: value for key, value in whole.items() if value[1] is not None}
        return xarray.Dataset(kept, {"step": self.steps, "update": self.steps[:-1]})


def _path(path: Any) -> str:
    try:
        name = os.fsdecode(path)
    except TypeError:
        raise TypeError(f"path must be a file's path, got {path!r:.60}") from None
    if "\0" in name:
        raise ValueError(f"path must be a file's path, got {path!r:.60}")
    return name
