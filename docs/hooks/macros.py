"""How a page gets its figures, films, numbers and formulas, from nothing but the files that `figures` wrote.

Markdown may say {{ figure("name") }}, {{ film("name") }}, {{ explorable("id") }}, {{ play("id", "words", eta=0.1) }},
{{ guess("question", ("answer", "verdict"), …) }}, {{ notebook() }} and {{ n.some_number }}; what does not exist fails
the build.
"""

import html
import json
import posixpath
import re
from pathlib import Path

from formulas import inline
from mkdocs.exceptions import PluginError
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
GENERATED = ROOT / "docs" / "assets" / "generated"


def define_env(env):
    """The macros of the site. `env.page` is the page being rendered."""
    env.variables["n"] = Numbers(env)
    env.macro(lambda name: _figure(env, name), "figure")
    env.macro(lambda name: _film(env, name), "film")
    env.macro(lambda name, brief=False: _explorable(env, name, brief), "explorable")
    env.macro(lambda name, words, **state: _play(env, name, words, state), "play")
    env.macro(_guess, "guess")
    env.macro(lambda: _notebook(env.page.file.name), "notebook")
    env.macro(lambda: _gallery(env), "gallery")
    env.macro(_glossary, "glossary")


class Numbers:
    """`n.name`: a number that `figures/facts.py` or a picture of this very page computed, as it is to be printed."""

    def __init__(self, env):
        self._env, self._known = env, {}  # by page, as long as a build lasts

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        where = _where(self._env)
        if where not in self._known:
            self._known[where] = _facts() | _own(self._env.page)
        return _number(self._env, name, self._known[where])


def _number(env, name, known):
    if name not in known:
        raise PluginError(f"{_where(env)}: no number is called {name!r} (see figures/facts.py)")
    return known[name]


def _facts():
    return json.loads((GENERATED / "facts.json").read_text(encoding="utf-8"))


def _own(page):
    """The numbers of the pictures that stand on a page."""
    here = [r["values"] for r in _records() if page and f"{r['page']}.md" == page.file.src_uri]
    return {name: value for values in here for name, value in values.items()}


def _records():
    paths = [path for kind in ("films", "plots") for path in sorted((GENERATED / kind).glob("*.json"))]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _where(env):
    return env.page.file.src_uri if env.page else "the configuration"


def _record(env, kind, name):
    path = GENERATED / kind / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in (GENERATED / kind).glob("*.json"))) or "none yet"
        raise PluginError(f"{_where(env)}: no {kind[:-1]} is called {name!r}; there are: {known}")
    record = json.loads(path.read_text(encoding="utf-8"))
    known = _facts() | record["values"]
    for key in ("claim", "caption", "alt"):
        record[key] = re.sub(r"{{\s*n\.(\w+)\s*}}", lambda m: _number(env, m[1], known), record[key])
    record["root"] = _to_root(env.page) + f"assets/generated/{kind}/"
    return record


def _to_root(page):
    return "../" * page.url.count("/")


def _figure(env, name, brief=False, explored=False):
    r = _record(env, "plots", name)
    return _block(env, r, "".join(_picture(r, theme) for theme in ("light", "dark")), brief, above=not explored)


def _picture(r, theme):
    suffix = "svg" if f"{r['name']}-{theme}-wide.svg" in r["files"] else "webp"
    wide, narrow = (f"{r['name']}-{theme}-{kind}.{suffix}" for kind in ("wide", "narrow"))
    return (
        f'<picture class="only-{theme}">'
        f'<source media="(max-width: 599px)" srcset="{r["root"]}{narrow}" {_room(narrow)}>'
        f'<img src="{r["root"]}{wide}" {_room(wide)} alt="{_attribute(r["alt"])}" loading="lazy"></picture>'
    )


def _room(name):
    """What a picture will take is kept free for it, so that nothing moves when it comes."""
    path = GENERATED / "plots" / name
    if path.suffix == ".svg":
        found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', path.read_text(encoding="utf-8"))
        width, height = (round(float(points) * 4 / 3) for points in found.groups())
    else:
        with Image.open(path) as picture:  # 200 dots an inch, shown as large as a drawing of lines
            width, height = (round(pixels * 96 / 200) for pixels in picture.size)
    return f'width="{width}" height="{height}"'


def _film(env, name, brief=False):
    r = _record(env, "films", name)
    file = f"{r['root']}{name}"
    videos = "".join(
        # The poster is a picture, fetched only where it is shown, which a video's own is not; until a script has come
        # it leads to the film.
        f'<lr-film class="only-{theme}"><a href="{file}-{theme}.mp4"><img src="{file}-{theme}.webp"'
        f' width="1280" height="720" loading="lazy" alt="{_attribute(r["claim"])} Plays the film."></a>'
        '<video controls loop muted playsinline preload="none" width="1280" height="720"'
        f' src="{file}-{theme}.mp4" aria-label="{_attribute(r["alt"])}"></video></lr-film>'
        for theme in ("light", "dark")
    )
    told = html.escape(r["alt"], quote=False)
    description = f'<details class="lr-described"><summary>What the film shows</summary><p>{told}</p></details>'
    return _block(env, r, videos, brief, "" if brief else description)


def _explorable(env, name, brief):
    """An element around its static figure, which stands there where no script runs; `brief`, with fewer controls."""
    tag, _, figure = _element(env, name)
    start = f'<{tag} id="{name}"{" brief" if brief else ""}>'
    inside = _figure(env, figure, explored=True).strip()
    return f'\n<div class="lr-explorable" markdown="0">{start}{inside}</{tag}></div>\n'


def _play(env, name, words, state):
    """A button in the prose that sets an explorable of the page; numbers may be given as they are printed."""
    _element(env, name)
    held = html.escape(json.dumps({key: _value(value) for key, value in state.items()}), quote=True)
    return f'<button type="button" class="lr-play" data-explorable="{name}" data-state="{held}">{words}</button>'


def _guess(question, *answers):
    """A prediction to commit to: each answer opens into its verdict and closes the others, by keyboard too."""
    name = re.sub(r"\W+", "-", question.lower())
    parts = "".join(
        f'<details name="{name}"><summary>{inline(answer)}</summary><p>{inline(verdict)}</p></details>'
        for answer, verdict in answers
    )
    legend = f"<legend>{inline(question)}</legend>"
    return f'\n<fieldset class="lr-guess" markdown="0">{legend}{parts}</fieldset>\n'


def _value(given):
    """0.105, "4.8 × 10⁶" or a list or schedule of such: as numbers."""
    if isinstance(given, dict):
        return {key: _value(value) for key, value in given.items()}
    if isinstance(given, (list, tuple)):
        return [_value(value) for value in given]
    if not isinstance(given, str) or not re.match(r"[\d−]", given):
        return given
    mantissa, _, power = given.replace("−", "-").partition(" × 10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)


def _element(env, name):
    known = env.conf["extra"]["explorables"]["elements"]
    if name not in known:
        raise PluginError(f"{_where(env)}: no explorable is called {name!r}; there are: {', '.join(sorted(known))}")
    return known[name]


def _block(env, r, media, brief, after="", above=True):
    """A <figure>, on lines of its own so that Markdown leaves it alone. On a page: claim, caption, code and data; in
    the gallery (`brief`): the claim and everything there is to take away. Under an explorable, which asks first, the
    claim stands in the caption."""
    claim = inline(f'<p class="lr-claim">{r["claim"]}</p>' if above else f"<strong>{r['claim']}</strong>")
    caption = "" if brief else inline(r["caption"])
    wanted = ("svg", "png", "mp4", "csv") if brief else ("mp4", "csv")
    links = [f'<a href="{_source(env, r["source"])}">Code</a>', *_downloads(r, wanted)]
    links = f'<span class="lr-links">{" · ".join(links)}</span>'
    body = f"{claim}{media}<figcaption>" if above else f"{media}<figcaption>{claim} "
    body += f"{caption} {links}{inline(after)}</figcaption>"
    identity = f"{'figure' if r['kind'] == 'plots' else 'film'}-{r['name']}"
    return f'\n<figure class="lr-figure" id="{identity}" markdown="0">{body}</figure>\n'


def _downloads(r, wanted):
    files = [(f"{suffix.upper()} {theme}", f"{r['name']}-{theme}.{suffix}") for suffix, theme in _VARIANTS]
    files += [("Data (CSV)", f"{r['name']}.csv")]
    here = [(label, name) for label, name in files if name in r["files"] and name.endswith(wanted)]
    return [f'<a href="{r["root"]}{name}" download>{label}</a>' for label, name in here]


_VARIANTS = [(suffix, theme) for suffix in ("svg", "png", "mp4") for theme in ("light", "dark")]


def _notebook(name):
    """The notebook that goes with a page of `learn`, to read and to take away."""
    folder = f"../notebooks/{name}"
    files = f'[.ipynb]({folder}/{name}.ipynb){{ download }}, [.py]({folder}/{name}.py.txt){{ download="{name}.py" }}'
    return f"[The notebook]({folder}.py) ({files})"


def _gallery(env):
    """Every picture there is, under the page it belongs to; a new one appears by itself."""
    pages = {page: title for page, title in _pages(env)}
    records = _records()
    parts = []
    for page, title in pages.items():
        here = [r for r in records if r["page"] == page]
        if here:
            target = posixpath.relpath(f"{page}.md", posixpath.dirname(env.page.file.src_uri) or ".")
            parts.append(f"\n## {title}\n\n[Read the page]({target or './'}){{ .lr-quiet }}\n")
            parts += [(_figure if r["kind"] == "plots" else _film)(env, r["name"], brief=True) for r in here]
    homeless = [r["name"] for r in records if r["page"] not in pages]
    if homeless:
        raise PluginError(f"{_where(env)}: no page for {', '.join(homeless)} (see PAGE in their source)")
    return "\n".join(parts)


def _pages(env):
    """(path without suffix, title) of every page in the order of the navigation."""
    todo = list(env.conf["nav"])
    while todo:
        entry = todo.pop(0)
        for title, target in entry.items() if isinstance(entry, dict) else [("", entry)]:
            if isinstance(target, list):
                todo = target + todo
            else:
                yield target.rsplit(".", 1)[0], title or _heading(target)


def _heading(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.search(r"^# (.+?)( {.*})?$", text, re.MULTILINE)[1]


def _glossary():
    """The terms whose definitions the pages show when pointed at."""
    text = (ROOT / "docs" / "hooks" / "terms.md").read_text(encoding="utf-8")
    terms = sorted(re.findall(r"^\*\[(.+?)\]: (.+)$", text, re.MULTILINE), key=lambda term: term[0].lower())
    return "\n\n".join(f"{term}\n:   {meaning}" for term, meaning in terms)


def _source(env, path):
    """The code that drew a picture: in the public repository where one is set, else the copy that the site carries."""
    repo = env.conf["repo_url"]
    return f"{repo.rstrip('/')}/blob/main/{path}" if repo else f"{_to_root(env.page)}assets/source/{path}.txt"


def _attribute(text):
    return html.escape(re.sub(r"[$`\\]", "", text), quote=True)
