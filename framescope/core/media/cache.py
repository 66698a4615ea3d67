"""Keeps decoded frames, as decoded, up to a number of bytes; the one not used for longest goes first."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framescope.core.model.frame import Frame

_MOST_BYTES = 2 << 30


def default_cache_bytes() -> int:
    """A quarter of the machine's memory, at most 2 GiB."""
    return min(_memory_bytes() // 4, _MOST_BYTES)


def _memory_bytes() -> int:
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    # Asked at every start, so what takes long to import is only imported where nothing else knows.
    import psutil  # noqa: PLC0415

    return int(psutil.virtual_memory().total)


class FrameCache:
    """Frames by number, least recently used out first. Threads: any."""

    def __init__(self, limit_bytes: int) -> None:
        self._lock = threading.Lock()
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._used_bytes = 0
        self.limit_bytes = limit_bytes

    @property
    def used_bytes(self) -> int:
        """Memory that the kept pictures take."""
        return self._used_bytes

    def __len__(self) -> int:
        """How many frames are kept."""
        return len(self._frames)

    def __contains__(self, frame_number: object) -> bool:
        """Whether the frame is kept; does not count as a use."""
        return frame_number in self._frames

    def get(self, frame_number: int) -> Frame | None:
        """The frame, which counts as used now, or None."""
        with self._lock:
            frame = self._frames.get(frame_number)
            if frame is not None:
                self._frames.move_to_end(frame_number)
            return frame

    def put(self, frame: Frame) -> None:
        """Keep a frame, dropping the longest unused ones that no longer fit."""
        with self._lock:
            old = self._frames.pop(frame.frame_number, None)
            if old is not None:
                self._used_bytes -= old.picture.size_bytes
            self._frames[frame.frame_number] = frame
            self._used_bytes += frame.picture.size_bytes
            # One frame is always kept, however large: it is the one on screen.
            while self._used_bytes > self.limit_bytes and len(self._frames) > 1:
                _, dropped = self._frames.popitem(last=False)
                self._used_bytes -= dropped.picture.size_bytes

    def clear(self) -> None:
        """Forget everything, as when the index that gave the numbers is replaced."""
        with self._lock:
            self._frames.clear()
            self._used_bytes = 0

    def nearest(self, frame_number: int) -> Frame | None:
        """The kept frame whose number is closest; does not count as a use."""
        with self._lock:
            if not self._frames:
                return None
            return self._frames[min(self._frames, key=lambda number: abs(number - frame_number))]

    def spans(self) -> list[tuple[int, int]]:
        """Half-open runs of frame numbers that are kept, ascending."""
        with self._lock:
            numbers = sorted(self._frames)
        spans: list[tuple[int, int]] = []
        for number in numbers:
            if spans and spans[-1][1] == number:
                spans[-1] = (spans[-1][0], number + 1)
            else:
                spans.append((number, number + 1))
        return spans
