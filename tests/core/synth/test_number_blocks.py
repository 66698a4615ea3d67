"""Numbers drawn into pictures come back from lossy, scaled and tiny pictures, and from nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.synth.number_blocks import (
    EDGE_CODE,
    LARGE_BLOCKS,
    MAX_NUMBER,
    BlockLayout,
    draw_number,
    read_number,
)

NUMBERS = (0, 1, 2, 3, 47, 48, 255, 256, 4095, 65_535, MAX_NUMBER)


def noisy_picture(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("size", [(64, 48), (65, 49), (160, 120), (321, 241), (1280, 720), (16384, 64)])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_drawn_number_is_read_back(size: tuple[int, int], number: int) -> None:
    picture = noisy_picture(*size)
    draw_number(picture, number)
    assert read_number(picture) == number


@pytest.mark.parametrize("layout", [LARGE_BLOCKS, EDGE_CODE])
@pytest.mark.parametrize("number", NUMBERS)
def test_it_survives_strong_jpeg_compression(layout: BlockLayout, number: int) -> None:
    picture = noisy_picture(640, 360)
    draw_number(picture, number, layout=layout)
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 10])
    assert read_number(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)) == number


@pytest.mark.parametrize("size", [(640, 360), (427, 240), (160, 90)])
def test_an_edge_code_is_read_from_a_scaled_picture(size: tuple[int, int]) -> None:
    picture = np.full((720, 1280, 3), 90, np.uint8)
    draw_number(picture, 479, layout=EDGE_CODE)
    scaled = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    assert read_number(scaled) == 479


def test_pictures_without_a_number_give_none() -> None:
    assert read_number(np.zeros((120, 160, 3), np.uint8)) is None
    assert read_number(np.full((120, 160, 3), 255, np.uint8)) is None
    assert read_number(np.full((120, 160, 3), 128, np.uint8)) is None
    assert read_number(noisy_picture(160, 120)) is None
    assert read_number(np.zeros((2, 2, 3), np.uint8)) is None


def test_one_wrong_cell_is_noticed() -> None:
    for place in range(32):
        picture = noisy_picture(160, 120)
        draw_number(picture, 12_345)
        left, top, right, bottom = LARGE_BLOCKS.cell(place, 160, 120)
        picture[top:bottom, left:right] = 255 - picture[top:bottom, left:right]
        assert read_number(picture) is None


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="64 × 48"):
        draw_number(np.zeros((48, 63, 3), np.uint8), 1)
    with pytest.raises(ValueError, match="numbers from 0"):
        draw_number(np.zeros((48, 64, 3), np.uint8), MAX_NUMBER + 1)
