"""The clips that are measured, made afresh. Every frame carries its number: every answer is checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from framescope.core.synth.number_blocks import EDGE_CODE, draw_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_VERSION = 1
"""Raised whenever what a clip holds changes."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """How a clip is made.

    Attributes:
        name: What the tables call it.
        file_name: Its name on disk; the ending tells the container.
        codec: FFmpeg's name of the encoder.
        options: Options of the encoder.
        size: Columns and rows.
        frame_count: Frames.
        goal: Most time for an exact random access, as a share of the fastest exact peer's.
        trials: Random accesses to measure.
        is_variable: Whether the frames last for different times.
        copied_from: Name of the clip whose packets this one takes over, if it is no encode of its own.
    """

    name: str
    file_name: str
    codec: str
    options: dict[str, str] = field(default_factory=dict)
    size: tuple[int, int] = (1920, 1080)
    frame_count: int = 1800
    goal: float = 0.65
    trials: int = 20
    is_variable: bool = False
    copied_from: str | None = None


def _x264(keyint: int, *, is_open: bool = False, preset: str = "veryfast") -> dict[str, str]:
    gop = f"keyint={keyint}:min-keyint={keyint}:scenecut=0:bframes=3:open-gop={int(is_open)}"
    return {"preset": preset, "x264-params": gop, "crf": "23"}


def _x265(keyint: int, *, is_open: bool) -> dict[str, str]:
    gop = f"keyint={keyint}:min-keyint={keyint}:scenecut=0:bframes=3:open-gop={int(is_open)}:log-level=none"
    return {"preset": "ultrafast", "x265-params": gop, "crf": "24"}


def clip_specs(*, seconds: int, long_seconds: int) -> list[ClipSpec]:
    """All clips: ``seconds`` of each kind, and one long recording in three containers."""
    count, long_count = seconds * 30, long_seconds * 30
    hd, small = (1280, 720), (640, 360)
    vp9 = {"deadline": "realtime", "cpu-used": "8", "g": "120", "b": "5M", "row-mt": "1"}
    return [
        ClipSpec("H.264 GOP 30", "h264_gop30.mp4", "libx264", _x264(30), frame_count=count),
        ClipSpec("H.264 GOP 250", "h264_gop250.mp4", "libx264", _x264(250), frame_count=count, trials=12),
        ClipSpec("H.264 open GOP 720p", "h264_open.mp4", "libx264", _x264(48, is_open=True), hd, count),
        ClipSpec("HEVC open GOP 720p", "hevc_open.mp4", "libx265", _x265(48, is_open=True), hd, count),
        ClipSpec(
            "HEVC GOP 250", "hevc.mp4", "libx265", _x265(250, is_open=False), (1920, 1080), count, trials=8
        ),
        ClipSpec("VFR H.264", "vfr.mp4", "libx264", _x264(60), frame_count=count, is_variable=True),
        ClipSpec(
            "MPEG-4 AVI with B", "mpeg4.avi", "mpeg4", {"g": "48", "bf": "2", "b": "6M"}, hd, count, 1.05
        ),
        ClipSpec(
            "AV1",
            "av1.mp4",
            "libsvtav1",
            # Faster presets leave artefacts in which some numbers cannot be read.
            {"preset": "9", "g": "120", "crf": "24"},
            frame_count=count,
            goal=1.05,
            trials=12,
        ),
        ClipSpec("VP9", "vp9.webm", "libvpx-vp9", vp9, frame_count=count, goal=1.05, trials=8),
        ClipSpec("MJPEG", "mjpeg.mov", "mjpeg", {"qscale": "4"}, frame_count=min(count, 300), goal=1.05),
        ClipSpec("H.264 TS", "h264.ts", "libx264", frame_count=count, trials=6, copied_from="H.264 GOP 250"),
        ClipSpec(
            "long MP4", "long.mp4", "libx264", _x264(250, preset="superfast"), small, long_count, trials=60
        ),
        ClipSpec(
            "long MKV", "long.mkv", "libx264", size=small, frame_count=long_count, copied_from="long MP4"
        ),
        ClipSpec("long TS", "long.ts", "libx264", size=small, frame_count=long_count, copied_from="long MP4"),
    ]


class ClipShelf:
    """The clips' files; one that is not there is made when it is first asked for."""

    def __init__(self, specs: list[ClipSpec], folder: Path, tell: Tell) -> None:
        """Make nothing yet.

        Args:
            specs: All clips that may be requested.
            folder: Where they are kept; those of an earlier run with the same recipe are taken as they are.
            tell: Told what is being made.
        """
        self._specs = {spec.name: spec for spec in specs}
        self._folder = folder
        self._tell = tell

    def __getitem__(self, name: str) -> Path:
        """The file of the clip of that name."""
        spec = self._specs[name]
        origin = None if spec.copied_from is None else self._specs[spec.copied_from]
        recipe = f"{_VERSION} {spec} {origin}"
        digest = hashlib.blake2b(recipe.encode(), digest_size=4).hexdigest()
        path = self._folder / f"{digest}_{spec.file_name}"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._tell(f"making {spec.name} ({spec.frame_count} frames)")
            part = path.with_name(f"part_{path.name}")
            if origin is None:
                _encode(spec, part)
            else:
                copy_packets(self[origin.name], part)
            part.replace(path)
        return path


def _encode(spec: ClipSpec, path: Path) -> None:
    with av.open(path, "w") as container:
        stream = container.add_stream(spec.codec, rate=30, options=spec.options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = spec.size
        stream.pix_fmt = "yuvj420p" if spec.codec == "mjpeg" else "yuv420p"
        stream.codec_context.thread_type = "AUTO"
        if "qscale" in spec.options:
            stream.codec_context.qmin = stream.codec_context.qmax = int(spec.options["qscale"])
        time_base = Fraction(1, 30)
        if spec.is_variable:
            time_base = Fraction(1, 90000)
            stream.codec_context.time_base = time_base
        times = _irregular_times(spec.frame_count) if spec.is_variable else list(range(spec.frame_count))
        for number, planes in enumerate(_pictures(spec)):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            if spec.codec == "mjpeg":
                frame = frame.reformat(format="yuvj420p")
            frame.pts, frame.time_base = times[number], time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _irregular_times(count: int) -> list[int]:
    """Like a phone's camera: mostly 30 a second, some frames late, some left out; in 1/90000 s."""
    rng = np.random.default_rng(5)
    durations = rng.choice([2850, 3000, 3150, 6000, 9000], count, p=[0.2, 0.6, 0.1, 0.07, 0.03])
    times: list[int] = (np.cumsum(durations) - durations).tolist()
    return times


def copy_packets(origin: Path, path: Path) -> None:
    """Write the packets of a clip to a file of another kind, which the ending of its name tells."""
    with av.open(origin) as source, av.open(path, "w") as container:
        stream = source.streams.video[0]
        copy = container.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.size:
                packet.stream = copy
                container.mux(packet)


def _pictures(spec: ClipSpec) -> Iterator[NDArray[np.uint8]]:
    """Planes of YUV 4:2:0 below each other: a ground that moves, things that cross it, and grain."""
    width, height = spec.size
    rng = np.random.default_rng(7)
    ground = _texture(rng, height + 400, width + 800)
    chroma = _texture(rng, height // 2 + 200, width // 2 + 400) // 4 + 96
    grain = [rng.integers(-6, 7, (height, width), dtype=np.int16).astype(np.uint8) for _ in range(16)]
    canvas = np.empty((height * 3 // 2, width), np.uint8)
    colors = canvas[height:].reshape(2, height // 2, width // 2)
    band = height // 36 + 1
    for number in range(spec.frame_count):
        x = 400 + round(390 * np.sin(number / 43))
        y = 200 + round(190 * np.sin(number / 29))
        luma = canvas[:height]
        np.copyto(luma, ground[y : y + height, x : x + width])
        for thing in range(4):
            side = height // (5 + thing)
            left = (number * (5 + 3 * thing)) % (width - side)
            top = (number * (2 + thing) + thing * 97) % (height - side - band)
            luma[top : top + side, left : left + side] = 60 + 40 * thing
        # Wraps around at 256 only where the ground is nearly black or white, which it never is.
        luma += grain[number % len(grain)]
        colors[:] = chroma[y // 2 : y // 2 + height // 2, x // 2 : x // 2 + width // 2]
        colors[:, -(band // 2 + 1) :] = 128
        draw_number(luma, number, layout=EDGE_CODE)
        yield canvas


def _texture(rng: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    """Soft shapes of several sizes, between 40 and 215."""
    picture = np.zeros((height, width), np.float32)
    for cell, strength in ((128, 50.0), (32, 30.0), (8, 16.0), (3, 10.0)):
        coarse = rng.standard_normal((height // cell + 2, width // cell + 2)).astype(np.float32)
        across = np.linspace(0, coarse.shape[1] - 1.001, width)
        down = np.linspace(0, coarse.shape[0] - 1.001, height)
        column, row = across.astype(int), down.astype(int)
        dx, dy = (across - column).astype(np.float32), (down - row).astype(np.float32)[:, None]
        upper = coarse[row][:, column] * (1 - dx) + coarse[row][:, column + 1] * dx
        lower = coarse[row + 1][:, column] * (1 - dx) + coarse[row + 1][:, column + 1] * dx
        picture += strength * (upper * (1 - dy) + lower * dy)
    return np.clip(128 + picture, 40, 215).astype(np.uint8)
