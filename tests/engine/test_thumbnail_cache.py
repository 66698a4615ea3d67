"""The thumbnails in memory stay within their bytes."""

from __future__ import annotations

from PySide6.QtGui import QImage

from framescope.engine.thumbnail_thread import ThumbnailCache


def make_image(height: int = 10) -> QImage:
    return QImage(10, height, QImage.Format.Format_RGB32)


def test_the_one_not_looked_at_for_longest_goes() -> None:
    cache = ThumbnailCache(1200)
    for number in range(3):
        cache.put(number, 10, make_image())
    assert cache.get(0, 10) is not None
    cache.put(3, 10, make_image())
    assert cache.get(1, 10) is None
    assert cache.get(0, 10) is not None
    assert (len(cache), cache.used_bytes) == (3, 1200)


def test_replacing_does_not_count_twice() -> None:
    cache = ThumbnailCache(10_000)
    cache.put(1, 10, make_image())
    cache.put(1, 10, make_image())
    assert (len(cache), cache.used_bytes) == (1, 400)


def test_nearest_prefers_the_larger_of_two_heights() -> None:
    cache = ThumbnailCache(100_000)
    assert cache.nearest(5) is None
    cache.put(10, 10, make_image(10))
    cache.put(10, 20, make_image(20))
    cache.put(30, 10, make_image(10))
    found = cache.nearest(12)
    assert found is not None
    assert (found[0], found[1].height()) == (10, 20)


def test_clear() -> None:
    cache = ThumbnailCache(1000)
    cache.put(1, 10, make_image())
    cache.clear()
    assert (len(cache), cache.used_bytes, cache.get(1, 10)) == (0, 0, None)
