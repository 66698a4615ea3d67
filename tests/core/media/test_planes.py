"""Planes as decoded."""

from __future__ import annotations

import av
import numpy as np
import pytest

from framescope.core.media.planes import frame_planes, owned_copy


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
