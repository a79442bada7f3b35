"""Every plot draws in both themes and both widths, the same each time, and says what it shows."""

import csv
import importlib
import re
from functools import cache

import pytest
from matplotlib.text import Text

from figures import __main__ as driver
from figures import facts, pictures, plot, style
from figures.palette import LIGHT

PLOTS = pictures.find("plots")
FILMS = pictures.find("films")


def names(items):
    return [item.name for item in items]


computed = cache(facts.facts)


@pytest.mark.parametrize("picture", PLOTS, ids=names(PLOTS))
def test_a_plot_is_drawn_whole_and_the_same_again(picture, tmp_path):
    """One fresh rendering, everything: its files, their size, and the bits that were built."""
    module = importlib.import_module(picture.module)
    written = plot.render(module, tmp_path / picture.name)
    assert sorted(written) == sorted(p.name for p in tmp_path.iterdir()), "a file was left behind or is missing"
    shown = [n for n in written if n.endswith((".svg", ".webp"))]
    assert len(shown) == 4 and len([n for n in written if n.endswith(".png")]) == 3
    for name in shown:
        assert (tmp_path / name).stat().st_size < 120_000, f"{name} is too large for a page"
    with (tmp_path / f"{picture.name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows)
    assert not picture.stale(), "run `make figures` first"
    for name in written:
        assert (tmp_path / name).read_bytes() == (picture.folder / name).read_bytes(), f"{name} came out otherwise"


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("picture", PLOTS, ids=names(PLOTS))
def test_no_label_leaves_the_sheet(picture, narrow):
    module = importlib.import_module(picture.module)
    with style.sheet(LIGHT, narrow):
        nothing_is_cut_off(module.draw(LIGHT))


def nothing_is_cut_off(fig):
    fig.canvas.draw()
    width, height = fig.canvas.get_width_height()
    unused = {label for ax in fig.axes for label in (*ax.get_xticklabels(), *ax.get_yticklabels())}
    for text in fig.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text not in unused:  # ticks beyond the limits exist too
            box = text.get_window_extent()
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
            assert inside, f"{text.get_text()!r} is cut off at {width} x {height}"


@pytest.mark.parametrize("picture", PLOTS + FILMS, ids=names(PLOTS + FILMS))
def test_a_picture_says_what_it_shows(picture):
    text = picture.text
    assert len(text["alt"]) > 120, "the alt text should say what is to be seen"
    assert not text["alt"].lower().startswith(("a plot", "a graph", "a figure", "an image", "a film"))
    module = importlib.import_module(picture.module)
    assert (pictures.ROOT / "docs" / f"{module.PAGE}.md").exists(), "PAGE names no page"
    known = computed() | (module.facts() if hasattr(module, "facts") else {})
    for name in re.findall(r"{{ *n\.(\w+) *}}", text["claim"] + text["caption"] + text["alt"]):
        assert name in known, f"{picture.source.name} prints {name}, which figures/facts.py does not compute"


def test_numbers_are_written_as_people_write_them():
    assert facts.number(2 / 21) == "0.0952"
    assert facts.number(4.8e6, 2) == "4.8 × 10⁶"
    assert facts.number(10**17.6, 2) == "4 × 10¹⁷"
    assert facts.number(1e-9) == "10⁻⁹"
    assert facts.number(-0.5) == "−0.5"
    assert facts.number(9.999) == "10"
    assert facts.percent(0.9666) == "96.7\N{NO-BREAK SPACE}%"


def test_an_unknown_picture_is_named(capsys):
    assert driver.main(["no-such-picture"]) == 2
    assert "no-such-picture" in capsys.readouterr().err


def test_a_docstring_without_alt_text_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    source = tmp_path / "p.py"
    source.write_text('"""A claim.\n\nCaption: c\n"""\n')
    with pytest.raises(ValueError, match=r"p\.py.*Alt: "):
        _ = pictures.Picture("plots", source).text
