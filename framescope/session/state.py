"""What is on screen and what is selected, as frozen records."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.engine.answers import Answer


@dataclass(frozen=True, slots=True, eq=False)
class ShownFrame:
    """The picture on screen and its frame.

    Attributes:
        frame_number: The frame that was requested.
        pts: Its presentation timestamp in the stream's time base, where known.
        time_s: Seconds since the file's first frame; NaN if unknown.
        image: The picture in device pixels, scaled to the size the requested view; None when there is none.
            Draw it over the whole picture area: a provisional one may be coarser than requested.
        source_width: Columns of the picture at 1:1, rotation and pixel aspect applied.
        source_height: Rows of the picture at 1:1, rotation and pixel aspect applied.
        provisional: True for a placeholder: never exported, copied, measured or read out.
        frame: The exact frame; None while provisional or unavailable.
        unavailable_reason: Why there is no picture, for display; None if there is one.
        pictured_number: The frame that the image actually shows; differs from ``frame_number`` only while
            provisional. None when there is no image.
    """

    frame_number: int
    pts: int | None
    time_s: float
    image: QImage | None
    source_width: int
    source_height: int
    provisional: bool
    frame: Frame | None
    unavailable_reason: str | None
    pictured_number: int | None = None


@dataclass(frozen=True, slots=True)
class FrameRange:
    """A run of frames, half-open.

    Attributes:
        start: The first frame.
        stop: One past the last frame.
    """

    start: int
    stop: int

    def __len__(self) -> int:
        """The number of frames in the range."""
        return max(self.stop - self.start, 0)


def shown_frame(answer: Answer, index: FrameIndex | None) -> ShownFrame:
    """The shown frame for an answer; pts and time come from the index while there is no exact frame."""
    number, frame = answer.request.frame_number, answer.frame
    pts, time_s = None, math.nan
    if frame is not None:
        pts, time_s = frame.pts, frame.time_s
    elif index is not None and number < len(index):
        pts, time_s = index.pts_of(number), index.time_of(number)
    return ShownFrame(
        frame_number=number,
        pts=pts,
        time_s=time_s,
        image=answer.image,
        source_width=answer.source_size[0],
        source_height=answer.source_size[1],
        provisional=answer.is_provisional,
        frame=frame,
        unavailable_reason=answer.unavailable_reason,
        pictured_number=answer.pictured_number,
    )


def outdated(shown: ShownFrame, frame_number: int, index: FrameIndex | None) -> ShownFrame:
    """The same picture as a placeholder for another frame, until that one is available."""
    is_listed = index is not None and frame_number < len(index)
    return replace(
        shown,
        frame_number=frame_number,
        pts=index.pts_of(frame_number) if is_listed and index is not None else None,
        time_s=index.time_of(frame_number) if is_listed and index is not None else math.nan,
        provisional=True,
        frame=None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class FrameChoice:
    """Frames selected for export, and scene cuts, for the timeline.

    Attributes:
        frame_numbers: int64, ascending, each once.
        scene_cuts: int64, ascending, the frames that begin a scene.
    """

    frame_numbers: NDArray[np.int64]
    scene_cuts: NDArray[np.int64]


NO_CHOICE = FrameChoice(np.empty(0, np.int64), np.empty(0, np.int64))
"""No frames are selected for export."""
