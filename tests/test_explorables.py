"""The explorables in a real browser: every control, the address, the clock, the voice; nothing left behind."""

import csv
import io
import json
import random
import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lrsim import landscapes, stability
from tests.test_kernel import PROBLEMS, by_lrsim, numbers, posed, schedule
from tests.test_pages import address, axe, browser, tab, until  # noqa: F401  (fixtures)

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


def opened(tab, address, name, query="", page=None):
    """The element past any guess, on its own page, or alone on the bare one, which is there sooner."""
    tab.set_default_timeout(12_000)
    tab.goto(address + (page or PAGES[name].lstrip("/")) + query, wait_until="load")
    ready(tab, name)
    if not query:
        tab.evaluate(f"document.getElementById('{name}').state = {{}}")
    tab.wait_for_timeout(100)
    return tab.locator(f"#{name}")


def alone(tab, address, name, query=""):
    return opened(tab, address, name, query, f"explorables/{name}/")


def ready(tab, name):
    until(tab, f"document.getElementById('{name}')?.classList.contains('lr-live')")
    tab.evaluate(f"document.getElementById('{name}').ready")


def state(tab, name):
    return tab.evaluate(f"document.getElementById('{name}').state")


def unfold(element, panels):
    closed = element.locator(f".lr-x {panels}:not([open]) > summary")
    while closed.count():
        closed.first.click()
    element.page.wait_for_timeout(200)  # some of what is folded comes only now


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
    unfold(element, "details")
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
    element = alone(tab, address, name)
    unfold(element, "details.lr-more")
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
    element = alone(tab, address, name)
    count = element.locator(".lr-x button").count()
    for i in range(count):
        button = element.locator(".lr-x button").nth(i)
        words = button.text_content() or button.get_attribute("aria-label")
        assert words.strip()
        if "Full" not in words and button.is_visible() and button.is_enabled():
            button.click()
            tab.wait_for_timeout(40)
            sane(tab, name)
            tab.evaluate("name => { const e = document.getElementById(name); e.reset(); e.state = {}; }", name)
            tab.wait_for_timeout(40)


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_what_can_be_grabbed_follows_mouse_and_finger(tab, address, name):
    opened(tab, address, name)
    finger = tab.context.new_cdp_session(tab) if tab.viewport_size["width"] < 500 else None
    for i in range(tab.locator(f"#{name} .grip").count()):
        tab.evaluate(f"document.getElementById('{name}').reset()")
        tab.wait_for_timeout(80)
        grip = tab.locator(f"#{name} .grip").nth(i)
        grip.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box, before, scrolled = grip.locator(".handle").bounding_box(), state(tab, name), tab.evaluate("scrollY")
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for sign in (1, -1):  # the other way where it stands at its end
            way = [(x + 7 * sign * k, y + 5 * sign * k) for k in range(5)]
            touch(finger, way) if finger else press(tab.mouse, way)
            tab.wait_for_timeout(80)
            if state(tab, name) != before:
                break
        assert state(tab, name) != before, grip.get_attribute("class")
        assert tab.evaluate("scrollY") == scrolled
        sane(tab, name)


def press(mouse, way):
    mouse.move(*way[0])
    mouse.down()
    for x, y in way[1:]:
        mouse.move(x, y)
    mouse.up()


def touch(finger, way):
    kinds = ["touchStart"] + ["touchMove"] * (len(way) - 1)
    for kind, (x, y) in zip(kinds, way, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@both
@pytest.mark.parametrize("name, chart", [("modes", "map"), ("modes", "own"), ("step", "map")])
def test_a_tap_on_the_picture_places_the_start(tab, address, name, chart):
    plot = alone(tab, address, name).locator(f"svg[data-plot={chart}]")
    plot.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = plot.bounding_box()
    for share in (0.4, 0.7):
        at = {"x": share * box["width"], "y": 0.6 * box["height"]}
        plot.click(position=at) if tab.viewport_size["width"] > 500 else plot.tap(position=at)
        tab.wait_for_timeout(80)
        start = state(tab, name)["start"]
        ring = plot.locator(".start .handle").bounding_box()
        assert ring["x"] + ring["width"] / 2 - box["x"] == pytest.approx(at["x"], abs=3), start
    sane(tab, name)


@both
def test_a_tap_on_the_bowl_places_the_start(tab, address):
    element = alone(tab, address, "bowl")
    chart = element.locator("svg[data-plot=map]")
    chart.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = chart.bounding_box()
    at = {"x": 0.8 * box["width"], "y": 0.25 * box["height"]}
    chart.click(position=at) if tab.viewport_size["width"] > 500 else chart.tap(position=at)
    tab.wait_for_timeout(80)
    x, y = state(tab, "bowl")["start"]
    assert x > 1 and y > 1
    element.get_by_role("radio", name="in space").check()
    turn = state(tab, "bowl")["turn"]
    press(tab.mouse, [(box["x"] + 100 + 10 * k, box["y"] + 100) for k in range(5)])
    assert state(tab, "bowl")["turn"] != turn
    sane(tab, "bowl")


SETTLED = """async () => {
  const height = () => document.querySelector('.lr-explorable').getBoundingClientRect().height;
  let last = -1;
  for (let alike = 0; alike < 5; await new Promise(done => setTimeout(done, 100))) {
    const now = height();
    alike = now === last ? alike + 1 : 0;
    last = now;
  }
  return last;
}"""  # its height once it has stood still for half a second: fonts and the first drawing come when they can
WIDTHS = [{"viewport": {"width": width, "height": 900}} for width in (320, 390, 768, 1280)]


@pytest.mark.parametrize("tab", WIDTHS, indirect=True, ids=lambda size: str(size["viewport"]["width"]))
@pytest.mark.parametrize("path", sorted({*PAGES.values(), "/"}))
def test_its_room_is_kept_before_it_comes(tab, address, path):
    """A page is as high without the explorable's script as with it; `static room` in its file says so."""
    heights = []
    for scripted in (True, False):
        if not scripted:
            tab.route("**/explorables/*.js", lambda route: route.abort())
        tab.goto(address + path.lstrip("/"), wait_until="load")
        if scripted:
            until(tab, "document.querySelector('.lr-explorable > .lr-live')")
        heights.append(tab.evaluate(SETTLED))
    assert heights[1] == pytest.approx(heights[0], abs=1)


def test_the_home_page_has_the_bowl_with_fewer_controls(tab, address):
    tab.goto(address, wait_until="load")
    ready(tab, "bowl")
    assert tab.locator("#bowl details.lr-more").count() == 0
    assert tab.locator("#bowl .lr-track input").count() == 1
    sane(tab, "bowl")


@pytest.mark.parametrize("noise", [0, 0.3])
def test_the_verdict_on_decay_is_lrsims(tab, address, noise):
    """Also between η* and the threshold, where without noise a little decay helps and much of it hurts."""
    alone(tab, address, "decay")
    bowl, start, said = landscapes.bowl([1, 20]), [10, 0.05], set()
    for eta0, k in [
        (0.04, 0.05),
        (0.094, 1e-4),
        (0.0999, 7.7e-4),
        (0.0999, 0.3),
        (0.099, 7.7e-4),
        (0.2, 0.1),
        (0.2, 1),
    ]:
        eta = {"schedule": "inverse_time", "eta0": eta0, "k": k}
        tab.evaluate(
            "s => document.getElementById('decay').state = s",
            {"start": start, "eta": eta, "noise": noise, "steps": 100},
        )
        tab.wait_for_timeout(80)
        decayed, held = (stability.expected_losses(bowl, start, e, 100, noise)[-1] for e in (schedule(eta), eta0))
        word = "helps" if decayed < held else "hurts"
        said.add(word)
        assert tab.locator("#decay .lr-sentence").inner_text().startswith(f"Decay {word} here."), (eta0, k)
    assert said == {"helps", "hurts"}


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
    element = alone(tab, address, name, f"?{name}.eta=1e9&{name}.nonsense=1&{name}.steps=abc")
    assert "held at" in element.locator(".lr-note").inner_text()
    assert np.isfinite(state(tab, name)["eta"] if not isinstance(state(tab, name)["eta"], dict) else 0)
    sane(tab, name)


AMISS = ["eta=inverse_time(x, k=y)", "eta=inverse_time(0.1, 0.2, 0.3)", "eta=warmup(5, then=foo)", "eta=table([0.1])"]
AMISS += ["eta=polynomial(0.1, steps=5, power=-3)", "curvatures=-1,1e400", "noise=cosine(1, steps=3)"]
AMISS += ["run1.start=5", "run1.curvatures=7", "run1.steps=3", "run1.optimizer=heavy_ball(7)", "run1.eta=1e308"]
AMISS += ["run1.noise=1&run1.seed=0.5", "run1.eta=warmup(5, then=0.1)", "constructor=1", "steps=5000&t=3000"]
AMISS += ["t=heavy_ball(0.5)", "start=nesterov(0.9)&angle=nesterov(0.9)"]
COME_BACK = """query => {
  history.replaceState(null, '', location.pathname + query);
  dispatchEvent(new PopStateEvent('popstate'));
}"""


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_whatever_an_address_says_a_picture_is_drawn(tab, address, name):
    alone(tab, address, name)
    for said in AMISS:
        tab.evaluate(COME_BACK, "?" + "&".join(f"{name}.{part}" for part in said.split("&")))
        tab.wait_for_timeout(60)
        assert tab.locator(f"#{name} .lr-x").count() == 1, said
        sane(tab, name)


def test_a_time_that_is_set_while_it_plays_is_where_it_plays_on(tab, address):
    alone(tab, address, "step")
    tab.evaluate("() => { const e = document.getElementById('step'); e.state = { steps: 1000 }; e.play(); }")
    until(tab, "document.getElementById('step').state.t > 100")
    assert tab.evaluate(SET_TIME) == 0


SET_TIME = """async () => {
  const e = document.getElementById('step');
  e.state = { t: 0 };
  await new Promise(requestAnimationFrame);
  return e.state.t;
}"""


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
    alone(tab, address, name)
    tab.wait_for_timeout(1200)
    tab.evaluate(COUNT_FRAMES)
    tab.evaluate(f"document.getElementById('{name}').addEventListener('lr-change', () => window.frames_seen++)")
    tab.wait_for_timeout(1500)
    assert tab.evaluate("window.frames_seen") == 0


@pytest.mark.parametrize("name", ELEMENTS)
def test_removal_leaves_nothing(tab, address, name):
    """Taken out and put back fifty times, playing: one view, no loop, no error."""
    alone(tab, address, name)
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
    for _ in range(50):
        tab.evaluate(f"{home}.click()")
        until(tab, "!document.querySelector('.lr-none') && document.querySelector('.lr-title')")
        tab.go_back()
        ready(tab, name)
        assert tab.locator(f"#{name} .lr-x").count() == 1
    assert tab.errors == []
    tab.evaluate(COUNT_FRAMES)
    tab.wait_for_timeout(1000)
    assert tab.evaluate("window.frames_seen") == 0


WARM = {"schedule": "warmup", "steps": 5, "then": {"schedule": "cosine", "eta": 0.07, "steps": 30}}
VARIED = [{}, {"eta": WARM}, {"angle": 0.6}, {"noise": 0.5, "seed": 3}]
VARIED += [{"optimizer": {"name": name, "beta": 0.6}} for name in ("heavy_ball", "nesterov")]


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_python_it_copies_prints_the_same_final_loss(tab, address, name):
    alone(tab, address, name)
    for varied in VARIED:
        if varied.keys() <= state(tab, name).keys():
            found = tab.evaluate(PROGRAMS, [name, varied])
            sane(tab, name)
            for program, final in found:
                done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
                assert not done.returncode, done.stderr
                assert float(done.stdout) == pytest.approx(final, rel=1e-12)


PROGRAMS = """async ([name, state]) => {
  const e = document.getElementById(name);
  e.reset();
  e.state = state;
  e.run; // asks for the noise
  await e.drawing;
  return Promise.all(e.problems().map(async (_, i) => [await e.program(i), e.runs[i].losses.at(-1)]));
}"""


@pytest.mark.parametrize("name", ELEMENTS)
def test_what_is_taken_along_is_what_is_shown(tab, address, name):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    element = opened(tab, address, name, f"?{name}.steps=21")
    element.get_by_text("Take it along").click()
    losses = tab.evaluate(f"document.getElementById('{name}').run.losses")
    rows = list(csv.DictReader(io.StringIO(saved(tab, element, "Data (CSV)").decode())))
    assert [float(row["loss of run 1"]) for row in rows] == losses
    drawn = ElementTree.fromstring(saved(tab, element, "Picture (SVG)"))
    words = " ".join("".join(node.itertext()) for node in drawn.iter("{http://www.w3.org/2000/svg}text"))
    assert element.locator(".lr-title-line").inner_text() in words
    assert tab.evaluate(FITS, ElementTree.tostring(drawn, encoding="unicode"))
    assert not re.search(r"var\(|class=|https?://(?!www\.w3\.org/)", ElementTree.tostring(drawn, encoding="unicode"))
    assert struct.unpack(">II", saved(tab, element, "Picture (PNG)")[16:24])[0] == 2 * round(float(drawn.get("width")))
    links = {}
    for what in ("Copy link", "Copy embed code", "Copy as Python"):
        element.get_by_role("button", name=what).click()
        element.locator(".lr-told").get_by_text("copied").wait_for()
        tab.wait_for_timeout(100)
        links[what] = tab.evaluate("navigator.clipboard.readText()")
    assert f"{name}.steps=21" in links["Copy link"] and links["Copy link"].endswith(f"#{name}")
    assert links["Copy as Python"] == tab.evaluate(PROGRAMS_SHOWN, name)
    tab.goto(re.search(r'src="([^"]+)"', links["Copy embed code"])[1].replace("&amp;", "&"), wait_until="load")
    ready(tab, name)
    assert state(tab, name)["steps"] == 21


FITS = """drawn => {
  const node = document.body.appendChild(new DOMParser().parseFromString(drawn, 'image/svg+xml').documentElement);
  const room = node.width.baseVal.value;
  const wide = [...node.querySelectorAll(':scope > text')].filter(text => text.getBBox().width > room);
  node.remove();
  return wide.length === 0;
}"""
PROGRAMS_SHOWN = """async name => {
  const e = document.getElementById(name);
  return (await Promise.all(e.problems().map((_, i) => e.program(i)))).join('\\n');
}"""


def saved(tab, element, what):
    with tab.expect_download() as download:
        element.get_by_role("button", name=what).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_bare_page_stands_alone(tab, address, name):
    tab.goto(f"{address}explorables/{name}/", wait_until="load")
    ready(tab, name)
    assert tab.errors == []
    assert all(url.startswith((address, "data:", "blob:")) for url in tab.requests)


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_an_embedding_page_hears_how_high_it_is(tab, address, name):
    """By {height}, and by AMP's embed-size; what it hears leaves nothing to scroll."""
    tab.goto(address, wait_until="load")
    told = tab.evaluate(EMBED, f"{address}explorables/{name}/")
    assert told["height"] == told["amp"] == told["inside"] > 300
    assert tab.errors == []


EMBED = """async address => {
  const told = {}, frame = document.createElement('iframe');
  addEventListener('message', ({ data }) => {
    if (data.type === 'embed-size') told.amp = data.height;
    else if (data.height) told.height = frame.height = data.height;
  });
  Object.assign(frame, { src: address, width: '100%', height: 760 });
  document.querySelector('article').prepend(frame);
  await new Promise(loaded => (frame.onload = loaded));
  await new Promise(done => setTimeout(done, 1500));
  const inside = frame.contentDocument.scrollingElement.scrollHeight;
  return { ...told, inside: Math.max(inside, told.height) };
}"""


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
@pytest.mark.parametrize("name", ELEMENTS)
def test_without_scripts_the_figure_stands(tab, address, name):
    tab.goto(address + PAGES[name].lstrip("/"), wait_until="load")
    assert tab.locator(f"#{name} img").first.is_visible()


@pytest.mark.parametrize("name", ELEMENTS)
def test_what_cannot_be_drawn_leaves_the_figure(tab, address, name):
    opened(tab, address, name)
    broken = "e => { e.template = () => nowhere; e.change({ eta: 0.01 }); }"
    tab.locator(f"#{name}").evaluate(broken)
    tab.locator(f"#{name} img").first.wait_for(state="visible")
    assert len(tab.errors) == 1 and "nowhere" in tab.errors[0]
    tab.evaluate(COUNT_FRAMES)
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.frames_seen") == 0


def test_the_prose_plays_it(tab, address):
    for name in ELEMENTS:
        tab.goto(address + PAGES[name].lstrip("/"), wait_until="load")
        ready(tab, name)
        for button in tab.locator(f"button[data-explorable={name}]").all():
            button.evaluate("e => { const folded = e.closest('details'); if (folded) folded.open = true; }")
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
    alone(tab, address, name)
    for extreme in EXTREMES:
        tab.evaluate(f"e => {{ const x = document.getElementById('{name}'); x.reset(); x.state = e; }}", extreme)
        tab.wait_for_timeout(60)
        sane(tab, name)


MONKEY = 500


@pytest.mark.slow
@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_a_monkey_breaks_nothing(tab, address, name):
    alone(tab, address, name)
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


def test_the_kernel_replays_in_the_browser_too(tab):
    """On a blank page: the site's own policy forbids code that comes as data."""
    kernel = (SOURCE / "kernel.js").read_text(encoding="utf-8")
    answers = tab.evaluate(
        "async ([source, problems]) => {"
        " const kernel = await import('data:text/javascript,' + encodeURIComponent(source));"
        " return problems.map(p => kernel.descend(p).losses.map(String)) }",
        [kernel, [posed(problem) for problem in PROBLEMS.values()]],
    )
    for problem, losses in zip(PROBLEMS.values(), answers, strict=True):
        run = by_lrsim(problem)
        np.testing.assert_allclose(numbers(losses), run.losses, rtol=1e-12, atol=1e-12 * run.losses[0], equal_nan=True)
