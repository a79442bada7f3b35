"""Draws one plot: its images in both themes and both widths, and the table of what they show."""

import csv
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from matplotlib.figure import Figure
from PIL import Image, ImageOps

from figures import files, style
from figures.palette import LIGHT, THEMES

CARD, MARGIN = (1200, 630), 30  # pixels


def render(module: ModuleType, target: Path) -> list[str]:
    """Draw `module` (its `draw(colours)` and `data()`); the names of the files written beside `target`, a bare stem.

    In each theme a wide and a narrow image for the page, SVG or (where the module says FILLED) lossless WebP; SVG and
    PNG to take away, with the claim inside; the card that is shown beside links to its page; a table of the data.
    """
    suffix = "webp" if getattr(module, "FILLED", False) else "svg"
    written = [_table(target.with_name(f"{target.name}.csv"), module.data())]
    for theme, colours in THEMES.items():
        for narrow in (False, True):
            stem = f"{target.name}-{theme}"
            with style.sheet(colours, narrow):
                fig = module.draw(colours)
                written.append(save(target.with_name(f"{stem}-{'narrow' if narrow else 'wide'}.{suffix}"), fig))
                if not narrow:
                    style.title(fig, claim(module))
                    kinds = ("svg", "png") if suffix == "svg" else ("png",)
                    written += [save(target.with_name(f"{stem}.{kind}"), fig) for kind in kinds]
    written.append(_card(target))
    return written


def claim(module: ModuleType) -> str:
    """The first paragraph of its docstring, with the picture's own numbers."""
    claim = " ".join((module.__doc__ or "").split("\n\n")[0].split())
    return re.sub(r"{{\s*n\.(\w+)\s*}}", lambda m: module.facts()[m[1]], claim)


def save(target: Path, fig: Figure) -> str:
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    if target.suffix == ".svg":
        fig.savefig(partial, format="svg", metadata={"Date": None, "Creator": None})
        partial.write_text(_compact(partial.read_text(encoding="utf-8")), encoding="utf-8")
    elif target.suffix == ".webp":
        fig.savefig(partial, format="webp", dpi=200, pil_kwargs={"lossless": True, "method": 6})
    else:
        fig.savefig(partial, format="png", dpi=200, metadata={"Software": None})
    files.put(partial, target)
    return target.name


def _card(target: Path) -> str:
    """The light picture whole on a sheet of the size that sites show beside a link."""
    card = Image.new("RGB", CARD, LIGHT.paper)
    with Image.open(target.with_name(f"{target.name}-light.png")) as drawn:
        picture = ImageOps.contain(drawn.convert("RGB"), (CARD[0] - 2 * MARGIN, CARD[1] - 2 * MARGIN))
    card.paste(picture, ((CARD[0] - picture.width) // 2, (CARD[1] - picture.height) // 2))
    partial = target.with_name(f".{target.name}-card.{os.getpid()}.part")
    card.save(partial, format="png", optimize=True)
    name = f"{target.name}-card.png"
    files.put(partial, target.with_name(name))
    return name


def _compact(svg: str) -> str:
    """Coordinates to a hundredth of a point, no line breaks inside paths and no indents: half the size, no visible
    change."""

    def shorten(match: re.Match) -> str:
        numbers = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), match[0])
        return re.sub(r"\s*\n", " ", numbers)

    return re.sub(r"\n +", "\n", re.sub(r'\b(d|x|y)="[^"]*"|translate\([^)]*\)', shorten, svg))


def _table(target: Path, columns: Mapping[str, object]) -> str:
    """The data as CSV, one column a name; shorter columns end in empty cells."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    lists = [list(column) for column in columns.values()]  # type: ignore[call-overload]
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for i in range(max(map(len, lists))):
            writer.writerow([_cell(column[i]) if i < len(column) else "" for column in lists])
    files.put(partial, target)
    return target.name


def _cell(value: object) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"
