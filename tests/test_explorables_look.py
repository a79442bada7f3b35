"""What teachers, thumbs and screen readers meet in the explorables: labels apart, scrolling without harm, a voice."""

import re

import pytest

from tests.test_explorables import ELEMENTS, SIZES, alone, both, opened, ready, sane, state
from tests.test_pages import address, browser, tab  # noqa: F401  (fixtures)

pytestmark = pytest.mark.browser
phone = pytest.mark.parametrize("tab", [SIZES[1] | {"reduced_motion": "reduce"}], indirect=True, ids=["phone"])

STATES = {
    "rates": [
        {},
        {"eta": 0.13},
        {"eta": 0.0999},
        {"axis": "log"},
        {"steps": 2, "eta": 0.105, "start": [10, 1.5]},
        {"axis": "log", "eta": 0.135},
    ],
    "bowl": [
        {},
        {"eta": 0.22},
        {"eta": 0.01},
        {"panel": "rate"},
        {"panel": "rate", "steps": 1},
        {"panel": "length"},
        {"start": [-3, 2]},
        {"eta": 0.27, "runs": [{"eta": 0.26}, {"eta": 0.25}]},
        {"eta": 0.27, "runs": [{"eta": 0.26}, {"eta": 0.25}], "view": "around"},
    ],
    "decay": [
        {},
        {"panel": "modes"},
        {"panel": "modes", "eta": {"schedule": "inverse_time", "eta0": 0.12, "k": 0.1}},
        {"eta": 0.15},
        {"axis": "linear"},
        {"noise": 1},
        {"eta": 0.05, "runs": [{"eta": {"schedule": "polynomial", "eta": 0.0626, "steps": 50}}]},
    ],
    "modes": [{}, {"eta": 0.13}, {"eta": 0}, {"curvatures": [5, 20]}, {"curvatures": [17, 17]}],
    "step": [{}, {"eta": 1.5}, {"eta": 2.6}, {"start": [-1]}, {"curvatures": [10], "eta": 0.15}],
}
MEETING = """name => [...document.querySelectorAll(`#${name} svg[data-plot]`)].flatMap(plot => {
  const texts = [...plot.querySelectorAll('text')].filter(text => text.textContent.trim());
  const all = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  const card = plot.closest('.lr-x').getBoundingClientRect();
  const out = all.filter(([, p]) => p.left < card.left - 1 || p.right > card.right + 1).map(([a]) => `${a} is cut`);
  return out.concat(all.flatMap(([a, p], i) => all.slice(i + 1).filter(([, q]) =>
    Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 &&
    Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4
  ).map(([b]) => `${plot.dataset.plot}: ${a} | ${b}`)));
})"""


@both
@pytest.mark.parametrize("name", ELEMENTS)
def test_no_two_labels_of_a_plot_meet_and_none_is_cut(tab, address, name):
    alone(tab, address, name)
    met = {}
    for shown in STATES[name]:
        tab.evaluate(f"s => {{ const e = document.getElementById('{name}'); e.reset(); e.state = s; }}", shown)
        tab.wait_for_timeout(60)
        sane(tab, name)
        met[str(shown)] = tab.evaluate(MEETING, name)
    tab.evaluate(f"document.getElementById('{name}').full(true)")
    tab.wait_for_timeout(100)
    met["full screen"] = tab.evaluate(MEETING, name)
    assert {shown: labels for shown, labels in met.items() if labels} == {}


def test_an_axis_spans_what_is_shown_and_not_what_the_run_before_did_later(tab, address):
    alone(tab, address, "bowl")
    never, later = (tab.evaluate(SHORTENED, {"steps": steps}) for steps in (1, 1000))
    assert never == later != []


SHORTENED = """async before => {
  const bowl = document.getElementById('bowl');
  for (const state of [before, { steps: 1 }]) {
    bowl.state = state;
    await new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame));
  }
  return [...bowl.querySelectorAll('svg[data-plot=loss] .tick.end')].map(text => text.textContent);
}"""


@phone
@pytest.mark.parametrize("name", ELEMENTS)
def test_a_finger_that_scrolls_past_changes_nothing(tab, address, name):
    opened(tab, address, name)
    finger = tab.context.new_cdp_session(tab)
    before = state(tab, name)
    for selector in (".lr-track input", ".lr-scrub", "svg[data-plot=loss]"):
        target = tab.locator(f"#{name} {selector}").first
        target.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box, top = target.bounding_box(), tab.evaluate("scrollY")
        x, y = box["x"] + 0.45 * box["width"], box["y"] + box["height"] / 2
        slide(tab, finger, [(x + 0.4 * k, y - 18 * k) for k in range(10)])
        assert tab.evaluate("scrollY") > top + 50, selector
        assert state(tab, name) == before, selector


@phone
def test_a_finger_along_the_track_turns_eta(tab, address):
    opened(tab, address, "bowl")
    finger = tab.context.new_cdp_session(tab)
    track = tab.locator("#bowl .lr-track input")
    track.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = track.bounding_box()
    x, y = box["x"] + 0.2 * box["width"], box["y"] + box["height"] - 14
    slide(tab, finger, [(x + 15 * k, y) for k in range(10)])
    far = state(tab, "bowl")["eta"]
    tab.touchscreen.tap(x, y)
    tab.wait_for_timeout(100)
    assert far > 0.1 > state(tab, "bowl")["eta"] > 0


def slide(tab, finger, way):
    """As a hand does it: a frame between two places."""
    for k, (x, y) in enumerate(way):
        kind = "touchMove" if k else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        tab.wait_for_timeout(16)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    tab.wait_for_timeout(150)


def test_the_caption_waits_for_the_guess(tab, address):
    tab.goto(address + "learn/three-learning-rates/", wait_until="load")
    ready(tab, "rates")
    claim = tab.locator("#rates figcaption strong")
    assert not claim.is_visible()
    tab.emulate_media(media="print")
    assert claim.is_visible() and tab.locator("#rates img").first.is_visible()
    tab.emulate_media(media="screen")
    tab.locator("#rates").get_by_role("button", name="Skip").click()
    tab.wait_for_timeout(60)
    assert claim.is_visible()


@pytest.mark.parametrize("name", ELEMENTS)
def test_a_name_does_not_hold_its_value(tab, address, name):
    """What a screen reader says of a range is its name, then its value: once."""
    element = alone(tab, address, name)
    for summary in element.locator("details.lr-more > summary").all():
        summary.click()
    tab.wait_for_timeout(200)
    named = re.findall(r'slider "([^"]*)"', element.aria_snapshot())
    assert len(named) > 2
    assert [text for text in named if re.search(r"\d$", text) and not re.search(r"[λw]\d$", text)] == []


def test_the_voice_says_what_changed_and_no_more(tab, address):
    element = alone(tab, address, "rates")
    voice = element.get_by_role("status")
    tab.wait_for_timeout(800)  # what was said of the state assigned
    element.locator(".lr-track input").focus()

    def said(key):
        tab.keyboard.press(key)
        tab.wait_for_timeout(800)
        return voice.text_content()

    assert said(".").startswith("step 1 of 120, loss")
    assert said("k") == "This run is kept."
    assert said("l") == "logarithmic axis"
    assert "% above" in said("End")
    element.locator(".lr-scrub").focus()
    assert "% above" in said("ArrowRight")  # its own value says the step


def test_the_menu_closes_by_escape_and_by_a_press_elsewhere(tab, address):
    element = alone(tab, address, "step")
    menu, summary = element.locator("details.lr-take"), element.get_by_text("Take it along")
    for close in (lambda: tab.keyboard.press("Escape"), lambda: element.locator(".lr-title-line").click()):
        summary.click()
        element.get_by_role("button", name="Copy link").wait_for()
        close()
        assert not menu.evaluate("e => e.open")
    assert summary.is_visible()


def test_the_focus_does_not_go_with_what_is_removed(tab, address):
    element = alone(tab, address, "bowl")
    while element.get_by_role("button", name="remove:").count():
        element.get_by_role("button", name="remove:").last.press("Enter")
        assert tab.evaluate("document.activeElement.matches('.lr-chip > button')")


def test_full_screen_has_its_way_out_in_sight(tab, address):
    element = alone(tab, address, "bowl")
    element.get_by_role("button", name="Full screen").click()
    out = element.get_by_role("button", name="leave full screen")
    out.wait_for()
    box = out.bounding_box()
    assert 0 <= box["y"] < 100 and box["x"] + box["width"] <= tab.viewport_size["width"]
    out.click()
    out.wait_for(state="detached")
