"""Planes as decoded."""

from __future__ import annotations

import av
import numpy as np
import pytest

from framescope.core.media.planes import frame_planes


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
