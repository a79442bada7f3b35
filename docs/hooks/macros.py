"""How a page gets its figures, films, numbers and formulas, from nothing but the files that `figures` wrote.

Markdown may say {{ figure("name") }}, {{ film("name") }}, {{ explorable("id") }}, {{ play("id", "words", eta=0.1) }},
{{ guess("question", ("answer", "verdict"), …) }}, {{ notebook() }} and {{ n.some_number }}; what does not exist fails
the build.
"""

import json
import re
import sys
from pathlib import Path

from markupsafe import Markup
from mkdocs.exceptions import PluginError

sys.path.insert(0, str(Path(__file__).parent))  # the plugin that loads this file does not look beside it

import gallery
from exhibits import ROOT, facts, number, pictures, record, records, taken, where
from pieces import piece


def define_env(env):
    """The macros of the site. `env.page` is the page being rendered."""
    env.variables["n"] = Numbers(env)
    env.macro(lambda name: _figure(env, name), "figure")
    env.macro(lambda name: _film(env, name), "film")
    env.macro(lambda name, brief=False: _explorable(env, name, brief), "explorable")
    env.macro(lambda name, words, **state: _play(env, name, words, state), "play")
    env.macro(_guess, "guess")
    env.macro(lambda: _notebook(env.page.file.name), "notebook")
    env.macro(lambda: gallery.gallery(env), "gallery")
    env.macro(_glossary, "glossary")


class Numbers:
    """`n.name`: a number that `figures/facts.py` or a picture of this very page computed, as it is to be printed."""

    def __init__(self, env):
        self._env, self._known = env, {}  # by page, as long as a build lasts

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        page = where(self._env)
        if page not in self._known:
            self._known[page] = facts() | _own(self._env.page)
        return number(self._env, name, self._known[page])


def _own(page):
    """The numbers of the pictures that stand on a page."""
    here = [r["values"] for r in records() if page and f"{r['page']}.md" == page.file.src_uri]
    return {name: value for values in here for name, value in values.items()}


def _figure(env, name, asked=False):
    r = record(env, "plots", name)
    return _block(env, r, pictures(r), asked)


def _film(env, name):
    r = record(env, "films", name)
    return _block(env, r, piece("exhibits", "film", r))


def _block(env, r, media, asked=False):
    links, code = taken(env, r, ("mp4", "csv"))
    return piece("page", "figure", r, Markup(media), [code, *links], asked)


def _explorable(env, name, brief):
    tag, _, figure = _element(env, name)
    figure = _figure(env, figure, asked=not brief)  # the brief one, on home, leads and asks nothing
    return piece("page", "explorable", tag, name, brief, Markup(figure.strip()))


def _play(env, name, words, state):
    """A button in the prose that sets an explorable of the page; numbers may be given as they are printed."""
    _element(env, name)
    return piece("page", "play", name, json.dumps({key: _value(value) for key, value in state.items()}), words)


def _guess(question, *answers):
    return piece("page", "guess", re.sub(r"\W+", "-", question.lower()), question, answers)


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
        raise PluginError(f"{where(env)}: no explorable is called {name!r}; there are: {', '.join(sorted(known))}")
    return known[name]


def _notebook(name):
    """The notebook that goes with a page of `learn`, to read and to take away."""
    folder = f"../notebooks/{name}"
    files = f'[.ipynb]({folder}/{name}.ipynb){{ download }}, [.py]({folder}/{name}.py.txt){{ download="{name}.py" }}'
    return f"[The notebook]({folder}.py) ({files})"


def _glossary():
    """The terms whose definitions the pages show when pointed at."""
    text = (ROOT / "docs" / "hooks" / "terms.md").read_text(encoding="utf-8")
    terms = dict(sorted(re.findall(r"^\*\[(.+?)\]: (.+)$", text, re.MULTILINE), key=lambda term: term[0].lower()))
    terms = {term: meaning for term, meaning in terms.items() if term.removesuffix("s") not in terms or term[-1] != "s"}
    return "\n\n".join(f"{term}\n:   {meaning}" for term, meaning in terms.items())
