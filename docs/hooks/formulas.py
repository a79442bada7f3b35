"""Formulas are set by KaTeX while the site is built, so that a page brings finished mathematics and no script."""

import functools
import html
import json
import re
import subprocess
from pathlib import Path

from mkdocs.exceptions import PluginError

FORMULA = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)

INDEX = re.compile(  # in running text, not in code, in tags or in what KaTeX has set
    r"<(head|script|style|code|pre|svg|annotation)\b.*?</\1>|<[^>]*>"
    r"|(?<![A-Za-z0-9_])([λκηρwxctLΠΣ])_(\{[^{}]*\}|max|min|[ticT]|\d+)(?![\w{])|\^(\{[^{}]*\})",
    re.DOTALL,
)


def inline(text):
    """$…$ and `…` where Markdown does not look: in the raw HTML of captions and notebooks."""
    text = re.sub(
        r"\$([^$]+)\$", lambda m: f'<span class="arithmatex">\\({html.escape(m[1], quote=False)}\\)</span>', text
    )
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


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
    return INDEX.sub(_lowered, output)


def _lowered(match):
    """λ_max and w_{t+1} with a subscript, ρ^{2t} with a superscript."""
    _, letter, below, above = match.groups()
    if above:
        return f"<sup>{above[1:-1]}</sup>"
    return f"{letter}<sub>{below.strip('{}')}</sub>" if letter else match[0]


def _tex(inner):
    """(formula, display?) from arithmatex's \\(…\\) or \\[…\\]."""
    text = html.unescape(inner.strip())
    return text[2:-2].strip(), text.startswith(r"\[")


@functools.cache
def _katex(formulas, where):
    node = subprocess.run(
        ["node", str(Path(__file__).with_name("katex.mjs"))],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
    )
    if node.returncode:
        reason = next((line for line in node.stderr.splitlines() if "Error" in line), node.stderr[-500:])
        raise PluginError(f"{where}: a formula cannot be set: {reason}")
    return json.loads(node.stdout)
