"""A least-recently-used cache of decoded frames, limited in bytes."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.forking import run_in_children
from framescope.core.machine_memory import memory_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.model.frame import Frame

_MOST_BYTES = 2 << 30


def default_cache_bytes() -> int:
    """A quarter of the memory available to the process, at most 2 GiB."""
    return min(memory_bytes() // 4, _MOST_BYTES)


class _Kept(NamedTuple):
    frame: Frame
    last_use: int
    was_asked: bool = False
    decoder: int = 0


class ProcessCaches:
    """All caches of this process, which share one lock and one limit.

    The lock is reentrant, since a garbage collection that runs while it is held may close a video.
    """

    def __init__(self) -> None:
        self.uses = count()
        self.start_over()

    def start_over(self) -> None:
        """Reset to no caches, as after a fork, where another thread may have held the lock."""
        self.lock = threading.RLock()
        self._caches: weakref.WeakSet[FrameCache] = weakref.WeakSet()

    def add(self, cache: FrameCache) -> None:
        """Register a cache for its lifetime."""
        with self.lock:
            self._caches.add(cache)

    def make_room(self, user: FrameCache) -> list[FrameCache]:
        """Empty the least recently used caches until the total is within the limit.

        A cache is emptied completely: a decoder's buffer pool is freed only when its last buffer is returned.

        Args:
            user: The cache in use, which is left alone.

        Returns:
            The emptied caches.
        """
        caches = list(self._caches)
        used = sum(cache.used_bytes for cache in caches)
        # An explicitly requested limit applies even if it exceeds the shared default.
        limit = max([default_cache_bytes(), *(cache.limit_bytes for cache in caches)])
        others = sorted(
            (cache for cache in caches if len(cache) and cache is not user), key=FrameCache.last_use
        )
        emptied: list[FrameCache] = []
        for cache in others:
            if used <= limit:
                break
            used -= cache.drop_all()
            emptied.append(cache)
        return emptied


_process = ProcessCaches()
run_in_children(_process.start_over)


class FrameCache:
    """Frames by number, least recently used out first. Threads: any.

    Attributes:
        limit_bytes: Maximum memory for the cached pictures. The total over all caches is bounded by the
            largest of their limits, or by `default_cache_bytes` if that is more.
        epoch: Incremented by `clear`; a frame read in an earlier epoch is not cached.
    """

    def __init__(self, limit_bytes: int, on_emptied: Callable[[], object] = lambda: None) -> None:
        """Start empty.

        Args:
            limit_bytes: See above.
            on_emptied: Called, in the thread that uses another cache, when this cache was emptied to make
                room for the other. The decoder should then be closed, since its pool holds on to their
                memory.
        """
        self.on_emptied = on_emptied
        self._frames: OrderedDict[int, _Kept] = OrderedDict()
        self._used_bytes = 0
        self.limit_bytes = limit_bytes
        self.epoch = 0
        _process.add(self)

    @property
    def used_bytes(self) -> int:
        """Memory used by the cached pictures, in bytes."""
        return self._used_bytes

    def __len__(self) -> int:
        """The number of cached frames."""
        return len(self._frames)

    def __contains__(self, frame_number: object) -> bool:
        """Whether the frame is cached; does not count as a use."""
        return frame_number in self._frames

    def get(self, frame_number: int) -> Frame | None:
        """The frame, or None; counts as a use."""
        with _process.lock:
            kept = self._frames.get(frame_number)
            if kept is None:
                return None
            self._frames[frame_number] = kept._replace(last_use=next(_process.uses), was_asked=True)
            self._frames.move_to_end(frame_number)
            return kept.frame

    def put(self, frame: Frame, epoch: int, wanted: range = range(0), decoder: int = 0) -> bool:
        """Cache a frame, evicting the least recently used ones as needed.

        Frames of the same decoder go first: it reuses their memory, which no other can.

        Args:
            frame: The frame.
            epoch: The cache's epoch when the read began; if it has changed, the frame is not cached.
            wanted: Frames to evict last.
            decoder: Which one the frame comes from.

        Returns:
            Whether all the wanted frames could be kept in the cache.
        """
        with _process.lock:
            if epoch != self.epoch:
                return True
            old = self._frames.pop(frame.frame_number, None)
            if old is not None:
                self._used_bytes -= old.frame.picture.size_bytes
            was_asked = old is not None and old.was_asked
            self._frames[frame.frame_number] = _Kept(frame, next(_process.uses), was_asked, decoder)
            self._used_bytes += frame.picture.size_bytes
            fits = self._drop_what_does_not_fit(wanted, decoder)
            emptied = _process.make_room(self)
        for cache in emptied:
            cache.on_emptied()
        return fits

    def _drop_what_does_not_fit(self, wanted: range, decoder: int) -> bool:
        fits = True
        # One frame is always kept, however large: the one on screen.
        while self._used_bytes > self.limit_bytes and len(self._frames) > 1:
            number = self._next_to_drop(wanted, decoder)
            fits = fits and number not in wanted
            self._used_bytes -= self._frames.pop(number).frame.picture.size_bytes
        return fits

    def _next_to_drop(self, wanted: range, decoder: int) -> int:
        newest = next(reversed(self._frames))
        unwanted = (number for number in self._frames if number not in wanted)
        first = next(unwanted, next(iter(self._frames)))
        own = (
            number
            for number, kept in self._frames.items()
            if kept.decoder == decoder and number not in wanted and number != newest
        )
        return next(own, first)

    def drop_unasked(self, wanted: range) -> None:
        """Drop prefetched frames that were never requested and are no longer wanted."""
        with _process.lock:
            for number, kept in list(self._frames.items()):
                if not kept.was_asked and number not in wanted:
                    del self._frames[number]
                    self._used_bytes -= kept.frame.picture.size_bytes

    def drop_all(self) -> int:
        """Drop every frame; returns the number of bytes freed."""
        with _process.lock:
            size, self._used_bytes = self._used_bytes, 0
            self._frames.clear()
            return size

    def last_use(self) -> int:
        """The time of its last use, counted in uses over all caches; it must not be empty."""
        with _process.lock:
            return self._frames[next(reversed(self._frames))].last_use

    def clear(self) -> int:
        """Drop everything, as when the index behind the numbers is replaced; returns the new epoch."""
        with _process.lock:
            self.drop_all()
            self.epoch += 1
            return self.epoch

    def nearest(self, frame_number: int) -> Frame | None:
        """The cached frame with the closest number; does not count as a use."""
        with _process.lock:
            if not self._frames:
                return None
            return self._frames[min(self._frames, key=lambda number: abs(number - frame_number))].frame

    def spans(self) -> list[tuple[int, int]]:
        """Half-open runs of cached frame numbers, ascending."""
        with _process.lock:
            numbers = sorted(self._frames)
        spans: list[tuple[int, int]] = []
        for number in numbers:
            if spans and spans[-1][1] == number:
                spans[-1] = (spans[-1][0], number + 1)
            else:
                spans.append((number, number + 1))
        return spans
