"""The built site in a real browser, served under a sub-path: nothing missing, nothing fetched from elsewhere."""

import json
import os
import re
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest

from benchmarks import host
from benchmarks.explorables import SHIFT
from benchmarks.host import PAGES, SITE, served

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync"]
FLAGS += ["--font-render-hinting=none"]  # else letters are whole pixels wide, in each font rounded by its own hints
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address():
    """The site as a host would serve it, one folder deep."""
    with served() as home:
        yield home


@pytest.fixture(scope="module")
def browser():
    found = host.browser()
    if not found:
        reason = f"no browser found by the names {', '.join(host.BROWSERS)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, request):
    """A fresh page that remembers what went wrong; parametrise with context options to change size or theme."""
    with watched(browser, **getattr(request, "param", {})) as page:
        yield page


@contextmanager
def watched(browser, **options):
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
    page = context.new_page()
    page.errors, page.requests = [], []
    page.on("console", lambda m: page.errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: page.errors.append(str(e)))
    page.on("request", lambda r: page.requests.append(r.url))
    page.on("response", lambda r: page.errors.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    yield page
    context.close()


def until(tab, holds, seconds=15):
    """Until the page answers true. Playwright's own wait evaluates strings in the page, which its policy forbids."""
    latest = time.monotonic() + seconds
    while not tab.evaluate(holds):
        assert time.monotonic() < latest, holds
        tab.wait_for_timeout(50)


def visit(tab, url):
    tab.goto(url, wait_until="load")
    scrolled(tab)


def scrolled(tab):
    """Down the page and up again, so that all is there which comes when it is nearly in sight."""
    tab.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) {"
        " scrollTo(0, y); await new Promise(r => setTimeout(r, 20)); } scrollTo(0, 0); }"
    )
    # what was passed between two frames was never fetched: it is looked at once more
    until(tab, "[...document.images].every(i => i.complete || !i.checkVisibility() || i.scrollIntoView())")
    tab.evaluate("scrollTo(0, 0)")


def test_there_are_pages():
    assert len(PAGES) >= 7, "site/ is missing or empty: run `make site`"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "tab",
    [
        {"reduced_motion": "reduce"},  # axe must not measure a colour in the middle of a transition
        {"reduced_motion": "reduce", "viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
    ],
    indirect=True,
    ids=["wide-light", "phone-dark"],
)
def test_a_page_is_whole(tab, address, path):
    """One visit, everything: loads, stands still, stays on this host, fits, is accessible, and its films are films."""
    visit(tab, address + path)
    assert tab.evaluate(SHIFT) < 0.05, "what stood on the page moved"
    assert tab.errors == []
    elsewhere = [url for url in tab.requests if not url.startswith((address, "data:", "blob:"))]
    assert elsewhere == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    broken = tab.evaluate(
        "[...document.querySelectorAll('.md-content img')]"
        ".filter(i => i.checkVisibility() && !i.naturalWidth).map(i => i.src)"
    )
    assert broken == []
    assert tab.locator("h1").count() == 1
    assert tab.evaluate("[...document.querySelectorAll('img')].every(i => i.alt.length > 0)")
    assert axe(tab) == []
    for width, height, poster in films(tab):
        assert (width, height) == (1920, 1080)
        assert tab.request.get(poster).ok
    assert tab.errors == []


def test_what_stays_of_a_reader_is_the_theme_alone(tab, address):
    tab.goto(f"{address}learn/decay/", wait_until="networkidle")
    tab.locator("form[data-md-component=palette] label:visible").click()
    kept = tab.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert {key.rpartition(".")[2] for key in kept} == {"__palette"}
    assert tab.context.cookies() == []


def axe(tab):
    """What the accessibility checker objects to."""
    tab.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    # Material puts each code block's copy button into a <nav> without a name of its own.
    options = "{resultTypes: ['violations'], rules: {'landmark-unique': {enabled: false}}}"
    found = tab.evaluate(f"axe.run(document, {options}).then(r => r.violations)")
    return [f"{v['id']}: {v['help']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def films(tab):
    """(width, height, poster) of every film on the page, in both themes, once its metadata has loaded."""
    return tab.evaluate(
        """() => Promise.all([...document.querySelectorAll("video")].map(async v => {
            v.preload = "metadata";
            v.load();
            await new Promise((ok, no) => {
                v.onloadedmetadata = ok;
                v.onerror = () => no(new Error("does not load: " + v.src));
            });
            return [v.videoWidth, v.videoHeight, v.parentElement.querySelector("img").src];
        }))"""
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_and_says_how_to_cite_it(path):
    page = SITE / path / "index.html"
    assert page.stat().st_size < 120_000
    assert "Cite this page" in page.read_text() or path == "lrsim/cite/"


@pytest.mark.parametrize("path", PAGES)
def test_formulas_were_set_when_the_site_was_built(path):
    html = (SITE / path / "index.html").read_text()
    assert 'class="arithmatex"' not in html
    assert not re.search(
        r"{{|}}\s*<|\\\(|\\\[",
        re.sub(r"<(script|code|pre)[^>]*>.*?</\1>", "", html, flags=re.DOTALL),
    )


CUT = """() => [...document.querySelectorAll(".md-content pre > code")]
    .filter(code => code.checkVisibility() && code.scrollWidth > code.clientWidth)
    .map(code => code.textContent.split("\\n").sort((a, b) => b.length - a.length)[0])"""


@pytest.mark.parametrize("path", [path for path in PAGES if "lrsim/" in path or "notebooks/" in path])
def test_no_line_of_code_is_cut_on_a_desk(tab, address, path):
    """At 1280 pixels; where it is folded away it is opened first."""
    visit(tab, address + path)
    tab.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
    assert tab.evaluate(CUT) == []


def test_home_fits_a_small_phone_whose_text_is_twice_as_large(address, browser):
    large = browser.browser_type.launch(
        executable_path=host.browser(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"]
    )
    with watched(large, viewport={"width": 320, "height": 800}) as tab:
        visit(tab, address)
        assert tab.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 30
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    large.close()


def test_what_search_shows_is_read_and_not_spelled():
    """No TeX, in code neither; what is set low and high on the page is so in an excerpt."""
    index = json.loads((SITE / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    assert not [entry["location"] for entry in index if re.search(r"\$[^$\n]*\\[a-z]{2}", entry["text"])]
    text = " ".join(re.sub(r"<(code|pre)\b.*?</\1>", "", entry["text"], flags=re.DOTALL) for entry in index)
    assert not re.search(r"\\[a-zA-Z(\[]|\w_(max|min|\{)", text)
    assert "η &lt; 2/λ<sub>max</sub>" in text and "L = ½λw<sup>2</sup>" in text


LONELY = """() => [...document.querySelectorAll(".lr-held:has(.base)")].filter(held => {
    const sign = document.createRange();
    sign.selectNodeContents(held.lastChild);
    const last = [...held.querySelectorAll(".base")].at(-1).getBoundingClientRect();
    return held.lastChild.nodeType === 3 && sign.getBoundingClientRect().top > last.bottom;
}).map(held => held.textContent)"""


def test_no_line_begins_with_the_stop_after_a_formula(tab, address):
    """At whatever width a line ends there."""
    visit(tab, address + "learn/why-two-over-lambda/")
    for width in range(300, 460, 10):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate(LONELY) == [], f"at {width} pixels"


@pytest.mark.parametrize("tab", [{"color_scheme": "light"}], indirect=True)
def test_the_formula_sheet_prints_on_one_page(tab, address):
    tab.goto(f"{address}formulas/")
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format=paper))) == 1


def test_a_page_of_the_argument_prints_on_few_sheets(tab, address):
    """Text of 9.5 pt and captions below it, answers under their questions, of a film its last picture."""
    tab.goto(f"{address}learn/decay/", wait_until="load")
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))) <= 5
    tab.emulate_media(media="print", color_scheme="light")
    until(tab, "[...document.images].every(i => !i.checkVisibility() || i.scrollIntoView() || i.naturalWidth)")
    sizes = {part: tab.locator(part).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") for part in PARTS}
    assert abs(sizes[".md-content li"] * 72 / 96 - 9.5) < 0.1, sizes
    assert sizes["figcaption"] < sizes[".md-content li"] < sizes[".lr-lead"] < sizes["h2"]
    assert tab.locator("details.question p, .lr-guess p").evaluate_all("all => all.every(p => p.checkVisibility())")
    assert tab.locator("video").evaluate_all("all => all.every(v => !v.checkVisibility())")
    assert tab.locator("lr-film img:visible").count() == tab.locator("lr-film.only-light").count() > 0


PARTS = ("figcaption", ".md-content li", ".lr-lead", "h2")


def test_the_toggle_swaps_figures_and_films(tab, address):
    visit(tab, address + "learn/the-bowl/")
    shown = (
        "[...document.querySelectorAll('.md-content img, .md-content video')]"
        ".filter(e => e.checkVisibility()).map(e => e.currentSrc || e.src)"
    )
    before = tab.evaluate(shown)
    assert before and all("-light" in src for src in before)
    for _ in range(2):  # auto -> light -> dark
        tab.locator("form[data-md-component=palette] label:visible").click()
    after = [src.replace("-light", "-dark") for src in before]
    scrolled(tab)  # a film takes its picture's place when that has come nearly in sight
    until(tab, f"JSON.stringify({shown}) === {json.dumps(json.dumps(after, separators=(',', ':')))}")


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 800}}], indirect=True)
def test_a_phone_gets_the_stacked_figure(tab, address):
    visit(tab, address + "learn/three-learning-rates/")
    assert tab.evaluate("document.querySelector('.only-light img').currentSrc").endswith("-light-narrow.svg")


PLAYING = "[...document.querySelectorAll('video')].map(v => !v.paused)"


def test_a_film_plays_only_in_view_and_in_its_theme(tab, address):
    visit(tab, address + "learn/the-bowl/")
    film = tab.locator("lr-film.only-light video").first
    film.scroll_into_view_if_needed()
    until(tab, "() => !document.querySelector('lr-film.only-light video').paused")
    assert tab.evaluate("document.querySelector('lr-film.only-dark video').paused")
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    until(tab, "() => document.querySelector('lr-film.only-light video').paused")


@pytest.mark.parametrize("tab", [{"reduced_motion": "reduce"}], indirect=True)
def test_a_film_stands_still_for_who_asked_for_that(tab, address):
    visit(tab, address + "learn/the-bowl/")
    tab.locator("lr-film.only-light video").first.scroll_into_view_if_needed()
    tab.wait_for_timeout(600)
    assert not any(tab.evaluate(PLAYING))


THEMES = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


@pytest.mark.parametrize("tab", THEMES, indirect=True, ids=["light", "dark"])
@pytest.mark.parametrize("path", ["learn/decay/", "learn/the-bowl/", "gallery/"])
def test_only_posters_of_the_theme_shown_are_fetched(tab, address, path):
    visit(tab, address + path)
    theme = tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    films = tab.locator(f"lr-film.only-{theme}").count()

    def posters(theme):
        stems = tab.evaluate("[...document.querySelectorAll('lr-film img')].map(i => i.src)")
        names = {stem.rpartition("/")[2] for stem in stems}
        return {url for url in tab.requests if url.endswith(f"-{theme}.webp") and url.rpartition("/")[2] in names}

    other = {"light": "dark", "dark": "light"}[theme]
    until(tab, f"[...document.querySelectorAll('.only-{theme} video')].every(v => v.poster)")
    assert len(posters(theme)) == films > 0 and not posters(other)
    for _ in range({"dark": 2, "light": 1}[other]):  # auto -> light -> dark
        tab.locator("form[data-md-component=palette] label:visible").click()
    scrolled(tab)
    until(tab, f"[...document.querySelectorAll('.only-{other} video')].every(v => v.poster)")
    latest = time.monotonic() + 15  # and not until the network rests: films that play go on loading
    while len(posters(other)) < films and time.monotonic() < latest:
        tab.wait_for_timeout(50)
    assert len(posters(other)) == films


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_a_film_is_its_poster_and_a_link_to_it(tab, address):
    tab.goto(address + "learn/the-bowl/", wait_until="load")
    still = tab.locator("lr-film > a:visible img")
    assert still.count() == tab.locator("lr-film:visible").count() > 0
    still.first.scroll_into_view_if_needed()
    assert tab.locator("video:visible").count() == 0
    assert tab.request.get(urljoin(tab.url, still.first.locator("..").get_attribute("href"))).ok


INKS = """() => {
    const shown = e => e.checkVisibility() && e.textContent.trim();
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = c => rgb(c).slice(0, 3).map(linear).reduce((sum, v, i) => sum + [0.2126, 0.7152, 0.0722][i] * v, 0);
    const texts = [...document.querySelectorAll(".md-content :is(h1, h2, p, td, li, figcaption, code)")].filter(shown);
    return texts.map(e => [1.05 / (light(getComputedStyle(e).color) + 0.05), e.textContent.trim().slice(0, 40)]);
}"""


@pytest.mark.parametrize("tab", THEMES, indirect=True, ids=["light", "dark"])
@pytest.mark.parametrize("path", ["learn/decay/", "formulas/", "notebooks/first-run/"])
def test_what_is_printed_is_dark_on_white(tab, address, path):
    """Whatever theme the screen has, paper is white, text keeps 4.5:1 on it, and figures come in the light theme."""
    visit(tab, address + path)
    tab.emulate_media(media="print")
    inks = tab.evaluate(INKS)
    assert inks and [text for contrast, text in inks if contrast < 4.5] == []
    pictures = tab.evaluate(
        "[...document.querySelectorAll('.md-content picture img')].filter(i => i.checkVisibility()).map(i => i.src)"
    )
    assert all("-dark" not in source for source in pictures)


def test_instant_navigation_keeps_the_films_working(tab, address):
    visit(tab, address)
    tab.evaluate("window.still = true")
    tab.get_by_role("link", name="The bowl").first.click()
    tab.wait_for_url("**/learn/the-bowl/")
    assert tab.evaluate("window.still"), "the page was loaded anew"
    tab.get_by_role("heading", name="The bowl", level=1).wait_for()  # the address comes first
    tab.locator("lr-film.only-light video").first.scroll_into_view_if_needed()
    until(tab, "() => !document.querySelector('lr-film.only-light video').paused")
    assert tab.errors == []


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 800}}], indirect=True)
@pytest.mark.parametrize("path", ["", "learn/decay/", "lrsim/api/descent/"])
def test_on_a_phone_a_keyboard_reaches_the_page_and_the_drawer_by_what_opens_it(tab, address, path):
    tab.goto(address + path, wait_until="load")
    where = """() => ['.md-skip', '.md-sidebar', '[for=__drawer]', '.md-content']
      .find(part => document.activeElement.closest(part)) ?? 'elsewhere'"""

    def stops(until, most=20):
        seen = []
        while until not in seen and len(seen) < most:
            tab.keyboard.press("Tab")
            seen.append(tab.evaluate(where))
        return seen

    on_the_way = stops(".md-content")
    assert on_the_way[0] == ".md-skip" and ".md-sidebar" not in on_the_way
    assert on_the_way[-1] == ".md-content" and len(on_the_way) <= 10
    tab.locator(".md-header [for=__drawer]").focus()
    tab.keyboard.press("Enter")
    until(tab, "getComputedStyle(document.querySelector('.md-sidebar--primary')).visibility === 'visible'")
    assert ".md-sidebar" in stops(".md-sidebar")
