"""What a picture is made of: the code that it uses and the packages it runs on, by content, since times lie.

A copy of the checkout has other times, an editor may save what was there, a clock may be wrong; none of that redraws
a picture. Neither does a docstring, except its own, which holds its caption.
"""

import ast
import atexit
import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from figures.files import ROOT

LOCKS = ("requirements.lock", "package-lock.json")  # the fonts come with the second
Code = dict[str, list]  # of one file: "code", a hash; "uses", [module, names] each; "reads", files


def made_of(own: Path, *others: Path) -> str:
    """One hash of a file to the letter, of others, of all the code that these use, and of the locks."""
    whole = hashlib.sha256(b"".join(_content(ROOT / lock) for lock in LOCKS))
    for path in sorted({found for source in (own, *others) for found in closure(source)}):
        plain = path == own or path.suffix != ".py"
        content = _content(path) if plain else _code(path)["code"][0].encode()
        whole.update(f"{path.relative_to(ROOT)}\0".encode() + content + b"\0")
    return whole.hexdigest()


@cache
def closure(source: Path) -> frozenset[Path]:
    """A file and all of this project that it uses, and the data named in READS, directly or not."""
    seen: set[Path] = set()
    todo = [source]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += _used(path) if path.suffix == ".py" else ()
    return frozenset(seen)


@cache
def _used(path: Path) -> tuple[Path, ...]:
    found = _code(path)
    data = [ROOT / name for name in found["reads"]]
    code = [home for module, names in found["uses"] for name in names or [""] for home in _homes(module, name)]
    return tuple(dict.fromkeys(data + code))


def _homes(module: str, name: str) -> Iterator[Path]:
    """Where `from module import name` finds it: a package that only passes a name on is not used by who asks for it."""
    place = ROOT.joinpath(*module.split("."))
    if (file := place.with_suffix(".py")).is_file():
        yield file
        return
    init = place / "__init__.py"
    if not init.is_file():
        return
    inside = place / name
    if name and ((inside / "__init__.py").is_file() or inside.with_suffix(".py").is_file()):
        yield from _homes(f"{module}.{name}", "")
        return
    passed_on = [(origin, name) for origin, names in _code(init)["uses"] if name in names]
    if not name or not passed_on:
        yield init
    for origin, one in passed_on:
        yield from _homes(origin, one)


@cache
def _code(path: Path) -> Code:
    content = _content(path)
    key = hashlib.sha256(content).hexdigest()
    if key not in _known():
        try:
            _known()[key] = _read(content)
        except (SyntaxError, ValueError) as error:
            raise ValueError(f"{path.relative_to(ROOT)}: {error}") from None
        atexit.unregister(_remember)
        atexit.register(_remember, _known())
    return _known()[key]


def _read(content: bytes) -> Code:
    tree = ast.parse(content)
    uses: list[list] = []
    reads: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "READS":
            reads += ast.literal_eval(node.value)
        elif isinstance(node, ast.Import):
            uses += [[alias.name, []] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            uses.append([node.module, [alias.name for alias in node.names]])
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:]
    ours = [use for use in uses if use[0].split(".")[0] in ("figures", "lrsim")]
    return {"code": [hashlib.sha256(ast.dump(tree).encode()).hexdigest()], "uses": ours, "reads": reads}


@cache
def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


MEMORY = ROOT / ".cache" / "code.json"


@cache
def _known() -> dict[str, Code]:
    """By content, what files held when they were last read, so that "is there anything to do?" parses nothing."""
    try:
        found = json.loads(MEMORY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(code: dict[str, Code]) -> None:
    """At the end of a process that had to read: once, whatever it read."""
    MEMORY.parent.mkdir(exist_ok=True)
    partial = MEMORY.with_name(f".{MEMORY.name}.{os.getpid()}")
    partial.write_text(json.dumps(code), encoding="utf-8")
    os.replace(partial, MEMORY)
