"""Every film made is the file that a page and a lecture hall can play, and a scene plays in both themes."""

import importlib

import av
import numpy as np
import pytest
from PIL import Image

from figures import film, pictures
from figures.palette import THEMES

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


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_two_renders_are_the_same_to_the_bit(theme, tmp_path, monkeypatch):
    module = importlib.import_module("figures.films.one_step")
    monkeypatch.setattr(module, "END", 0.4)
    for name in ("one", "two"):
        film.render(module, THEMES[theme], tmp_path / f"{name}.mp4")
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()
    assert (tmp_path / "one.webp").read_bytes() == (tmp_path / "two.webp").read_bytes()
