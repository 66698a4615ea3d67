"""The cache keeps what was used last, within its bytes."""

from __future__ import annotations

import av
import pytest

from framescope.core.media.cache import FrameCache, default_cache_bytes
from framescope.core.media.picture import AvPicture, DisplayRule
from framescope.core.model.frame import Frame, PictureType


def make_frame(number: int) -> Frame:
    picture = AvPicture(av.VideoFrame(64, 64, "gray"), DisplayRule())
    return Frame(number, number, number / 25, PictureType.I, True, False, picture)  # noqa: FBT003


FRAME_BYTES = make_frame(0).picture.size_bytes


@pytest.fixture
def cache() -> FrameCache:
    return FrameCache(3 * FRAME_BYTES)


def test_the_longest_unused_goes_first(cache: FrameCache) -> None:
    for number in (1, 2, 3):
        cache.put(make_frame(number))
    assert cache.get(1) is not None
    cache.put(make_frame(4))
    assert [number in cache for number in (1, 2, 3, 4)] == [True, False, True, True]
    assert cache.used_bytes == 3 * FRAME_BYTES


def test_a_frame_put_twice_counts_once(cache: FrameCache) -> None:
    cache.put(make_frame(1))
    cache.put(make_frame(1))
    assert (len(cache), cache.used_bytes) == (1, FRAME_BYTES)


def test_one_frame_is_kept_however_large() -> None:
    cache = FrameCache(1)
    cache.put(make_frame(1))
    cache.put(make_frame(2))
    assert cache.get(2) is not None
    assert len(cache) == 1


def test_spans_and_nearest(cache: FrameCache) -> None:
    assert cache.nearest(5) is None
    for number in (7, 3, 4):
        cache.put(make_frame(number))
    assert cache.spans() == [(3, 5), (7, 8)]
    nearest = cache.nearest(6)
    assert nearest is not None
    assert nearest.frame_number == 7


def test_clear_forgets_all(cache: FrameCache) -> None:
    cache.put(make_frame(1))
    cache.clear()
    assert (len(cache), cache.used_bytes, cache.spans()) == (0, 0, [])


def test_default_is_bounded() -> None:
    assert 0 < default_cache_bytes() <= 2 << 30
