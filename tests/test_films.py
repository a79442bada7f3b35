"""Every film made is the file that a page and a lecture hall can play, and a scene plays in both themes."""

import importlib
import re
from functools import cache
from itertools import product

import av
import numpy as np
import pytest
from manim import tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from PIL import Image

from figures import digits, film, lettering, pictures, runs
from figures import stage as stagecraft
from figures.films import bowl
from figures.palette import LIGHT, THEMES
from lrsim import stability

FILMS = pictures.find("films")
EVERY = pytest.mark.parametrize("stage", [f.source.stem for f in FILMS], ids=[f.name for f in FILMS], indirect=True)
pytestmark = pytest.mark.films


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("picture", FILMS, ids=[f.name for f in FILMS])
def test_a_film_is_what_pages_and_lectures_play(picture, theme):
    path = picture.folder / f"{picture.name}-{theme}.mp4"
    assert path.exists(), "run `make films` first"
    assert path.stat().st_size < 2_000_000
    head = path.read_bytes()[:4096]
    assert b"moov" in head, "faststart: the index must come before the pictures"
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (film.WIDTH, film.HEIGHT)
        assert stream.average_rate >= 30
        assert 6 <= stream.duration * stream.time_base <= 20
        assert not container.streams.audio
        first, later, last = (frame.astype(int) for frame in seen(container, stream))
    paper = tuple(int(THEMES[theme].paper[i : i + 2], 16) for i in (1, 3, 5))
    assert np.abs(first[4, 4].astype(int) - paper).max() <= 3, "the film's paper is not the page's"
    assert first.std() > 5, "the first frame is empty"
    assert np.abs(later - last).mean() < 0.3, "the last second is no still"
    drawn = [(np.ptp(frame, axis=-1) > 60).sum() for frame in (first, last)]  # what has a role's colour
    assert drawn[0] < 0.6 * drawn[1], "the first frame shows what the film will tell"
    with Image.open(path.with_suffix(".webp")) as poster:
        assert poster.size == (film.WIDTH, film.HEIGHT)


def seen(container, stream):
    """A film's first frame, the one a second before its end, and its last."""
    first = next(container.decode(stream)).to_ndarray(format="rgb24")
    second = stream.duration - round(1 / stream.time_base)
    container.seek(second, stream=stream)
    rest = [frame for frame in container.decode(stream) if frame.pts >= second]
    return first, rest[0].to_ndarray(format="rgb24"), rest[-1].to_ndarray(format="rgb24")


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


@EVERY
def test_nothing_leaves_the_picture(stage):
    module, scene = stage
    paper = [int(LIGHT.paper[i : i + 2], 16) for i in (1, 3, 5)]
    for time in np.linspace(0, module.END, 60):
        x, y, _ = at(scene, time).T
        assert abs(x).max() < 64 / 9 and abs(y).max() < 4, f"at {time:.1f} s"
        edges = [scene.ground[0], scene.ground[-1], scene.ground[:, 0], scene.ground[:, -1]]
        assert all((edge[:, :3] == paper).all() for edge in edges), f"at {time:.1f} s the ground reaches the edge"


@EVERY
def test_the_lowest_eighth_is_left_to_the_player(stage):
    module, scene = stage
    paper = [int(LIGHT.paper[i : i + 2], 16) for i in (1, 3, 5)]
    for time in np.linspace(0, module.END, 30):
        assert at(scene, time)[:, 1].min() >= -3, f"at {time:.1f} s"
    low = scene.ground[film.HEIGHT * 7 // 8 + 1 :, :, :3]
    assert (low == paper).all(), "the ground reaches down"


@EVERY
def test_nothing_is_written_smaller_than_a_phone_can_show(stage, monkeypatch):
    module, scene = stage
    sizes, real = [], lettering.text
    for home in (module, stagecraft):
        monkeypatch.setattr(home, "text", lambda code, px, *a, **k: sizes.append(px) or real(code, px, *a, **k))
    fresh = module.Film(renderer=scene.renderer)
    fresh.colours = LIGHT
    fresh.setup()
    fresh.roll = lambda seconds, *parts: fresh.add(fresh.clock, *parts)
    fresh.construct()
    for time in np.linspace(0, module.END, 40):
        at(fresh, time)
    assert sizes and min(sizes) >= 720 / 20


@EVERY
def test_pauses_come_in_order_and_end_at_the_last_still(stage):
    module, _ = stage
    moments = [moment for moment, _ in module.PAUSES]
    assert moments == sorted(moments) and moments[0] > 0 and moments[-1] == module.END - 1
    assert all(words[0].isupper() and len(words) < 60 for _, words in module.PAUSES)


@pytest.mark.parametrize("colours", THEMES.values(), ids=list(THEMES))
def test_a_bowls_contours_are_seen(colours):
    """Three to one against the surface, for nine of ten points of each but the smallest."""
    view = bowl.view(0.0)
    drawn, bare = (np.full((1080, 1920, 4), 255, np.uint8) for _ in range(2))
    bowl.BOWL.paint(drawn, view, colours, 1.5)
    type(bowl.BOWL)(bowl.BOWL.eigenvalues, bowl.BOWL.rim, bowl.BOWL.height, bowl.BOWL.stretch, 0).paint(
        bare, view, colours, 1.5
    )
    for level in range(2, bowl.BOWL.levels + 1):
        ring = 1.5 * view.project(bowl.BOWL.ring(bowl.BOWL.rim * (level / bowl.BOWL.levels) ** 2))
        columns, rows = np.floor(ring).astype(int).T
        contrasts = []
        for beside in product((-1, 0, 1), repeat=2):  # a hairline lies between pixels
            on, under = (light(image[rows + beside[0], columns + beside[1], :3]) for image in (drawn, bare))
            contrasts.append((np.maximum(on, under) + 0.05) / (np.minimum(on, under) + 0.05))
        assert np.quantile(np.max(contrasts, axis=0), 0.1) >= 3, f"contour {level}"


def light(colours):
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("stage", ["bowl"], indirect=True)
def test_the_loss_curve_is_as_high_as_its_ball(stage):
    """Straight up from the bowl's lowest point a height is where the curve has it, whatever the camera does."""
    module, scene = stage
    for time in (0.0, 4.0, 9.0):
        for loss in (0.0, 5.0, module.BOWL.rim):
            top = np.array([[0.0, 0.0, module.BOWL.height * loss / module.BOWL.rim]])
            assert module.view(time).on_stage(top)[0, 1] == pytest.approx(scene.panel.at(0, loss)[1], abs=0.04)


@pytest.mark.parametrize("stage", ["the_sweep"], indirect=True)
def test_the_sweep_stops_where_its_words_say(stage):
    module, _ = stage
    first, mirror, out, steep, last = (module.rate(moment) for moment, _ in module.PAUSES)
    assert module.landing(module.FLAT, first) == pytest.approx(0)
    assert module.landing(module.FLAT, mirror) == pytest.approx(-1)
    assert module.landing(module.FLAT, out) < -1
    assert module.landing(module.STEEP, steep) == pytest.approx(-1) and abs(module.landing(module.FLAT, steep)) < 1
    assert module.landing(module.FLAT, last) < -1


@pytest.mark.parametrize("stage", ["hidden_explosion"], indirect=True)
def test_the_hidden_explosion_stops_where_its_words_say(stage):
    module, scene = stage
    steps = []
    for moment, _ in module.PAUSES:
        scene.clock.set_value(moment)
        steps.append(int(scene.done()))
    passed, grown, shown = steps
    assert (scene.etas > scene.limits)[scene.crossing : passed + 1].all() and passed > scene.crossing
    assert (np.diff(scene.losses[: grown + 1]) < 0).all(), "nothing shows"
    assert scene.bounces[grown - digits.BINOMIAL // 2] > scene.bounces[scene.crossing] + 2, "decades"
    assert scene.losses[shown] > scene.losses[scene.turn]


@pytest.mark.parametrize("stage", ["bowl"], indirect=True)
def test_a_decayed_rate_is_shown_with_where_it_began(stage, monkeypatch):
    module, scene = stage
    scene.clock.set_value(module.END)
    said, real = [], module.text
    monkeypatch.setattr(module, "text", lambda code, *args, **kwargs: said.append(code) or real(code, *args, **kwargs))
    scene._row("decay", 0.0)
    first, last = map(float, re.findall(r"\d\.\d+", " ".join(said)))
    assert first == scene.paths["decay"].etas[0] and last == pytest.approx(scene.paths["decay"].etas[-1], abs=5e-4)


@pytest.mark.parametrize("stage", ["bowl"], indirect=True)
def test_rates_stand_on_their_side_of_the_limit(stage, monkeypatch):
    module, scene = stage
    scene.clock.set_value(module.END)
    limit = stability.threshold(runs.bowl())
    first = {role: path.etas[0] for role, path in scene.paths.items()}
    assert sorted(first, key=first.get) == sorted(module.ROWS, key=module.ROWS.get)
    assert {role for role in first if first[role] > limit} == {r for r, y in module.ROWS.items() if y > module.LIMIT}
    (said,) = words(scene, monkeypatch, module, "_limit")
    assert said.endswith(f"= {limit:g}$")


@pytest.mark.parametrize(
    ("stage", "pause", "part"),
    [("bowl", -1, "_runs"), ("bowl", -1, "_curves"), ("three_runners", 0, "_curves")],
    indirect=["stage"],
)
def test_no_runs_sign_lies_hidden_below_anothers(stage, pause, part):
    """Of the place that the ball, or the curve's head, takes the later ones leave a third."""
    module, scene = stage
    scene.clock.set_value(module.PAUSES[pause][0])
    boxes = []
    for sign in getattr(scene, part)():
        filled = [p.points for p in sign.get_family() if len(p.points) and p.get_fill_opacity() == 1]
        if filled and len(filled[0]) < 200:  # one sign, not one for each iterate
            boxes.append((filled[0].min(axis=0)[:2], filled[0].max(axis=0)[:2]))
    assert len(boxes) == 3
    for i, (low, high) in enumerate(boxes):
        places = np.stack(np.meshgrid(*np.linspace(low, high, 40).T), axis=-1)
        over = [((places >= lo) & (places <= hi)).all(axis=-1) for lo, hi in boxes[i + 1 :]]
        assert np.any(over, axis=0).mean() < 2 / 3 if over else True


def test_a_mark_is_as_large_as_its_rate():
    etas = runs.three_paths()["decay"].etas
    places = np.zeros((len(etas) + 1, 3))
    each = np.split(stagecraft.mark("decay", places, LIGHT, stagecraft.sizes(etas)).points, len(places))
    areas = np.array([np.prod(np.ptp(points, axis=0)[:2]) for points in each])
    assert areas[:-1] / areas[0] == pytest.approx(etas / etas[0])


@pytest.mark.parametrize("stage", ["hidden_explosion"], indirect=True)
def test_the_step_of_the_crossing_is_not_told_before_it(stage, monkeypatch):
    module, scene = stage
    for done, told in ((scene.crossing - 1, False), (scene.crossing + 3, True)):
        scene.clock.set_value(module.when(done))
        assert (str(scene.crossing) in words(scene, monkeypatch, module, "_lines")) == told


@pytest.mark.parametrize("stage", ["one_step"], indirect=True)
def test_the_axis_is_marked_where_the_first_step_starts_and_lands(stage, monkeypatch):
    module, scene = stage
    scene.clock.set_value(module.MOVE + 1.0)
    tick, number = scene._ticks()
    start, land = (scene.panel.at(w, 0)[0] for w in scene.w[:2])
    marked = [part.get_center()[0] for part in scene.panel]
    assert min(abs(np.array(marked) - start)) < 0.01
    assert tick.get_center()[0] == pytest.approx(land) and number.get_center()[0] == pytest.approx(land, abs=0.05)
    assert words(scene, monkeypatch, module, "_ticks") == [f"{scene.w[1]:.2f}"]


@pytest.mark.parametrize("stage", ["why_it_zig_zags"], indirect=True)
def test_the_arrow_is_the_step_at_a_right_angle_to_the_contour(stage):
    module, scene = stage
    scene.clock.set_value(module.GRADIENT + 1.4)
    w, following = scene.large.iterates[:2]
    ring = np.concatenate(module.MAP.ring(scene.large.losses[0]))
    start, end = module.MAP.at(np.array([w, following]))
    near = ring[np.argsort(np.linalg.norm(ring - start, axis=1))[:2]]
    along, step = near[1] - near[0], end - start
    assert abs(along @ step) < 0.03 * np.linalg.norm(along) * np.linalg.norm(step)


def test_a_number_set_digit_for_digit_is_the_number_set(tmp_path):
    with tempconfig(film._settings(LIGHT, str(tmp_path))):
        for code in (
            "$eta = 0.36$",
            "$1 - eta lambda_2 = -4.62$",
            "$t = 105$",
            "$eta_t = 0.218$",
            "$L = 1998$",
            r"$2\/lambda_2$",
            "$10^5$",
        ):
            whole = np.concatenate([points for points, _ in lettering._typeset(code, 400)])
            one = np.concatenate([points for points, _ in lettering._counted(code, 400)])
            assert whole.shape == one.shape and np.abs(whole - one).max() < 0.02, code


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


@pytest.mark.parametrize("stage", ["sinking_rate"], indirect=True)
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
