"""Encodes some frames of an export to tell how large all of it will be; keeps them for the next question."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from framescope.core.errors import FrameUnavailableError
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.quality.trial import FrameTrials
from framescope.core.export.size_estimate import SizeEstimate, iter_estimates
from framescope.core.source.opening import known_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo

_MOST_BYTES = 96 << 20
"""Of decoded frames that are kept: a dragged quality must not decode them again."""
_CACHE_BYTES = 16 << 20


class SizeSampler:
    """Answers how large exports will be. Threads: any, one at a time."""

    def __init__(self) -> None:
        self._info: VideoInfo | None = None
        self._frames: OrderedDict[int, Frame] = OrderedDict()

    def estimates(
        self,
        video: tuple[VideoInfo, FrameIndex],
        numbers: NDArray[np.int64],
        settings: ExportSettings,
        cancel: CancelToken,
    ) -> Iterator[SizeEstimate]:
        """Estimates that get better, one for each frame that is encoded.

        Args:
            video: The video and its index.
            numbers: The frames of the export.
            settings: As what.
            cancel: Stops it between two frames.

        Raises:
            Cancelled: ``cancel`` was used.
            EncodeError: The format cannot hold the picture.
            OpenError: The file is gone.
        """
        info, index = video
        if info is not self._info:
            self._info = info
            self._frames.clear()
        facts = SourceFacts.of(info)
        # Opened in the thread that uses and closes it; nothing is read until a frame is wanted.
        with known_video(info, index, cache_bytes=_CACHE_BYTES) as opened:

            def encoded_size(frame_number: int) -> int | None:
                try:
                    frame = self._frame(opened, frame_number)
                except FrameUnavailableError:
                    return None
                return len(FrameTrials(frame, settings, facts).encode(settings))

            yield from iter_estimates(numbers, encoded_size, cancel=cancel)

    def _frame(self, video: Video, frame_number: int) -> Frame:
        frame = self._frames.get(frame_number)
        if frame is None:
            frame = video.frame(frame_number)
            self._frames[frame_number] = frame
            while len(self._frames) > 1 and sum(kept.picture.size_bytes for kept in self._frames.values()) > (
                _MOST_BYTES
            ):
                self._frames.popitem(last=False)
        return frame
