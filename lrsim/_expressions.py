"""From text to objects: numbers, and the expressions that `repr` writes and a command line takes."""

import ast
import math
import operator
import re
import warnings
from types import ModuleType
from typing import Any

from lrsim.schedules import Schedule

ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
NUMBERS = (int, float)
SIGNS: dict[type, Any] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
LONGEST, LARGEST = 100_000, 1e308  # characters of an expression, numbers in it
NUMBER = re.compile(r"[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)", re.ASCII | re.IGNORECASE)


def evaluate(text: str, room: ModuleType) -> Any:
    """A number, a list, or a call of one of the room's functions, as `repr` writes it; nothing else is run."""
    if len(text) > LONGEST:
        raise ValueError(f"{text[:20]!r}... has {len(text):,} characters, and {LONGEST:,} are the most")
    if found := re.search(r"\d_+\d", text):
        raise ValueError(f"{text!r:.60} has {found[0]!r}: write a number's digits without _ between them")
    if re.fullmatch(r"\s*[+-]?\d+,\d+\s*", text):
        raise ValueError(f"must be a number, got {text!r:.60}: write decimal points")
    if NUMBER.fullmatch(text.strip()):
        number(text.strip())
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"{text!r:.60} is neither a number nor a call such as {_example(room)}") from None
    try:
        return _value(tree, room)
    except RecursionError:
        raise ValueError(f"{text!r:.60} is nested too deeply") from None
    except ZeroDivisionError:
        raise ValueError(f"{text!r:.60} divides by zero") from None


def _value(node: ast.expr, room: ModuleType) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str, type(None))):
        return _bounded(node.value) if type(node.value) in (int, float) else node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_value(item, room) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and type(node.op) in SIGNS:
        return SIGNS[type(node.op)](_number(node.operand, _value(node.operand, room)))
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        left, right = _value(node.left, room), _value(node.right, room)
        if type(node.op) is ast.Mult and isinstance(left, Schedule):
            return left * _number(node.right, right)
        if type(node.op) is ast.Mult and isinstance(right, Schedule):
            return _number(node.left, left) * right
        return _bounded(ARITHMETIC[type(node.op)](_number(node.left, left), _number(node.right, right)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node, node.func.id, room)
    raise ValueError(f"{ast.unparse(node)!r:.60} is neither a number nor a call such as {_example(room)}")


def _call(node: ast.Call, name: str, room: ModuleType) -> Any:
    names = [name for name, found in vars(room).items() if name[0].islower() and _belongs(found, room)]
    if name not in names:
        raise ValueError(f"{name:.40} is unknown; there are {', '.join(sorted(names))}")
    given = [part.arg for part in node.keywords]
    if None in given or len(set(given)) < len(given):
        raise ValueError(f"{ast.unparse(node)!r:.60} must give each argument once, by its name")
    keywords = {str(part.arg): _value(part.value, room) for part in node.keywords}
    return getattr(room, name)(*(_value(item, room) for item in node.args), **keywords)


def _number(node: ast.expr, value: Any) -> float:
    if type(value) not in NUMBERS:
        raise ValueError(f"{ast.unparse(node)!r:.60} must be a number")
    return value


def _bounded(value: Any) -> Any:
    if not abs(value) <= LARGEST:
        raise ValueError(f"numbers must be finite and at most {LARGEST:g}")
    return float(value) if abs(value) >= 2**63 else value  # a larger whole number is no number to NumPy


def number(text: str) -> float:
    """A finite number in decimal digits: float() would also take 1_5, and overflow without a word."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"must be a number, got {text!r:.60}")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"must be finite, got {text:.60}")
    if value == 0 and re.search("[1-9]", text.lower().partition("e")[0]):
        raise ValueError(f"must be 0 or at least 5e-324, got {text:.60}")
    return value


def whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,40}", text, re.ASCII):
        raise ValueError(f"must be a whole number, got {text!r:.60}")
    return int(text)


def _belongs(found: Any, room: ModuleType) -> bool:
    return callable(found) and str(getattr(found, "__module__", "")).startswith(room.__name__)


def _example(room: ModuleType) -> str:
    room_name = room.__name__.split(".")[-1]
    return {"landscapes": "'bowl([1, 20])'", "schedules": "'cosine(0.1, 90)'"}.get(room_name, "'heavy_ball(0.9)'")
