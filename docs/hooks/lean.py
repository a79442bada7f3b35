"""What templates leave and no browser wants is not sent: the indentation between tags, a tenth of a page, namespaces
that HTML knows, the last semicolon of a style, and a tabindex without a number, which HTML does not allow. What opens
the drawer is in a keyboard's reach: Enter does.
"""

import re

SPARED = r"<(pre|textarea|script|style)\b.*?</\1>"
BRACKET = r"(?<=</code>)\s+(?=\))"  # after a default in the reference
NAME = r'(?<="md-ellipsis">)\s+|\n\s*(?=</span>\s*</a>)'  # the lines around an entry's name in the navigation
MEDIA = r"(?<=>)\n\s*(?=<(?:source|img|/picture|video|/lr-film)\b)"
IDLE = re.compile(
    rf'{SPARED}|{NAME}|{BRACKET}|{MEDIA}|(\n\s+)|(?<=<svg) xmlns="[^"]*"|(?<= style=")([^"]*);(?=")', re.DOTALL
)
ODD = re.compile(r"(<label\b[^>]*?) tabindex(?:=\"\")?(?=[\s>])")
DRAWER = '<label class="md-header__button md-icon" for="__drawer"'


def on_post_page(output, page, config):
    lean = IDLE.sub(_kept, output)
    lean = lean.replace(DRAWER, f'{DRAWER} tabindex="0" title="Navigation"')
    return ODD.sub(r"\1", lean)


def _kept(found):
    return found[0] if found[1] else "\n" if found[2] else found[3] or ""
