"""Tests whether remuxing a file makes it exactly seekable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.causes import find_causes
from framescope.core.audit.records import CauseKind
from framescope.core.audit.requests import thin_out
from framescope.core.clips.remux import remux
from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.folders import temporary_folder
from framescope.core.media.container import local_path
from framescope.core.media.facts.opencv_probe import probe_opencv
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken

REMUX_MAY_FIX = frozenset(
    {CauseKind.BROKEN_INDEX, CauseKind.WRONG_COUNT, CauseKind.START_OFFSET, CauseKind.EDIT_LIST}
)
"""Causes that lie in the container, which remuxing may fix."""
_IN_THE_WAY = REMUX_MAY_FIX | {CauseKind.NO_TIMESTAMPS, CauseKind.DAMAGED}
_MOST_BYTES = 400_000_000
"""Larger files are not remuxed as a test."""
_COMPARED = 6
"""Pictures compared with the source's."""


def remux_fixes(video: Video, cancel: CancelToken) -> bool:
    """Whether copying the packets into MP4, as ``ffmpeg -c copy`` does, gives the same frames, well indexed.

    False if anything goes wrong, or if the source is too large.

    Args:
        video: The file.
        cancel: Cancels; returns False.
    """
    index = video.index
    if local_path(video.info.source) is None or int(index.packet_sizes.sum(dtype=np.int64)) > _MOST_BYTES:
        return False
    try:
        with temporary_folder("remux") as folder:
            path = Path(folder, "remuxed.mp4")
            remux(video.info, path, cancel)
            return _is_sound(path, video)
    except (FrameScopeError, Cancelled):
        return False


def _is_sound(path: Path, video: Video) -> bool:
    with open_video(path, use_index_cache=False) as copy:
        index = copy.index
        if len(copy) != len(video) or not index.has_timestamps or bool((np.diff(index.pts) <= 0).any()):
            return False
        left = {cause.kind for cause in find_causes(copy.info, index, probe_opencv(str(path)))}
        return not left & _IN_THE_WAY and all(
            _pixels(copy, number) == _pixels(video, number)
            for number in thin_out(range(len(video)), _COMPARED)
        )


def _pixels(video: Video, number: int) -> bytes:
    return b"".join(plane.tobytes() for plane in video.frame(number).planes())
