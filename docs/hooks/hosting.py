"""What a host and those who link to a page need: robots.txt, "edit this page", a description and a picture each."""

import json
import re
from pathlib import Path

import jupytext
from mkdocs.structure.files import File

PLOTS = Path(__file__).resolve().parent.parent / "assets" / "generated" / "plots"
FIGURE = re.compile(r'id="figure-([\w-]+)"')
USUAL = "three-learning-rates"  # for pages without a figure


def on_config(config):
    """The branch is main, where MkDocs expects master."""
    if config.edit_uri:
        config.edit_uri = config.edit_uri.replace("master", "main")


def on_files(files, config):
    text = f"User-agent: *\nAllow: /\nSitemap: {config.site_url}sitemap.xml\n"
    files.append(File.generated(config, "robots.txt", content=text))


def on_page_content(content, page, config, files):
    """A notebook's description stands in its header; a page's picture is the first figure on it."""
    if page.file.src_uri.endswith(".py"):
        about = jupytext.read(page.file.abs_src_path).metadata
        page.meta |= {key: about[key] for key in ("description",) if key in about}
    found = FIGURE.search(content)
    page.meta["card"] = _card(found[1] if found else USUAL)


def _card(name):
    record = json.loads((PLOTS / f"{name}.json").read_text(encoding="utf-8"))
    claim = record["claim"]
    return {"file": f"assets/generated/plots/{name}-card.png", "alt": "" if "{{" in claim else claim}
