"""What the hooks make of a page, piece by piece."""

import json
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs" / "hooks"))

import docstrings  # noqa: E402
import exhibits  # noqa: E402
import formulas  # noqa: E402
import lean  # noqa: E402
import macros  # noqa: E402
import pieces  # noqa: E402
import references  # noqa: E402


@pytest.mark.parametrize(
    ("said", "home"),
    [
        ("arXiv:2103.00065", "https://arxiv.org/abs/2103.00065"),
        ("arXiv:math/0211159", "https://arxiv.org/abs/math/0211159"),
        ("doi:10.23915/distill.00006", "https://doi.org/10.23915/distill.00006"),
        ("doi:10.1016/0041-5553(64)90137-5", "https://doi.org/10.1016/0041-5553(64)90137-5"),
    ],
)
@pytest.mark.parametrize("after", ["", ".", ": a claim", ", section 4", "</li>"])
def test_a_work_that_is_named_is_a_link_without_the_stop_after_it(said, home, after):
    assert references.linked(f"<li>See {said}{after}") == f'<li>See <a href="{home}">{said}</a>{after}'


@pytest.mark.parametrize("whole", ['<a href="#">doi:10.1/x arXiv:2103.00065</a>', "<code>arXiv:2103.00065</code>"])
def test_code_and_what_is_a_link_already_stay(whole):
    assert references.linked(whole) == whole


@pytest.mark.parametrize("given", ["$a < b$", "$a &lt; b$"])
def test_a_formula_in_html_is_escaped_once(given):
    assert formulas.inline(given) == r'<span class="arithmatex">\(a &lt; b\)</span>'


def test_what_a_film_shows_may_have_any_sign_in_it(monkeypatch):
    record = {"root": "", "name": "f", "kind": "films", "source": "", "files": {}, "caption": "", "claim": "It falls."}
    monkeypatch.setattr(macros, "record", lambda *args: record | {"pauses": [], "alt": 'Where x < 1 & "y" $z < 1$'})
    monkeypatch.setattr(exhibits, "source", lambda *args: "")
    film = macros._film(None, "f")
    assert '<p>Where x &lt; 1 &amp; "y" <span class="arithmatex">\\(z &lt; 1\\)</span></p>' in film
    assert BeautifulSoup(film, "html.parser").video["aria-label"] == 'Where x < 1 & "y" z < 1'


@pytest.mark.parametrize("odd", ["<b>", "a & b", '"', "it's"])
def test_what_a_template_is_given_is_words(odd):
    cited = BeautifulSoup(pieces.piece("page", "cite", odd, 2026, odd, odd, odd, f"https://x.org/{odd}"), "html.parser")
    assert cited.get_text().count(odd) == 5
    assert cited.a["href"] == f"https://x.org/{odd}"
    played = BeautifulSoup(pieces.piece("page", "play", odd, json.dumps({"a": odd}), ""), "html.parser").button
    assert (played["data-explorable"], json.loads(played["data-state"])) == (odd, {"a": odd})


def tied(words):
    return words.replace(" ", "\N{NO-BREAK SPACE}")


ETA = r'<span class="arithmatex">\(\eta\)</span>'


@pytest.mark.parametrize("sign", [".", ",", ":", ")", "%", "’s", "),", " = 0.1", " = 0.1."])
def test_a_formula_is_held_to_what_stands_at_it(sign):
    held = formulas.HELD.sub(formulas._held, f"<p>with {ETA}{sign} And on")
    assert held == f'<p>with <span class="lr-held">{ETA}{tied(sign)}</span> And on'


def test_a_button_that_is_held_stays_a_button():
    button = '<button type="button" data-state="{}">0.1</button>'
    held = formulas.HELD.sub(formulas._held, f"<p>with {ETA} = {button}.")
    assert held == f'<p>with <span class="lr-held">{ETA}{tied(" = ")}{button}.</span>'


def test_a_formula_between_words_is_left_alone():
    assert formulas.HELD.sub(formulas._held, f"a {ETA} or ({ETA} here") == (
        f'a {ETA} or <span class="lr-held">({ETA}</span> here'
    )


@pytest.mark.parametrize(
    "held", ["η = 0.1", "η &lt; 2", "30 steps", "81.8 %", "8.4 × 10⁻⁸", "2.73 ×", "1 + 0.1t", "x ≥ −1"]
)
def test_a_number_stays_with_its_unit_and_its_symbol(held):
    text = f"<p>So {held}, in 2026 and at 3 places</p><code>{held}</code>"
    assert formulas.INDEX.sub(formulas._lowered, text) == text.replace(held, tied(held), 1)


def test_what_no_browser_wants_is_not_sent_and_all_else_is():
    kept = '<pre>\n  x <svg xmlns="y"> style="a:b;"</pre>'
    name = '<a><span class="md-ellipsis">\n Home\n </span>\n </a>'
    sent = lean.on_post_page(f'<p>a <svg xmlns="x"></svg>\n   b {kept}{name}<i style="a:b;c:d;">', None, None)
    assert sent == f'<p>a <svg></svg>\nb {kept}<a><span class="md-ellipsis">Home</span>\n</a><i style="a:b;c:d">'


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("|1 - ηλ| > 1", "|\u20601\u00a0−\u00a0ηλ| > 1"),
        ("the largest |λ|, |x_t| and", "the largest |\u2060λ|, |\u2060x_t| and"),
        ("to 1e-8, k >= 1", "to 10^{-8}, k ≥ 1"),
        ("L(w*), (d, *batch) -> (*batch)", "L(w\\*), (d,\u00a0\\*batch) → (\\*batch)"),
        ("pages (2013) 84-93 of a full-batch run", "pages (2013) 84–93 of a full-batch run"),
    ],
)
def test_what_is_typed_in_a_docstring_is_printed_as_print_does(typed, printed):
    assert docstrings.markdown(typed) == printed
    assert docstrings.markdown(f"`{typed}`") == f"`{typed}`"


def test_each_error_of_a_docstring_has_a_line():
    said = docstrings.markdown("Raises:\n    TypeError, ValueError: of no\n        kind. OSError: no file.\n")
    assert said == "Raises:\n    TypeError | ValueError: of no kind.\n    OSError: no file.\n"


def test_an_example_is_code_and_calls_are_noted_beside_it():
    assert docstrings.markdown("A - b.\n\n>>> 1 - 2  # doctest: +SKIP\n-1\n").endswith("```pycon\n>>> 1 - 2\n-1\n```\n")
    assert docstrings.examples("examples('bowl([1, 20])', 'bowl(3)')") == ["bowl([1, 20])", "bowl(3)"]
