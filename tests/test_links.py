"""The built site from link to link: every address on it that belongs to it leads to something."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

SITE = Path(__file__).resolve().parent.parent / "site"
HERE = "http://site.test/"  # a name for the site while its addresses are worked out
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html")) if SITE.exists() else []
ADDRESSES = ("href", "src", "poster", "data-src", "action", "cite")
MATHML = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}

pages = pytest.mark.parametrize("page", PAGES)


@cache
def soup(page):
    return BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")


@cache
def root():
    """The path that the site was built for, "/" unless SITE_URL says otherwise: 404.html names its files from there."""
    places = re.findall(r"<loc>(.*?)</loc>", (SITE / "sitemap.xml").read_text(encoding="utf-8"))
    return urlsplit(min(places, key=len)).path


def addresses(page):
    for tag in soup(page).find_all(True):
        yield from (tag[name].strip() for name in ADDRESSES if tag.get(name) is not None)
        yield from (one.split()[0] for one in tag.get("srcset", "").split(",") if one.split())
        yield from re.findall(r"url\(['\"]?(.*?)['\"]?\)", tag.get("style", ""))


def file_of(path):
    """The file that a host serves for a path: a folder means its index.html."""
    path = unquote(path).lstrip("/")
    return f"{path}index.html" if path == "" or path.endswith("/") else path


@cache
def anchors(page):
    return {tag[name] for tag in soup(page).find_all(True) for name in ("id", "name") if tag.get(name)} | {"", "top"}


def broken(page, address):
    """Why an address on a page leads nowhere, or None."""
    if page == "404.html" and address.startswith(root()):
        address = f"/{address.removeprefix(root())}"
    goal = urlsplit(urljoin(HERE + page.removesuffix("index.html"), address))
    if f"{goal.scheme}://{goal.netloc}/" != HERE:
        return None
    target = file_of(goal.path)
    if not (SITE / target).is_file():
        return f"{address}: there is no {target}"
    if target.endswith(".html") and unquote(goal.fragment) not in anchors(target):
        return f"{address}: {target} has no anchor {goal.fragment}"
    return None


def test_there_is_a_site():
    assert len(PAGES) >= 7, "site/ is missing or empty: run `make site`"


@pages
def test_every_address_leads_to_something(page):
    wrong = {found for address in addresses(page) if (found := broken(page, address))}
    assert wrong == set()


def test_style_sheets_find_their_fonts_and_pictures():
    for sheet in SITE.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)['\"]?\)", sheet.read_text(encoding="utf-8")):
            if not address.startswith(("data:", "#", "http")):
                assert (sheet.parent / urlsplit(address).path).is_file(), f"{sheet.relative_to(SITE)}: {address}"


@pages
def test_every_piece_of_a_formula_has_its_place(page):
    """MathML that a browser can set: a fraction has two children, a subscript two."""
    for tag in soup(page).find_all(list(MATHML)):
        assert len(tag.find_all(True, recursive=False)) == MATHML[tag.name], str(tag)
