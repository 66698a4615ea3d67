"""One picture in numbers, compared with NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.sampling.content import (
    FEATURE_COUNT,
    SMALL_PX,
    difference_hash,
    measure_picture,
    sharpness,
)
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_hash_has_a_bit_for_each_fall_in_brightness() -> None:
    rising = np.tile(np.arange(0, 90, 10, dtype=np.uint8), (8, 1))
    assert difference_hash(rising) == 0
    assert difference_hash(np.ascontiguousarray(rising[:, ::-1])) == (1 << 64) - 1
    one = rising.copy()
    one[0, 0] = 255
    assert difference_hash(one) == 1 << 63


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (40, 50)).astype(np.uint8)
    wide = np.pad(picture.astype(np.int64), 1, mode="reflect")
    laplacian = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:] - 4 * wide[1:-1, 1:-1]
    assert sharpness(picture) == pytest.approx(laplacian.var())
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), 2), np.uint8)
    assert sharpness(blurred) < sharpness(picture) / 10


@pytest.mark.parametrize("name", ["h264.mp4", "prores.mov", "qtrle.mov", "mjpeg.avi"])
def test_every_kind_of_picture_is_measured(name: str, clip: Callable[[str], Path]) -> None:
    with open_video(clip(name), use_index_cache=False) as video:
        measures = measure_picture(video.frame(0).picture)
        upright = video.frame(0).to_bgr(rotate=False)
    assert measures.small.shape == upright.shape
    assert max(measures.small.shape) <= SMALL_PX
    assert np.abs(measures.small.astype(int) - upright).mean() < 2
    assert measures.features.shape == (FEATURE_COUNT,)
    grey = np.asarray(cv2.cvtColor(upright, cv2.COLOR_BGR2GRAY), np.uint8)
    assert measures.sharpness == pytest.approx(sharpness(grey), rel=0.4)
    assert bin(measures.difference_hash ^ difference_hash(grey)).count("1") <= 4


def test_large_pictures_are_measured_small(media_file: Callable[[str], Path]) -> None:
    with open_video(media_file("smpte_timecode_1080p.mp4"), use_index_cache=False) as video:
        measures = measure_picture(video.frame(0).picture)
    assert measures.small.shape == (144, SMALL_PX, 3)
