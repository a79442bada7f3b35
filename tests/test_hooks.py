"""What the hooks make of a page, piece by piece."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs" / "hooks"))

import formulas  # noqa: E402
import macros  # noqa: E402
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
    monkeypatch.setattr(macros, "_record", lambda *args: record | {"alt": 'Where x < 1 & "y" $z < 1$'})
    monkeypatch.setattr(macros, "_source", lambda *args: "")
    film = macros._film(None, "f")
    assert '<p>Where x &lt; 1 &amp; "y" <span class="arithmatex">\\(z &lt; 1\\)</span></p>' in film
    assert 'aria-label="Where x &lt; 1 &amp; &quot;y&quot; z &lt; 1"' in film
