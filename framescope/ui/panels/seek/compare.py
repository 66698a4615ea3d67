"""Fetches the frame that was asked for and the one that came, and how they differ. Threads: a job's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.index import NO_PTS
from framescope.core.source.opening import known_video
from framescope.core.text import counted
from framescope.engine.render import RenderSpec, image_from_bgra, render

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from framescope.core.audit.records import EngineTrial, FileFacts, RequestResult
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo

_CACHE_BYTES = 64 << 20
_MOST_GAIN = 16.0


@dataclass(frozen=True, slots=True)
class Landing:
    """Which frame came, in FrameScope's numbers.

    Attributes:
        frame_number: The frame; None where no known picture came.
        remark: What to know about the number; empty where nothing.
    """

    frame_number: int | None
    remark: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two frames side by side.

    Attributes:
        asked: The frame asked for; None where it cannot be decoded.
        landed: The frame that came; None where there is none.
        difference: Absolute difference, made brighter; None where there is nothing to compare.
        words: How they differ, in one sentence.
    """

    asked: QImage | None
    landed: QImage | None
    difference: QImage | None
    words: str


def landing_of(trial: EngineTrial, one: RequestResult, facts: FileFacts | None, index: FrameIndex) -> Landing:
    """The engine's own count, translated: by pts where the engine tells it, else as it is."""
    if one.landed is None:
        return Landing(None)
    sequence, total = trial.sequence, len(index) if facts is None else facts.frame_count
    pts = int(sequence.pts[one.landed]) if one.landed < len(sequence.pts) else NO_PTS
    if pts != NO_PTS and index.has_timestamps:
        number = index.number_at_pts(pts)
        if number != one.landed:
            return Landing(number, f"{trial.title} counts it as frame {one.landed}; matched by pts.")
        return Landing(number)
    remark = ""
    if sequence.is_complete and len(sequence) != total:
        remark = (
            f"{trial.title} counts {counted(len(sequence), 'frame')} where the file has {total}, so its frame"
            f" {one.landed} may be another one here."
        )
    elif one.landed >= len(index):
        return Landing(None, f"It landed on its frame {one.landed}, which is not in the list of frames.")
    return Landing(min(one.landed, len(index) - 1), remark)


def compare_frames(
    info: VideoInfo,
    index: FrameIndex,
    numbers: tuple[int, int | None],
    spec: RenderSpec,
    cancel: CancelToken,
) -> Compared:
    """Decode both frames and take their difference.

    Args:
        info: The video.
        index: Its index: the frames are those that the window numbers so.
        numbers: Asked for and landed.
        spec: How large the pictures are wanted.
        cancel: Asks to stop between the frames.
    """
    # Opened here: one thread opens, uses and closes each decoder.
    with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
        frames = []
        for number in numbers:
            cancel.raise_if_cancelled()
            frames.append(None if number is None or number >= len(video) else _frame(video, number))
    asked, landed = frames
    pictures = [None if frame is None else render(frame, info, spec) for frame in frames]
    if asked is None or landed is None:
        which = "The frame asked for" if asked is None else "What came"
        return Compared(pictures[0], pictures[1], None, f"{which} cannot be shown.")
    if numbers[0] == numbers[1]:
        return Compared(pictures[0], pictures[1], None, "It is the same frame.")
    size = QSize() if pictures[0] is None else pictures[0].size()
    difference, words = difference_of(asked.to_rgb(rotate=spec.rotate), landed.to_rgb(rotate=spec.rotate))
    if difference is not None:
        difference = difference.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return Compared(pictures[0], pictures[1], difference, words)


def difference_of(
    first: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    second: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> tuple[QImage | None, str]:
    """A picture of where two (height, width, 3) uint8 pictures differ, and by how much in words."""
    if first.shape != second.shape:
        return None, "The two frames differ in size."
    apart = np.abs(first.astype(np.int16) - second)
    if not apart.any():
        return None, "The two frames have the same pixels."
    differing = float(apart.any(axis=2).mean())
    gain = float(np.clip(255 / max(float(np.percentile(apart, 99.5)), 1.0), 1.0, _MOST_GAIN))
    shown = np.zeros((*first.shape[:2], 4), np.uint8)
    shown[..., :3] = np.clip(apart[..., ::-1] * gain, 0, 255)
    share = "under 1" if differing < 0.01 else f"{100 * differing:.0f}"
    brighter = f"; shown {gain:.2g} times as bright" if gain >= 1.05 else ""
    words = (
        f"{share} % of the pixels differ, by up to {int(apart.max())} of 255"
        f" ({float(apart.mean()):.2g} on average){brighter}."
    )
    return image_from_bgra(shown), words


def _frame(video: Video, number: int) -> Frame | None:
    try:
        return video.frame(number)
    except FrameUnavailableError:
        return None
