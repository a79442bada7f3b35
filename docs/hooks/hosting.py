"""What a host and those who link to a page need: robots.txt, "edit this page", a description and a picture each, and
what a page may load.
"""

import base64
import hashlib
import json
import re
from pathlib import Path

import jupytext
from mkdocs.structure.files import File
from pieces import piece

PLOTS = Path(__file__).resolve().parent.parent / "assets" / "generated" / "plots"
FIGURE = re.compile(r'id="figure-([\w-]+)"')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
HEAD = re.compile(r'<meta charset="?utf-8"?>', re.IGNORECASE)
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


def on_post_build(config):
    for path in Path(config.site_dir).rglob("*.html"):
        path.write_text(guarded(path.read_text(encoding="utf-8")), encoding="utf-8")


def guarded(html):
    """The page with its Content-Security-Policy: this site's own files and the inline scripts that stand in it.

    Styles may stand in the page, since formulas are set with them.
    """
    scripts = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in INLINE.findall(html)}
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *(f"'sha256-{script}'" for script in sorted(scripts))]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",  # a film fetched whole, where the host sends no parts of it
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return HEAD.sub(lambda found: found[0] + piece("head", "guards", policy), html, count=1)
