"""`doi:10.…` and `arXiv:…`, wherever a page says them, lead to the work."""

import re

WORK = re.compile(  # in running text, not in code, in tags or in a link
    r"<(a|code|pre|script|style|svg)\b.*?</\1>|<[^>]*>"
    r"|\bdoi:(10\.\d{4,9}/[^\s<>\"]*[^\s<>\".,:;])"
    r"|\barXiv:(\d{4}\.\d{4,5}|[a-z-]+/\d{7})",
    re.DOTALL,
)


def on_page_content(content, page, config, files):
    return linked(content)


def linked(text):
    return WORK.sub(_link, text)


def _link(match):
    _, doi, arxiv = match.groups()
    if not (doi or arxiv):
        return match[0]
    home = f"https://doi.org/{doi}" if doi else f"https://arxiv.org/abs/{arxiv}"
    return f'<a href="{home}">{match[0]}</a>'
