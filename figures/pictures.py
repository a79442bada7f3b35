"""A picture is a file: finds plots and films by name, reads their docstrings, and knows when they are stale.

Nothing here imports a plot, so that asking "is there anything to do?" costs milliseconds.
"""

import ast
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "docs" / "assets" / "generated"


@dataclass(frozen=True)
class Picture:
    """One plot or film: `kind` is the folder it lives in ("plots" or "films"), `source` its Python file."""

    kind: str
    source: Path

    @property
    def name(self) -> str:
        return self.source.stem.replace("_", "-")

    @property
    def module(self) -> str:
        return f"figures.{self.kind}.{self.source.stem}"

    @property
    def folder(self) -> Path:
        return GENERATED / self.kind

    @property
    def record(self) -> Path:
        """Written last, once every file of the picture is in place: its caption, alt text and list of files."""
        return self.folder / f"{self.name}.json"

    @cached_property
    def text(self) -> dict[str, str]:
        """`claim`, `caption` and `alt` from the docstring: a sentence, then paragraphs "Caption: …" and "Alt: …"."""
        where = self.source.relative_to(ROOT)
        doc = ast.get_docstring(ast.parse(self.source.read_text())) or ""
        paragraphs = [re.sub(r"\s+", " ", part).strip() for part in doc.split("\n\n")]
        found = {"claim": paragraphs[0]}
        for key in ("caption", "alt"):
            starts = [p for p in paragraphs if p.lower().startswith(f"{key}: ")]
            if not starts:
                raise ValueError(f"{where}: the docstring needs a paragraph that starts with '{key.title()}: '")
            found[key] = starts[0][len(key) + 2 :]
        if not found["claim"].endswith("."):
            raise ValueError(f"{where}: the docstring must start with the picture's claim, a sentence with a full stop")
        return found

    def stale(self) -> bool:
        try:
            made = self.record.stat().st_mtime_ns
            record = json.loads(self.record.read_text())
            files, *_ = (record[key] for key in ("files", "values", "page"))
        except (OSError, ValueError, KeyError):
            return True
        root = ROOT / "figures" / f"{self.kind[:-1]}.py"
        return max(newest(self.source), newest(root)) > made or not all((self.folder / name).exists() for name in files)


def find(kind: str) -> list[Picture]:
    """All plots or all films, by name."""
    return [Picture(kind, path) for path in sorted((ROOT / "figures" / kind).glob("[!_]*.py"))]


def newest(source: Path) -> int:
    """The latest change, in nanoseconds, among a file and the project's own files it imports, however indirectly."""
    return max(path.stat().st_mtime_ns for path in closure(source))


@cache
def closure(source: Path) -> frozenset[Path]:
    """A file and all of `figures` and `lrsim` that it imports, and the data they name in READS, directly or not."""
    seen: set[Path] = set()
    todo = [source]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += _imports(path) if path.suffix == ".py" else ()
    return frozenset(seen)


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    for node in ast.walk(ast.parse(path.read_text())):
        names: Iterable[str] = ()
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "READS":
            found += [ROOT / name for name in ast.literal_eval(node.value)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            found += _files(name)
    return tuple(found)


@cache
def _files(module: str) -> tuple[Path, ...]:
    """The files behind a module of this project; the library counts as one, since its rooms use each other."""
    if module.split(".")[0] == "lrsim":
        return tuple(p for p in sorted((ROOT / "lrsim").rglob("*.py")) if p.name != "__main__.py")
    if module.startswith("figures."):
        path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
        return (path,) if path.exists() else ()
    return ()


def replace(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, target)


def orphans(kind: str) -> Iterator[Path]:
    """Files in the generated folder that no picture of today wrote: a removed plot's, a killed run's."""
    folder = GENERATED / kind
    if not folder.exists():
        return
    kept = set()
    for picture in find(kind):
        if picture.record.exists():
            kept |= {picture.record.name, *json.loads(picture.record.read_text())["files"]}
    yield from (path for path in folder.iterdir() if path.name not in kept)
