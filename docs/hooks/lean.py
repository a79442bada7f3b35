"""The indentation that the theme's templates leave between tags, a tenth of a page, is not sent."""

import re

SPACE = re.compile(r"<(pre|textarea|script|style)\b.*?</\1>|\n\s+", re.DOTALL)


def on_post_page(output, page, config):
    return SPACE.sub(lambda found: found[0] if found[1] else "\n", output)
