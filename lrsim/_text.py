"""From objects to text, for the command line: tables and numbers."""

import math
from typing import Any, TextIO

import numpy as np


def json(facts: dict[str, Any]) -> str:
    from json import dumps  # only where JSON is asked for

    return dumps(jsonable(facts), allow_nan=False, ensure_ascii=False)


def jsonable(value: Any) -> Any:
    """For JSON: NumPy's types as Python's, and null for what is not finite, since JSON has no word for it."""
    if isinstance(value, dict):
        return {key: jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return jsonable(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def show(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, (float, np.floating)) else str(value)


def table(rows: list[dict[str, Any]]) -> str:
    """Right-aligned columns under their headings."""
    cells = [list(rows[0]), *([show(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, part)) for part in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.rjust, line, widths)).rstrip() for line in cells)


def pairs(facts: dict[str, Any]) -> str:
    width = max(map(len, facts))
    return "\n".join(f"{key.ljust(width)}  {show(value)}" for key, value in facts.items())


def csv(rows: list[dict[str, Any]]) -> str:
    """Commas, a heading, and every digit of every number."""
    text = [",".join(rows[0])]
    text += [",".join("" if value is None else _cell(str(value)) for value in row.values()) for row in rows]
    return "\n".join(text)


def _cell(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if "," in text or quoted != text else text


def progress(done: int, total: int, to: TextIO) -> None:
    """Redraws one line; when all is done, wipes it."""
    bar = "█" * (30 * done // total)
    to.write(f"\r{bar:<30} {100 * done // total:3d} %" if done < total else "\r" + " " * 40 + "\r")
    to.flush()
