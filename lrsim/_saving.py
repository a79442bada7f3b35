"""A trajectory as a file of arrays, to be taken up again where it ended."""

import os
from typing import Any

import numpy as np

from lrsim import optimizers
from lrsim._engine.ending import End, Reached
from lrsim._engine.task import Past, Task


def write(path: Any, run: Any) -> None:
    path = _path(path)
    held = {name: np.asarray(value) for name, value in arrays(run).items() if value is not None}
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise FileNotFoundError(f"path must be in a folder that exists, got {path!r}")
    aside = f"{path}.{os.getpid()}.part"
    try:
        with open(aside, "wb") as file:
            np.savez(file, **held)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        if os.path.exists(aside):
            os.remove(aside)


def read(path: Any) -> dict[str, Any]:
    """The arguments of a `Trajectory`, as it was saved."""
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


def arrays(run: Any) -> dict[str, Any]:
    """Everything as arrays, by the names that `load` looks for."""
    import json

    fields = ("iterates", "losses", "etas", "updates", "every", "begin", "average")
    held = {name: getattr(run, name) for name in fields} | {"product": run._found("product")}
    past, final = run._reached
    held |= {f"past_{name}": value for name, value in past._asdict().items()} | {"final": final}
    if run.ending is None:
        return held
    task, last, _, axes = run._end
    seed = task.seed
    said = {
        "optimizer": repr(task.optimizer), "noise": task.noise, "minibatch": task.minibatch, "exact": task.exact,
        "average": task.average, "fresh": task.fresh, "frame": axes.hex(),
        "seed": seed and [seed.entropy, list(seed.spawn_key), seed.pool_size],
    }  # fmt: skip
    held |= {f"state_{i}": buffer for i, buffer in enumerate(task.state or ())}
    return held | {"last": last, "point": task.start, "total": task.total, "end": json.dumps(said, default=_listed)}


def _restored(held: dict[str, Any]) -> dict[str, Any]:
    fields = {name: held.get(name) for name in ("iterates", "losses", "etas", "average", "product")}
    counts = {name: int(held.get(name, 0)) for name in ("updates", "begin")} | {"every": int(held.get("every", 1))}
    if "updates" not in held:
        raise KeyError("updates")
    if fields["etas"] is not None:
        fields["etas"].flags.writeable = False
    if "past_first" not in held:  # lrsim 0.1
        return fields | counts | {"reached": _old(held)}
    past = Past(*(held[f"past_{name}"] for name in Past._fields))
    if "end" not in held:
        return fields | counts | {"reached": Reached(past, held["final"])}
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
    return fields | counts | {"reached": Reached(past, held["final"]), "ending": end}


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
