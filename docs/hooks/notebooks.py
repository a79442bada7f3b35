"""A notebook's page is what Markdown would have made of it: JupyterLab's styles, scripts and wrappers go.

Its pictures become files, one a theme, and the notebook can be taken away as .py and as .ipynb, with the look of the
site's pictures written into it.
"""

import base64
import functools
import hashlib
import json
import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

import jupytext
from bs4 import BeautifulSoup
from exhibits import size
from formulas import inline
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from pieces import piece

ROOT = Path(__file__).resolve().parent.parent.parent
# What else runs with the look while the site is built: its typeface, and drawings of lines, the same each time.
HERE = f"""
import logging
from pathlib import Path
from matplotlib import font_manager

logging.getLogger("matplotlib.font_manager").setLevel("ERROR")  # Greek is not in Inter's file, and comes from the next
for face in sorted(Path({str(ROOT / ".cache" / "fonts")!r}).glob("*.ttf")):
    font_manager.fontManager.addfont(face)
plt.rcParams.update({{"font.family": ["Inter", "DejaVu Sans"], "axes.titleweight": 600, "svg.hashsalt": "lrsim"}})
get_ipython().run_line_magic("config", "InlineBackend.figure_formats = ['svg']")
get_ipython().run_line_magic("config", "InlineBackend.print_figure_kwargs = {{'metadata': {{'Date': None}}}}")
"""
PARTS = ".jp-RenderedMarkdown, .highlight-ipynb pre, .jp-OutputArea-output"


@event_priority(100)  # before notebooks are run
def on_files(files, config):
    for file in [f for f in files if f.src_uri.startswith("notebooks/") and f.src_uri.endswith(".py")]:
        source = Path(file.abs_src_path).read_text(encoding="utf-8")
        look = _look()
        taken = _with_cell(source, look["cell"])
        notebook = jupytext.reads(taken, fmt="py:percent")
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"  # jupytext draws them by chance; a build should be the same twice
        text = jupytext.writes(notebook, fmt="ipynb")
        files.append(File.generated(config, f"{file.src_uri[:-3]}/{file.name}.ipynb", content=text))
        files.append(File.generated(config, f"{file.src_uri[:-3]}/{file.name}.py.txt", content=taken))
        if taken != source:
            files.remove(file)
            files.append(_to_run(file, config, _with_cell(source, look["cell"] + HERE)))
    return files


@functools.cache
def _look():
    """The look of the pictures, as a cell, and each colour as it is on dark paper."""
    return json.loads((ROOT / "docs" / "assets" / "generated" / "notebook.json").read_text(encoding="utf-8"))


def _with_cell(source, cell):
    """A notebook that draws gets the look as its first code."""
    draws = "import matplotlib" in source
    return source.replace("\n# %%\n", f"\n# %%\n{cell}\n\n# %%\n", 1) if draws else source


def _to_run(file, config, source):
    folder = ROOT / ".cache" / "looks"
    path = folder / file.src_uri
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return File(file.src_uri, str(folder), config.site_dir, config.use_directory_urls)


def on_page_content(content, page, config, files):
    if not page.file.src_uri.startswith("notebooks/"):
        return content
    soup = BeautifulSoup(content, "html.parser")
    for picture in soup.select("img[src^='data:image/']"):
        _to_file(picture, page, config, files)
    for link in soup.select(".jp-RenderedMarkdown a[href]"):
        _to_page(link, page, files)
    for child in soup.select(".jp-OutputArea-child"):
        _join(child)
    parts = [_part(block) for block in soup.select(PARTS) if not block.get_text().startswith(_look()["about"])]
    parts[0] = parts[0].replace("</h1>", f"</h1>{piece('notebook', 'taken', page.file.name)}", 1)
    return "\n".join(parts)


def _to_page(link, page, files):
    """A link to a source file, as one writes it, leads to that file's page; MkDocs looks only into Markdown."""
    goal = urlsplit(link["href"])
    if goal.scheme or goal.netloc or not goal.path:
        return
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), goal.path))
    file = files.get_file_from_path(path)
    if file is None:
        raise PluginError(f"{page.file.src_uri}: a link leads to {goal.path}, which is not there")
    link["href"] = file.url_relative_to(page.file) + (f"#{goal.fragment}" if goal.fragment else "")


def _join(child):
    """One box for what one cell printed: how the kernel cuts a stream into messages is chance."""
    before = child.find_previous_sibling(class_="jp-OutputArea-child")
    one, other = (c and c.select_one(".jp-RenderedText pre") for c in (before, child))
    if one and other:
        one.append(other.get_text())
        one.smooth()
        other.find_parent(class_="jp-RenderedText").decompose()
        child["class"] = "joined"


def _part(block):
    if "jp-RenderedMarkdown" in block.get("class", []):
        for anchor in block.select("a.anchor-link"):
            anchor["class"], anchor["title"] = "headerlink", "Link to this section"
        for code in block.select(".highlight > pre"):
            inside = code.decode_contents().replace("<span></span>", "", 1)
            code.parent.replace_with(BeautifulSoup(piece("notebook", "code", inside), "html.parser"))
        return inline(block.decode_contents())
    if block.name == "pre":
        code = block.decode_contents().replace("<span></span>", "", 1)
        return piece("notebook", "code", code)
    return piece("notebook", "output", block.decode_contents())


def _to_file(picture, page, config, files):
    """Drawn once, on light paper: on dark paper each colour is the one that its role has there."""
    kind, data = picture["src"].split(";base64,", 1)
    if not kind.endswith("svg+xml"):
        raise PluginError(f"{page.file.src_uri}: a picture is {kind[5:]}, not drawn in lines")
    light = base64.b64decode(data).decode()
    dark = re.sub(r"#[0-9a-f]{6}", lambda m: _look()["dark"].get(m[0], m[0]), light)
    width, height = size(light)
    for theme, content in (("dark", dark), ("light", light)):
        name = f"{hashlib.sha256(content.encode()).hexdigest()[:12]}.svg"
        files.append(File.generated(config, page.url + name, content=content))
        shown = {"src": name, "class": f"only-{theme}", "width": width, "height": height, "loading": "lazy"}
        alt = "The picture that the code above draws; the text around it says what it shows."
        picture.insert_after(BeautifulSoup("", "html.parser").new_tag("img", attrs=shown | {"alt": alt}))
    picture.decompose()
