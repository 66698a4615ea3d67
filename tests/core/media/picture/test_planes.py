"""Planes as decoded."""

from __future__ import annotations

from fractions import Fraction

import av
import av.filter
import numpy as np
import pytest

from framescope.core.media.picture.planes import frame_planes, owned_copy


@pytest.mark.parametrize(
    ("pixel_format", "shapes"),
    [
        ("yuv420p", [(47, 61), (24, 31), (24, 31)]),
        ("yuv422p", [(47, 61), (47, 31), (47, 31)]),
        ("yuv410p", [(47, 61), (12, 16), (12, 16)]),
        ("yuv420p10le", [(47, 61), (24, 31), (24, 31)]),
        ("gray", [(47, 61)]),
        ("gray16le", [(47, 61)]),
        ("rgb24", [(47, 61, 3)]),
        ("bgra", [(47, 61, 4)]),
        ("rgb48le", [(47, 61, 3)]),
        ("nv12", [(47, 61), (24, 31, 2)]),
        ("gbrp", [(47, 61)] * 3),
        ("pal8", [(47, 61), (1, 256, 4)]),
    ],
)
def test_planes_have_the_pictures_shape(pixel_format: str, shapes: list[tuple[int, ...]]) -> None:
    planes = frame_planes(av.VideoFrame(61, 47, pixel_format))
    assert [plane.shape for plane in planes] == shapes
    assert all(not plane.flags.writeable for plane in planes)


def test_planes_are_the_samples() -> None:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 255, (72, 64), np.uint8)
    planes = frame_planes(av.VideoFrame.from_ndarray(pixels, "yuv420p"))
    assert np.array_equal(np.concatenate([plane.ravel() for plane in planes]), pixels.ravel())


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv444p10le", "rgb24", "pal8", "gray"])
def test_a_copy_has_memory_of_its_own(pixel_format: str) -> None:
    frame = av.VideoFrame(61, 47, pixel_format)
    rng = np.random.default_rng(1)
    for plane in frame.planes:
        plane.update(rng.integers(0, 255, plane.buffer_size, np.uint8).tobytes())
    frame.colorspace, frame.color_range = 9, 2
    copy = owned_copy(frame)
    assert (copy.colorspace, copy.color_range) == (9, 2)
    kept = [plane.copy() for plane in frame_planes(frame)]
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    for mine, theirs in zip(frame_planes(copy), kept, strict=True):
        assert np.array_equal(mine, theirs)


def test_a_copy_of_an_interlaced_picture_is_interlaced_still() -> None:
    rng = np.random.default_rng(3)
    progressive = av.VideoFrame.from_ndarray(rng.integers(0, 255, (72, 64), np.uint8), "yuv420p")
    graph = av.filter.Graph()
    source = graph.add_buffer(width=64, height=48, format=progressive.format, time_base=Fraction(1, 25))
    marker, sink = graph.add("setfield", "tff"), graph.add("buffersink")
    source.link_to(marker)
    marker.link_to(sink)
    graph.configure()
    graph.push(progressive)
    frame = graph.pull()
    assert isinstance(frame, av.VideoFrame)
    assert frame.interlaced_frame
    copy = owned_copy(frame)
    assert copy.interlaced_frame
    assert copy.planes[0].buffer_ptr != frame.planes[0].buffer_ptr
    # Colours come from the lines of the same field: a picture marked otherwise would have others.
    colours = [one.reformat(format="bgr24").to_ndarray() for one in (frame, copy, progressive)]
    assert np.array_equal(colours[0], colours[1])
    assert not np.array_equal(colours[0], colours[2])
