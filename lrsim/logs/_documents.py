"""A JSON document: rows, columns, a trainer's log_history, TensorBoard's triples."""

import json
from typing import Any

from lrsim.logs._cells import Table, column, from_rows

HISTORIES = ("log_history", "history", "data", "logs", "log", "rows", "results", "metrics", "scalars")


def table(text: str) -> Table | None:
    """The table in a JSON document, None if this is no JSON document.

    Raises:
        ValueError: it is one, but holds no rows or columns of numbers.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict) and all(_single(value) for value in document.values()):
        return None  # one line of dictionaries
    found = _within(document)
    if found is None:
        raise ValueError("the JSON document holds neither rows nor columns of numbers")
    return found


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
