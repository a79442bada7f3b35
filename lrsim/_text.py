"""Between text and objects, for the command line: expressions, columns of losses, tables."""

import ast
import math
import operator
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any, TextIO

import numpy as np

ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
LOSS = ("loss", "losses", "value")  # headings that say which column it is


def evaluate(text: str, room: ModuleType) -> Any:
    """A number, a list, or a call of one of the room's functions, as `repr` writes it; nothing else is run."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"{text!r:.60} is neither a number nor a call such as {_example(room)}") from None
    try:
        return _value(tree, room)
    except ZeroDivisionError:
        raise ValueError(f"{text!r:.60} divides by zero") from None


def _value(node: ast.expr, room: ModuleType) -> Any:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool, str, type(None)):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_value(item, room) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand, room)
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        return ARITHMETIC[type(node.op)](_number(node.left, room), _number(node.right, room))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        names = [name for name, found in vars(room).items() if name[0].islower() and _belongs(found, room)]
        if node.func.id not in names:
            raise ValueError(f"{node.func.id} is unknown; there are {', '.join(sorted(names))}")
        keywords = {str(part.arg): _value(part.value, room) for part in node.keywords}
        return getattr(room, node.func.id)(*(_value(item, room) for item in node.args), **keywords)
    raise ValueError(f"{ast.unparse(node)!r:.60} is neither a number nor a call such as {_example(room)}")


def _number(node: ast.expr, room: ModuleType) -> float:
    value = _value(node, room)
    if type(value) not in (int, float):
        raise ValueError(f"{ast.unparse(node)!r:.60} must be a number")
    return value


def _belongs(found: Any, room: ModuleType) -> bool:
    return callable(found) and getattr(found, "__module__", "").startswith(room.__name__)


def _example(room: ModuleType) -> str:
    room_name = room.__name__.split(".")[-1]
    return {"landscapes": "'bowl([1, 20])'", "schedules": "'cosine(0.1, 90)'"}.get(room_name, "'heavy_ball(0.9)'")


def column(lines: Iterable[str], wanted: str | None) -> np.ndarray:
    """One column of a table: comma, semicolon, tab or blanks between cells, a heading or none, # for comments.

    `wanted` is a heading or a number from 1. Without it: the only column, or the one headed loss, losses or value.
    """
    rows = [(i, _cells(line)) for i, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")]
    heading = rows.pop(0)[1] if rows and not any(map(_is_number, rows[0][1])) else None
    if not rows:
        raise ValueError("losses: the input holds no numbers")
    at = _which(heading, len(rows[0][1]), wanted)
    values = []
    for line, cells in rows:
        if at >= len(cells):
            raise ValueError(f"losses: line {line} has {len(cells)} columns, and column {at + 1} was needed")
        if not _is_number(cells[at]):
            raise ValueError(f"losses: line {line} has {cells[at]!r:.40} where a number was needed")
        values.append(float(cells[at]))
    return np.array(values)


def _cells(line: str) -> list[str]:
    for mark in (",", ";", "\t"):
        if mark in line:
            return [cell.strip().strip("\"'") for cell in line.split(mark)]
    return re.split(r"\s+", line.strip())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _which(heading: list[str] | None, width: int, wanted: str | None) -> int:
    names = [name.lower() for name in heading or []]
    if wanted is not None and wanted.lower() in names:
        return names.index(wanted.lower())
    if wanted is not None and wanted.isdecimal() and 1 <= int(wanted) <= max(width, len(names)):
        return int(wanted) - 1
    said = f"columns {', '.join(heading)}" if heading else f"{width} columns without headings"
    if wanted is not None:
        raise ValueError(f"--column {wanted} is not there; the input has {said}")
    named = [i for i, name in enumerate(names) if name in LOSS]
    if len(named) == 1 or max(width, len(names)) == 1:
        return named[0] if named else 0
    raise ValueError(f"the input has {said}: say which with --column")


def plain(value: Any) -> Any:
    """For JSON: NumPy's types as Python's, and null for what is not finite, since JSON has no word for it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
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
    text += [",".join("" if value is None else str(value) for value in row.values()) for row in rows]
    return "\n".join(text)


def progress(done: int, total: int, to: TextIO) -> None:
    """Redraws one line; when all is done, wipes it."""
    bar = "█" * (30 * done // total)
    to.write(f"\r{bar:<30} {100 * done // total:3d} %" if done < total else "\r" + " " * 40 + "\r")
    to.flush()
