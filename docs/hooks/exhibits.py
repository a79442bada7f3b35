"""What `figures` wrote, as HTML: pictures in both themes, films with their pause points, and what to take away."""

import html
import json
import re
from pathlib import Path

from mkdocs.exceptions import PluginError
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


def picture(r, theme):
    suffix = "svg" if f"{r['name']}-{theme}-wide.svg" in r["files"] else "webp"
    wide, narrow = (f"{r['name']}-{theme}-{kind}.{suffix}" for kind in ("wide", "narrow"))
    return (
        f'<picture class="only-{theme}">'
        f'<source media="(max-width: 599px)" srcset="{r["root"]}{narrow}" {room(narrow)}>'
        f'<img src="{r["root"]}{wide}" {room(wide)} alt="{attribute(r["alt"])}" loading="lazy"></picture>'
    )


def room(name):
    """What a picture will take is kept free for it, so that nothing moves when it comes."""
    path = GENERATED / "plots" / name
    if path.suffix == ".svg":
        width, height = size(path.read_text(encoding="utf-8"))
    else:
        with Image.open(path) as picture:  # 200 dots an inch, shown as large as a drawing of lines
            width, height = (round(pixels * 96 / 200) for pixels in picture.size)
    return f'width="{width}" height="{height}"'


def size(drawing):
    """Of an SVG that is measured in points, in pixels."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    return [round(float(points) * 4 / 3) for points in found.groups()]


def videos(r):
    """A film in both themes. The poster is a picture, fetched only where it is shown, which a video's own is not; until
    a script has come it leads to the film."""
    file = f"{r['root']}{r['name']}"
    return "".join(
        f'<lr-film class="only-{theme}"><a href="{file}-{theme}.mp4"><img src="{file}-{theme}.webp"'
        f' width="1920" height="1080" loading="lazy" alt="{attribute(r["claim"])} Plays the film."></a>'
        '<video controls loop muted playsinline preload="none" width="1920" height="1080"'
        f' src="{file}-{theme}.mp4" aria-label="{attribute(r["alt"])}"></video></lr-film>'
        for theme in ("light", "dark")
    )


def film(r):
    """With its bar under it."""
    return f"<lr-pauses>{videos(r)}{_bar(r['pauses'])}</lr-pauses>"


def _bar(points):
    """◀ 1 2 3 ▶ and the speed; the moments are those that the film names."""
    numbers = "".join(_press(i, words, f'data-at="{at:g}"') for i, (at, words) in enumerate(points, start=1))
    rates = "".join(f"<option value={r}{' selected' if r == 1 else ''}>{r:g}×</option>" for r in (0.25, 0.5, 1, 1.5, 2))
    steps = _press("◀", "Back to the pause before", "class=lr-back") + numbers
    steps += _press("▶", "On to the next pause", "class=lr-next")
    speed = f"<output></output><label>Speed <select>{rates}</select></label>"
    return f'<div class="lr-bar" role="group" aria-label="Pause points">{steps}{speed}</div>'


def _press(sign, words, rest):
    label = f"{sign}: {words}" if isinstance(sign, int) else words
    return f'<button type="button" {rest} aria-label="{attribute(label)}">{sign}</button>'


def downloads(r, wanted):
    files = [(f"{suffix.upper()} {theme}", f"{r['name']}-{theme}.{suffix}") for suffix, theme in _VARIANTS]
    files += [("Data (CSV)", f"{r['name']}.csv")]
    here = [(label, name) for label, name in files if name in r["files"] and name.endswith(wanted)]
    return [f'<a href="{r["root"]}{name}" download>{label}</a>' for label, name in here]


_VARIANTS = [(suffix, theme) for suffix in ("svg", "png", "mp4") for theme in ("light", "dark")]


def source(env, path):
    """The code that drew a picture: in the public repository where one is set, else the copy that the site carries."""
    repo = env.conf["repo_url"]
    return f"{repo.rstrip('/')}/blob/main/{path}" if repo else f"{to_root(env.page)}assets/source/{path}.txt"


def attribute(text):
    return html.escape(re.sub(r"[$`\\]", "", text), quote=True)
