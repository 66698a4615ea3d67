"""Components in their true resolution."""

from __future__ import annotations

import av
import numpy as np
import pytest

from framescope.core.media.picture.components import component_planes

WIDTH, HEIGHT = 33, 19
RGB = np.random.default_rng(4).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.mark.parametrize(
    ("pixel_format", "names", "steps", "bits"),
    [
        ("yuv420p", "Y Cb Cr", (2, 2), 8),
        ("yuv422p10le", "Y Cb Cr", (2, 1), 10),
        ("yuv444p", "Y Cb Cr", (1, 1), 8),
        ("yuv410p", "Y Cb Cr", (4, 4), 8),
        ("nv12", "Y Cb Cr", (2, 2), 8),
        ("gray", "Y", (1, 1), 8),
        ("gbrp", "R G B", (1, 1), 8),
        ("rgb24", "R G B", (1, 1), 8),
        ("bgra", "B G R A", (1, 1), 8),
    ],
)
def test_every_component_has_its_name_and_resolution(
    pixel_format: str, names: str, steps: tuple[int, int], bits: int
) -> None:
    frame = av.VideoFrame.from_ndarray(RGB, format="rgb24").reformat(format=pixel_format)
    planes = component_planes(frame)
    assert sorted(plane.name for plane in planes) == sorted(names.split())
    for plane in planes:
        is_small = plane.is_chroma
        step_x, step_y = steps if is_small else (1, 1)
        assert (plane.step_x, plane.step_y) == (step_x, step_y)
        assert plane.samples.shape == (-(-HEIGHT // step_y), -(-WIDTH // step_x))
        assert plane.bits == bits
        grey = plane.as_grey()
        assert grey.dtype == np.uint8
        assert np.array_equal(grey, plane.samples >> (bits - 8))


def test_interleaved_chroma_is_taken_apart_rightly() -> None:
    planar = av.VideoFrame.from_ndarray(RGB, format="rgb24").reformat(format="yuv420p")
    interleaved = planar.reformat(format="nv12")
    for mine, theirs in zip(component_planes(interleaved), component_planes(planar), strict=True):
        assert mine.name == theirs.name
        assert np.array_equal(mine.samples, theirs.samples)


def test_red_green_and_blue_are_not_mixed_up() -> None:
    for pixel_format in ("gbrp", "rgb24", "bgra"):
        frame = av.VideoFrame.from_ndarray(RGB, format="rgb24").reformat(format=pixel_format)
        by_name = {plane.name: plane.samples for plane in component_planes(frame)}
        for place, name in enumerate("RGB"):
            assert np.array_equal(by_name[name], RGB[..., place]), (pixel_format, name)


def test_formats_that_pack_samples_have_none_to_show() -> None:
    frame = av.VideoFrame(WIDTH, HEIGHT, "monow")
    assert component_planes(frame) == ()
