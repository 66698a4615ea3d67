"""Keeps the videos used last open, so that their decoders need not start again for each clip."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from contextlib import contextmanager
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from framescope.core.forking import renew_in_children
from framescope.core.machine_cores import core_count
from framescope.core.media.file_state import found_again
from framescope.core.source.opening import known_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo

_CACHE_BYTES = 1
"""Clips are read once: frames kept would only take memory in each worker."""


class OpenVideos:
    """The videos that are open in this process. Threads: any; one waits while another reads."""

    def __init__(self, limit: int) -> None:
        """Open nothing yet.

        Args:
            limit: How many stay open; the least recently used is closed first.
        """
        self._limit = limit
        self.set_up_after_fork()
        renew_in_children(self)

    def set_up_after_fork(self) -> None:
        """Forget the parent's videos: in a loader's worker, another number of threads decodes."""
        self._lock = threading.RLock()
        self._videos: OrderedDict[int, Video] = OrderedDict()

    def __reduce__(self) -> tuple[type[OpenVideos], tuple[int]]:
        """With nothing open."""
        return OpenVideos, (self._limit,)

    @contextmanager
    def use(self, place: int, info: VideoInfo, index: FrameIndex) -> Iterator[Video]:
        """The video of that place, open until this ends; later uses find it open unless others took its turn.

        Args:
            place: Its number in the data set.
            info: Its facts.
            index: Its frames.
        """
        with self._lock:
            video = self._videos.get(place)
            if video is None:
                while len(self._videos) >= self._limit:
                    self._videos.popitem(last=False)[1].close()
                video = self._videos[place] = known_video(
                    found_again(info), index, cache_bytes=_CACHE_BYTES, one_thread=has_one_core()
                )
            self._videos.move_to_end(place)
            yield video

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            while self._videos:
                self._videos.popitem()[1].close()


def has_one_core() -> bool:
    """Whether this process is one of so many workers that each has one core to itself at most."""
    # Not imported: a program without torch has no such workers.
    torch_data = sys.modules.get("torch.utils.data")
    worker = None if torch_data is None else torch_data.get_worker_info()
    if worker is not None:
        return int(worker.num_workers) * 2 > core_count()
    return parent_process() is not None
