"""What a host serves beside the pages, and what those who link to a page show of it."""

import base64
import hashlib
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from benchmarks.host import HOME, PAGES, SITE
from figures import emblem
from figures.palette import DARK, LIGHT

pages = pytest.mark.parametrize("page", PAGES, ids=[page or "home" for page in PAGES])


@cache
def soup(page):
    return BeautifulSoup((SITE / page / "index.html").read_text(encoding="utf-8"), "html.parser")


def said(page, name):
    (tag,) = soup(page).select(f'meta[name="{name}"], meta[property="{name}"]')
    return tag["content"]


def file_of(address):
    """The file of the site at an address that names its host."""
    assert address.startswith(HOME)
    return SITE / address.removeprefix(HOME)


@pages
def test_a_page_says_in_a_sentence_what_it_is_about(page):
    assert 50 <= len(said(page, "description")) <= 160
    assert said(page, "og:description") == said(page, "description")


def test_no_two_pages_say_the_same():
    twice = {text: count for text, count in Counter(said(page, "description") for page in PAGES).items() if count > 1}
    assert PAGES and not twice


@pages
def test_a_link_to_a_page_shows_its_title_and_a_picture_of_the_size_it_says(page):
    assert said(page, "og:url") == HOME + page == soup(page).select_one('link[rel="canonical"]')["href"]
    assert said(page, "og:title") in soup(page).title.text
    assert said(page, "twitter:card") == "summary_large_image"
    size = int(said(page, "og:image:width")), int(said(page, "og:image:height"))
    with Image.open(file_of(said(page, "og:image"))) as picture:
        assert picture.size == size == (1200, 630)


@pages
def test_a_work_that_a_page_names_is_a_link(page):
    content = soup(page).select_one(".md-content")
    for text in content.find_all(string=re.compile(r"\bdoi:10\.|\barXiv:\d")):
        if not text.find_parent(["code", "pre"]):
            assert text.find_parent("a"), text


def test_the_sign_is_ours_in_the_colours_of_the_pictures():
    for page in (*PAGES, "404.html"):
        html = soup(page) if page in PAGES else BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")
        icons = [tag["href"] for tag in html.select('link[rel~="icon"], link[rel="apple-touch-icon"]')]
        assert [Path(icon).name for icon in icons] == ["favicon.svg", "favicon.png", "favicon.png"]
    sign = (SITE / "assets/generated/favicon.svg").read_text(encoding="utf-8")
    assert sign == emblem.svg()
    assert set(re.findall(r"#\w{6}", sign)) == {LIGHT.ink, LIGHT.bounce, DARK.ink, DARK.bounce}


def test_robots_are_shown_the_sitemap():
    robots = (SITE / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert robots == ["User-agent: *", "Allow: /", f"Sitemap: {HOME}sitemap.xml"]


def test_who_is_lost_can_search_and_go_on():
    lost = BeautifulSoup((SITE / "404.html").read_text(encoding="utf-8"), "html.parser").select_one(".md-content")
    page = f"{HOME}a/page/that/is/not/there"
    form = lost.select_one("form")
    assert (
        urljoin(page, form["action"]) == HOME and form.select_one("input")["name"] == "q"
    )  # Material searches for ?q=
    ways = {urljoin(page, link["href"]) for link in lost.select("ul a")}
    assert len(ways) >= 5 and HOME in ways
    assert all((file_of(way) / "index.html").is_file() for way in ways)


LICENCES = {
    "lrsim": "MIT License",
    "inter": "SIL OPEN FONT LICENSE",
    "jetbrains-mono": "SIL OPEN FONT LICENSE",
    "katex": "Khan Academy",
    "lit": "BSD 3-Clause",
    "mkdocs-material": "Martin Donath",
    "material-design-icons": "Pictogrammers",
    "apache-2.0": "Apache License",
}


@pages
def test_the_foot_of_a_page_leads_to_the_licences(page):
    (link,) = soup(page).select(".md-copyright a")
    assert urljoin(HOME + page, link["href"]) == f"{HOME}licences/"


def test_what_others_made_is_named_with_its_licence():
    """What the theme's scripts and styles are bundled of stands in their source maps."""
    names = soup("licences/").select_one(".md-content").text.lower().replace(" ", "-")
    maps = [json.loads(path.read_text(encoding="utf-8")) for path in SITE.glob("assets/**/*.map")]
    sources = [source for found in maps for source in found["sources"]]
    bundled = {found[1] for source in sources if (found := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)", source))}
    assert {"lunr", "rxjs"} <= bundled
    assert all(name.replace("clipboard", "clipboard.js") in names for name in bundled)
    for name, says in LICENCES.items():
        assert says in (SITE / f"assets/licences/{name}.txt").read_text(encoding="utf-8")
    carried = {path.name for path in (SITE / "assets/javascripts").rglob("*.js")}
    assert all(name.startswith(("bundle.", "search.")) for name in carried)  # nothing that the page does not name


@pytest.mark.parametrize("path", sorted(SITE.rglob("*.html")), ids=lambda path: path.relative_to(SITE).as_posix())
def test_a_page_says_what_it_may_load_before_it_loads_anything(path):
    text = path.read_text(encoding="utf-8")
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
    assert text.index("Content-Security-Policy") < min(text.index(tag) for tag in ("<script", "<link") if tag in text)
    said = dict(part.split(" ", 1) for part in policy.split("; "))
    assert "unsafe" not in said["script-src"] and "//" not in policy and "*" not in policy
    for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in said["script-src"]
    assert not re.search(r"<[^>]+\son\w+=", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
