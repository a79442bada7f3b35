"""The explorables in a real browser: every control, the address, the clock, the voice; nothing left behind."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.test_kernel import PROBLEMS, by_lrsim, numbers
from tests.test_pages import address, axe, browser, tab  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "explorables"
PAGES = {
    match[1]: page.relative_to(ROOT / "docs").with_suffix("").as_posix().removesuffix("index") + "/"
    for page in sorted((ROOT / "docs").glob("**/*.md"))
    for match in re.finditer(r"{{ explorable\(\"(\w+)\"\) }}", page.read_text(encoding="utf-8"))
}
ELEMENTS = sorted(PAGES)
SIZES = [{"viewport": {"width": 1280, "height": 900}}, {"viewport": {"width": 390, "height": 800}, "has_touch": True}]
WAYS = [SIZES[0] | {"reduced_motion": "reduce"}, SIZES[1] | {"reduced_motion": "reduce", "color_scheme": "dark"}]
BAD = re.compile(r"NaN|undefined|Infinity|\[object|null")
COUNT_FRAMES = """() => {
  const ask = window.requestAnimationFrame;
  window.frames_seen = 0;
  window.requestAnimationFrame = f => (window.frames_seen++, ask(f));
}"""
pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("tab", WAYS, indirect=True, ids=["wide", "phone"])


def opened(tab, address, name, query=""):
    """The element on its page, past any guess."""
    tab.goto(address + PAGES[name].lstrip("/") + query, wait_until="load")
    ready(tab, name)
    if not query:
        tab.evaluate(f"document.getElementById('{name}').state = {{}}")
    tab.wait_for_timeout(100)
    return tab.locator(f"#{name}")


def ready(tab, name):
    tab.wait_for_function(f"document.getElementById('{name}')?.classList.contains('lr-live')")
    tab.evaluate(f"document.getElementById('{name}').ready")


def state(tab, name):
    return tab.evaluate(f"document.getElementById('{name}').state")


def sane(tab, name):
    """Nothing shown is empty or no number, and nothing widens the page."""
    shown = tab.locator(f"#{name} .lr-x").evaluate(
        "v => v.innerText + [...v.querySelectorAll('*')].flatMap(n => [...n.attributes].map(a => a.value)).join(' ')"
    )
    assert not BAD.search(shown), BAD.search(shown)
    assert tab.locator(f"#{name} .lr-sentence").first.inner_text().strip()
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    assert tab.errors == []


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_it_is_accessible_with_every_panel_open(tab, address, name):
    element = opened(tab, address, name)
    for summary in element.locator("details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    assert axe(tab) == []
    sane(tab, name)
    small = element.locator(".lr-x :is(button, summary, input[type=range])").evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => [e.getBoundingClientRect(), e.outerHTML])"
        ".filter(([r]) => r.height < 43.5).map(([r, html]) => html.slice(0, 90))"
    )
    assert small == []


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_every_range_answers_to_the_keyboard_and_to_a_pointer(tab, address, name):
    element = opened(tab, address, name)
    for details in element.locator("details.lr-more:not([open]) > summary").all():
        details.click()
    for i in range(element.locator("input[type=range]").count()):
        slider = element.locator("input[type=range]").nth(i)
        slider.scroll_into_view_if_needed()
        slider.focus()
        before, said = slider.input_value(), slider.get_attribute("aria-valuetext")
        assert said and (slider.get_attribute("aria-label") or slider.evaluate("e => e.labels[0]?.innerText"))
        tab.keyboard.press("ArrowRight")
        if slider.input_value() == before:
            tab.keyboard.press("ArrowLeft")
        assert slider.input_value() != before, said
        slider.click(position={"x": slider.bounding_box()["width"] * 0.3, "y": slider.bounding_box()["height"] / 2})
        tab.wait_for_timeout(50)
        sane(tab, name)


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_every_button_leaves_a_sensible_picture(tab, address, name):
    element = opened(tab, address, name)
    count = element.locator(".lr-x button").count()
    for i in range(count):
        button = element.locator(".lr-x button").nth(i)
        words = button.text_content() or button.get_attribute("aria-label")
        assert words.strip()
        if "Full" not in words and button.is_visible() and button.is_enabled():
            button.click()
            tab.wait_for_timeout(40)
            sane(tab, name)
            tab.evaluate(f"document.getElementById('{name}').state = {{}}")
            tab.wait_for_timeout(40)


@pytest.mark.parametrize("name", ELEMENTS)
def test_a_shared_link_brings_the_same_state(tab, address, name):
    element = opened(tab, address, name)
    slider = element.locator(".lr-track input").first
    slider.focus()
    for _ in range(5):
        tab.keyboard.press("PageDown")
    tab.wait_for_timeout(700)
    there = state(tab, name)
    assert f"{name}." in tab.url
    tab.goto("about:blank")
    tab.go_back()
    ready(tab, name)
    assert state(tab, name) == there


@pytest.mark.parametrize("name", ELEMENTS)
def test_what_is_out_of_range_is_held_and_said(tab, address, name):
    element = opened(tab, address, name, f"?{name}.eta=1e9&{name}.nonsense=1&{name}.steps=abc")
    assert "held at" in element.locator(".lr-note").inner_text()
    assert np.isfinite(state(tab, name)["eta"] if not isinstance(state(tab, name)["eta"], dict) else 0)
    sane(tab, name)


@pytest.mark.parametrize("name", ELEMENTS)
def test_keys_stay_inside(tab, address, name):
    element = opened(tab, address, name)
    element.locator("input[type=range]").first.focus()
    for key in ("f", "Escape", "s", "n", "/", "p", "p", ".", ",", "l"):
        tab.keyboard.press(key)
        tab.wait_for_timeout(30)
    assert not tab.evaluate("document.querySelector('[data-md-toggle=search]')?.checked")
    assert PAGES[name].strip("/") in tab.url
    sane(tab, name)


@pytest.mark.parametrize("name", ELEMENTS)
def test_nothing_runs_when_nothing_plays(tab, address, name):
    opened(tab, address, name)
    tab.wait_for_timeout(1200)
    tab.evaluate(COUNT_FRAMES)
    tab.evaluate(f"document.getElementById('{name}').addEventListener('lr-change', () => window.frames_seen++)")
    tab.wait_for_timeout(1500)
    assert tab.evaluate("window.frames_seen") == 0


@pytest.mark.parametrize("name", ELEMENTS)
def test_removal_leaves_nothing(tab, address, name):
    """Taken out and put back fifty times, playing: one view, no loop, no error."""
    opened(tab, address, name)
    tab.evaluate(
        "async name => { const e = document.getElementById(name), home = e.parentNode;"
        " for (let i = 0; i < 50; i++) { e.play?.(); e.remove(); home.append(e); await e.ready; }"
        " e.remove(); window.gone = e; }",
        name,
    )
    tab.evaluate(COUNT_FRAMES)
    tab.wait_for_timeout(1000)
    assert tab.evaluate("window.frames_seen") == 0
    assert tab.evaluate("window.gone.querySelectorAll('.lr-x').length") == 0
    assert tab.errors == []


def test_instant_navigation_away_and_back(tab, address):
    for name in ELEMENTS:
        opened(tab, address, name)
    home = "document.querySelector('.md-header__button.md-logo')"
    for _ in range(3):
        tab.evaluate(f"{home}.click()")
        tab.wait_for_function("!document.querySelector('.lr-none') && document.querySelector('.lr-title')")
        tab.go_back()
        ready(tab, name)
        assert tab.locator(f"#{name} .lr-x").count() == 1
    assert tab.errors == []


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_python_it_copies_prints_the_same_final_loss(tab, address, name):
    opened(tab, address, name)
    found = tab.evaluate(
        f"(() => {{ const e = document.getElementById('{name}');"
        " return e.problems().map((p, i) => [e.program(i), e.runs[i].losses.at(-1)]) })()"
    )
    for program, final in found:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
        assert not done.returncode, done.stderr
        assert float(done.stdout) == pytest.approx(final, rel=1e-12)


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_bare_page_stands_alone(tab, address, name):
    tab.goto(f"{address}explorables/{name}/", wait_until="load")
    ready(tab, name)
    assert tab.errors == []
    assert all(url.startswith((address, "data:", "blob:")) for url in tab.requests)


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
@pytest.mark.parametrize("name", ELEMENTS)
def test_without_scripts_the_figure_stands(tab, address, name):
    tab.goto(address + PAGES[name].lstrip("/"), wait_until="load")
    assert tab.locator(f"#{name} img").first.is_visible()


def test_the_prose_plays_it(tab, address):
    for name in ELEMENTS:
        tab.goto(address + PAGES[name].lstrip("/"), wait_until="load")
        ready(tab, name)
        for button in tab.locator(f"button[data-explorable={name}]").all():
            button.click()
            tab.wait_for_timeout(60)
            wanted = json.loads(button.get_attribute("data-state"))
            held = state(tab, name)
            assert {key: held[key] for key in wanted} == wanted
            sane(tab, name)


EXTREMES = [{"eta": 0}, {"eta": 1e9}, {"steps": 1}, {"steps": 1000}, {"start": [0, 0]}, {"curvatures": [1, 1]}]
EXTREMES += [{"curvatures": [1, 1000], "eta": 0.0019}, {"curvatures": [1, 1000], "eta": 0.0021, "steps": 1000}]


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_extremes_give_a_sensible_picture(tab, address, name):
    opened(tab, address, name)
    for extreme in EXTREMES:
        tab.evaluate(f"e => {{ const x = document.getElementById('{name}'); x.reset(); x.state = e; }}", extreme)
        tab.wait_for_timeout(60)
        sane(tab, name)


MONKEY = 500


@pytest.mark.slow
@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_a_monkey_breaks_nothing(tab, address, name):
    opened(tab, address, name)
    chance = random.Random(f"monkey {name}")
    for i in range(MONKEY):
        act = chance.random()
        if act < 0.15:
            tab.evaluate(f"document.querySelector('#{name} .lr-x :is(button:not([disabled]), input)').focus()")
            tab.keyboard.press(chance.choice(["p", ",", ".", "l", "k", "r", "ArrowLeft", "PageUp", "Home", "End"]))
        elif act < 0.35:
            drag(tab, name, chance)
        else:
            tab.evaluate(POKE, [name, chance.random(), chance.random()])
        if i % 25 == 0:
            tab.wait_for_timeout(30)
            sane(tab, name)
    tab.wait_for_timeout(100)
    sane(tab, name)


POKE = """([name, which, share]) => {
  const all = [...document.querySelectorAll(`#${name} .lr-x :is(button:not([disabled]), input, select, summary)`)]
    .filter(e => e.checkVisibility() && !/Full|SVG|PNG|CSV/.test(e.textContent));
  const e = all[Math.floor(which * all.length)];
  if (e.type !== 'range' && e.localName !== 'select') return e.click();
  if (e.type === 'range') e.value = +e.min + share * (e.max - e.min);
  else e.selectedIndex = Math.floor(share * e.options.length);
  for (const type of ['input', 'change']) e.dispatchEvent(new Event(type, { bubbles: true }));
}"""


def drag(tab, name, chance):
    """From anywhere to anywhere on one of its plots."""
    x, y, width, height = tab.evaluate(
        "([name, share]) => { const all = [...document.querySelectorAll(`#${name} svg[data-plot]`)];"
        " const plot = all[Math.floor(share * all.length)];"
        " plot.scrollIntoView({ block: 'center', behavior: 'instant' });"
        " const r = plot.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] }",
        [name, chance.random()],
    )
    at = [(x + chance.random() * width, y + chance.random() * height) for _ in range(2)]
    tab.mouse.move(*at[0])
    tab.mouse.down()
    tab.mouse.move(*at[1], steps=3)
    tab.mouse.up()


def test_the_kernel_replays_in_the_browser_too(tab, address):
    tab.goto(address, wait_until="load")
    kernel = (SOURCE / "kernel.js").read_text(encoding="utf-8")
    answers = tab.evaluate(
        "async ([source, problems]) => {"
        " const kernel = await import('data:text/javascript,' + encodeURIComponent(source));"
        " return problems.map(p => kernel.descend(p).losses.map(String)) }",
        [kernel, list(PROBLEMS.values())],
    )
    for problem, losses in zip(PROBLEMS.values(), answers, strict=True):
        run = by_lrsim(problem)
        np.testing.assert_allclose(numbers(losses), run.losses, rtol=1e-12, atol=1e-12 * run.losses[0], equal_nan=True)
