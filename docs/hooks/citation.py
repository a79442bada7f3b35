"""Each page says how to cite it; who and when stands in CITATION.cff."""

from html import escape
from pathlib import Path

import yaml

CITATION = Path(__file__).resolve().parent.parent.parent / "CITATION.cff"


def on_page_content(content, page, config, files):
    if page.file.src_uri == "lrsim/cite.md":  # it says so at length
        return content
    work = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    author, year = work["authors"][0]["name"], work["date-released"].year
    title = escape(page.meta.get("title", page.title))
    url = page.canonical_url or ""
    where = "" if "127.0.0.1" in url else f' <a href="{url}">{url}</a>'  # a site without a home has no address to give
    return (
        f'{content}\n<p class="lr-cite">Cite this page: {escape(author)} ({year}). <em>{title}</em>. '
        f"In: {escape(work['title'])}, version {work['version']}.{where}</p>"
    )
