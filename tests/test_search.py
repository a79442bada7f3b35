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
