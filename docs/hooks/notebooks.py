"""A notebook's page is what Markdown would have made of it: JupyterLab's styles, scripts and wrappers go.

Its pictures become files, and the notebook can be taken away as .py and as .ipynb.
"""

import base64
import hashlib
import posixpath
from urllib.parse import urlsplit

import jupytext
from bs4 import BeautifulSoup
from formulas import inline
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

PARTS = ".jp-RenderedMarkdown, .highlight-ipynb pre, .jp-OutputArea-output"


def on_files(files, config):
    for file in [f for f in files if f.src_uri.startswith("notebooks/") and f.src_uri.endswith(".py")]:
        notebook = jupytext.read(file.abs_src_path)
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"  # jupytext draws them by chance; a build should be the same twice
        text = jupytext.writes(notebook, fmt="ipynb")
        files.append(File.generated(config, f"{file.src_uri[:-3]}/{file.name}.ipynb", content=text))
        with open(file.abs_src_path, encoding="utf-8") as source:
            files.append(File.generated(config, f"{file.src_uri[:-3]}/{file.name}.py.txt", content=source.read()))
    return files


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
    for printed in soup.select(".jp-OutputArea-output pre"):
        printed["tabindex"] = "0"  # it may scroll, so a keyboard must reach it
    parts = [_part(block) for block in soup.select(PARTS)]
    name = page.file.name
    notebook = f'<a href="{name}.ipynb" download>Notebook (.ipynb)</a>'
    script = f'<a href="{name}.py.txt" download="{name}.py">Script (.py)</a>'
    links = f'<p class="lr-links">{notebook} · {script}</p>'
    parts[0] = parts[0].replace("</h1>", f"</h1>{links}", 1)
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
        return inline(block.decode_contents())
    if block.name == "pre":
        code = block.decode_contents().replace("<span></span>", "", 1)
        return f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>'
    return f'<div class="lr-output">{block.decode_contents()}</div>'


def _to_file(picture, page, config, files):
    kind, data = picture["src"].split(";base64,", 1)
    content = base64.b64decode(data)
    name = f"{hashlib.sha256(content).hexdigest()[:12]}.{kind.rsplit('/', 1)[1].split('+')[0]}"
    files.append(File.generated(config, f"{page.url}{name}", content=content))
    picture["src"] = name
    picture["alt"] = "The picture that the code above draws; the text around it says what it shows."
