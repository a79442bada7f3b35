"""The site serves its fonts, style sheets and sources from itself; while serving, edited pictures are redrawn."""

import subprocess
import sys
import tempfile
from importlib.metadata import files as files_of
from pathlib import Path

from fontTools.afmLib import AFM
from fontTools.ttLib import TTFont
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "node_modules"
_ran = None  # where notebooks that ran are kept while serving


def on_startup(command, dirty):
    global _ran
    _ran = tempfile.TemporaryDirectory(prefix="lrsim-notebooks-") if command == "serve" else None


def on_pre_build(config):
    """While serving, an edit redraws what depends on it, and runs notebooks again that changed or whose lrsim did.

    A mistake on a page is shown there, and the server lives on.
    """
    if _ran is None:
        return
    if subprocess.run([sys.executable, "-m", "figures"], cwd=ROOT).returncode:
        raise PluginError("a picture could not be drawn; its error stands above")
    code = max(path.stat().st_mtime_ns for path in (ROOT / "lrsim").rglob("*.py"))
    config.plugins["macros"].config.update(on_error_fail=False)
    config.plugins["mkdocs-jupyter"].config.update(cache=True, cache_dir=f"{_ran.name}/{code}")


def on_files(files, config):
    """The site serves its fonts, formulas' styles, their licences and the pictures' source from itself."""
    for file in list(files):
        if file.src_uri.startswith("assets/javascripts/lunr/"):  # the search in other languages than the site's
            files.remove(file)
    for name, source in _licences():
        files.append(File.generated(config, f"assets/licences/{name}.txt", abs_src_path=str(source)))
    for name, source in _vendor():
        files.append(File.generated(config, f"assets/vendor/{name}", abs_src_path=str(source)))
    files.append(File.generated(config, "assets/vendor/fonts.css", content=_font_css()))
    for kind in ("plots", "films"):
        for source in sorted((ROOT / "figures" / kind).glob("[!_]*.py")):
            uri = f"assets/source/{source.relative_to(ROOT).as_posix()}.txt"
            files.append(File.generated(config, uri, abs_src_path=str(source)))
    return files


def _vendor():
    katex = MODULES / "katex" / "dist"
    yield "katex.css", katex / "katex.min.css"
    for path in sorted((katex / "fonts").glob("*.woff2")):
        yield f"fonts/{path.name}", path
    for family, subset, style in _FACES:
        name = f"{family}-{subset}-{style}.woff2"
        yield f"fonts/{name}", MODULES / "@fontsource" / family / "files" / name


def _licences():
    """As they came with what the site carries; docs/licences.md says whose they are."""
    yield "lrsim", ROOT / "LICENSE"
    yield "inter", MODULES / "@fontsource" / "inter" / "LICENSE"
    yield "jetbrains-mono", MODULES / "@fontsource" / "jetbrains-mono" / "LICENSE"
    yield "katex", MODULES / "katex" / "LICENSE"
    yield "lit", MODULES / "lit" / "LICENSE"
    material = [path.locate() for path in files_of("mkdocs-material") if path.name == "LICENSE"]
    yield "mkdocs-material", next(path for path in material if path.parent.name == "licenses")
    yield "material-design-icons", next(path for path in material if path.parent.name == "material")
    (apache,) = (path.locate() for path in files_of("requests") if path.name == "LICENSE")
    yield "apache-2.0", apache  # of RxJS, whose own copy is not in the theme; the text is the same


_FACES = [
    (family, subset, style)
    for family, styles in (
        ("inter", ("400-normal", "400-italic", "600-normal", "700-normal")),
        ("jetbrains-mono", ("400-normal", "700-normal")),
    )
    for subset in ("latin", "latin-ext", "greek")
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
        f"font-display:swap;src:url(fonts/{family}-{subset}-{style}.woff2) format('woff2');"
        f"unicode-range:{_RANGES[subset]}}}\n"
        for family, subset, style in _FACES
    )
