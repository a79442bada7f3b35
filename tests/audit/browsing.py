"""Every page in Chromium, in both themes, on a phone and on a desk, with everything open that opens."""

from multiprocessing import get_context

from playwright.sync_api import sync_playwright

from benchmarks import host
from benchmarks.explorables import SHIFT
from benchmarks.host import PAGES, served
from tests.audit.line import Line
from tests.test_pages import FLAGS, axe, until, visit, watched

WIDTHS = (390, 1280)
OPEN = "document.querySelectorAll('details:not(.mkdocstrings-source)').forEach(folded => folded.open = true)"
WIDE = "document.documentElement.scrollWidth - innerWidth"


def pages():
    with get_context("spawn").Pool(2) as pool:  # a theme each
        themes = pool.map(looked, ("light", "dark"))
    both = {name: [one for theme in themes for one in theme[name]] for name in themes[0]}
    four = f"{len(PAGES)} pages, 2 themes, {' and '.join(map(str, WIDTHS))} px"
    yield Line("axe objects to nothing", f"{four}, all open", both["axe"])
    yield Line("no other host is asked", four, both["elsewhere"])
    yield Line("the console says nothing", four, both["errors"])
    yield Line("nothing moves", f"{four}, scrolled", both["moved"])
    yield Line("fits at 320 px", f"{len(PAGES)} pages", both["small"])
    yield Line("fits with text at 200 %", f"{len(PAGES)} pages, 1280 px", both["large"])


def looked(theme):
    found = {name: [] for name in ("axe", "elsewhere", "errors", "moved", "small", "large")}
    with served() as address, sync_playwright() as playwright:
        for width in WIDTHS:
            with launched(playwright) as browser:
                for path in PAGES:
                    with watched(browser, **options(theme, width)) as tab:
                        whole(tab, address, path, f"{path or 'home'} {theme} {width}", found)
        kind, width, flags = (
            ("small", 320, ()) if theme == "light" else ("large", 1280, ("--blink-settings=defaultFontSize=32",))
        )
        with launched(playwright, flags) as browser, watched(browser, **options(theme, width)) as tab:
            for path in PAGES:
                tab.goto(address + path, wait_until="load")
                if (over := tab.evaluate(WIDE)) > 0:
                    found[kind].append(f"{path or 'home'}: {over} px too wide")
    return found


def options(theme, width):
    # axe must not measure a colour in the middle of a transition
    return {"reduced_motion": "reduce", "color_scheme": theme, "viewport": {"width": width, "height": 800}}


def launched(playwright, flags=()):
    return playwright.chromium.launch(executable_path=host.browser(), args=[*FLAGS, *flags])


def whole(tab, address, path, name, found):
    visit(tab, address + path)
    if (shift := tab.evaluate(SHIFT)) > 0.001:
        found["moved"].append(f"{name}: {shift:.4f}")
    tab.evaluate(OPEN)
    tab.wait_for_timeout(200)  # some of what is folded comes only now
    if path == "":
        tab.keyboard.press("f")
        tab.keyboard.type("threshold")
        tab.locator(".md-search-result__link").first.wait_for()
        found["axe"] += [f"{name}, searching: {said}" for said in axe(tab)]
        tab.keyboard.press("Escape")
        until(tab, "!document.querySelector('[data-md-toggle=search]').checked")
    found["axe"] += [f"{name}: {said}" for said in axe(tab)]
    found["errors"] += [f"{name}: {said}" for said in tab.errors]
    found["elsewhere"] += [f"{name}: {url}" for url in tab.requests if not url.startswith((address, "data:", "blob:"))]
