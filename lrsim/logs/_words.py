"""Text with words and numbers: `iter 10: loss 2.3`, `loss=2.3`, `Loss is 2.3`, progress bars, boxes of metrics."""

import re
from collections.abc import Iterator

import numpy as np

from lrsim.logs import _names, _shapes
from lrsim.logs._cells import DECIMAL, LOST, Column, Table, number
from lrsim.logs._groups import Group, Piece, from_pieces, none, spread

VALUE = rf"({DECIMAL}|{LOST})(?!\w|[.:,]\d)"
BEFORE = "train|training|val|valid|validation|test|eval|total|avg|average|mean|smoothed|running|global|learning|time"
CALLED = r"(?:\w+\.)?(?:tensor|array|devicearray|float\d\d)"
PAIR = re.compile(
    rf"\b([A-Za-z_][\w/]*(?:[-.][A-Za-z][\w/]*)*\.?)[\"'*]*(?:\s*[:=|]+\s*|\s+is\s+|\s+|(?=\[))"
    rf"[\[(#]?\s*(?:{CALLED}\()?{VALUE}(?:\s*/\s*(\d+))?",
    re.ASCII | re.IGNORECASE,
)
AT = re.compile(rf"loss\b[^\d:=]*\b(step|iteration|iter|epoch|batch)\s+(\d+)\s*[:=]\s*{VALUE}", re.I | re.ASCII)
LONG = re.compile(r"\bloss((?: [a-z]+){1,4})(?= ?[:=] ?[-+.\d])", re.ASCII | re.IGNORECASE)  # loss on the test set: 2.3
COUNT = re.compile(  # 200 iter, 1epoch, 91-180batch
    r"(?<![\w.])(?:\d+-)?(\d+) ?(epoch|iteration|iter|step|batch)\b(?! *[=:]? *\d)", re.ASCII | re.IGNORECASE
)
ROW = re.compile(
    r"^\s*(?:\[(\d+)\]\s|(\d+):\s|(\d+)\s+(?=\[|(?:train|val|valid|test|loss)\b))", re.ASCII | re.IGNORECASE
)
NO_WORDS = re.compile(rf"^\s*(\d+)\s*/\s*(\d+)\s*:\s*{VALUE}\s*$", re.ASCII | re.IGNORECASE)  # 10/200: 2.3
OF = re.compile(r"(?:^|[\[|])\s*(\d+)\s*/\s*(\d+)(?=[\s\])]|$)(?! *\(\d+%\)| \d+:)")  # with a share they are samples
EPOCH_ITER = re.compile(r"^\s*\[\s*(\d+)\s*,\s*(\d+)\s*\]")
BEHIND = re.compile(
    r"loss[^|\[]*\[\s*\d+\s*/\s*\d+\s*\]\s*$", re.ASCII | re.IGNORECASE
)  # loss: 2.3 [64/60000]: samples
OF_EACH = re.compile(r"\[\s*(\d+)\s*/\s*\d+\s*\]\s*\[\s*(\d+)\s*/\s*(\d+)\s*\]")  # epochs, then steps
TWO = re.compile(rf"\b({BEFORE}) (?=[a-z_]*(?:loss|cost|epoch|step|iter|rate))", re.ASCII | re.IGNORECASE)
SPLIT = re.compile(  # whose the losses are that follow: Test: [0/98] loss 2.3
    r"(?<![^ \t\[(|>:,])(train|training|val|vali|valid|validate|validation|test|testing|eval|evaluation|dev|cv)"
    r"(?:_\d+)?(?![^ \t\[\]):|.,]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
SECTION = re.compile(  # -- validation --
    r"^[^A-Za-z0-9\n]*(train|training|val|valid|validation|test|testing|eval|evaluation|dev)"
    r"(?: (?:set|phase|results?|metrics?|step|loop))?[^A-Za-z0-9\n]*$",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
EPOCH_OF = re.compile(r"\b(epoch|iter)\((train|val|test)\)", re.ASCII | re.IGNORECASE)  # Epoch(train) [1]
TURNED = re.compile(rf"\bloss ({BEFORE})(?= *[:=])", re.ASCII | re.IGNORECASE)  # loss train: 2.3
# A value before its name, as in 2.3 avg, 0.001 rate
BACK = re.compile(rf"(?<![\w.,:])({DECIMAL}|{LOST}) (avg(?:[ _]loss)?|loss|rate)(?=,|\s*$)", re.ASCII)
MAKE = "its make"
BEGINNING = 20_000  # characters
MEANT = {"avg": "avg_loss", "rate": "lr", "Ep.": "epoch", "Up.": "update", "L.r.": "lr"}  # Darknet's, Marian's


def table(text: str) -> Table | None:
    """A row for every line that gives a loss; counts and rates hold on until they are said again. None if none does."""
    makes: dict[tuple, int] = {}
    found = from_pieces(_chunks(_sectioned(text), makes))
    if not found.names:
        return None
    make, names_of = None, tuple(makes)
    if len(makes) > 1:
        at = found.names.index(MAKE)
        make = np.nan_to_num(found.columns[at].values).astype(int)
        found = Table(found.names[:at] + found.names[at + 1 :], found.columns[:at] + found.columns[at + 1 :], [])
    return found._replace(makes=make, names_of=names_of)


def _sectioned(text: str) -> str:
    """Lines under a heading of validation get its word before them, where one of training ends them."""
    if not SECTION.search(text[:BEGINNING]):
        return text
    before, *parts = SECTION.split(text)
    held = [word.lower() not in ("train", "training") for word in parts[::2]]
    often = [lines.lower().count("loss") for lines in parts[1::2]]
    trained = sum(count for own, count in zip(held, often, strict=True) if not own)
    if 2 * sum(held) > len(held) + 1 or (held[-1] and often[-1] > trained):
        return text
    under = zip(held, parts[1::2], strict=True)
    return before + "".join(lines.replace("\n", "\nvalidation: ") if own else lines for own, lines in under)


def likely(text: str) -> bool:
    """Whether two of the first lines say a loss in words."""
    return sum(any(map(_names.is_loss, _pairs(line))) for line in text[:BEGINNING].split("\n")[:-1]) > 1


def _chunks(text: str, makes: dict[tuple, int]) -> Iterator[Piece]:
    known: dict = {}
    held: dict[str, float | None] = {}
    for block in _shapes.blocks(text):
        groups = _shapes.together(block.split("\n"), _said, known)
        if not groups:
            continue
        names, counts = _order(groups, held)
        for rows, said in groups:
            if any(map(_names.is_loss, said)) and (make := makes.setdefault(tuple(said), len(makes))):
                said[MAKE] = Column(np.full(len(rows), float(make)), np.zeros(len(rows), bool))
                names |= {MAKE: None}
        height, cells = spread(groups)
        for name in counts:
            cells[name] = _held(cells.get(name) or none(height), held.get(name))
            held[name] = None if cells[name].missing[-1] else cells[name].values[-1]
        gone = np.all([own.missing for name, own in cells.items() if _names.is_loss(name)], axis=0)
        if np.any(gone):
            kept = ~np.broadcast_to(gone, height)
            cells = {name: Column(own.values[kept], own.missing[kept]) for name, own in cells.items()}
            height = int(kept.sum())
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
    said = _pairs(EPOCH_OF.sub(r"\2 \1", TWO.sub(r"\1_", LONG.sub(r"\1 loss", TURNED.sub(r"\1_loss", line)))))
    return [{name: number(value) for name, value in said.items()}] if said else []


def whose(text: str) -> str:
    """The last word for a split in a text, if it is one for validation or test."""
    said = [found[1].lower() for found in SPLIT.finditer(text)][-1:]
    return said[0] if said and said[0] in _names.HELD_OUT else ""


def counts(line: str) -> dict[str, float | None]:
    """The steps, epochs and rates that a line says."""
    return {name: cell for said in _said(line) for name, cell in said.items() if _names.counts(name)}


def _pairs(line: str) -> dict[str, str]:
    if (" step " in line or " at " in line) and (found := AT.search(line)):
        return {found[1].lower(): found[2], "loss": found[3]}
    if found := NO_WORDS.match(line):
        return {"iter": found[1], "iter/of": found[2], "value": found[3]}
    said: dict[str, str] = {}
    if found := EPOCH_ITER.match(line):
        said |= {"epoch": found[1], "iter": found[2]}
    if "/" in line and (found := OF_EACH.search(line)):
        said |= {"epoch": found[1], "iter": found[2], "iter/of": found[3]}
    for name, value, of in _whose(line):
        said.setdefault(name, value)
        if of and _names.counts(name):
            said.setdefault(f"{name}/of", of)
    if "/" in line and not BEHIND.search(line) and (found := OF.search(PAIR.sub("", line))):
        said.setdefault("iter", found[1])
        said.setdefault("iter/of", found[2])
    for value, name in COUNT.findall(line):
        said.setdefault(name, value)
    for value, name in BACK.findall(line):
        said.setdefault(MEANT.get(name, name), value)
    if (found := ROW.match(line)) and not any(_names.step(name) is not None for name in said):
        said["#"] = found[1] or found[2] or found[3]
    return said


def _whose(line: str) -> Iterator[tuple[str, str, str]]:
    """The names and values in a line; a loss behind a word for validation or test has that in its name, but once."""
    splits, held, measured, named = [*SPLIT.finditer(line)], "", False, set[str]()
    for found in PAIR.finditer(line):
        name, value, of = MEANT.get(found[1], found[1]), found[2], found[3]
        alone = _names.alone(name)
        while splits and splits[0].start() < found.start() + alone:
            split = splits.pop(0)
            its = measured and not _names.is_loss(name) and not line[split.end() : found.start()].strip(" ")
            if not its and (split.start() < found.start() or value.isdigit()):  # it has no value itself
                held = split[1].lower()
        part, *more = _names.parts(name) or [""]
        if part in _names.ALONE and _names.counts("_".join(more)):
            held = part  # TEST epoch 3
        measured = measured or _names.is_loss(name) or _names.is_gain(name)
        if alone and (value.isdigit() or line[found.end() : found.end() + 1] == "%"):
            continue  # a count, or a share
        named.add(name)
        its_own = f"{held}_{name}" in named or not _names.ALONE.isdisjoint(_names.parts(name))
        other = held in _names.HELD_OUT and _names.is_loss(name) and not its_own
        yield (f"{held}/{name}" if other else name), value, of
