"""A second decoder that prefetches the frames likely to be requested next.

Stepping back through a GOP costs one decode of it; fetching the previous GOP that in time is what keeps the
step over the keyframe from stalling. Frames go into the same cache that answers requests.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.errors import FrameScopeError
from framescope.core.media.seek_plan import BEGINNING, choose_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.cache import FrameCache
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.reader import MakeReader
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_REST_S = 0.04
"""A jump must be followed by this much rest before anything is fetched around it; shuffled reads are not."""

_FRAMES_ON = 24
"""How far is read on ahead of the frame on screen."""

_SHARE = 0.6
"""Most of the cache that one window may fill, so that fetching never pushes out what it fetched before."""


_CLOSING_S = 2.0
"""How long closing waits for a decoder that is at work."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What was requested last.

    Attributes:
        frame_number: The frame that was requested.
        direction: 1 going forwards, -1 going back, 0 after a jump.
        frame_bytes: What one frame takes in the cache.
    """

    frame_number: int
    direction: int
    frame_bytes: int


def plan_windows(index: FrameIndex, request: ReadRequest, cache_bytes: int) -> list[range]:
    """The runs of frames worth fetching, most wanted first. Pure.

    Going back (or after a jump, when either may come): the rest of the previous GOP the frame, then the GOP
    before that. Going forwards: the frames ahead first.
    """
    number = request.frame_number
    room = max(1, int(cache_bytes * _SHARE) // max(request.frame_bytes, 1))
    ahead = range(number + 1, min(len(index), number + 1 + min(_FRAMES_ON, room // 2)))
    back = _stretch_before(index, number, room)
    if request.direction > 0:
        return [ahead]
    windows = [back]
    if back and len(back) < room // 2:
        windows.append(_stretch_before(index, back.start - 1, room - len(back)))
    if request.direction == 0:
        windows.append(ahead)
    return [window for window in windows if window]


def _stretch_before(index: FrameIndex, number: int, room: int) -> range:
    """From the place where decoding for ``number`` starts, or as much as there is room for, through it."""
    if number < 0:
        return range(0)
    entry = choose_entry(index, number)
    first = 0 if entry == BEGINNING else int(index.entries.first_numbers[entry])
    return range(max(min(first, number), number + 1 - room), number + 1)


class _AbandonedError(Exception):
    """The request changed, or the reader is closing."""


class ReadAhead:
    """Fetches what a request makes likely into a cache, in a separate thread. Threads: any.

    If the thread dies of a bug, ``threading.excepthook`` reports it and nobody waits for its frames.
    """

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        cache: FrameCache,
        make_reader: MakeReader,
    ) -> None:
        self._cache = cache
        self._index = index
        self._epoch = self._served_epoch = cache.epoch
        # Guards what follows, and tells those who wait for a frame. The thread itself sleeps on a queue
        # instead, into which a finalizer can put without taking a lock.
        self._change = threading.Condition()
        self._alarms: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._request: ReadRequest | None = None
        self._serial = 0
        self._window = range(0)
        self._served = 0
        self._is_closing = False
        self._is_held = False
        self._is_to_rest = False
        self._reader = make_reader(info, index, on_frame=self._keep)
        self._thread = threading.Thread(target=self._run, name="framescope-read-ahead", daemon=True)
        self._thread.start()

    def hold(self) -> None:
        """Stand still: the first decoder is at work."""
        self._is_held = True

    def release(self, request: ReadRequest | None) -> None:
        """Continue, for what is likely to follow this request; None when it failed."""
        with self._change:
            self._is_held = False
            self._request = request
            self._serial += 1
        self._wake()

    def wait_for(self, frame_number: int) -> Frame | None:
        """The frame, if it is just being fetched; None at once if it is not, or if that fails."""
        with self._change:
            while frame_number in self._window and not self._is_closing:
                frame = self._cache.get(frame_number)
                if frame is not None:
                    return frame
                self._change.wait(0.05)
        return None

    def adopt_index(self, index: FrameIndex, epoch: int) -> None:
        """Fetch by another index of the same stream from now on, for this epoch of the cache."""
        with self._change:
            self._index, self._epoch = index, epoch
            self._request = None
            self._serial += 1
        self._wake()

    def give_memory_back(self) -> None:
        """Close the decoder as soon as it rests; it is opened again when there is something to fetch."""
        self._is_to_rest = True
        self._wake()

    def stop(self) -> None:
        """Ask the thread to end, and wait for nothing. Takes no lock, so that finalizers may call it."""
        self._is_closing = True
        self._wake()

    @property
    def damaged_frames(self) -> NDArray[np.int32]:
        """int32 numbers of the frames that were found to depend on damage."""
        return self._reader.index.damaged_frames

    def close(self) -> None:
        """Stop and wait until the thread is gone; one that a decoder does not let go is left behind."""
        self.stop()
        self._thread.join(_CLOSING_S)

    def _wake(self) -> None:
        if self._thread.is_alive():
            self._alarms.put(None)

    def _run(self) -> None:
        try:
            while self._await_request():
                try:
                    self._serve()
                except _AbandonedError:
                    self._reader.forget_position()
                except FrameScopeError:
                    # A request for the damaged frame gives the error; reading ahead only leaves off here.
                    continue
        finally:
            self._end_window()
            self._reader.close()
            if self._is_closing:
                # The reader refers back to this object: without this the frames of a video that was dropped
                # would wait for the garbage collector, which does not know how large they are.
                self._cache.clear()

    def _end_window(self) -> None:
        with self._change:
            self._window = range(0)
            self._change.notify_all()

    def _sleep_until(self, is_over: Callable[[], bool], longest_s: float | None = None) -> bool:
        """Sleep until something holds, or for so long; returns whether it holds. Threads: the own one."""
        end = None if longest_s is None else time.monotonic() + longest_s
        while not is_over():
            try:
                self._alarms.get(timeout=None if end is None else max(end - time.monotonic(), 0.0))
            except queue.Empty:
                return is_over()
        return True

    def _await_request(self) -> bool:
        """Wait for something to do; False when closing."""
        while True:
            self._end_window()
            self._sleep_until(self._has_work)
            if self._is_closing:
                return False
            if self._is_to_rest:
                self._is_to_rest = False
                self._reader.close()
                continue
            with self._change:
                self._served, request = self._serial, self._request
            if request is None:
                continue
            if request.direction or not self._sleep_until(self._is_disturbed, _REST_S):
                return True

    def _has_work(self) -> bool:
        has_request = self._serial != self._served and not self._is_held
        return self._is_closing or self._is_to_rest or has_request

    def _is_disturbed(self) -> bool:
        return self._is_closing or self._is_held or self._serial != self._served

    def _serve(self) -> None:
        with self._change:
            request, index, self._served_epoch = self._request, self._index, self._epoch
        if request is None:
            return
        self._reader.adopt_index(index)
        for window in plan_windows(index, request, self._cache.limit_bytes):
            with self._change:
                self._window = window
            for number in window:
                self._pause_or_leave()
                if number not in self._cache:
                    self._reader.read(number, keeps_all=True)

    def _pause_or_leave(self) -> None:
        """Wait while held; leave off when the playhead has gone elsewhere.

        Raises:
            _AbandonedError: Nobody wants this window any longer.
        """
        self._sleep_until(lambda: not self._is_held or self._is_closing)
        with self._change:
            if self._is_closing or not self._is_wanted():
                raise _AbandonedError

    def _is_wanted(self) -> bool:
        """Whether the window of an older request still lies where the newest one leads."""
        request, window = self._request, self._window
        if self._epoch != self._served_epoch:
            return False
        if self._serial == self._served:
            return True
        if request is None or request.frame_number >= window.stop + _FRAMES_ON:
            return False
        return request.direction > 0 or request.frame_number >= window.start - _FRAMES_ON

    def _keep(self, frame: Frame) -> None:
        self._pause_or_leave()
        with self._change:
            if frame.frame_number in self._window:
                self._cache.put(frame, self._served_epoch)
                self._change.notify_all()
