"""Every role can be read on its paper, and told from every other by people who see fewer colours."""

import re
from itertools import combinations

import colorspacious
import numpy as np
import pytest

from figures import pictures, style
from figures.palette import DARK, LIGHT, LINES, MARKS, RUNS, THEMES, css

SIGHTS = {
    "normal": None,
    "protan": "protanomaly",
    "deutan": "deuteranomaly",
    "tritan": "tritanomaly",
}


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, sight: str) -> np.ndarray:
    if SIGHTS[sight] is None:
        return rgb(colour)
    space = {"name": "sRGB1+CVD", "cvd_type": SIGHTS[sight], "severity": 100}
    return np.clip(colorspacious.cspace_convert(rgb(colour), space, "sRGB1"), 0, 1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ["ink", "muted", *RUNS])
def test_text_and_curves_stand_out_from_the_paper(theme, role):
    p = THEMES[theme]
    assert contrast(getattr(p, role), p.paper) >= 4.5


@pytest.mark.parametrize(("theme", "least"), [("light", 1.25), ("dark", 1.5)])
def test_a_band_is_seen_on_the_paper_outlined_and_can_be_written_on(theme, least):
    """As it is drawn: the colours of its pixels."""
    p = THEMES[theme]
    with style.sheet(p):
        fig, (ax,) = style.panels()
        ax.set(xlim=(0, 1), ylim=(0, 4))
        style.band(ax, 1, 2)
        fig.canvas.draw()
        pixels = np.asarray(fig.canvas.buffer_rgba())[..., :3]
        x, *heights = (
            round(v) for v in (ax.transAxes.transform((0.5, 0))[0], *ax.transData.transform([(0, 1.5), (0, 3)])[:, 1])
        )
        column = pixels[::-1][:, x]
    fill, paper = ("#" + bytes(column[y].tolist()).hex() for y in heights)
    outline = max(contrast("#" + bytes(c.tolist()).hex(), paper) for c in column[heights[0] : heights[1]])
    assert paper == p.paper and contrast(fill, paper) >= least
    assert outline >= 3
    assert contrast(fill, p.ink) >= 4.5 and contrast(fill, p.muted) >= 4.5
    assert all(contrast(fill, getattr(p, role)) >= 3 for role in RUNS), "a curve on the band cannot be seen"


@pytest.mark.parametrize("kind", ["plots", "films"])
def test_only_the_house_draws_bands(kind):
    for picture in pictures.find(kind):
        assert not re.search(r"\bax[hv]span\b", picture.source.read_text(encoding="utf-8")), (
            f"{picture.name}: style.band"
        )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_runs_are_told_apart_whatever_the_sight(theme, sight):
    p = THEMES[theme]
    colours = {role: seen(getattr(p, role), sight) for role in RUNS}
    for one, other in combinations(RUNS, 2):
        distance = colorspacious.deltaE(colours[one], colours[other], input_space="sRGB1", uniform_space="CAM02-UCS")
        assert distance >= 8, f"{one} and {other} look alike to {sight} sight on {theme} paper: {distance:.1f}"


def test_colour_never_carries_the_meaning_alone():
    assert len({str(LINES[role]["linestyle"]) + str(LINES[role]["linewidth"]) + MARKS[role] for role in RUNS}) == len(
        RUNS
    )
    assert len(set(MARKS.values())) == len(RUNS)


def test_style_sheet_names_every_role_in_both_schemes():
    for scheme in css().split("}\n")[:2]:
        for role in ("paper", "ink", *RUNS):
            assert f"--lr-{role}: #" in scheme


def test_the_dark_scheme_stays_on_the_screen():
    before, dark = css().split("@media screen {")
    assert "slate" not in before and DARK.paper not in before
    assert "slate" in dark and LIGHT.paper not in dark.split("--md-")[0]
