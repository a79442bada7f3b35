"""The pages that teach: every page has its parts, and no result in them was typed by hand."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEARN = sorted((ROOT / "docs" / "learn").glob("*.md"))
PARTS = ["Check yourself", "Run it", "What is often said, and the exact version", "References", "In your run"]
TERMS = r"[Ee]igen|Hessian|[Ss]harpness|condition number|κ|ρ|\\\\?kappa|\\\\?rho"
EARLY = ("index", "learn/the-update-rule", "learn/three-learning-rates")  # read before the page that explains these
# Digits that are part of a definition or a name, not of a result: the two of 2/λ, the zero of t = 0.
ALLOWED = {"2/λ_max", "2/λ", "1/λ"}

EXPLORABLES = {
    re.search(r'static id = "(\w+)"', code)[1]: code
    for code in (p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "explorables").glob("lr-*.js"))
}
# An explorable stands for a figure, which its file names; one that opens in guess mode asks by itself.
STANDS_FOR = {name: re.search(r'static figure = "([\w-]+)"', code)[1] for name, code in EXPLORABLES.items()}
GUESSED = {name for name, code in EXPLORABLES.items() if "GuessMode" in code}


def as_figures(path):
    """A page's text with the figure in each explorable's place."""
    text = path.read_text(encoding="utf-8")
    own = r'explorable\("(\w+)"(?:, brief=True)?\)'
    return re.sub(own, lambda m: f'figure("{STANDS_FOR[m[1]]}")', text)


pages = pytest.mark.parametrize("path", LEARN, ids=lambda p: p.stem)


def prose(text):
    """What a reader reads as words: without front matter, formulas, macros, code, link targets and references."""
    text = re.sub(r"^## References\n.*?(?=^## |\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"{{ guess\(.*?\) }}", lambda m: " ".join(re.findall(r'"(.*?)"', m[0])), text, flags=re.DOTALL)
    for pattern in (
        r"\A---.*?^---",
        r"^\d\. ",
        r"\$\$.*?\$\$",
        r"\$[^$]+\$",
        r"{{.*?}}",
        r"`[^`]*`",
        r"<[^>]*>",
        r"\]\([^)]*\)",
    ):
        text = re.sub(pattern, " ", text, flags=re.DOTALL | re.MULTILINE)
    for allowed in ALLOWED:
        text = text.replace(allowed, " ")
    return text


@pytest.mark.parametrize("path", [*LEARN, ROOT / "docs" / "my-loss-exploded.md"], ids=lambda p: p.stem)
def test_no_number_was_typed_by_hand(path):
    guilty = [line.strip() for line in prose(path.read_text()).splitlines() if re.search(r"\d", line)]
    assert guilty == [], "use {{ n.name }} and compute it in figures/facts.py"


@pytest.mark.parametrize("path", sorted((ROOT / "figures").glob("[pf]*s/[!_]*.py")), ids=lambda p: p.stem)
def test_no_long_number_was_typed_into_a_caption(path):
    """Captions may say 1/λ or η = 0 as words; a number with two digits or a decimal point is a result."""
    doc = path.read_text().split('"""')[1].replace("\\\\", "\\")
    assert re.findall(r"\d+\.\d+|\d{2,}", prose(doc)) == []


def records():
    found = [json.loads(p.read_text()) for p in (ROOT / "docs" / "assets" / "generated").glob("*/*.json")]
    assert found, "run `make figures films` first"
    return found


def test_a_caption_has_at_most_three_sentences():
    told = [r for r in records() if r["kind"] == "films" or re.match("learn/|index", r["page"])]
    counted = {r["name"]: len(re.findall(r"[.?!](?= [A-Z(]|$)", r["caption"])) for r in told}
    assert {name: count for name, count in counted.items() if count > 3} == {}


@pytest.mark.parametrize("page", EARLY)
def test_no_term_stands_before_the_page_that_explains_it(page):
    shown = [r["claim"] + r["caption"] + r["alt"] for r in records() if r["page"] == page]
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").split("## References")[0]
    assert re.findall(TERMS, " ".join([text, *shown])) == []


@pages
def test_a_page_has_its_parts_in_order(path):
    headings = re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)
    assert [h for h in headings if h in PARTS] == PARTS == headings[-len(PARTS) :]


@pages
def test_a_page_asks_before_it_tells(path):
    text = path.read_text(encoding="utf-8")
    first = re.search(r'{{ (figure|explorable)\("([\w-]+)"', text)
    asks = first[1] == "explorable" and first[2] in GUESSED
    assert asks or "{{ guess(" in text[: first.start()], "the prediction comes before the first figure"
    check = text.split("## Check yourself")[1].split("## ")[0]
    assert check.count("??? question") == 3
    assert "{{ explorable(" in text and "{{ film(" in text and "{{ notebook() }}" in text


@pages
def test_every_common_statement_names_its_figure(path):
    text = as_figures(path)
    rows = [line for line in text.split("## What is often said")[1].splitlines() if line.startswith("| ")][2:]
    shown = {f"figure-{name}" for name in re.findall(r'figure\("([a-z-]+)"\)', text)}
    for row in rows:
        links = re.findall(r"\(#([a-z-]+)\)", row)
        assert links and set(links) <= shown, row


def test_every_picture_stands_on_its_page():
    for record in records():
        macro = {"plots": "figure", "films": "film"}[record["kind"]]
        page = as_figures(ROOT / "docs" / f"{record['page']}.md")
        assert f'{macro}("{record["name"]}")' in page, f"{record['name']} is not on {record['page']}"
