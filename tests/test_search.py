"""What readers type, and the page that the site's search must put first."""

import re

import pytest

from tests.test_pages import address, browser, tab  # noqa: F401  (fixtures)

FIRST = {
    "my-loss-exploded/": [
        *(
            "loss explodes",
            "loss goes up",
            "nan",
            "spike",
            "learning rate too high",
            "diverge",
            "plateau",
            "oscillates",
        ),
        *("gradient clipping", "warmup", "oscillate"),
    ],
    "glossary/": ["lambda", "eta", "kappa"],
    "learn/the-bowl/": ["zigzag", "zig-zag", "oscillation"],
    "learn/why-two-over-lambda/": ["parabola"],
    "learn/decay/": ["decay", "hump", "inverse time decay"],
    "lrsim/torch/": ["pytorch"],
    "lrsim/command-line/": ["command line"],
    "lrsim/cite/": ["cite"],
}
QUERIES = [(words, page) for page, said in FIRST.items() for words in said]


@pytest.mark.browser
@pytest.mark.parametrize(("words", "page"), QUERIES, ids=[words for words, _ in QUERIES])
def test_the_sites_search_puts_it_first(tab, address, words, page):  # noqa: F811
    tab.goto(address, wait_until="load")
    tab.keyboard.press("f")
    tab.locator(".md-search__input").fill(words)
    tab.keyboard.press("End")  # the theme listens to keys
    first = tab.locator(".md-search-result__link").first
    answered = f".md-search-result__link[href*='h={re.split('[ -]', words)[0]}']"  # and not to a part of the words
    tab.locator(answered).first.wait_for()
    assert f"/{page}" in first.get_attribute("href"), first.inner_text()


@pytest.mark.browser
def test_its_index_is_fetched_for_who_turns_to_it(tab, address):  # noqa: F811
    fetched = lambda: [url for url in tab.requests if "search_index" in url]  # noqa: E731
    tab.goto(f"{address}learn/decay/", wait_until="networkidle")
    assert not fetched()
    tab.goto(f"{address}learn/decay/?h=hump", wait_until="load")
    tab.locator("article mark").first.wait_for()
    tab.goto(f"{address}?q=hump", wait_until="load")
    tab.locator(".md-search-result__link").first.wait_for()
    assert len(fetched()) == 2
