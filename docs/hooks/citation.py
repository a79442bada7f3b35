"""Each page that teaches says how to cite it; who and when stands in CITATION.cff."""

from pathlib import Path

import yaml

CITATION = Path(__file__).resolve().parent.parent.parent / "CITATION.cff"


def on_page_markdown(markdown, page, config, files):
    if not page.file.src_uri.startswith("learn/"):
        return markdown
    work = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    author = work["authors"][0]["name"]
    entry = (
        f"{author} ({work['date-released'].year}). *{page.title}*. In: {work['title']}, version {work['version']}. "
        f"<{page.canonical_url}>"
    )
    return f'{markdown}\n\n<p class="lr-cite" markdown="1">Cite this page: {entry}</p>\n'
