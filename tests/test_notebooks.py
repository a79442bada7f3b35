"""A notebook draws in the site's hand: on its page in both themes, and when it was taken away, alone."""

import re
from itertools import combinations
from pathlib import Path

import matplotlib
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.text import Text

from figures import notebook
from figures.palette import DARK, LIGHT

SITE = Path(__file__).resolve().parent.parent / "site" / "notebooks"
ROLES = {getattr(LIGHT, role) for role in notebook.CYCLE}
DRAWING = sorted(
    path.stem for path in SITE.parent.parent.glob("docs/notebooks/*.py") if "import matplotlib" in path.read_text()
)


@pytest.fixture
def shown(monkeypatch):
    """The figures that a script shows, as they are laid out."""
    figures = []

    def show():
        figures.extend(plt.figure(number) for number in plt.get_fignums())
        for figure in figures:
            figure.draw_without_rendering()

    monkeypatch.setattr(plt, "show", show)
    with matplotlib.rc_context({"backend": "Agg"}):
        yield figures
    plt.close("all")


@pytest.mark.parametrize("name", DRAWING)
def test_a_notebook_that_was_taken_away_draws_alone_in_the_roles_colours(name, shown, tmp_path, monkeypatch):
    script = (SITE / name / f"{name}.py.txt").read_text(encoding="utf-8")
    assert "figures import" not in script and str(SITE.parent.parent) not in script
    monkeypatch.chdir(tmp_path)
    exec(compile(script, name, "exec"), {"__name__": "__main__"})
    assert shown, "nothing was drawn"
    for ax in (ax for figure in shown for ax in figure.axes):
        assert {to_hex(line.get_color()) for line in ax.lines} <= ROLES


@pytest.mark.parametrize("name", DRAWING)
def test_nothing_that_a_notebook_writes_overlaps(name, shown):
    exec((SITE / name / f"{name}.py.txt").read_text(encoding="utf-8"), {"__name__": "__main__"})
    for figure in shown:
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        unused = {label for ax in figure.axes for label in (*ax.get_xticklabels(), *ax.get_yticklabels())}
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text not in unused]
        assert [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)] == []
        for ax in figure.axes:
            inside = [b.get_window_extent() for b in ax.get_yticklabels() if ax.bbox.y0 <= b.get_window_extent().y0]
            assert not any(one.overlaps(other) for one, other in combinations(inside, 2)), "ticks' labels overlap"


@pytest.mark.parametrize("name", DRAWING)
def test_a_page_shows_the_pictures_in_both_themes_and_not_their_look(name):
    page = (SITE / name / "index.html").read_text(encoding="utf-8")
    pictures = dict(re.findall(r'class="only-(light|dark)"[^>]*src="([^"]+\.svg)"', page)) or dict(
        (theme, source) for source, theme in re.findall(r'src="([^"]+\.svg)"[^>]*class="only-(light|dark)"', page)
    )
    light, dark = ((SITE / name / pictures[theme]).read_text(encoding="utf-8") for theme in ("light", "dark"))
    assert LIGHT.paper in light and DARK.paper in dark
    assert not any(colour in dark for colour in (LIGHT.paper, *ROLES)), "a colour of light paper on dark"
    assert "rcParams" not in page and "findfont" not in page
