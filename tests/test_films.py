"""Every film made is the file that a page and a lecture hall can play, and a scene plays in both themes."""

import importlib
from functools import cache

import av
import numpy as np
import pytest
from manim import tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from PIL import Image

from figures import film, pictures, runs
from figures.palette import LIGHT, THEMES

FILMS = pictures.find("films")
pytestmark = pytest.mark.films


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("picture", FILMS, ids=[f.name for f in FILMS])
def test_a_film_is_what_pages_and_lectures_play(picture, theme):
    path = picture.folder / f"{picture.name}-{theme}.mp4"
    assert path.exists(), "run `make films` first"
    assert path.stat().st_size < 1_200_000
    head = path.read_bytes()[:4096]
    assert b"moov" in head, "faststart: the index must come before the pictures"
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (1280, 720)
        assert stream.average_rate >= 30
        assert 6 <= stream.duration * stream.time_base <= 20
        assert not container.streams.audio
        first = next(container.decode(stream)).to_ndarray(format="rgb24")
    paper = tuple(int(THEMES[theme].paper[i : i + 2], 16) for i in (1, 3, 5))
    assert np.abs(first[4, 4].astype(int) - paper).max() <= 3, "the film's paper is not the page's"
    assert first.std() > 5, "the first frame is empty"
    with Image.open(path.with_suffix(".webp")) as poster:
        assert poster.size == (1280, 720)


class Nothing:
    """Where frames go that nobody needs."""

    def write(self, *args): ...

    def close(self): ...


@cache
def staged(name):
    """A film's scene with its parts on stage and its clock at 0, before it has played."""
    module = importlib.import_module(f"figures.films.{name}")
    scene = module.Film(renderer=CairoRenderer(file_writer_class=film._writer(Nothing())))
    scene.colours = LIGHT
    scene.setup()
    scene.roll = lambda seconds, *parts: scene.add(scene.clock, *parts)
    scene.construct()
    return module, scene


@pytest.fixture
def stage(request, tmp_path):
    with tempconfig(film._settings(LIGHT, str(tmp_path))):
        yield staged(request.param)


def at(scene, time):
    """What is drawn over the background at a moment: the corners of everything on stage."""
    scene.clock.set_value(time)
    for part in scene.mobjects:
        part.update()
    drawn = [part.get_all_points() for part in scene.mobjects if part is not scene.clock]
    return np.concatenate([points.reshape(-1, 3) for points in drawn if len(points)])


def words(scene, monkeypatch, module, part):
    """The lettering that a method of a scene puts on stage now."""
    said, real = [], module.text
    monkeypatch.setattr(module, "text", lambda code, *args, **kwargs: said.append(code) or real(code, *args, **kwargs))
    getattr(scene, part)()
    return said


@pytest.mark.parametrize("stage", [f.source.stem for f in FILMS], ids=[f.name for f in FILMS], indirect=True)
def test_nothing_leaves_the_picture(stage):
    module, scene = stage
    paper = [int(LIGHT.paper[i : i + 2], 16) for i in (1, 3, 5)]
    for time in np.linspace(0, module.END, 60):
        x, y, _ = at(scene, time).T
        assert abs(x).max() < 64 / 9 and abs(y).max() < 4, f"at {time:.1f} s"
        edges = [scene.ground[0], scene.ground[-1], scene.ground[:, 0], scene.ground[:, -1]]
        assert all((edge[:, :3] == paper).all() for edge in edges), f"at {time:.1f} s the ground reaches the edge"


@pytest.mark.parametrize("stage", ["sinking_rate"], indirect=True)
def test_the_rate_and_the_loss_stand_at_the_same_step(stage):
    module, scene = stage
    for time in np.linspace(0, module.END, 80):
        scene.clock.set_value(time)
        rate, loss = (part()[-1].get_center()[0] for part in (scene._rates, scene._losses))
        assert rate == pytest.approx(loss, abs=1e-6), f"at {time:.1f} s"


@pytest.mark.parametrize("stage", ["one_step"], indirect=True)
def test_the_arrow_that_points_downhill_has_its_minus(stage, monkeypatch):
    module, scene = stage
    scene.clock.set_value(module.SCALE + 1.0)
    said = words(scene, monkeypatch, module, "_arrows")
    assert scene.w[1] < scene.w[0] and scene.slopes[0] > 0
    assert said and all(word.startswith("$-") for word in said)


@pytest.mark.parametrize("stage", ["three_balls", "sinking_rate"], indirect=True)
def test_a_run_ends_at_its_last_step(stage, monkeypatch):
    module, scene = stage
    scene.clock.set_value(module.END)
    last = getattr(module, "STEPS", runs.BOWL_STEPS)
    said = words(scene, monkeypatch, module, "_rows" if hasattr(scene, "_rows") else "_number")
    assert f"$t = {last}$" in said


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_two_renders_are_the_same_to_the_bit(theme, tmp_path, monkeypatch):
    module = importlib.import_module("figures.films.one_step")
    monkeypatch.setattr(module, "END", 0.4)
    for name in ("one", "two"):
        film.render(module, THEMES[theme], tmp_path / f"{name}.mp4")
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()
    assert (tmp_path / "one.webp").read_bytes() == (tmp_path / "two.webp").read_bytes()
