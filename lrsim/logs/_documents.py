"""A JSON document: rows, columns, a trainer's log_history, TensorBoard's triples."""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

from lrsim.logs import _names, _shapes, _words
from lrsim.logs._cells import Table, column
from lrsim.logs._groups import from_rows

HISTORIES = ("log_history", "history", "data", "logs", "log", "rows", "results", "metrics", "scalars")
CALLED = re.compile(r"\b[\w.]+\(\s*([+-]?[\w.+-]+)[^()]*\)")  # tensor(2.3), np.float64(2.3)
BARE = re.compile(r"(?<![\w'\".])([+-]?(?:nan|inf|NaN|Infinity))(?![\w'\"])")
OPENS = re.compile(r"\s*[{[]")
ROWS = re.compile(rf'(?:"({"|".join(HISTORIES)})"\s*:\s*|\A\s*)\[(?=\s*\{{)')
PRINTED = ("text", "text/html", "data", "log", "message")
NAMED = re.compile(r"^[ \t]*([A-Za-z_][\w./-]*)[ \t]*[:=][ \t]*(\[[^\[\]{}\n]*,[^\[\]{}\n]*\])[ \t]*$", re.ASCII | re.M)
COMMA = re.compile(r"\s*,")


def table(text: str) -> Table | None:
    """The table in a JSON document, None if this is no JSON document.

    Raises:
        ValueError: it is one, but holds no rows or columns of numbers.
    """
    if not OPENS.match(text):
        return _lists(text) if len(text) < _shapes.BLOCK else None
    try:
        long = _in_pieces(text) if len(text) > _shapes.BLOCK else None
        if long is not None:
            return long
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = read_python(text) if len(text) < _shapes.BLOCK and text.rstrip()[-1:] in "}]" else None
        if document is None:
            return None
    if isinstance(document, dict) and all(_single(value) for value in document.values()):
        return None  # one line of dictionaries
    found = _within(document)
    if found is None:
        raise ValueError("the JSON document holds neither rows nor columns of numbers")
    return found


def _lists(text: str) -> Table | None:
    """Lists that are printed with a name each, one of them a loss and no loss beside them: `loss = [2.3, 1.9, 1.6]`."""
    found = NAMED.findall(text)
    names = [name for name, _ in found]
    if len(set(names)) < len(names) or not any(map(_names.is_loss, names)) or _words.likely(NAMED.sub("", text)):
        return None
    return columns({name: read_python(cells) for name, cells in found})


def read_python(text: str) -> Any:
    """What a Python literal says, as print writes it: with nan and tensor(2.3); None if it is none."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes that are none
            return ast.literal_eval(BARE.sub(r"'\1'", CALLED.sub(r"\1", text.strip())))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def printed(text: str) -> str | None:
    """What a notebook's cells, or the rows that a host makes of printed lines, say in words; None if it is neither."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    cells = document.get("cells") if isinstance(document, dict) else document
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return None
    outputs = [out for cell in cells for out in cell.get("outputs", ()) if isinstance(out, dict)] or cells
    outputs = [out["data"] if isinstance(out.get("data"), dict) else out for out in outputs]
    found = [out[name] for out in outputs for name in PRINTED if name in out]
    said = ["".join(map(str, part)) if isinstance(part, list) else part for part in found]
    return "".join(_untagged(part) for part in said if isinstance(part, str)) or None


def _untagged(text: str) -> str:
    """The rows of an HTML table with tabs between cells; other text as it is."""
    if "<td" not in text:
        return text
    rows = re.split(r"</tr\s*>", text)
    return "".join("\t".join(re.findall(r"<t[dh][^>]*>\s*([^<]*?)\s*</t[dh]", row)) + "\n" for row in rows)


def _in_pieces(text: str) -> Table | None:
    """The rows of a long document, without the dictionaries of all at a time; None where that is not all there is."""
    start = ROWS.search(text, 0, _shapes.BLOCK)
    if start is None:
        return None
    ends: list[int] = []
    try:
        found = from_rows(_pieces(text, start.end(), ends))
        rest = json.loads(f'{text[: start.end()]}"rows"]{text[ends[0] :]}')
    except (ValueError, RecursionError):
        return None
    if start[1] is None:
        return found if rest == ["rows"] else None
    before = HISTORIES[: HISTORIES.index(start[1])]
    alone = rest.get(start[1]) == ["rows"] and not {"columns", *before} & rest.keys()
    return found if alone else None


def _pieces(text: str, at: int, ends: list[int]) -> Iterator[list[dict]]:
    """The rows of the list that begins before `at`, some at a time; then `ends` has where it ends."""
    while not ends:
        end = text.find("}", at + _shapes.BLOCK) + 1
        comma = COMMA.match(text, end) if end else None
        try:
            rows = json.loads(f"[{text[at:end]}]") if comma else None
        except ValueError:  # in the middle of a row, or behind the list
            rows = None
        if rows is None:
            rows, length = json.JSONDecoder().raw_decode(f"[{text[at:]}")
            ends.append(at + length - 1)
        if set(map(type, rows)) - {dict}:
            raise ValueError("no row")
        at = comma.end() if comma else at
        yield rows


def _single(value: Any) -> bool:
    return not isinstance(value, (list, dict))


def _within(document: Any, depth: int = 0) -> Table | None:
    if isinstance(document, list):
        return _list(document)
    if not isinstance(document, dict) or depth > 3:
        return None
    if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):  # pandas, orient="split"
        return from_rows([[dict(zip(map(str, document["columns"]), row, strict=False)) for row in document["data"]]])
    for name in HISTORIES:
        found = _within(document.get(name), depth + 1)
        if found is not None:
            return found
    return columns(document) or _keyed(document) or _deeper(document, depth)


def _list(items: list) -> Table | None:
    if items and all(isinstance(item, dict) for item in items):
        return from_rows([items])
    if items and all(isinstance(item, list) and len(item) == 3 for item in items):  # TensorBoard: time, step, value
        return from_rows([[dict(zip(("wall time", "step", "value"), item, strict=True)) for item in items]])
    if len(items) > 1 and all(_single(item) for item in items):
        found = column(items)
        return None if found.missing.all() else Table(["loss"], [found], [])
    return None


def columns(document: dict, before: str = "") -> Table | None:
    """A dictionary of lists of one length; lists of another length, nested ones and single values are left out."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, list) and len(value) > 1 and all(map(_single, value)):
            found[f"{before}{name}"] = value
        elif isinstance(value, dict) and not before:
            inner = columns(value, f"{name}/")
            found |= {} if inner is None else dict(zip(inner.names, inner.columns, strict=True))
    if not found:
        return None
    sized = {name: column(v) if isinstance(v, list) else v for name, v in found.items()}
    return Table(list(sized), list(sized.values()), [])


def _keyed(document: dict) -> Table | None:
    """{"loss": {"0": 2.3, "1": 1.9}}, as pandas writes columns, or {"0": {"loss": 2.3}}, as it writes rows."""
    inner = list(document.values())
    if not inner or not all(isinstance(value, dict) and value for value in inner):
        return None
    if all(str(key).strip("-").isdigit() for key in document):
        return from_rows([[{"index": key} | value for key, value in document.items()]])
    if all(str(key).isdigit() for value in inner for key in value):
        return Table(list(document), [column(list(value.values())) for value in inner], [])
    return None


def _deeper(document: dict, depth: int) -> Table | None:
    inner = [_within(value, depth + 1) for value in document.values() if not _single(value)]
    tables = [found for found in inner if found is not None]
    return max(tables, key=lambda found: max(len(c.values) for c in found.columns), default=None)
