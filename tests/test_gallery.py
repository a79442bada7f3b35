"""The gallery: all that a lecturer takes along, on three screens."""

import html
import re

import pytest

from benchmarks.host import HOME, SITE
from figures import pictures
from tests.test_pages import address, browser, tab, visit  # noqa: F401  (fixtures)

FILMS, PLOTS = pictures.find("films"), pictures.find("plots")
pytestmark = pytest.mark.browser


def cards(kind):
    page = (SITE / "gallery" / "index.html").read_text(encoding="utf-8")
    return dict(re.findall(rf'<figure class="[^"]*lr-card" id="{kind}-([^"]+)">(.*?)</figure>', page, re.DOTALL))


def test_every_picture_has_its_card_and_films_come_first():
    assert set(cards("film")) == {film.name for film in FILMS}
    assert set(cards("figure")) == {plot.name for plot in PLOTS}
    page = (SITE / "gallery" / "index.html").read_text(encoding="utf-8")
    assert page.rindex('id="film-') < page.index('id="figure-')


@pytest.mark.parametrize("film", FILMS, ids=[film.name for film in FILMS])
def test_a_films_card_has_all_that_a_lecture_needs(film):
    card = html.unescape(cards("film")[film.name])
    assert re.search(r"\d\N{NO-BREAK SPACE}s\. ", card), "how long it is"
    assert re.sub(r"[$|].*", "", film.text["lecture"]) in card, "when to show it"
    for theme in ("light", "dark"):
        assert f'assets/generated/films/{film.name}-{theme}.mp4" download' in card
        assert f'assets/generated/films/{film.name}-{theme}.webp" download' in card, "its last picture"
    assert f'<video src="{HOME}assets/generated/films/{film.name}-light.mp4"' in card, "to embed elsewhere"


def test_figures_come_as_their_pages_show_them():
    page = (SITE / "learn" / "decay" / "index.html").read_text(encoding="utf-8")
    shown = re.findall(r'id="figure-([^"]+)"', page)
    assert [name for name in cards("figure") if name in shown] == shown


def test_it_fits_on_three_screens(tab, address):  # noqa: F811
    visit(tab, address + "gallery/")
    assert tab.locator(".lr-cards").last.evaluate("e => e.getBoundingClientRect().bottom + scrollY") <= 3 * 800


@pytest.mark.parametrize("tab", [{}], indirect=True)
def test_no_film_starts_by_itself(tab, address):  # noqa: F811
    visit(tab, address + "gallery/")
    tab.wait_for_timeout(600)
    assert tab.evaluate("[...document.querySelectorAll('video')].every(v => v.paused)")
