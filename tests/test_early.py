"""What a page needs to be seen comes first, and no more of it than is needed."""

import hashlib
import re
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from tests.test_links import PAGES, SITE, pages, soup

ROOT = SITE.parent
FONTS = sorted((SITE / "assets/vendor/fonts").glob("*.woff2"))
MODULES = [ROOT / "node_modules/katex/dist/fonts", *(ROOT / "node_modules/@fontsource").glob("*/files")]


@pages
def test_a_page_waits_for_one_style_sheet_which_is_called_by_what_is_in_it(page):
    (link,) = soup(page).select("link[rel=stylesheet]")
    content = (SITE / "assets/vendor" / Path(link["href"]).name).read_bytes()
    assert Path(link["href"]).suffixes[-2] == f".{hashlib.sha256(content).hexdigest()[:8]}"


@pages
def test_no_script_stops_a_page_from_being_read(page):
    assert all(tag.get("type") == "module" or tag.has_attr("defer") for tag in soup(page).select("script[src]"))


@cache
def letters():
    """All that the pages, what the search shows of them, and the explorables can say."""
    texts = [soup(page).get_text() for page in PAGES]
    sources = [SITE / "search/search_index.json", *(ROOT / "docs/explorables").rglob("*.js")]
    return {*map(ord, "".join(texts + [path.read_text(encoding="utf-8") for path in sources]))}


@cache
def formulas():
    """What is seen of them, which stands beside what is read aloud."""
    return {*map(ord, "".join(part.get_text() for page in PAGES for part in soup(page).select(".katex-html")))}


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_a_font_that_was_cut_shows_every_letter_of_the_site_that_the_whole_one_shows(font):
    (source,) = (folder / font.name for folder in MODULES if (folder / font.name).exists())
    cut, whole = TTFont(font), TTFont(source)
    shown, could = cut.getBestCmap(), whole.getBestCmap()
    printable = {*range(32, 127), *range(160, 256)}
    wanted = could.keys() & (formulas() if font.name.startswith("KaTeX") else letters() | printable)
    assert wanted <= shown.keys()
    unit = cut["head"].unitsPerEm / whole["head"].unitsPerEm
    assert all(cut["hmtx"][shown[code]][0] == unit * whole["hmtx"][could[code]][0] for code in wanted)
    if "-ext-" not in font.name:
        assert font.stat().st_size < source.stat().st_size


def test_the_picture_that_is_asked_for_at_once_is_the_first_of_its_page_and_of_the_themes_each_its_own():
    asked = {page: soup(page).select("link[rel=preload][as=image]") for page in PAGES}
    assert asked["index.html"] and asked["gallery/index.html"]
    for page, links in asked.items():
        first = soup(page).select_one("article .only-light") if links else None
        for link in links:
            assert re.search(r"prefers-color-scheme: (\w+)", link["media"])[1] in link["href"].rpartition("/")[2]
        light = {link["href"] for link in links if "light" in link["media"]}
        assert not links or light == set(re.findall(r'(?:src|srcset)="([^"]+\.(?:svg|webp))"', str(first)))


def test_a_poster_is_as_large_as_it_shows():
    posters = sorted(SITE.glob("assets/generated/films/*.webp"))
    for poster in posters:
        with Image.open(poster) as picture:
            assert picture.size == (1280, 720)
    assert posters and max(poster.stat().st_size for poster in posters) < 60_000
