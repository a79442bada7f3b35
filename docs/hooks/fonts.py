"""The site serves its fonts from itself: of each no more than its pages show, and until it is there a stand-in."""

import functools
import html
import re
from importlib.metadata import files as files_of
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.afmLib import AFM
from fontTools.ttLib import TTFont
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "node_modules"
FONTS = "assets/vendor/fonts"
OLDER = re.compile(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)")  # formats that nobody asks for
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
BESIDE = re.compile(r"<annotation\b.*?</annotation>|<[^>]*>", re.DOTALL)  # what of it is not shown
ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4})")
PRINTABLE = {*range(0x20, 0x7F), *range(0xA0, 0x100)}  # of a reader's own log, whatever the pages say
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "tnum"]


def on_files(files, config):
    katex = MODULES / "katex" / "dist"
    sources = {path.name: path for path in sorted((katex / "fonts").glob("*.woff2"))}
    for family, part, style in _FACES:
        name = f"{family}-{part}-{style}.woff2"
        sources[name] = MODULES / "@fontsource" / family / "files" / name
    for name, source in sources.items():
        files.append(File.generated(config, f"{FONTS}/{name}", abs_src_path=str(source)))
    sheet = OLDER.sub("", (katex / "katex.min.css").read_text(encoding="utf-8"))
    files.append(File.generated(config, "assets/vendor/katex.css", content=sheet))
    files.append(File.generated(config, "assets/vendor/fonts.css", content=_font_css()))


def on_post_build(config):
    """The fonts that most pages fetch are cut to the letters of the site, those of formulas to what formulas say."""
    site = Path(config.site_dir)
    ours = [path for suffix in ("js", "css") for path in (ROOT / "docs").rglob(f"*.{suffix}")]
    pages = [*site.rglob("*.html"), site / "search" / "search_index.json"]
    text = "".join(path.read_text(encoding="utf-8") for path in pages + ours)
    used = frozenset({*map(ord, text), *(int(code, 16) for code in ESCAPED.findall(text)), *PRINTABLE})
    said = frozenset(map(ord, html.unescape(BESIDE.sub("", "".join(FORMULA.findall(text))))))
    for path in sorted((site / FONTS).glob("*.woff2")):
        if "-ext-" not in path.name:  # for the letters that a page has not
            path.write_bytes(_cut(path.read_bytes(), said if path.name.startswith("KaTeX") else used))


@functools.cache
def _cut(font, used):
    options = subset.Options(hinting=False, flavor="woff2", layout_features=FEATURES, notdef_outline=True)
    opened, cutter = TTFont(BytesIO(font), recalcTimestamp=False), subset.Subsetter(options)
    cutter.populate(unicodes=used)
    cutter.subset(opened)
    opened.save(made := BytesIO())
    return made.getvalue()


_FACES = [
    (family, part, style)
    for family, styles in (
        ("inter", ("400-normal", "400-italic", "600-normal", "700-normal")),
        ("jetbrains-mono", ("400-normal", "700-normal")),
    )
    for part in ("latin", "latin-ext", "greek")
    for style in styles
]
_RANGES = {  # the ranges that the fonts' own style sheets name, shortened to what each file holds
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
    "latin-ext": "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, "
    "U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
    "greek": "U+0370-0377, U+037A-037F, U+0384-038A, U+038C, U+038E-03A1, U+03A3-03FF",
}


_STAND_INS = [  # fonts that readers have, in the style that stands in, and whose widths they have
    ("inter", "400-normal", ("Arial", "Liberation Sans"), "", "Helvetica"),
    ("inter", "400-italic", ("Arial", "Liberation Sans"), " Italic", "Helvetica-Oblique"),
    ("inter", "600-normal", ("Arial", "Liberation Sans"), " Bold", "Helvetica-Bold"),
    ("inter", "700-normal", ("Arial", "Liberation Sans"), " Bold", "Helvetica-Bold"),
    ("jetbrains-mono", "400-normal", ("Courier New", "Liberation Mono"), "", "Courier"),
    ("jetbrains-mono", "700-normal", ("Courier New", "Liberation Mono"), " Bold", "Courier-Bold"),
]
_NAMES = {"inter": "Inter", "jetbrains-mono": "JetBrains Mono"}


def _font_css():
    pages = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))
    return "".join([*_faces(), *(_stand_in(pages, *line) for line in _STAND_INS)])


def _stand_in(pages, family, style, others, called, core):
    """A font that readers have, as wide and as high as ours is in the project's own pages: when ours comes, nothing
    moves."""
    ours = TTFont(MODULES / "@fontsource" / family / "files" / f"{family}-latin-{style}.woff2")
    unit, glyphs, width = ours["head"].unitsPerEm, ours.getBestCmap(), ours["hmtx"]
    (measured,) = (path.locate() for path in files_of("matplotlib") if path.name == f"{core}.afm")
    other = AFM(str(measured))
    widths = {code: advance / 1000 for code, advance, _ in (other[name] for name in other.chars()) if code in glyphs}
    text = [code for code in map(ord, pages) if code in widths]
    wider = sum(width[glyphs[code]][0] / unit for code in text) / sum(widths[code] for code in text)
    weight, slope = style.split("-")
    local = ",".join(f"local('{name}{called}')" for name in others)
    return (
        f"@font-face{{font-family:'{_NAMES[family]} stand-in';font-weight:{weight};font-style:{slope};src:{local};"
        f"size-adjust:{wider:.1%};line-gap-override:0%;"
        f"ascent-override:{ours['hhea'].ascent / unit / wider:.1%};"
        f"descent-override:{-ours['hhea'].descent / unit / wider:.1%}}}\n"
    )


def _faces():
    return (
        f"@font-face{{font-family:'{_NAMES[family]}';font-weight:{style.split('-')[0]};font-style:{style.split('-')[1]};"
        f"font-display:swap;src:url(fonts/{family}-{part}-{style}.woff2) format('woff2');"
        f"unicode-range:{_RANGES[part]}}}\n"
        for family, part, style in _FACES
    )
