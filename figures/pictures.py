"""A picture is a file: finds plots and films by name, reads their docstrings, and knows when they are stale.

Nothing here imports a plot, so that asking "is there anything to do?" costs milliseconds.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from figures import freshness
from figures.files import GENERATED, ROOT


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
        """From the docstring: `claim`, a sentence, then paragraphs "Caption: …", "Alt: …", in films "Lecture: …"."""
        where = self.source.relative_to(ROOT)
        doc = ast.get_docstring(ast.parse(self.source.read_text(encoding="utf-8"))) or ""
        paragraphs = [re.sub(r"\s+", " ", part).strip() for part in doc.split("\n\n")]
        found = {"claim": paragraphs[0]}
        for key in ("caption", "alt", *(["lecture"] if self.kind == "films" else [])):
            starts = [p for p in paragraphs if p.lower().startswith(f"{key}: ")]
            if not starts:
                raise ValueError(f"{where}: the docstring needs a paragraph that starts with '{key.title()}: '")
            found[key] = starts[0][len(key) + 2 :]
        if not found["claim"].endswith("."):
            raise ValueError(f"{where}: the docstring must start with the picture's claim, a sentence with a full stop")
        return found

    @property
    def made_of(self) -> str:
        return freshness.made_of(self.source, ROOT / "figures" / f"{self.kind[:-1]}.py")

    def stale(self) -> bool:
        return (made(self.record) or {}).get("made_of") != self.made_of


def find(kind: str) -> list[Picture]:
    """All plots or all films, by name."""
    sources = sorted((ROOT / "figures" / kind).glob("[!_]*.py"))
    return [Picture(kind, path) for path in sources if path.is_file()]


def made(record: Path) -> dict | None:
    """What a record says of a picture that is there as it was made; what can't be read counts as absent."""
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
        whole = all((record.parent / name).stat().st_size == size for name, size in said["files"].items())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return said if whole else None


def orphans(kind: str) -> Iterator[Path]:
    """What lies in the generated folder and no picture of today wrote: a removed plot's, a killed run's, a stray."""
    folder = GENERATED / kind
    if not folder.exists():
        return
    kept = set()
    for picture in find(kind):
        if said := made(picture.record):
            kept |= {picture.record.name, *said["files"]}
    yield from (path for path in folder.iterdir() if path.name not in kept)
