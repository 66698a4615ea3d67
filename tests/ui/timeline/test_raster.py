"""Pixels of bars, bands and ticks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from framescope.ui.timeline.raster import (
    BarPicture,
    Shades,
    bar_height,
    bar_heights,
    paint_bars,
    palette_of,
    scale_top,
)
from framescope.ui.timeline.size_pyramid import Columns

FIRST = Shades(1, (2, 3, 4, 5), (6, 7, 8, 9), (10, 11, 12, 13), 14, 15, 16)
SECOND = Shades(101, (102, 103, 104, 105), (106, 107, 108, 109), (110, 111, 112, 113), 114, 115, 116)
PALETTE = palette_of((FIRST, SECOND))
_UNKNOWN, I_TYPE, P_TYPE, B_TYPE = range(4)


def columns_of(*frames: list[tuple[int, int]]) -> Columns:
    """Columns from lists of (type, bytes)."""
    columns = Columns(len(frames))
    for place, held in enumerate(frames):
        columns.frame_counts[place] = len(held)
        for code, size in held:
            columns.maxima[code, place] = max(columns.maxima[code, place], size)
            columns.bytes[code, place] += size
    return columns


def paint(columns: Columns, **changes: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401
    facts: dict[str, Any] = {
        "height": 20, "headroom": 10, "tick_height": 8, "least": 1, "scale_top": 100.0,
        "bands": np.zeros(len(columns.frame_counts), np.uint8), "gaps": None, "with_lines": False,
    }  # fmt: skip
    return np.array(PALETTE)[paint_bars(columns, BarPicture(**{**facts, **changes}))]


def test_a_bar_stands_on_the_ground_as_high_as_the_root_of_its_size() -> None:
    pixels = paint(columns_of([(P_TYPE, 100)], [(P_TYPE, 25)], []))
    assert pixels.shape == (20, 3)
    assert pixels[:, 0].tolist() == [1] * 10 + [12] + [4] * 9
    assert pixels[:, 1].tolist() == [1] * 15 + [12] + [4] * 4
    assert pixels[:, 2].tolist() == [1] * 20


def test_the_smallest_frame_is_still_there() -> None:
    assert paint(columns_of([(B_TYPE, 1)]), scale_top=1e9, least=2)[:, 0].tolist() == [1] * 18 + [13, 13]


def test_many_frames_show_their_mean_by_type_and_their_largest_behind() -> None:
    pixels = paint(columns_of([(I_TYPE, 100), (B_TYPE, 0), (B_TYPE, 0), (P_TYPE, 0)]))
    # The mean is a quarter of the largest: half as high.
    assert pixels[:, 0].tolist() == [1] * 10 + [7] * 5 + [11] + [3] * 4


def test_types_are_stacked_by_their_share_of_the_bytes() -> None:
    pixels = paint(columns_of([(I_TYPE, 100), (P_TYPE, 60), (B_TYPE, 40)]), scale_top=200 / 3)
    solid = pixels[10:, 0].tolist()
    assert solid == [11] + [3] * 4 + [4] * 3 + [5] * 2


def test_each_band_has_its_own_ground() -> None:
    pixels = paint(columns_of([], []), bands=np.array([0, 1], np.uint8))
    assert pixels[0].tolist() == [1, 101]


def test_gaps_are_left_free() -> None:
    pixels = paint(columns_of([(I_TYPE, 100)], [(I_TYPE, 100)]), gaps=np.array([False, True]))
    assert pixels[-1].tolist() == [3, 1]


def test_keyframes_have_ticks_and_lines() -> None:
    columns = columns_of([], [], [], [])
    columns.keyframes[1] = 1
    pixels = paint(columns, with_lines=True)
    assert pixels[:, 1].tolist() == [15] * 8 + [14] * 12
    assert pixels[:, 0].tolist() == [1] * 20


def test_more_keyframes_in_a_column_make_a_higher_tick() -> None:
    columns = columns_of(*([[]] * 8))
    columns.keyframes[:2] = 1, 4
    pixels = paint(columns)
    assert (pixels[:, 0] == 15).sum() < (pixels[:, 1] == 15).sum() == 8


def test_crowded_keyframes_make_a_quieter_surface() -> None:
    columns = columns_of([], [], [])
    columns.keyframes[:] = 2
    assert set(paint(columns)[:8].ravel().tolist()) == {16}


def test_ticks_can_be_left_out() -> None:
    columns = columns_of([])
    columns.keyframes[:] = 1
    assert 15 not in paint(columns, tick_height=0)


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 1), (1, 1), (17_300, 20_000), (24_000, 24_000), (24_001, 32_000), (99, 100)]
)
def test_the_scale_ends_at_a_round_number(largest: float, top: float) -> None:
    assert scale_top(largest) == pytest.approx(top)


def test_one_bar_and_many_agree() -> None:
    sizes = np.array([0.0, 10.0, 900.0, 5000.0])
    many = bar_heights(sizes, 5000, 60, 1)
    assert many.tolist() == [0, *(round(bar_height(size, 5000, 60)) for size in sizes[1:])]
