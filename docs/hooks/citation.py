"""Each page says how to cite it; who and when stands in CITATION.cff."""

from pathlib import Path

import yaml
from pieces import piece

CITATION = Path(__file__).resolve().parent.parent.parent / "CITATION.cff"


def on_page_content(content, page, config, files):
    if page.file.src_uri == "lrsim/cite.md":  # it says so at length
        return content
    work = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    said = work["authors"][0]["name"], work["date-released"].year, page.meta.get("title", page.title)
    url = page.canonical_url or ""
    home = "" if "127.0.0.1" in url else url
    return f"{content}\n{piece('page', 'cite', *said, work['title'], work['version'], home)}"
