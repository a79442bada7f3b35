"""How a page gets its figures, films, numbers and formulas, from nothing but the files that `figures` wrote.

Markdown may say {{ figure("name") }}, {{ film("name") }} and {{ n.some_number }}; what does not exist fails the build.
"""

import functools
import html
import json
import re
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "docs" / "assets" / "generated"
MODULES = ROOT / "node_modules"
FORMULA = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)


# --- Macros: called by mkdocs-macros -------------------------------------------------------------------------


def define_env(env):
    """The three macros of the site. `env.page` is the page being rendered."""
    env.variables["n"] = Numbers(env)
    env.macro(lambda name: _figure(env, name), "figure")
    env.macro(lambda name: _film(env, name), "film")


class Numbers:
    """`n.name`: a number that `figures/facts.py` computed, as it is to be printed."""

    def __init__(self, env):
        self._env = env

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _number(self._env, name, _facts())


def _number(env, name, known):
    if name not in known:
        raise PluginError(f"{_where(env)}: no number is called {name!r} (see figures/facts.py)")
    return known[name]


def _facts():
    return json.loads((GENERATED / "facts.json").read_text(encoding="utf-8"))


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


def _figure(env, name):
    r = _record(env, "plots", name)
    images = "".join(_picture(r, theme) for theme in ("light", "dark"))
    return _block(env, r, images, [f'<a href="{r["root"]}{name}.csv" download>Data (CSV)</a>'])


def _picture(r, theme):
    base = r["root"] + r["name"]
    suffix = next(f.rsplit(".", 1)[1] for f in r["files"] if f.startswith(f"{r['name']}-{theme}."))
    return (
        f'<picture class="only-{theme}"><source media="(max-width: 599px)" srcset="{base}-{theme}-narrow.{suffix}">'
        f'<img src="{base}-{theme}.{suffix}" alt="{_attribute(r["alt"])}" loading="lazy"></picture>'
    )


def _film(env, name):
    r = _record(env, "films", name)
    videos = "".join(
        f'<lr-film class="only-{theme}"><video controls loop muted playsinline preload="none" width="1280" height="720"'
        f' poster="{r["root"]}{name}-{theme}.webp" src="{r["root"]}{name}-{theme}.mp4"'
        f' aria-label="{_attribute(r["alt"])}"></video></lr-film>'
        for theme in ("light", "dark")
    )
    downloads = [
        f'<a href="{r["root"]}{name}-{theme}.mp4" download>Film ({theme}, mp4)</a>' for theme in ("light", "dark")
    ]
    description = f'<details class="lr-described"><summary>What the film shows</summary><p>{r["alt"]}</p></details>'
    return _block(env, r, videos, downloads, description)


def _block(env, r, media, links, after=""):
    """A <figure>, on lines of its own so that Markdown leaves it alone except for the caption's formulas."""
    source = f'<a href="{_source(env, r["source"])}">Code</a>'
    caption = _inline(f"<strong>{r['claim']}</strong> {r['caption']}")
    links = f'<span class="lr-links">{" · ".join([source, *links])}</span>'
    body = f"{media}<figcaption>{caption} {links}</figcaption>{_inline(after)}"
    return f'\n<figure class="lr-figure" id="{r["name"]}" markdown="0">{body}</figure>\n'


def _source(env, path):
    """The code that drew a picture: in the public repository where one is set, else the copy that the site carries."""
    repo = env.conf["repo_url"]
    return f"{repo.rstrip('/')}/blob/main/{path}" if repo else f"{_to_root(env.page)}assets/source/{path}.txt"


def _inline(text):
    """$…$ and `…` inside the raw HTML of a caption, which Markdown does not look into."""
    text = re.sub(
        r"\$([^$]+)\$",
        lambda m: f'<span class="arithmatex">\\({html.escape(m[1], quote=False)}\\)</span>',
        text,
    )
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def _attribute(text):
    return html.escape(re.sub(r"[$`\\]", "", text), quote=True)


# --- Hooks: called by MkDocs ---------------------------------------------------------------------------------

_serving = False


def on_startup(command, dirty):
    global _serving
    _serving = command == "serve"


def on_pre_build(config):
    """While serving, an edit to a plot or to lrsim redraws what depends on it before the site is built again."""
    if _serving and subprocess.run([sys.executable, "-m", "figures"], cwd=ROOT).returncode:
        raise PluginError("a picture could not be drawn; its error stands above")


def on_files(files, config):
    """The site serves its fonts, formulas' styles and the pictures' source from itself."""
    for name, source in _vendor():
        files.append(File.generated(config, f"assets/vendor/{name}", abs_src_path=str(source)))
    files.append(File.generated(config, "assets/vendor/fonts.css", content=_font_css()))
    for kind in ("plots", "films"):
        for source in sorted((ROOT / "figures" / kind).glob("[!_]*.py")):
            uri = f"assets/source/{source.relative_to(ROOT).as_posix()}.txt"
            files.append(File.generated(config, uri, abs_src_path=str(source)))
    return files


def _vendor():
    katex = MODULES / "katex" / "dist"
    yield "katex.css", katex / "katex.min.css"
    for path in sorted((katex / "fonts").glob("*.woff2")):
        yield f"fonts/{path.name}", path
    for family, subset, style in _FACES:
        name = f"{family}-{subset}-{style}.woff2"
        yield f"fonts/{name}", MODULES / "@fontsource" / family / "files" / name


_FACES = [
    (family, subset, style)
    for family, styles in (
        ("inter", ("400-normal", "400-italic", "600-normal", "700-normal")),
        ("jetbrains-mono", ("400-normal", "700-normal")),
    )
    for subset in ("latin", "latin-ext", "greek")
    for style in styles
]
_RANGES = {  # the ranges that the fonts' own style sheets name, shortened to what each file holds
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
    "latin-ext": "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, "
    "U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
    "greek": "U+0370-0377, U+037A-037F, U+0384-038A, U+038C, U+038E-03A1, U+03A3-03FF",
}


def _font_css():
    families = {"inter": "Inter", "jetbrains-mono": "JetBrains Mono"}
    return "".join(
        f"@font-face{{font-family:'{families[family]}';font-weight:{style.split('-')[0]};font-style:{style.split('-')[1]};"
        f"font-display:swap;src:url(fonts/{family}-{subset}-{style}.woff2) format('woff2');"
        f"unicode-range:{_RANGES[subset]}}}\n"
        for family, subset, style in _FACES
    )


def on_page_content(content, page, config, files):
    """A notebook page becomes what Markdown would have made of it: JupyterLab's styles, scripts and wrappers go."""
    return _plain_notebook(content) if page.file.src_uri.startswith("notebooks/") else content


def on_post_page(output, page, config):
    """Formulas become HTML here, after the search index was made from their source; the search dialog gets a name."""
    output = output.replace(
        'data-md-component="search" role="dialog"',
        'data-md-component="search" role="dialog" aria-label="Search"',
    )
    found = [_tex(m[2]) for m in FORMULA.finditer(output)]
    if found:
        rendered = iter(_katex(tuple(found), page.file.src_uri))
        output = FORMULA.sub(lambda m: next(rendered), output)
    return output


def _tex(inner):
    """(formula, display?) from arithmatex's \\(…\\) or \\[…\\]."""
    text = html.unescape(inner.strip())
    return text[2:-2].strip(), text.startswith(r"\[")


@functools.cache
def _katex(formulas, where):
    node = subprocess.run(
        ["node", str(ROOT / "docs" / "katex.mjs")],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
    )
    if node.returncode:
        reason = next((line for line in node.stderr.splitlines() if "Error" in line), node.stderr[-500:])
        raise PluginError(f"{where}: a formula cannot be set: {reason}")
    return json.loads(node.stdout)


def _plain_notebook(page_html):
    soup = BeautifulSoup(page_html, "html.parser")
    parts = []
    for block in soup.select(".jp-RenderedMarkdown, .highlight-ipynb pre, .jp-OutputArea-output"):
        if "jp-RenderedMarkdown" in block.get("class", []):
            for anchor in block.select("a.anchor-link"):
                anchor["class"], anchor["title"] = "headerlink", "Link to this section"
            parts.append(_inline(block.decode_contents()))
        elif block.name == "pre":
            code = block.decode_contents().replace("<span></span>", "", 1)
            parts.append(f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>')
        else:
            parts.append(f'<div class="lr-output">{block.decode_contents()}</div>')
    return "\n".join(parts)
