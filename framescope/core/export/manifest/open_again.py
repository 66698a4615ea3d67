"""Reopens the video of an export, with its frames counted the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.media.index import IndexBasis
from framescope.core.media.index_builder import Counting
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from framescope.core.export.manifest.lines import ManifestHeader
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback


def open_again(video: str, header: ManifestHeader, progress: ProgressCallback, cancel: CancelToken) -> Video:
    """The video, in the stream and with the numbers that the header of its export gives.

    Raises:
        OpenError: It cannot be opened, or has no such stream.
        Cancelled: The work was cancelled.
    """
    was_decoded = header.source["counted_by"] == IndexBasis.DECODED.value
    stream = header.source["stream_index"]
    return open_video(
        video,
        stream_index=int(stream),
        counting=Counting.DECODE if was_decoded else Counting.AUTO,
        progress=progress,
        cancel=cancel,
    )
