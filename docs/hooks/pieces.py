"""What the hooks put into pages is set by templates, in `pieces/`, which escape what they are given.

`piece("page", "figure", ...)` is the macro `figure` of `pieces/page.html`.
"""

import html
import re
from pathlib import Path

from formulas import inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("pieces")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "inline": lambda text: Markup(inline(text)),  # HTML with $…$ and `…` in it
    "plain": lambda text: Markup(html.escape(text, quote=False)),  # words, in which an apostrophe stays one
    "spoken": lambda text: re.sub(r"[$`\\]", "", text),  # for an attribute, where no formula can stand
}


def piece(file, name, *given, **named):
    return str(getattr(_ENVIRONMENT.get_template(f"{file}.html").module, name)(*given, **named))
