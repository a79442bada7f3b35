"""What the theme's templates leave and no browser wants is not sent: the indentation between tags, a tenth of a page,
and a tabindex without a number, which HTML does not allow. What opens the drawer is in a keyboard's reach: Enter does.
"""

import re

SPACE = re.compile(r"<(pre|textarea|script|style)\b.*?</\1>|\n\s+", re.DOTALL)
ODD = re.compile(r"(<label\b[^>]*?) tabindex(?:=\"\")?(?=[\s>])")
DRAWER = '<label class="md-header__button md-icon" for="__drawer"'


def on_post_page(output, page, config):
    lean = SPACE.sub(lambda found: found[0] if found[1] else "\n", output)
    lean = lean.replace(DRAWER, f'{DRAWER} tabindex="0" title="Navigation"')
    return ODD.sub(r"\1", lean)
