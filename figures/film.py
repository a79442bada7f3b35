"""Renders one film in one theme: Manim draws the frames, one x264 stream takes them, the last is the poster.

Manim's own writer encodes each animation apart and joins the pieces; one stream is smaller, and its settings
are chosen here. The file is muxed with `faststart` and appears whole or not at all.
"""

import logging
import os
import tempfile
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import av
import numpy as np
from av.video.reformatter import Colorspace, Interpolation
from manim import tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from PIL import Image

from figures import files
from figures.palette import Palette

WIDTH, HEIGHT, RATE = 1920, 1080, 30
# One thread: how x264 splits a picture among threads changes its bits.
# Of the presets the one that takes half the time of the usual one, and no more room for pictures such as these.
_X264 = {"crf": "21", "preset": "veryfast", "tune": "animation", "threads": "1"}
_EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND


def render(module: ModuleType, colours: Palette, target: Path) -> None:
    """Write `target` (mp4) and its poster (webp, same stem): `module.Film` in the given colours."""
    logging.getLogger("manim").setLevel(logging.WARNING)
    partial = target.with_name(f".{target.stem}.{os.getpid()}.part.mp4")
    poster = target.with_name(f".{target.stem}.{os.getpid()}.part.webp")
    try:
        last = play(module, colours, partial)
        Image.fromarray(last).save(poster, "WEBP", quality=88, method=6)
        files.put(poster, target.with_suffix(".webp"))
        files.put(partial, target)
    finally:
        partial.unlink(missing_ok=True)
        poster.unlink(missing_ok=True)


def play(module: ModuleType, colours: Palette, target: Path) -> np.ndarray:
    """Play the film into `target`; its last frame, (height, width, 3) uint8."""
    with tempfile.TemporaryDirectory() as folder, tempconfig(_settings(colours, folder)):
        sink = _Sink(target)
        scene = module.Film(renderer=CairoRenderer(file_writer_class=_writer(sink)))
        scene.colours = colours
        scene.render()
        return np.ascontiguousarray(sink.last[:, :, :3])


def _settings(colours: Palette, folder: str) -> dict:
    return {
        "pixel_width": WIDTH,
        "pixel_height": HEIGHT,
        "frame_rate": RATE,
        "disable_caching": True,
        "background_color": colours.paper,
        "media_dir": folder,
        "progress_bar": "none",
        "verbosity": "WARNING",
    }


class _Sink:
    """Frames in, one h264 file out."""

    def __init__(self, target: Path) -> None:
        self.container = av.open(str(target), "w", options={"movflags": "+faststart"})
        self.stream = self.container.add_stream("libx264", rate=RATE, options=_X264)
        self.stream.width, self.stream.height, self.stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self.stream.time_base = Fraction(1, RATE)
        context = self.stream.codec_context  # HD players take untagged files for BT.709: say so, and mean it
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1, 1
        self.count = 0
        self.last = np.zeros((HEIGHT, WIDTH, 4), np.uint8)

    def write(self, pixels: np.ndarray, repeat: int) -> None:
        self.last = pixels
        picture = av.VideoFrame.from_ndarray(pixels, format="rgba")
        for _ in range(repeat):
            frame = picture.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, interpolation=_EXACT)
            frame.pts = self.count
            self.count += 1
            self.container.mux(self.stream.encode(frame))

    def close(self) -> None:
        self.container.mux(self.stream.encode())
        self.container.close()


def _writer(sink: _Sink) -> type[SceneFileWriter]:
    """Manim's writer with the encoding taken out: every frame of every animation goes to `sink`."""

    class Writer(SceneFileWriter):
        def begin_animation(self, *args, **kwargs) -> None: ...

        def end_animation(self, *args, **kwargs) -> None: ...

        def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
            sink.write(pixels, repeat)

        def finish(self) -> None:
            sink.close()

    return Writer
