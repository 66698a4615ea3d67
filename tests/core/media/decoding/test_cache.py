"""The cache keeps what was used last, within its bytes."""

from __future__ import annotations

import av
import pytest

from framescope.core.media.decoding import cache as cache_module
from framescope.core.media.decoding.cache import FrameCache, default_cache_bytes
from framescope.core.media.picture.picture import AvPicture, DisplayRule
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
        cache.put(make_frame(number), cache.epoch)
    assert cache.get(1) is not None
    cache.put(make_frame(4), cache.epoch)
    assert [number in cache for number in (1, 2, 3, 4)] == [True, False, True, True]
    assert cache.used_bytes == 3 * FRAME_BYTES


def test_frames_of_the_same_decoder_go_first_but_never_what_is_wanted(cache: FrameCache) -> None:
    for number, decoder in ((1, 0), (2, 1), (3, 0)):
        cache.put(make_frame(number), cache.epoch, decoder=decoder)
    cache.put(make_frame(4), cache.epoch, range(0), 1)
    assert cache.spans() == [(1, 2), (3, 5)]
    cache.put(make_frame(5), cache.epoch, range(4, 7), 1)
    assert cache.spans() == [(3, 6)]
    assert cache.put(make_frame(6), cache.epoch, range(4, 7), 1)
    assert not cache.put(make_frame(7), cache.epoch, range(4, 8), 1)
    assert cache.spans() == [(5, 8)]


def test_a_frame_put_twice_counts_once(cache: FrameCache) -> None:
    cache.put(make_frame(1), cache.epoch)
    cache.put(make_frame(1), cache.epoch)
    assert (len(cache), cache.used_bytes) == (1, FRAME_BYTES)


def test_one_frame_is_kept_however_large() -> None:
    cache = FrameCache(1)
    cache.put(make_frame(1), cache.epoch)
    cache.put(make_frame(2), cache.epoch)
    assert cache.get(2) is not None
    assert len(cache) == 1


def test_spans_and_nearest(cache: FrameCache) -> None:
    assert cache.nearest(5) is None
    for number in (7, 3, 4):
        cache.put(make_frame(number), cache.epoch)
    assert cache.spans() == [(3, 5), (7, 8)]
    nearest = cache.nearest(6)
    assert nearest is not None
    assert nearest.frame_number == 7


def test_clear_forgets_all(cache: FrameCache) -> None:
    cache.put(make_frame(1), cache.epoch)
    cache.clear()
    assert (len(cache), cache.used_bytes, cache.spans()) == (0, 0, [])


def test_default_is_bounded() -> None:
    assert 0 < default_cache_bytes() <= 2 << 30


def test_a_frame_of_an_earlier_epoch_comes_too_late(cache: FrameCache) -> None:
    before = cache.epoch
    after = cache.clear()
    cache.put(make_frame(1), before)
    assert len(cache) == 0
    cache.put(make_frame(1), after)
    assert len(cache) == 1


def test_all_caches_share_the_limit_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "default_cache_bytes", lambda: 4 * FRAME_BYTES)
    monkeypatch.setattr(cache_module, "_process", cache_module.ProcessCaches())
    emptied: list[str] = []
    first = FrameCache(3 * FRAME_BYTES, lambda: emptied.append("first"))
    second = FrameCache(3 * FRAME_BYTES, lambda: emptied.append("second"))
    for cache, numbers in ((first, (1, 2)), (second, (1, 2))):
        for number in numbers:
            cache.put(make_frame(number), cache.epoch)
    assert (first.spans(), second.spans(), emptied) == ([(1, 3)], [(1, 3)], [])
    assert first.get(1) is not None
    third = FrameCache(3 * FRAME_BYTES)
    third.put(make_frame(9), third.epoch)
    # The one used longest ago makes room with all it has.
    assert (first.spans(), second.spans(), third.spans(), emptied) == ([(1, 3)], [], [(9, 10)], ["second"])
    del first
    for number in (1, 2, 3):
        second.put(make_frame(number), second.epoch)
    assert (second.spans(), third.spans(), emptied) == ([(1, 4)], [(9, 10)], ["second"])


def test_tiny_pictures_count_with_all_that_they_take() -> None:
    picture = AvPicture(av.VideoFrame(2, 2, "gray"), DisplayRule())
    assert picture.size_bytes > 1024
