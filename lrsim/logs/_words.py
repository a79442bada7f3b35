"""Text with words and numbers: `iter 10: loss 2.3`, `loss=2.3`, `Loss is 2.3`, progress bars, boxes of metrics."""

import re
from collections.abc import Iterator

import numpy as np

from lrsim.logs import _names, _shapes
from lrsim.logs._cells import DECIMAL, LOST, Column, Table, number
from lrsim.logs._groups import Group, Piece, from_pieces, none, spread

VALUE = rf"({DECIMAL}|{LOST})(?!\w|[.:,]\d)"
BEFORE = "train|training|val|valid|validation|test|eval|total|avg|average|mean|smoothed|running|global|learning|time"
PAIR = re.compile(
    rf"\b([A-Za-z_][\w/]*(?:[-.][A-Za-z][\w/]*)*\.?)[\"'*]*(?:\s*[:=|]+\s*|\s+is\s+|\s+|(?=\[))"
    rf"[\[(]?\s*(?:tensor\()?{VALUE}(?:\s*/\s*(\d+))?",
    re.ASCII | re.IGNORECASE,
)
AT = re.compile(rf"loss\b[^\d:=]*\b(step|iteration|iter|epoch|batch)\s+(\d+)\s*[:=]\s*{VALUE}", re.I | re.ASCII)
COUNT = re.compile(  # 200 iter, 1epoch, 91-180batch
    r"(?<![\w.])(?:\d+-)?(\d+) ?(epoch|iteration|iter|step|batch)\b(?! *[=:]? *\d)", re.ASCII | re.IGNORECASE
)
ROW = re.compile(r"^\s*(?:\[(\d+)\]|(\d+):)\s", re.ASCII)
OF = re.compile(r"(?:^|[\[|])\s*(\d+)\s*/\s*(\d+)(?=[\s\])]|$)(?! *\(\d+%\))")  # with a share they are samples
EPOCH_ITER = re.compile(r"^\s*\[\s*(\d+)\s*,\s*(\d+)\s*\]")
TWO = re.compile(rf"\b({BEFORE}) (?=[a-z_]*(?:loss|cost|epoch|step|iter|rate))", re.ASCII | re.IGNORECASE)
TURNED = re.compile(rf"\bloss ({BEFORE})(?= *[:=])", re.ASCII | re.IGNORECASE)  # loss train: 2.3
# A value before its name, as in 2.3 avg, 0.001 rate
BACK = re.compile(rf"(?<![\w.,:])({DECIMAL}|{LOST}) (avg(?:[ _]loss)?|loss|rate)(?=,|\s*$)", re.ASCII)
MEANT = {"avg": "avg_loss", "rate": "lr", "Ep.": "epoch", "Up.": "update", "L.r.": "lr"}  # Darknet's, Marian's
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def table(text: str) -> Table | None:
    """A row for every line that gives a loss; counts and rates hold on until they are said again. None if none does."""
    found = from_pieces(_chunks(text))
    return found if found.names else None


def likely(text: str) -> bool:
    """Whether two of the first lines say a loss in words."""
    return sum(any(map(_names.is_loss, _pairs(line))) for line in text[:20_000].split("\n")[:-1]) > 1


def _chunks(text: str) -> Iterator[Piece]:
    known: dict = {}
    held: dict[str, float | None] = {}
    for block in _shapes.blocks(text):
        groups = _shapes.together(block.split("\n"), _said, known)
        if not groups:
            continue
        names, counts = _order(groups, held)
        height, cells = spread(groups)
        for name in counts:
            cells[name] = _held(cells.get(name) or none(height), held.get(name))
            held[name] = None if cells[name].missing[-1] else cells[name].values[-1]
        gone = np.all([own.missing for name, own in cells.items() if _names.is_loss(name)], axis=0)
        if np.any(gone):
            rows = ~np.broadcast_to(gone, height)
            cells = {name: Column(own.values[rows], own.missing[rows]) for name, own in cells.items()}
            height = int(rows.sum())
        yield height, {name: cells[name] for name in names if not cells[name].missing.all()}


def _order(groups: list[Group], held: dict) -> tuple[dict, dict]:
    """All names in the order in which rows have them, where what holds on comes first; and the names that hold on."""
    names: dict[str, None] = {}
    counts: dict[str, None] = dict.fromkeys(held)
    for _, said in groups:
        counts |= dict.fromkeys(filter(_names.counts, said))
        if any(map(_names.is_loss, said)):
            names |= counts | dict.fromkeys(said)
    return names | counts, counts


def _held(own: Column, now: float | None) -> Column:
    """What is said, until it is said again; before, what held until now."""
    last = np.maximum.accumulate(np.where(own.missing, -1, np.arange(len(own.values))))
    return Column(
        np.append(own.values, np.nan if now is None else now)[last], np.append(own.missing, now is None)[last]
    )


def _said(line: str) -> list[dict[str, float | None]]:
    line = COLOUR.sub("", line) if "\x1b" in line else line
    said = _pairs(TWO.sub(r"\1_", TURNED.sub(r"\1_loss", line)))
    return [{name: number(value) for name, value in said.items()}] if said else []


def _pairs(line: str) -> dict[str, str]:
    if (" step " in line or " at " in line) and (found := AT.search(line)):
        return {found[1].lower(): found[2], "loss": found[3]}
    said: dict[str, str] = {}
    if found := EPOCH_ITER.match(line):
        said |= {"epoch": found[1], "iter": found[2]}
    for name, value, of in PAIR.findall(line):
        said.setdefault(MEANT.get(name, name), value)
        if of and _names.counts(name):
            said.setdefault(f"{name}/of", of)
    if "/" in line and (found := OF.search(PAIR.sub("", line))):
        said.setdefault("iter", found[1])
        said.setdefault("iter/of", found[2])
    for value, name in COUNT.findall(line):
        said.setdefault(name, value)
    for value, name in BACK.findall(line):
        said.setdefault(MEANT.get(name, name), value)
    if (found := ROW.match(line)) and not any(_names.step(name) is not None for name in said):
        said["iter"] = found[1] or found[2]
    return said
