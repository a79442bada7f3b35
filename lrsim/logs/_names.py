"""What a column is, by its name: a loss, a count of steps or epochs, a rate."""

import re
from functools import lru_cache
from typing import Any

LOSS = {"loss", "losses", "nll", "objective", "cost"}
OTHER = {  # where nothing is called a loss
    "perplexity", "value", "values", "rmse", "mse", "mae", "error", "err", "learn", "l2",
    "ce", "bce", "xent", "crossentropy", "cross", "deviance",
}  # fmt: skip
HELD_OUT = {"val", "valid", "validation", "test", "testing", "eval", "evaluation", "dev", "heldout", "cv", "va"}
GAIN = {"accuracy", "acc", "score", "f1", "auc", "precision", "recall", "reward", "time"}  # what nobody descends
TAGS = ("metric", "tag", "name", "key", "variable")  # columns that say what another, of values, is
SPLITS = {"mode", "split", "phase", "stage", "dataset", "set", "subset"}  # columns that say which
TOLD = SPLITS | {"value"}
SMOOTHED = {"smooth", "smoothed", "ema", "avg", "average", "mean", "running", "epoch"}
TRAIN = {"train", "training", "trn", "learn", "step", "batch", "total", "overall", "loop", "tr"}
ALONE = {"train", "training"} | HELD_OUT
STEPS = ("num update", "global step", "step", "iteration", "iter", "update", "batch", "it", "t")
FILLERS = {
    "train", "trainer", "training", "total", "global", "num", "n", "number", "of", "idx", "index", "id", "time",
    "current", "env",
}  # fmt: skip


@lru_cache(maxsize=4096)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name, small: CrossEntropyLoss and train/loss_step come apart."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+", name))


@lru_cache(maxsize=4096)
def loss(name: str) -> tuple[int, ...] | None:
    """How far a column is from being the training loss, smaller is nearer; None if nothing says that it is one."""
    words = parts(name)
    kind = 0 if any(word in LOSS or word.endswith("loss") for word in words) else 1 if set(words) & OTHER else 2
    if kind == 2 and alone(name):
        return words[0] in HELD_OUT, 2, False, False, len(words)
    if kind == 2 or counts(name) or {"time", "scale", "scaler", "weight", "weights", "steps"} & set(words):
        return None
    said = OTHER if kind else LOSS
    rest = [word for word in words if word not in said and not word.endswith("loss")]
    held, smooth = bool(set(rest) & HELD_OUT), bool(set(rest) & SMOOTHED)
    more = [word for word in rest if word not in TRAIN | HELD_OUT | SMOOTHED]
    return held, kind, len(more) > 0, smooth, len(more) + len(rest)


@lru_cache(maxsize=4096)
def alone(name: str) -> bool:
    """Whether it says of which rows it is and not what, as train and val in `train=2.3 val=2.5`."""
    words = parts(name)
    return len(words) > 0 and words[0] in ALONE and all(map(str.isdigit, words[1:]))


def is_loss(name: str) -> bool:
    return loss(name) is not None


def is_gain(name: str) -> bool:
    return not GAIN.isdisjoint(parts(name))


def apart(row: dict[str, Any]) -> dict[str, Any]:
    """A row that says of itself that it is one of validation or test, or what its value is, with that in its names."""
    for key, cell in row.items():
        if key in SPLITS and isinstance(cell, str) and cell.lower() in HELD_OUT:
            return held_out(row, cell.lower())
    tag = next((row[key] for key in TAGS if isinstance(row.get(key), str)), "")
    if "value" in row and (is_loss(tag) or is_gain(tag) or counts(tag)):
        return {tag if name == "value" else name: own for name, own in row.items()}
    return row


def held_out(row: dict[str, Any], whose: str) -> dict[str, Any]:
    return {f"{whose}/{name}" if is_loss(str(name)) else name: own for name, own in row.items()}


@lru_cache(maxsize=4096)
def step(name: str) -> int | None:
    """Which of the words for a count of updates it is, the surest first; None if it is none."""
    words = [word.removesuffix("s") if len(word) > 2 else word for word in parts(name)]
    if name == "#":
        return len(STEPS)
    if words[-1:] == ["time"]:  # iter_time is how long one takes
        return None
    if " ".join(words) in STEPS:
        return STEPS.index(" ".join(words))
    rest = [word for word in words if word not in FILLERS]
    return 1 + STEPS.index(rest[0]) if len(rest) == 1 and rest[0] in STEPS else None


@lru_cache(maxsize=4096)
def epoch(name: str) -> bool:
    words = [word for word in parts(name) if word not in FILLERS and word != "current"]
    return words in (["epoch"], ["epochs"])


@lru_cache(maxsize=4096)
def rate(name: str) -> int | None:
    """How far a column is from being the learning rate; None if nothing says that it is one."""
    words = parts(name)
    if name.lower() in ("lr", "learning_rate", "learning rate", "eta", "etas"):
        return 0
    named = any(re.fullmatch(r"lr\d*", word) for word in words) or ("learning" in words and "rate" in words)
    return len(words) if named else None


def counts(name: str) -> bool:
    """Whether it holds on until it is said again: a step, an epoch, a rate."""
    return step(name) is not None or epoch(name) or rate(name) is not None
