"""What is shown is what was drawn: colours by the stream's matrix and range, and turned upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from tests.clips.catalog import PICTURES
from tests.clips.encoding import draw_clip_frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clips.catalog import Clip

SHOWN = [entry for entry in PICTURES if entry.traits & {"colour", "pixel format", "rotated"}]
# swscale weighs the channels of a grey picture in its own way when these are made.
COLOURED = [entry for entry in SHOWN if entry.name not in {"grey.mp4", "sixteen_bit.mkv"}]

MOST_SHIFT = 2.5
"""How far the mean of a channel may be off. A wrong matrix or range moves it by five and more."""
MOST_DIFFERENCE = 9.0
"""How far pixels may be off on average: lossy encoding of small pictures with sharp edges."""


@pytest.mark.parametrize("entry", COLOURED, ids=lambda entry: entry.name)
def test_colours_and_place_are_those_that_were_drawn(entry: Clip, clip: Callable[[str], Path]) -> None:
    with open_video(clip(entry.name), use_index_cache=False) as video:
        for number in (0, len(video) - 1):
            wanted = draw_clip_frame(number, 160, 120, frames=len(video)).astype(float)
            shown = video.frame(number).to_rgb().astype(float)
            assert shown.shape == (120, 160, 3)
            difference = shown - wanted
            assert np.abs(difference.mean((0, 1))).max() < MOST_SHIFT
            assert np.abs(difference).mean() < MOST_DIFFERENCE


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.name)
def test_every_way_out_gives_the_same_picture(entry: Clip, clip: Callable[[str], Path]) -> None:
    with open_video(clip(entry.name), use_index_cache=False) as video:
        frame = video.frame(5)
        rgb = frame.to_rgb()
        np.testing.assert_array_equal(frame.to_bgr()[..., ::-1], rgb)
        np.testing.assert_array_equal(frame.picture.to_bgra()[..., 2::-1], rgb)


@pytest.mark.parametrize(
    ("name", "turns"), [("rotated_90.mp4", 1), ("rotated_180.mp4", 2), ("rotated_270.mp4", 3)]
)
def test_the_rotation_can_be_left_out(name: str, turns: int, clip: Callable[[str], Path]) -> None:
    with open_video(clip(name), use_index_cache=False) as video:
        frame = video.frame(7)
        assert video.info.rotation == turns * 90
        np.testing.assert_array_equal(np.rot90(frame.to_rgb(rotate=False), -turns), frame.to_rgb())


@pytest.mark.parametrize(
    ("name", "size"), [("wide_pixels.mp4", (213, 120)), ("narrow_pixels.mkv", (160, 135))]
)
def test_pixels_that_are_not_square_are_declared(
    name: str, size: tuple[int, int], clip: Callable[[str], Path]
) -> None:
    with open_video(clip(name), use_index_cache=False) as video:
        assert abs(video.info.display_width - size[0]) <= 1
        assert abs(video.info.display_height - size[1]) <= 1
        assert video.thumbnail(0, 60).shape[0] == 60
