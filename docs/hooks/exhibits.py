"""What `figures` wrote, as pages need it: records and numbers, pictures and their sizes, and what to take away."""

import json
import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from pieces import piece
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
GENERATED = ROOT / "docs" / "assets" / "generated"


def facts():
    return json.loads((GENERATED / "facts.json").read_text(encoding="utf-8"))


def records():
    paths = [path for kind in ("films", "plots") for path in sorted((GENERATED / kind).glob("*.json"))]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def record(env, kind, name):
    path = GENERATED / kind / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in (GENERATED / kind).glob("*.json"))) or "none yet"
        raise PluginError(f"{where(env)}: no {kind[:-1]} is called {name!r}; there are: {known}")
    record = json.loads(path.read_text(encoding="utf-8"))
    known = facts() | record["values"]
    for key in ("claim", "caption", "alt"):
        record[key] = re.sub(r"{{\s*n\.(\w+)\s*}}", lambda m: number(env, m[1], known), record[key])
    record["root"] = to_root(env.page) + f"assets/generated/{kind}/"
    return record


def number(env, name, known):
    if name not in known:
        raise PluginError(f"{where(env)}: no number is called {name!r} (see figures/facts.py)")
    return known[name]


def where(env):
    return env.page.file.src_uri if env.page else "the configuration"


def to_root(page):
    return "../" * page.url.count("/")


def pictures(r, narrow=True):
    """In both themes, each for wide and, where it is shown large, for narrow screens."""
    return "\n".join(_picture(r, theme, narrow) for theme in ("light", "dark"))


def _picture(r, theme, narrow):
    suffix = "svg" if f"{r['name']}-{theme}-wide.svg" in r["files"] else "webp"
    file = f"{r['name']}-{theme}"
    return piece(
        "exhibits", "picture", r, theme, _room(f"{file}-wide.{suffix}"), narrow and _room(f"{file}-narrow.{suffix}")
    )


def _room(name):
    """What a picture will take is kept free for it, so that nothing moves when it comes."""
    path = GENERATED / "plots" / name
    if path.suffix == ".svg":
        width, height = size(path.read_text(encoding="utf-8"))
    else:
        with Image.open(path) as picture:  # 200 dots an inch, shown as large as a drawing of lines
            width, height = (round(pixels * 96 / 200) for pixels in picture.size)
    return {"name": name, "width": width, "height": height}


def size(drawing):
    """Of an SVG that is measured in points, in pixels."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    return [round(float(points) * 4 / 3) for points in found.groups()]


def taken(env, r, wanted):
    """The files of a figure or film that can be taken away, and its code."""
    files = [(f"{label} {theme}", f"{r['name']}-{theme}.{suffix}") for label, suffix, theme in _VARIANTS]
    files += [("Data (CSV)", f"{r['name']}.csv")]
    here = [(label, name) for label, name in files if name in r["files"] and name.endswith(wanted)]
    links = [{"label": label, "address": r["root"] + name, "file": True} for label, name in here]
    return links, {"label": "Code", "address": source(env, r["source"]), "file": False}


_KINDS = {"SVG": "svg", "PNG": "png", "MP4": "mp4", "Still": "webp"}  # the last is a film's last picture
_VARIANTS = [(label, suffix, theme) for label, suffix in _KINDS.items() for theme in ("light", "dark")]


def source(env, path):
    """The code that drew a picture: in the public repository where one is set, else the copy that the site carries."""
    repo = env.conf["repo_url"]
    return f"{repo.rstrip('/')}/blob/main/{path}" if repo else f"{to_root(env.page)}assets/source/{path}.txt"
