"""Cutting, padding and pasting, compared with NumPy slices of a single plane at a time."""

from __future__ import annotations

import av
import numpy as np
import pytest

from framescope.core.fragments.geometry import Grid, Region, cut_tiles
from framescope.core.fragments.planes import chroma_steps, cut_tile, paint_hole, paste_tile, plane_bytes
from tests.core.fragments.fragment_examples import noise_frame

FORMATS = ["yuv420p", "yuv422p", "yuv410p", "yuv444p10le", "gray", "bgra", "ya8", "gbrp12le", "yuva420p"]


@pytest.mark.parametrize("name", FORMATS)
def test_tiles_put_together_are_the_picture(name: str) -> None:
    frame = noise_frame(45, 31, name)
    whole = av.VideoFrame(45, 31, name)
    for tile in cut_tiles(45, 31, Grid(2, 3), chroma_steps(name)):
        cut = cut_tile(frame, tile, (tile.width + 5, tile.height + 3))
        assert (cut.width, cut.height) == (tile.width + 5, tile.height + 3)
        paste_tile(cut, tile, whole, Region(0, 0, 45, 31))
    for before, after in zip(plane_bytes(frame), plane_bytes(whole), strict=True):
        assert np.array_equal(before, after)


def test_padding_repeats_the_last_samples() -> None:
    frame = noise_frame(21, 15)
    cut = cut_tile(frame, Region(16, 8, 5, 7), (16, 16))
    luma, source = plane_bytes(cut)[0], plane_bytes(frame)[0]
    assert np.array_equal(luma[:7, :5], source[8:15, 16:21])
    assert (luma[:7, 5:] == luma[:7, 4:5]).all()
    assert (luma[7:] == luma[6]).all()
    chroma, chroma_source = plane_bytes(cut)[1], plane_bytes(frame)[1]
    assert np.array_equal(chroma[:4, :3], chroma_source[4:8, 8:11])


def test_a_window_takes_its_part_only() -> None:
    frame, window = noise_frame(64, 64), Region(10, 20, 30, 24)
    shown = av.VideoFrame(30, 24, "yuv420p")
    for tile in cut_tiles(64, 64, Grid(2, 2), (2, 2)):
        paste_tile(cut_tile(frame, tile, (tile.width, tile.height)), tile, shown, window)
    assert np.array_equal(plane_bytes(shown)[0], plane_bytes(frame)[0][20:44, 10:40])
    assert np.array_equal(plane_bytes(shown)[2], plane_bytes(frame)[2][10:22, 5:20])


@pytest.mark.parametrize("name", ["yuv420p", "yuv420p10le", "bgra", "gray16le", "gbrp12le"])
def test_a_hole_is_striped_and_leaves_the_rest_alone(name: str) -> None:
    frame = noise_frame(64, 64, name)
    before = [view.copy() for view in plane_bytes(frame)]
    paint_hole(frame, Region(32, 0, 32, 32), Region(0, 0, 64, 64))
    first, sample = plane_bytes(frame)[0], plane_bytes(frame)[0].shape[1] // 64
    assert np.array_equal(first[:, : 32 * sample], before[0][:, : 32 * sample])
    assert np.array_equal(first[32:], before[0][32:])
    assert len(np.unique(first[:32, 32 * sample :].reshape(-1, sample), axis=0)) == 2


def test_subsampling_of_formats() -> None:
    assert [chroma_steps(name) for name in ("yuv420p", "yuv411p", "yuv440p", "gray", "rgb24")] == [
        (2, 2), (4, 1), (1, 2), (1, 1), (1, 1),
    ]  # fmt: skip
