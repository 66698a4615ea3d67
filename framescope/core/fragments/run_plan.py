"""Where runs of frames begin: every N frames, at the source's GOPs, or at scene changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FragmentError
from framescope.core.model.frame import Frame
from framescope.core.model.progress import Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback

DEFAULT_RUN = 30
_LONGEST_RUN = 600
"""Longer scenes or GOPs are cut, so that no frame is far from a starting point."""
_SCENE_BINS = 32
_SCENE_CHANGE = 0.35
"""Share of pixels that must move in the histogram for a new scene."""
_SCENE_HEIGHT = 72


class RunCuts(StrEnum):
    """What decides where a run begins."""

    LENGTH = "length"
    GOPS = "gops"
    SCENES = "scenes"


@dataclass(frozen=True, slots=True)
class RunRule:
    """Where runs begin.

    Attributes:
        cuts: What decides.
        length: Frames in a run; for GOPs and scenes the maximum.
    """

    cuts: RunCuts = RunCuts.LENGTH
    length: int = DEFAULT_RUN

    def __post_init__(self) -> None:
        """Refuse an empty run."""
        if self.length < 1:
            raise FragmentError(
                tr("A run of {length} frames is empty.", length=self.length), hint=tr("Give 1 or more.")
            )

    @classmethod
    def parse(cls, text: str) -> RunRule:
        """``30``, ``gops`` or ``scenes``.

        Raises:
            FragmentError: It is not one of these.
        """
        if text.isdecimal() and len(text) < 10:
            return cls(RunCuts.LENGTH, int(text))
        if text in (RunCuts.GOPS.value, RunCuts.SCENES.value):
            return cls(RunCuts(text), _LONGEST_RUN)
        raise FragmentError(
            tr("{text!r} is not a valid run length.", text=text),
            hint=tr("Give a number of frames, gops or scenes."),
        )

    @property
    def words(self) -> str:
        """For people."""
        if self.cuts is RunCuts.LENGTH:
            return tr("every {length} frames", length=self.length) if self.length > 1 else tr("every frame")
        return tr("at the source's GOPs") if self.cuts is RunCuts.GOPS else tr("at scene changes")


def plan_runs(frame_count: int, cuts: Iterable[int], longest: int) -> list[int]:
    """The first frame of each run, ascending. Pure.

    Args:
        frame_count: Frames in all.
        cuts: Frames where a run must begin.
        longest: Most frames in a run.
    """
    edges = sorted({0, *(cut for cut in cuts if 0 < cut < frame_count)})
    return [
        start
        for first, stop in zip(edges, [*edges[1:], frame_count], strict=True)
        for start in range(first, stop, longest)
    ]


def find_runs(
    video: Video,
    rule: RunRule,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> list[int]:
    """The first frame of each run of a video, by its rule. Scene changes take a decode of the whole video.

    Raises:
        Cancelled: The work was cancelled.
    """
    if rule.cuts is RunCuts.GOPS:
        return plan_runs(len(video), _gop_cuts(video.index), rule.length)
    if rule.cuts is RunCuts.SCENES:
        return plan_runs(len(video), _scene_cuts(video, progress, cancel), rule.length)
    return plan_runs(len(video), (), rule.length)


def _gop_cuts(index: FrameIndex) -> list[int]:
    keys = index.keyframes.tolist()
    # If every picture is a keyframe, one run per picture would only add overhead.
    return [] if len(keys) == len(index) else [int(key) for key in keys]


def _scene_cuts(video: Video, progress: ProgressCallback, cancel: CancelToken | None) -> list[int]:
    cuts: list[int] = []
    before: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None = None
    for number, answer in enumerate(video.try_frames(range(len(video)))):
        if cancel is not None:
            cancel.raise_if_cancelled()
        if not isinstance(answer, Frame):
            continue
        bgr = answer.to_bgr(rotate=False)
        scale = _SCENE_HEIGHT / max(bgr.shape[0], 1)
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        counts = [np.histogram(small[..., one], _SCENE_BINS, (0, 256))[0] for one in range(3)]
        now = (np.concatenate(counts) / max(small.size, 1)).astype(np.float32)
        if before is not None and float(np.abs(now - before).sum()) / 2 > _SCENE_CHANGE:
            cuts.append(number)
        before = now
        progress(Progress(number + 1, len(video), tr("Looking for scene changes")))
    return cuts
