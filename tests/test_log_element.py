"""Where a reader's own log is pasted: in a real browser, the answers of lrsim, and nothing leaves the page."""

import io
import math
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lrsim import diagnosis, logs, optimizers
from tests.test_explorables import BAD, COUNT_FRAMES
from tests.test_logs import FILES
from tests.test_pages import address, axe, browser, tab, until  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parent.parent
PAGE = "my-loss-exploded/"
EXAMPLES = {
    "it grows": "04_every_10th.csv",
    "it grows, with noise": "01_minibatch_diverges.csv",
    "NaN": "03_nan_after_noise.txt",
    "a spike": "22_smooth_then_catapult.csv",
    "a warmup": "24_warmup_past_the_threshold.csv",
    "console text": "10_nanogpt.log",
}
WIDE = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 800}, "reduced_motion": "reduce", "color_scheme": "dark"}
SMALL = {"viewport": {"width": 320, "height": 700}, "reduced_motion": "reduce"}
both = pytest.mark.parametrize("tab", [WIDE, PHONE], indirect=True, ids=["wide", "phone"])
pytestmark = pytest.mark.browser


def opened(tab, address):
    tab.set_default_timeout(12_000)
    tab.goto(address + PAGE, wait_until="load")
    until(tab, "document.querySelector('lr-log')?.classList.contains('lr-live')")
    return tab.locator("lr-log")


def answered(tab):
    """What the page says, once it has an answer."""
    until(tab, "!document.querySelector('lr-log').busy && !!document.querySelector('lr-log').found")
    tab.wait_for_timeout(60)
    sane(tab)
    return " ".join(tab.locator("lr-log .lr-verdict p").all_inner_texts())


def sane(tab):
    attributes = tab.locator("lr-log svg *").evaluate_all(
        "all => all.flatMap(n => [...n.attributes].map(a => a.value))"
    )
    assert not BAD.search(" ".join(attributes))
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    assert tab.errors == []


def paste(tab, text):
    tab.locator("lr-log textarea").fill(text)
    tab.get_by_role("button", name="Diagnose").click()


def lrsims(text, **options):
    return str(diagnosis.diagnose(logs.read(io.StringIO(text)), **options))


def test_the_rate_stands_below_the_loss_of_the_same_step(tab, address):
    """Also where the run is lost after the last rows that are drawn."""
    opened(tab, address)
    paste(tab, "step,loss,lr\n0,6.99,0.01\n40,6.96,0.01\n80,6.55,0.01\n120,6.55,0.01\n160,nan,0.01\n200,nan,0.01\n")
    answered(tab)
    along = "all => all.map(text => text.textContent)"
    axes = [tab.locator(f"lr-log svg[data-plot={name}] .tick.middle").evaluate_all(along) for name in ("log", "rates")]
    assert axes[0] == axes[1] != []


@pytest.mark.parametrize("tab", [WIDE, PHONE, SMALL], indirect=True, ids=["wide", "phone", "small"])
def test_each_example_gets_the_answer_of_lrsim(tab, address):
    opened(tab, address)
    for words, name in EXAMPLES.items():
        tab.get_by_role("button", name=words, exact=True).click()
        until(tab, f"document.querySelector('lr-log').held.name === {name!r}")
        log = logs.read(FILES / name)
        assert answered(tab) == str(diagnosis.diagnose(log))
        assert tab.locator("lr-log .lr-found > p").first.inner_text() == str(log)
        assert axe(tab) == []
    assert all(url.startswith((address, "data:", "blob:")) for url in tab.requests)


@both
def test_it_is_accessible_empty_refused_and_unfolded(tab, address):
    element = opened(tab, address)
    assert axe(tab) == []
    paste(tab, "1,2.5\n3,4.5\n")
    answered(tab)
    assert "2 columns without headings: say which under" in element.locator(".lr-refused").inner_text()
    assert element.get_by_role("textbox", name="column of the losses").is_visible()
    assert axe(tab) == []
    small = element.locator(":is(button, summary, select, .lr-file, .lr-select input)").evaluate_all(
        "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"
    )
    assert small == []


def test_what_is_pasted_typed_chosen_or_dropped_is_read_and_nothing_is_sent(tab, address, tmp_path):
    element = opened(tab, address)
    text = (FILES / "05_semicolon_decimal_comma.csv").read_text()
    paste(tab, "step,loss\n0,3\n1,2\n")  # brings the worker
    answered(tab)
    sent = len(tab.requests)
    paste(tab, text)
    assert answered(tab) == lrsims(text)
    element.locator("textarea").fill("")
    until(tab, "!document.querySelector('lr-log').found")
    element.locator("textarea").press_sequentially("loss\n9\n3\n1\n", delay=5)
    assert answered(tab).startswith("The loss falls") or "too few" in answered(tab)
    wide = tmp_path / "sixteen.csv"
    wide.write_bytes(text.encode("utf-16"))
    element.locator("input[type=file]").set_input_files(wide)
    until(tab, "document.querySelector('lr-log').held.name === 'sixteen.csv'")
    assert answered(tab) == lrsims(text)
    tab.evaluate(DROP, ["01.csv", (FILES / "01_minibatch_diverges.csv").read_text()])
    until(tab, "document.querySelector('lr-log').held.name === '01.csv'")
    assert answered(tab) == str(diagnosis.diagnose(logs.read(FILES / "01_minibatch_diverges.csv")))
    assert [url for url in tab.requests[sent:] if not url.endswith((".js", ".woff2"))] == []


DROP = """([name, text]) => {
  const dataTransfer = new DataTransfer(), box = document.querySelector('lr-log textarea');
  dataTransfer.items.add(new File([text], name));
  for (const type of ['dragover', 'drop'])
    box.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def test_an_answer_that_comes_while_somebody_types_takes_nothing_away(tab, address):
    element = opened(tab, address)
    element.locator("summary", has_text="Say more").click()
    element.locator("textarea").fill("epoch,val,train_loss\n" + "".join(f"{i},{3 / (i + 1)},{i}\n" for i in range(40)))
    answered(tab)
    every = element.get_by_role("textbox", name="updates a row")
    every.fill("10")
    tab.evaluate("() => document.querySelector('lr-log').ask()")
    answered(tab)
    assert every.input_value() == "10"
    tab.keyboard.press("Tab")
    answered(tab)
    assert tab.evaluate("document.querySelector('lr-log').state.every") == "10"
    element.locator("textarea").fill("loss\n3\n2\n1\n")
    answered(tab)
    element.get_by_role("button", name="a spike").click()
    until(tab, "!document.querySelector('lr-log').state.every")
    assert every.input_value() == "", "what was said of one log is not said of the next"


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ({"column": "val", "every": "10"}, {"every": 10}),
        ({"column": "2", "optimizer": "heavy_ball"}, {"optimizer": optimizers.heavy_ball(0.9)}),
        ({"column": "val", "optimizer": "gradient_descent"}, {"optimizer": optimizers.gradient_descent()}),
        ({"column": "val", "optimizer": "adam"}, {"optimizer": optimizers.adam(beta1=0.9)}),
    ],
)
def test_what_its_owner_says_of_it_counts_and_the_lines_give_the_same(tab, address, tmp_path, said, options):
    element = opened(tab, address)
    text = "epoch,val,train_loss\n" + "".join(f"{i},{1 + 1e-4 * 1.3**i},{3 / (i + 1)}\n" for i in range(40))
    (tmp_path / "it's a log.csv").write_text(text)
    element.locator("summary", has_text="Say more").click()
    names = {"column": "column of the losses", "every": "updates a row"}
    element.locator("input[type=file]").set_input_files(tmp_path / "it's a log.csv")
    answered(tab)
    for key, value in said.items():
        if key == "optimizer":
            element.locator("select").select_option(value)
        else:
            element.get_by_role("textbox", name=names[key]).fill(value)
            tab.keyboard.press("Tab")
    answer = answered(tab)
    log = logs.read(tmp_path / "it's a log.csv", column=said["column"])
    assert answer == str(diagnosis.diagnose(log, **options))
    line, program = element.locator(".lr-recipe code").all_inner_texts()
    assert line.startswith("lrsim diagnose")
    run = {"capture_output": True, "text": True, "cwd": tmp_path, "env": {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}}
    for done in (
        subprocess.run([sys.executable, "-m", "lrsim", *shlex.split(line)[1:]], **run),
        subprocess.run([sys.executable, "-c", program.replace("found.plot()", "")], **run),
    ):
        assert answer in done.stdout, done.stderr


def test_a_second_log_is_compared_with_the_first(tab, address, tmp_path):
    element = opened(tab, address)
    files = [tmp_path / name for name in ("slow.csv", "fast.csv")]
    for path, rate in zip(files, (0.02, 0.05), strict=True):
        path.write_text("loss\n" + "".join(f"{1 + math.exp(-rate * t):.9f}\n" for t in range(300)))
    element.locator("input[type=file]").set_input_files(files[0])
    answered(tab)
    element.get_by_role("button", name="Keep it").click()
    assert "The next log is compared with slow.csv." in element.inner_text()
    element.locator("input[type=file]").set_input_files(files[1])
    until(tab, "document.querySelector('lr-log').held.name === 'fast.csv'")
    fast, slow = logs.read(files[1]), logs.read(files[0])
    answer = answered(tab)
    assert answer == f"{diagnosis.diagnose(fast)} {diagnosis.compare(fast, slow)}" and "times the steps" in answer
    line = element.locator(".lr-recipe code").first.inner_text()
    assert line == "lrsim diagnose fast.csv --against slow.csv"
    element.get_by_role("button", name="Compare no more").click()
    assert answered(tab) == str(diagnosis.diagnose(fast))


@both
def test_the_cliff_stands_at_the_readers_rate(tab, address):
    element = opened(tab, address)
    tab.get_by_role("button", name="it grows", exact=True).click()
    answered(tab)
    found = diagnosis.diagnose(logs.read(FILES / "04_every_10th.csv"))
    assert f"its limit at {1 / found.divide_by:.4g} times your rate; yours is {found.divide_by:.4g}" in words(element)
    element.get_by_role("spinbutton", name="What is your rate?").fill("0.105")
    tab.keyboard.press("Tab")
    assert "its limit at η = 0.1; yours is 1.05" in words(element)
    slider = element.locator("input[type=range]")
    before = element.locator("svg[data-plot=log] .curve").get_attribute("d")
    assert "diverging" in slider.get_attribute("aria-valuetext")
    slider.focus()
    for _ in range(3):
        tab.keyboard.press("PageDown")
    assert "diverging" not in slider.get_attribute("aria-valuetext")
    assert element.locator("svg[data-plot=log] .curve").get_attribute("d") != before
    element.get_by_role("button", name="Your rate").click()
    assert element.locator("svg[data-plot=log] .curve").get_attribute("d") == before
    assert axe(tab) == []
    sane(tab)


def words(element):
    return re.sub(r"\s+", " ", element.locator(".lr-cliff").inner_text())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\nworld\n", "Line 2 has 'world' where a number was needed."),
        ('{"a": {"b": 3}}', "The JSON document holds neither rows nor columns of numbers."),
        ("loss,loss\n3,4\n", "Two columns are called loss: give the number of one under “Say more about it”."),
    ],
)
def test_what_is_no_log_is_refused_in_words(tab, address, text, said):
    element = opened(tab, address)
    paste(tab, text)
    answered(tab)
    assert element.locator(".lr-refused").inner_text() == said
    assert element.locator("[role=status]").text_content() == said


def test_a_file_that_is_too_long_or_no_text_is_refused(tab, address, tmp_path):
    element = opened(tab, address)
    (tmp_path / "long.csv").write_bytes(b"1\n" * 25_000_001)
    (tmp_path / "bytes.bin").write_bytes(bytes(range(256)) * 10)
    for name, said in (("long.csv", "and this page takes 50 MB"), ("bytes.bin", "must be text in UTF-8")):
        element.locator("input[type=file]").set_input_files(tmp_path / name)
        refused = "document.querySelector('.lr-refused')?.innerText.toLowerCase()"
        until(tab, f"{refused}?.includes({said.lower()!r})")


def test_a_file_that_is_gone_when_it_is_read_again_is_refused(tab, address, tmp_path):
    """As one that training goes on writing, which a browser no longer gives."""
    element = opened(tab, address)
    log = tmp_path / "train.csv"
    log.write_text("loss\n" + "".join(f"{1 + math.exp(-t / 9000):.9f}\n" for t in range(30_000)))
    element.locator("input[type=file]").set_input_files(log)
    answered(tab)
    log.unlink()
    element.locator("select").evaluate(CHOOSE, "adam")
    answered(tab)
    assert "choose it again" in element.locator(".lr-refused").inner_text()


CHOOSE = """(select, value) => {
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}"""


def test_an_example_that_comes_late_takes_nothing_away(tab, address):
    element = opened(tab, address)
    late = []
    tab.route("**/explorables/logs/*", lambda route: late.append(route))
    tab.get_by_role("button", name="NaN", exact=True).click()
    paste(tab, "loss\n9\n3\n1\n")
    answered(tab)
    with tab.expect_response("**/explorables/logs/*"):
        late[0].continue_()
    tab.wait_for_timeout(200)
    assert element.locator("textarea").input_value() == "loss\n9\n3\n1\n"


def test_the_focus_stays_on_a_button_that_was_pressed(tab, address):
    element = opened(tab, address)
    paste(tab, "loss\n" + "".join(f"{3 / (t + 1)}\n" for t in range(40)))
    answered(tab)
    for words in ("Keep it, to compare", "Compare no more"):
        element.get_by_role("button", name=words).press("Enter")
        answered(tab)
        assert tab.evaluate("document.activeElement.matches('lr-log .lr-row > button')"), words


@pytest.mark.slow
def test_a_million_rows_leave_the_page_free(tab, address, tmp_path):
    element = opened(tab, address)
    noise = np.random.default_rng(0).standard_normal(1_000_000)
    rows = (f"{i},{v:.6f}\n" for i, v in enumerate((2 + 0.1 * noise).tolist()))
    (tmp_path / "million.csv").write_text("step,loss\n" + "".join(rows))
    tab.evaluate(BREATHE)
    element.locator("input[type=file]").set_input_files(tmp_path / "million.csv")
    until(tab, "!!document.querySelector('lr-log').found", 120)
    assert tab.evaluate("window.longest") < 500
    assert answered(tab).startswith("The loss is flat")
    assert "1000000 rows" in element.locator(".lr-found").inner_text()


BREATHE = """() => {
  let last = performance.now();
  window.longest = 0;
  setInterval(() => {
    const now = performance.now();
    [window.longest, last] = [Math.max(window.longest, now - last), now];
  }, 10);
}"""


def test_nothing_runs_at_rest_and_removal_leaves_nothing(tab, address):
    opened(tab, address)
    tab.get_by_role("button", name="it grows", exact=True).click()
    answered(tab)
    tab.evaluate(
        "() => { const e = document.querySelector('lr-log'), home = e.parentNode;"
        " for (let i = 0; i < 50; i++) { e.remove(); home.append(e); } }"
    )
    assert tab.locator("lr-log .lr-x").count() == 1
    tab.evaluate(COUNT_FRAMES)
    tab.wait_for_timeout(1000)
    assert tab.evaluate("window.frames_seen") == 0
    tab.evaluate("() => { const e = document.querySelector('lr-log'); e.ask(); e.remove(); window.gone = e; }")
    tab.wait_for_timeout(500)
    assert tab.evaluate("!window.gone.worker && !window.gone.querySelector('.lr-x')")
    assert tab.errors == []


@pytest.mark.parametrize("tab", [WIDE, PHONE, SMALL], indirect=True, ids=["wide", "phone", "small"])
def test_keys_stay_inside_and_its_room_is_kept(tab, address):
    opened(tab, address)
    height, room = tab.evaluate(
        "() => { const e = document.querySelector('lr-log');"
        " return [e.querySelector('.lr-x').offsetHeight, parseFloat(getComputedStyle(e).minHeight)] }"
    )
    assert height <= room
    tab.get_by_role("button", name="NaN", exact=True).focus()
    for key in ("f", "s", "n", "/", "p", "."):
        tab.keyboard.press(key)
    assert not tab.evaluate("document.querySelector('[data-md-toggle=search]')?.checked") and PAGE in tab.url


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_command_line_is_named(tab, address):
    tab.goto(address + PAGE, wait_until="load")
    assert "lrsim diagnose" in tab.locator("lr-log").inner_text() and tab.locator("lr-log p").first.is_visible()
