"""Keeps the GOP table of the open video, computed in the background if the video is long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from framescope.core.media.gops import GopTable, gop_table
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import IndexValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


class GopSource(IndexValue[GopTable]):
    """The GOP table of the open video. Threads: GUI."""

    title = tr("Grouping frames into GOPs")
    most_frames_at_once = 100_000

    @property
    def table(self) -> GopTable | None:
        """The GOPs of the frames indexed when it was computed; None without a video."""
        return self._value

    def work_on(self, info: VideoInfo, index: FrameIndex) -> Callable[[], GopTable]:
        """See `IndexValue`."""
        del info
        return partial(gop_table, index)
