"""Sums over blocks of frames, checked against sums over the frames themselves."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.ui.timeline.size_pyramid import Columns, SizePyramid
from tests.ui.timeline.live_session import make_index

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex

TEN_HOURS = 2_160_000


def varied(count: int) -> FrameIndex:
    rng = np.random.default_rng(5)
    return make_index(
        count,
        gop=47,
        packet_sizes=rng.integers(1, 90_000, count).astype(np.int32),
        picture_type_codes=rng.integers(0, 4, count).astype(np.uint8),
    )


def built(index: FrameIndex) -> SizePyramid:
    pyramid = SizePyramid(index)
    while not pyramid.advance(1 << 19):
        pass
    return pyramid


@pytest.fixture(scope="module")
def ten_hours() -> tuple[FrameIndex, SizePyramid]:
    index = varied(TEN_HOURS)
    return index, built(index)


def plain(index: FrameIndex, edges: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Columns:
    """The same columns by a loop over pixels."""
    columns = Columns(len(edges) - 1)
    for place, (start, stop) in enumerate(pairwise(edges)):
        sizes, codes = index.sizes_bytes[start:stop], index.picture_type_codes[start:stop]
        columns.frame_counts[place] = len(sizes)
        columns.keyframes[place] = index.is_keyframe[start:stop].sum()
        for code in range(4):
            columns.maxima[code, place] = sizes[codes == code].max(initial=0)
            columns.bytes[code, place] = sizes[codes == code].sum()
    return columns


@pytest.mark.parametrize(("first", "per_column"), [(0, 1.0), (100, 2.5), (1777, 7.3), (0, 31.9)])
def test_columns_are_exact_while_they_hold_few_frames(
    ten_hours: tuple[FrameIndex, SizePyramid], first: float, per_column: float
) -> None:
    index, pyramid = ten_hours
    columns = pyramid.columns(first, per_column, 300)
    edges = np.floor(first + np.arange(301) * per_column + 1e-6).astype(np.int64)
    expected = plain(index, edges)
    np.testing.assert_array_equal(columns.frame_counts, expected.frame_counts)
    np.testing.assert_array_equal(columns.maxima, expected.maxima)
    np.testing.assert_allclose(columns.bytes, expected.bytes)
    np.testing.assert_array_equal(columns.keyframes, expected.keyframes)


@pytest.mark.parametrize("per_column", [32.0, 128.0, 512.0, 8192.0])
def test_whole_blocks_are_exact_at_every_level(
    ten_hours: tuple[FrameIndex, SizePyramid], per_column: float
) -> None:
    index, pyramid = ten_hours
    count = min(int(TEN_HOURS // per_column), 200)
    columns = pyramid.columns(0, per_column, count)
    expected = plain(index, (np.arange(count + 1) * per_column).astype(np.int64))
    np.testing.assert_array_equal(columns.maxima, expected.maxima)
    np.testing.assert_allclose(columns.bytes, expected.bytes, rtol=1e-5)
    np.testing.assert_array_equal(columns.keyframes, expected.keyframes)
    np.testing.assert_allclose(columns.means, expected.means, rtol=1e-5)


@pytest.mark.parametrize("width", [800, 1240, 2400])
def test_the_whole_file_loses_nothing(ten_hours: tuple[FrameIndex, SizePyramid], width: int) -> None:
    index, pyramid = ten_hours
    columns = pyramid.columns(0, TEN_HOURS / width, width)
    assert columns.frame_counts.sum() == TEN_HOURS
    assert columns.keyframes.sum() == len(index.keyframes)
    assert columns.bytes.sum() == pytest.approx(int(index.sizes_bytes.sum(dtype=np.int64)), rel=1e-5)
    assert columns.maxima.max() == index.sizes_bytes.max()


def test_a_column_narrower_than_a_frame_repeats_it() -> None:
    pyramid = built(make_index(10, gop=5))
    columns = pyramid.columns(4, 0.25, 12)
    assert columns.frame_counts.tolist() == [1] * 12
    assert columns.maxima.max(axis=0).tolist() == [1000] * 4 + [4000] * 4 + [1000] * 4
    assert columns.keyframes.tolist() == [0] * 4 + [1] + [0] * 7


def test_the_tick_of_a_keyframe_that_began_before_the_view_is_not_repeated() -> None:
    pyramid = built(make_index(10, gop=5))
    assert pyramid.columns(5.5, 0.25, 4).keyframes.tolist() == [0, 0, 0, 0]
    assert pyramid.columns(5.0, 0.25, 4).keyframes.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("per_column", [0.1, 1.0, 3.0, 100.0])
def test_beyond_the_frames_columns_are_empty(per_column: float) -> None:
    columns = built(make_index(50)).columns(1000, per_column, 20)
    assert not columns.frame_counts.any()
    assert not columns.bytes.any()
    assert not columns.means.any()


def test_an_index_of_nothing() -> None:
    pyramid = SizePyramid(make_index(0))
    assert pyramid.advance(100)
    assert not pyramid.columns(0, 0.01, 10).frame_counts.any()


def test_it_is_built_in_slices() -> None:
    pyramid = SizePyramid(make_index(200_000))
    assert not pyramid.advance(1)
    assert 0 < pyramid.reached < 200_000
    assert pyramid.columns(0, 200.0, 1000).frame_counts.sum() == pyramid.reached
    assert pyramid.advance(200_000)
    assert pyramid.reached == len(pyramid) == 200_000


def test_blocks_never_outgrow_the_slices_they_are_filled_from() -> None:
    count = 17_000_000
    index = dataclasses.replace(
        make_index(0),
        pts=np.broadcast_to(np.int64(0), count),
        packet_numbers=np.broadcast_to(np.int32(0), count),
        packet_sizes=np.full(1, 3, np.int32),
        is_keyframe=np.broadcast_to(np.bool_(False), count),  # noqa: FBT003 - NumPy takes it by place only
        picture_type_codes=np.broadcast_to(np.uint8(2), count),
    )
    columns = built(index).columns(0, count / 500, 500)
    assert columns.frame_counts.sum() == count
    assert columns.bytes.sum() == pytest.approx(3 * count)


def test_maxima_can_be_levelled() -> None:
    columns = built(make_index(100)).columns(0, 10, 10)
    columns.level_maxima()
    assert not columns.maxima.any()
    assert columns.means.any()


def test_keyframes_can_be_widened() -> None:
    columns = Columns(6)
    columns.keyframes[:] = [3, 0, 0, 0, 1, 2]
    columns.widen_keyframes(1)
    assert columns.keyframes.tolist() == [3, 0, 0, 0, 1, 2]
    columns.widen_keyframes(2)
    assert columns.keyframes.tolist() == [3, 3, 0, 0, 1, 2]
