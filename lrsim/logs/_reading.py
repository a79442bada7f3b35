"""`read`: which kind of file it is, from its bytes, and then the log in it."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from lrsim.logs import _documents, _events, _lines, _printed, _tables, _words
from lrsim.logs._cells import Table, column
from lrsim.logs._choice import Wanted, chosen
from lrsim.logs._log import Log
from lrsim.typing import LogLike

MOST = 2**30  # bytes
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
BEGINNING = 100_000  # characters, which show how a file writes its numbers
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
EXPONENT = re.compile(r"(?<![\w.])([+-]?\d+\.\d*)[dDf]([+-]?\d{1,3})(?!\w)", re.ASCII)  # Fortran's and Julia's 2.3f-5
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)? ", re.ASCII | re.MULTILINE)  # as hosts write
THOUSANDS = re.compile(r"\b(?:step|iter|iteration|update|batch)[ :=#]+\d{1,3}(?:,\d{3})+(?![\w.]|,\S)", re.ASCII | re.I)
BOXED = re.compile("[│┃║]")
BOXES = str.maketrans("│┃║┆─━═╌├┤┡┩╞╡╇┼╪┏┳┓┌┬┐└┴┘╒╤╕╘╧╛╔╦╗╠╬╣╚╩╝", "||||----" + 33 * "+")
KINDS: tuple[Callable[[str], Table | None], ...] = (
    _documents.table,
    _lines.table,
    _tables.table,
    _printed.table,
    _words.table,
)


def read(path_or_file: LogLike, column: Wanted = None, step: Wanted = None, rate: Wanted = None) -> Log:
    """L(s) of one training run out of whatever its framework wrote: losses, steps and rates.

    path_or_file: a path; an open file, of text or of bytes; a dictionary of lists, a pandas frame, or what Keras's
    `fit` returns. Files may be JSON (a trainer's log_history, rows, columns, TensorBoard's triples), lines that hold
    dictionaries, tables with any mark between cells, text with words and numbers, and TensorBoard's event files if
    tensorboard is installed. `column`, `step` and `rate` name columns, or count them from 1; without them, names that
    speak for themselves decide, training before validation. Missing values (empty, NA, null) are left out; nan, inf
    and what C, Windows or JavaScript write for them are losses that are not finite. After a resume the later row
    counts. Lines that differ in their numbers alone are read together: of these a million take a few seconds, and
    twice the room of the file (four times that of one with progress bars, which are no ASCII).

    Raises:
        OSError: no such file. ValueError: nothing in it is a loss, or it could mean two things.

    >>> import io
    >>> table = "epoch;train_loss;val_loss\\n1;2,31;2,5\\n2;1,76;2,2\\n3;1,45;2,1\\n"
    >>> log = read(io.StringIO(table))
    >>> print(log)
    3 rows of train_loss, epoch 1 to 3; left out: val_loss
    >>> log.losses.tolist()
    [2.31, 1.76, 1.45]
    """
    if isinstance(path_or_file, Mapping) or hasattr(path_or_file, "columns") or hasattr(path_or_file, "history"):
        return chosen(_frame(path_or_file), column, step, rate)
    if isinstance(path_or_file, (str, os.PathLike)):
        path = os.fspath(path_or_file)
        if _events.is_events(path):
            return chosen(_events.table(path), column, step, rate)
        with open(path, "rb") as file:
            return parsed(text_of(file), column, step, rate)
    if hasattr(path_or_file, "read"):
        return parsed(text_of(path_or_file), column, step, rate)
    raise TypeError(f"path_or_file must be a path, a file or a dictionary of lists, got {path_or_file!r:.60}")


def parsed(text: str, column: Wanted = None, step: Wanted = None, rate: Wanted = None) -> Log:
    """The log in a text: of the first kind of file that has a loss in it."""
    refused: list[ValueError] = []
    text = _plain(text)
    kinds = sorted(KINDS, key=lambda kind: kind is _tables.table) if _words.likely(text) else KINDS
    for kind in kinds:
        try:
            table = kind(text)
            if table is not None:
                return chosen(table, column, step, rate)
        except ValueError as error:
            refused.append(error)
            if kind is _documents.table:
                printed = _documents.printed(text)
                if printed is not None:
                    return parsed(printed, column, step, rate)
                break
    raise next((error for error in refused if "say which" in str(error)), refused[0])  # which lists what is there


def _plain(text: str) -> str:
    """Without colours and a host's stamps, with lines, boxes and numbers written as most files write them.

    Line ends of any system are Python's; so is a progress bar's return to the start of its line.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = COLOUR.sub("", text)
    if BOXED.search(text, 0, BEGINNING):
        text = text.translate(BOXES)
    if THOUSANDS.search(text, 0, BEGINNING):
        text = THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
    if STAMP.match(text):
        text = STAMP.sub("", text)
    if EXPONENT.search(text, 0, BEGINNING):
        text = EXPONENT.sub(r"\1e\2", text)
    return text


def text_of(file: Any) -> str:
    """What a file holds, in UTF-8, or in UTF-16 where its first bytes say so."""
    data = file.read(2**16)
    if isinstance(data, str):
        text = (data + file.read()).removeprefix("\ufeff")
    else:
        coding = next((coding for mark, coding in BOMS.items() if data.startswith(mark)), "utf-8")
        if coding == "utf-16" or b"\0" not in data:  # a device of endless zeros is not read to its end
            data += file.read(MOST)
        if len(data) > MOST:
            raise ValueError(f"must have at most {MOST:,} bytes")
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            text = "\0"
        del data  # before the text is doubled
        if "\0" in text:
            raise ValueError("must be text in UTF-8, or in UTF-16 with its mark; its bytes are not")
    return text


def _frame(given: Any) -> Table:
    """A table out of a dictionary of lists, a pandas frame or a Keras History."""
    given = given if isinstance(given, Mapping) or hasattr(given, "columns") else given.history
    index = getattr(getattr(given, "index", None), "name", None)
    found = {} if index is None else {str(index): column(_listed(given.index))}
    lengths: dict[str, int] = {}
    for name in given.columns if hasattr(given, "columns") else given:
        cells = _listed(given[name])
        if cells:
            found[str(name)], lengths[str(name)] = column(cells), len(cells)
    if not lengths or not max(lengths.values()):
        raise ValueError("path_or_file must hold lists of numbers, got none")
    if len(set(lengths.values())) > 1:
        loss = next((n for n in lengths if n == "loss"), max(lengths, key=lambda n: lengths[n]))
        found = {name: own for name, own in found.items() if len(own.values) == lengths[loss]}
    return Table(list(found), list(found.values()), [])


def _listed(values: Any) -> list:
    if hasattr(values, "tolist"):
        values = values.tolist()
    return list(values) if isinstance(values, (list, tuple)) else []
