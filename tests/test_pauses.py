"""Under a film: pause points, keys and speed, for somebody who talks while it stands still."""

import json

import pytest

from benchmarks.host import Host, served
from figures.files import GENERATED
from tests.test_pages import address, browser, tab, until, visit  # noqa: F401  (fixtures)

PATH, NAME = "learn/why-two-over-lambda/", "the-sweep"
POINTS = [at for at, _ in json.loads((GENERATED / "films" / f"{NAME}.json").read_text(encoding="utf-8"))["pauses"]]
SHOWN = "[...document.querySelectorAll('lr-film')].find(f => f.checkVisibility()).video"  # or its picture still
CALM = {"reduced_motion": "reduce"}  # else it plays when it comes into view
pytestmark = pytest.mark.browser


def still(film, moment):
    until(film, f"({SHOWN}).paused && Math.abs(({SHOWN}).currentTime - {moment}) < 0.05 && ({SHOWN}).readyState > 1")


@pytest.fixture
def film(tab, address):  # noqa: F811
    visit(tab, address + PATH)
    tab.locator(".lr-bar").first.scroll_into_view_if_needed()
    return tab


@pytest.mark.parametrize("tab", [CALM], indirect=True)
def test_each_number_is_a_still_and_its_words_are_said(film):
    buttons = film.locator(".lr-bar button[data-at]")
    assert buttons.count() == len(POINTS) <= 5, "more do not stand in one line of a phone"
    for i, moment in enumerate(POINTS):
        buttons.nth(i).click()
        still(film, moment)
        assert film.locator(".lr-bar output").text_content() == buttons.nth(i).get_attribute("aria-label")
        assert film.locator(".lr-bar [aria-current]").text_content() == str(i + 1)


def test_it_plays_from_point_to_point(film):
    film.evaluate(f"({SHOWN}).pause()")
    film.locator(".lr-bar button[data-at]").nth(1).click()
    still(film, POINTS[1])
    film.get_by_label("Speed").first.select_option("2")
    film.locator(".lr-next").first.click()
    until(film, f"!({SHOWN}).paused")
    assert film.evaluate(f"({SHOWN}).playbackRate") == 2
    still(film, POINTS[2])
    film.locator(".lr-back").first.click()
    still(film, POINTS[1])


@pytest.mark.parametrize("tab", [CALM], indirect=True)
def test_keys_mean_the_film_and_never_the_page(film):
    here = film.url
    film.locator(".lr-next").first.focus()
    for key, moment in [("ArrowRight", POINTS[0]), ("PageDown", POINTS[1]), ("ArrowLeft", POINTS[0]), ("3", POINTS[2])]:
        film.keyboard.press(key)
        still(film, moment)
    for key in "npfs,./":  # to the next page, to the search
        film.keyboard.press(key)
    film.wait_for_timeout(300)
    assert film.url == here
    assert film.evaluate("document.activeElement.matches('.lr-next')")


@pytest.mark.parametrize("tab", [CALM | {"color_scheme": "light"}], indirect=True)
def test_place_and_speed_outlive_a_change_of_theme(film):
    film.get_by_label("Speed").first.select_option("0.5")
    film.locator(".lr-bar button[data-at]").nth(2).click()
    still(film, POINTS[2])
    film.locator("form[data-md-component=palette] label:visible").click()  # auto -> light
    film.locator("form[data-md-component=palette] label:visible").click()  # -> dark
    until(film, f"({SHOWN}).src.endsWith('-dark.mp4')")
    still(film, POINTS[2])
    assert film.evaluate(f"({SHOWN}).playbackRate") == 0.5


class Plain(Host):
    """A host that sends whole files only, such as Python's own."""

    def do_GET(self):
        del self.headers["Range"]
        super().do_GET()


@pytest.mark.parametrize("tab", [CALM | {"color_scheme": "light"}], indirect=True)
def test_a_host_that_sends_whole_files_only_has_its_pauses_too(tab):  # noqa: F811
    with served(Plain) as home:
        visit(tab, home + PATH)
        tab.get_by_label("Speed").first.select_option("0.5")
        for i in (1, 3, 2):
            tab.locator(".lr-bar button[data-at]").nth(i).click()
            still(tab, POINTS[i])
        for _ in range(2):  # auto -> light -> dark
            tab.locator("form[data-md-component=palette] label:visible").click()
        until(tab, f"({SHOWN}).parentElement.matches('.only-dark')")
        still(tab, POINTS[2])
        assert tab.evaluate(f"({SHOWN}).playbackRate") == 0.5
        tab.locator(".lr-next").first.click()
        still(tab, POINTS[3])
        assert tab.errors == []


@pytest.mark.parametrize("tab", [CALM], indirect=True)
def test_nothing_lies_over_a_still_and_a_keyboard_starts_the_film(film):
    assert film.evaluate("[...document.querySelectorAll('video')].every(v => !v.controls)")
    start = film.locator("lr-film:visible .lr-start")
    box, picture = start.bounding_box(), film.locator("video:visible").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    assert box["y"] + box["height"] <= picture["y"] + picture["height"]
    start.focus()
    film.keyboard.press("Enter")
    until(film, f"!({SHOWN}).paused && ({SHOWN}).controls && document.activeElement === ({SHOWN})")
    assert not start.is_visible()
    film.locator(".lr-bar button[data-at]").nth(0).click()
    still(film, POINTS[0])
    assert start.is_visible() and not film.evaluate(f"({SHOWN}).controls")


@pytest.mark.parametrize("tab", [CALM | {"viewport": {"width": 390, "height": 800}}], indirect=True)
def test_a_thumb_finds_each_button(film):
    boxes = [button.bounding_box() for button in film.locator(".lr-bar button").all()]
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    assert len({box["y"] for box in boxes}) == 1
