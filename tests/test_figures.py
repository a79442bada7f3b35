"""Every plot stands in both themes and both widths, is drawn the same each time, and says what it shows."""

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
def test_a_plot_was_drawn_whole(picture):
    assert not picture.stale(), "run `make figures` first"
    files = [picture.folder / name for name in pictures.made(picture.record)["files"]]
    shown = [file for file in files if "-wide." in file.name or "-narrow." in file.name]
    assert len(shown) == 4 and sum(file.suffix == ".png" for file in files) == 3
    assert [file.name for file in shown if file.stat().st_size > 120_000] == [], "too large for a page"
    with (picture.folder / f"{picture.name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.filterwarnings("error:Glyph")  # a letter that the typeface does not have
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("picture", PLOTS, ids=names(PLOTS))
def test_a_fresh_drawing_is_the_built_one_and_no_label_leaves_the_sheet(picture, narrow, tmp_path):
    """In one theme: the other differs in its colours, and the two plots below are drawn in both."""
    module = importlib.import_module(picture.module)
    name = f"{picture.name}-light-{'narrow' if narrow else 'wide'}"
    (built,) = [
        picture.folder / f"{name}.{kind}" for kind in ("svg", "webp") if (picture.folder / f"{name}.{kind}").exists()
    ]
    with style.sheet(LIGHT, narrow):
        fig = module.draw(LIGHT)
        plot.save(tmp_path / built.name, fig)
        assert (tmp_path / built.name).read_bytes() == built.read_bytes(), f"{built.name} came out otherwise"
        if not narrow:
            style.title(fig, plot.claim(module))
        nothing_is_cut_off(fig)


@pytest.mark.parametrize("name", ["the-line-and-the-truth", "how-high-the-hump-is"])  # of lines; filled, as WebP
def test_a_fresh_rendering_is_the_built_one_file_by_file(name, tmp_path):
    (picture,) = (picture for picture in PLOTS if picture.name == name)
    written = plot.render(importlib.import_module(picture.module), tmp_path / name)
    assert sorted(written) == sorted(p.name for p in tmp_path.iterdir()), "a file was left behind or is missing"
    for name in written:
        assert (tmp_path / name).read_bytes() == (picture.folder / name).read_bytes(), f"{name} came out otherwise"


def nothing_is_cut_off(fig):
    fig.draw_without_rendering()
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
