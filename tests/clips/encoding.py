"""Encodes small numbered clips with PyAV: any codec, container and timing that its build can write."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from framescope.core.synth.number_blocks import MIN_HEIGHT, MIN_WIDTH, draw_number
from framescope.core.synth.patterns import draw_label, draw_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

RATE = Fraction(24)

# SVT-AV1 otherwise writes forty lines about its settings to stderr.
os.environ.setdefault("SVT_LOG", "1")


@dataclass(frozen=True)
class Encoding:
    """One video stream to be written.

    Attributes:
        codec: FFmpeg's name of the encoder.
        width: Columns.
        height: Rows.
        frames: Frames to write, numbered from 0 in their pixels.
        rate: Declared frames per second.
        pixel_format: FFmpeg's name.
        options: The encoder's options.
        container_options: The muxer's options.
        container_format: The muxer's name, where the file's suffix does not say it.
        pts_of: Frame number → pts in ``time_base``; None counts frames at the declared rate.
        time_base: Unit of ``pts_of``.
        matrix: FFmpeg's AVColorSpace number, which is signalled and used for the conversion.
        is_full_range: Whether all code values are used.
        rotation: Clockwise degrees that show the picture upright; the picture is stored turned back.
        sample_aspect_ratio: Width to height of a pixel.
    """

    codec: str = "libx264"
    width: int = 160
    height: int = 120
    frames: int = 48
    rate: Fraction = RATE
    pixel_format: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)
    container_format: str | None = None
    pts_of: Callable[[int], int] | None = None
    time_base: Fraction | None = None
    matrix: int = 1
    is_full_range: bool = False
    rotation: int = 0
    sample_aspect_ratio: Fraction | None = None


def draw_clip_frame(frame_number: int, width: int, height: int, *, frames: int) -> NDArray[np.uint8]:
    """Frame ``frame_number`` of a test clip before encoding, upright; the scene changes halfway."""
    scene = 0 if frame_number < max(1, frames // 2) else 1
    rgb = draw_scene(frame_number, width, height, scene=scene)
    if width >= MIN_WIDTH and height >= MIN_HEIGHT:
        draw_label(rgb, str(frame_number), center=(0.5, 0.3), height=0.2)
        draw_number(rgb, frame_number)
    return rgb


def write_clip(path: Path, encoding: Encoding) -> None:
    """Write ``encoding`` to ``path``."""
    with av.open(
        os.fspath(path), "w", format=encoding.container_format, options=dict(encoding.container_options)
    ) as container:
        stream = add_video_stream(container, encoding)
        for frame_number in range(encoding.frames):
            container.mux(stream.encode(clip_video_frame(frame_number, encoding)))
        container.mux(stream.encode(None))


def add_video_stream(container: av.container.OutputContainer, encoding: Encoding) -> av.VideoStream:
    """Add the stream that ``encoding`` describes."""
    stream = container.add_stream(encoding.codec, rate=encoding.rate, options=dict(encoding.options))
    assert isinstance(stream, av.VideoStream)
    is_upright = encoding.rotation % 180 == 0
    stream.width = encoding.width if is_upright else encoding.height
    stream.height = encoding.height if is_upright else encoding.width
    stream.pix_fmt = encoding.pixel_format
    context = stream.codec_context
    context.time_base = encoding.time_base or 1 / encoding.rate
    context.colorspace = encoding.matrix
    context.color_range = _range(encoding)
    # One thread: the same file on every machine.
    context.thread_count = 1
    if encoding.sample_aspect_ratio is not None:
        context.sample_aspect_ratio = encoding.sample_aspect_ratio
    if encoding.rotation:
        # PyAV counts counter-clockwise.
        stream.set_display_rotation(-encoding.rotation)
    return stream


def clip_video_frame(frame_number: int, encoding: Encoding) -> av.VideoFrame:
    """The frame that is handed to the encoder, with its pts."""
    rgb = draw_clip_frame(frame_number, encoding.width, encoding.height, frames=encoding.frames)
    stored = np.ascontiguousarray(np.rot90(rgb, encoding.rotation // 90))
    frame = av.VideoFrame.from_ndarray(stored, format="rgb24").reformat(
        format=encoding.pixel_format,
        dst_colorspace=int(Colorspace.ITU709 if encoding.matrix == 1 else Colorspace.ITU601),
        dst_color_range=_range(encoding),
        # Several write over each other's edges, otherwise in every run.
        threads=1,
    )
    frame.colorspace, frame.color_range = encoding.matrix, _range(encoding)
    frame.pts = frame_number if encoding.pts_of is None else encoding.pts_of(frame_number)
    frame.time_base = encoding.time_base or 1 / encoding.rate
    return frame


def _range(encoding: Encoding) -> int:
    return int(ColorRange.JPEG if encoding.is_full_range else ColorRange.MPEG)
