"""What a page needs to be seen comes first: one style sheet for many, and at once the picture of its first screen.

The theme's script, which only answers a reader, lets the page be read to its end before it runs.
"""

import functools
import hashlib
import re
import subprocess
from io import BytesIO
from pathlib import Path

from mkdocs.exceptions import PluginError
from pieces import piece
from PIL import Image

ESBUILD = Path(__file__).resolve().parent.parent.parent / "node_modules" / ".bin" / "esbuild"
SHEETS = re.compile(r'(?:<link rel="stylesheet" href="[^"]+">\s*)+')
SHEET = re.compile(r'href="([^"]*?)(assets/[^"]+)"')
HOME = "assets/vendor/"  # of the one sheet: what names others by a relative address, the fonts, lies there
SCRIPT = re.compile(r'<script (?=src="[^"]*assets/javascripts/bundle\.)')
BEFORE = re.compile(r"<article\b(.*?)(?=<picture\b|<lr-film\b)", re.DOTALL)
SHOWN = re.compile(r'<(picture|lr-film) class="only-(light|dark)">.*?</\1>', re.DOTALL)
NARROW = re.compile(r'media="\(max-width: (\d+)px\)" srcset="([^"]+)"')
WIDE = re.compile(r'<img src="([^"]+)"')
FOLDER = re.compile(r'<link [^>]*href="([^"]*)katex\.css"')
FONTS = {
    "KaTeX_Main-Regular": 'class="katex"',
    "KaTeX_Math-Italic": "mathnormal",
    "KaTeX_Size1-Regular": "small-op|delimsizing size1",
    "inter-latin-400-italic": "<em",
    "jetbrains-mono-latin-400-normal": "<code",
}
POSTER = (1280, 720)
SCREEN = 600  # letters, which leave a picture in sight on a phone's first screen


def on_post_page(output, page, config):
    return output.replace("</head>", "".join([*_fonts(output), *_pictures(output)]) + "</head>", 1)


def _fonts(output):
    """Those that a page uses; what all use stands in the theme's template. One that came later would move words."""
    folder = FOLDER.search(output)[1]
    for font, used in FONTS.items():
        if re.search(used, output):
            yield piece("head", "font", f"{folder}fonts/{font}.woff2")


def _pictures(output):
    """The first picture in its two themes, each for those whose system prefers it: the other is not fetched."""
    before = BEFORE.search(output)
    if not before or len(re.sub(r"<[^>]*>|\s+", " ", before[1]).strip()) > SCREEN:
        return
    for block in list(SHOWN.finditer(output, before.end()))[:2]:
        sizes = {"": WIDE.search(block[0])[1]}
        if narrow := NARROW.search(block[0]):
            sizes = {
                f"(max-width: {narrow[1]}px) and ": narrow[2],
                f"(min-width: {int(narrow[1]) + 1}px) and ": sizes[""],
            }
        for size, address in sizes.items():
            yield piece("head", "image", f"{size}(prefers-color-scheme: {block[2]})", address)


def on_post_build(config):
    """The sheets that a page names in a row become one, called by what is in it; posters are as large as they show."""
    site, joined = Path(config.site_dir), set()

    def one(found):
        prefixes, sheets = zip(*SHEET.findall(found[0]), strict=True)
        joined.update(sheets)
        return f'<link rel="stylesheet" href="{prefixes[0]}{_joined(site, sheets)}">\n'

    _joined.cache_clear()  # while serving, one build follows another
    for path in site.rglob("*.html"):
        page = SHEETS.sub(one, path.read_text(encoding="utf-8"))
        path.write_text(SCRIPT.sub("<script defer ", page), encoding="utf-8")
    for sheet in joined:  # their maps stay: they say what the theme is made of
        (site / sheet).unlink()
    for poster in site.glob("assets/generated/films/*.webp"):
        poster.write_bytes(_smaller(poster.read_bytes()))


@functools.cache
def _joined(site, sheets):
    whole = "\n".join((site / sheet).read_text(encoding="utf-8") for sheet in sheets)
    command = [ESBUILD, "--loader=css", "--minify", "--legal-comments=none", "--log-level=error"]
    made = subprocess.run(command, input=whole, capture_output=True, encoding="utf-8")
    if made.returncode:
        raise PluginError(f"the style sheets cannot be joined: {made.stderr.strip()[:800]}")
    name = f"{HOME}site.{hashlib.sha256(made.stdout.encode()).hexdigest()[:8]}.css"
    (site / name).write_text(made.stdout, encoding="utf-8")
    return name


@functools.cache
def _smaller(poster):
    with Image.open(BytesIO(poster)) as picture:
        picture.resize(POSTER, Image.Resampling.LANCZOS).save(made := BytesIO(), "WEBP", quality=75, method=6)
    return made.getvalue()
