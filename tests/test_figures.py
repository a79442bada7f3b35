"""Every plot draws in both themes and both widths, says what it shows, and is redrawn exactly when it must be."""

import csv
import importlib
import json
import os
import re
import time

import pytest
from matplotlib.text import Text

from figures import __main__ as driver
from figures import facts, pictures, plot, style
from figures.palette import THEMES

PLOTS = pictures.find("plots")
FILMS = pictures.find("films")


def names(items):
    return [item.name for item in items]


@pytest.mark.parametrize("picture", PLOTS, ids=names(PLOTS))
def test_a_plot_draws_in_every_theme_and_width(picture, tmp_path):
    module = importlib.import_module(picture.module)
    written = plot.render(module, tmp_path / picture.name)
    assert sorted(written) == sorted(p.name for p in tmp_path.iterdir()), "a file was left behind or is missing"
    shown = [n for n in written if n.endswith((".svg", ".webp"))]
    assert len(shown) == 4 and len([n for n in written if n.endswith(".png")]) == 2
    for name in shown:
        assert (tmp_path / name).stat().st_size < 120_000, f"{name} is too large for a page"
    with (tmp_path / f"{picture.name}.csv").open() as file:
        rows = list(csv.reader(file))
    assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.parametrize("picture", PLOTS, ids=names(PLOTS))
def test_no_label_leaves_the_sheet(picture):
    module = importlib.import_module(picture.module)
    for narrow in (False, True):
        with style.sheet(THEMES["light"], narrow):
            fig = module.draw(THEMES["light"])
            fig.canvas.draw()
            width, height = fig.canvas.get_width_height()
            unused = {label for ax in fig.axes for label in (*ax.get_xticklabels(), *ax.get_yticklabels())}
            for text in fig.findobj(Text):
                if not text.get_visible() or not text.get_text().strip():
                    continue
                box = text.get_window_extent()
                inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
                undrawn = text in unused  # ticks beyond an axis' limits exist but are not drawn
                assert inside or undrawn, f"{text.get_text()!r} is cut off ({'narrow' if narrow else 'wide'})"


@pytest.mark.parametrize("picture", PLOTS, ids=names(PLOTS))
def test_a_plot_is_drawn_the_same_twice(picture, tmp_path):
    module = importlib.import_module(picture.module)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        written = plot.render(module, tmp_path / folder / "plot")
    for name in written:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("picture", PLOTS + FILMS, ids=names(PLOTS + FILMS))
def test_a_picture_says_what_it_shows(picture):
    text = picture.text
    assert len(text["alt"]) > 120, "the alt text should say what is to be seen"
    assert not text["alt"].lower().startswith(("a plot", "a graph", "a figure", "an image", "a film"))
    module = importlib.import_module(picture.module)
    known = facts.facts() | (module.facts() if hasattr(module, "facts") else {})
    for name in re.findall(r"{{ *n\.(\w+) *}}", text["claim"] + text["caption"] + text["alt"]):
        assert name in known, f"{picture.source.name} prints {name}, which figures/facts.py does not compute"


def test_numbers_are_written_as_people_write_them():
    assert facts.number(2 / 21) == "0.0952"
    assert facts.number(4.8e6, 2) == "4.8 × 10⁶"
    assert facts.number(10**17.6, 2) == "4 × 10¹⁷"
    assert facts.number(1e-9) == "10⁻⁹"
    assert facts.number(-0.5) == "−0.5"
    assert facts.number(9.999) == "10"
    assert facts.percent(0.9666) == "96.7 %"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A copy of the figures room with one plot, one library file and nothing drawn yet."""
    for folder in ("figures/plots", "figures/films", "lrsim"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "lrsim/__init__.py").write_text("")
    for name in ("plot.py", "style.py", "palette.py"):
        (tmp_path / "figures" / name).write_text("")
    text = '"""It is so.\n\nCaption: c\n\nAlt: a\n"""\nimport lrsim\n'
    for name in ("one", "two"):
        (tmp_path / f"figures/plots/{name}.py").write_text(text)
    (tmp_path / "figures/plots/one.py").write_text(text)
    (tmp_path / "figures/plots/two.py").write_text(text.replace("import lrsim\n", ""))
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(pictures, "GENERATED", tmp_path / "generated")
    for cached in (pictures.closure, pictures._imports, pictures._files):
        cached.cache_clear()
    for picture in pictures.find("plots"):
        picture.folder.mkdir(parents=True, exist_ok=True)
        (picture.folder / f"{picture.name}.svg").write_text("<svg/>")
        pictures.replace(picture.record, json.dumps({"files": [f"{picture.name}.svg"], "values": {}, "page": "index"}))
    yield tmp_path
    for cached in (pictures.closure, pictures._imports, pictures._files):
        cached.cache_clear()


def stale():
    return [picture.name for picture in pictures.find("plots") if picture.stale()]


def touch(path):
    later = time.time() + 10
    os.utime(path, (later, later))


def test_only_what_changed_is_redrawn(house):
    assert stale() == []
    touch(house / "figures/plots/two.py")
    assert stale() == ["two"]


def test_the_library_redraws_what_uses_it(house):
    touch(house / "lrsim/__init__.py")
    assert stale() == ["one"]


def test_the_data_that_a_picture_reads_redraw_it(house):
    for name in ("data.json", "figures/table.py", "figures/plots/two.py"):
        (house / name).touch()
    (house / "figures/table.py").write_text('READS = ("data.json",)\n')
    (house / "figures/plots/two.py").write_text("from figures import table\n")
    for path in house.rglob("*.*"):
        os.utime(path, (1, 1))
    for cached in (pictures.closure, pictures._imports):
        cached.cache_clear()
    assert stale() == []
    touch(house / "data.json")
    assert stale() == ["two"]


def test_a_missing_or_broken_file_is_redrawn(house):
    (house / "generated/plots/one.svg").unlink()
    (house / "generated/plots/two.json").write_text('{"files": [')  # a record cut short
    assert stale() == ["one", "two"]


def test_leftovers_of_a_killed_run_and_of_removed_plots_are_found(house):
    (house / "generated/plots/.one.svg.123.part").write_text("<sv")
    (house / "generated/plots/gone.svg").write_text("<svg/>")
    assert sorted(p.name for p in pictures.orphans("plots")) == [".one.svg.123.part", "gone.svg"]


def test_an_unknown_picture_is_named(capsys):
    assert driver.main(["no-such-picture"]) == 2
    assert "no-such-picture" in capsys.readouterr().err


def test_a_docstring_without_alt_text_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    source = tmp_path / "p.py"
    source.write_text('"""A claim.\n\nCaption: c\n"""\n')
    with pytest.raises(ValueError, match=r"p\.py.*Alt: "):
        _ = pictures.Picture("plots", source).text
