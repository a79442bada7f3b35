"""Where pictures go, and how a file appears there: whole or not at all."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "docs" / "assets" / "generated"


def replace(target: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    partial.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    put(partial, target)


def put(partial: Path, target: Path) -> None:
    """A finished file takes its place, whatever stood there."""
    if target.is_dir():
        remove(target)
    os.replace(partial, target)


def remove(path: Path) -> None:
    """A file or a folder that no picture wrote."""
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
