"""Verifies a finished clip: reads it back and compares it with the source, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import VerificationError
from framescope.core.model.progress import Progress
from framescope.core.source.opening import open_video
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.clips.times import ClipTimes
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback

_AT_ENDS, _BETWEEN = 3, 10
_TIME_SLACK_S = 0.0001
_IDENTICAL_DB = float("inf")


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected contents of a clip.

    Attributes:
        frames: The source's frames.
        most_before: Pictures of the clip before them, at most.
        times: The times of those frames.
        tick_s: The step by which the container rounds times.
        keeps_samples: Whether every sample must come back.
    """

    frames: range
    most_before: int
    times: ClipTimes
    tick_s: float
    keeps_samples: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found when the finished clip was read again.

    Attributes:
        frame_count: Frames of the clip.
        compared: Source frames that were compared, ascending; never one that is damaged.
        is_lossless: Whether all of them came back sample by sample.
        worst_db: The lowest PSNR of a compared frame's first plane; infinity where all are equal.
        worst_time_error_s: The farthest that a frame's time is off.
        damaged_count: Source frames that are damaged or may depend on damage.
    """

    frame_count: int
    compared: tuple[int, ...]
    is_lossless: bool
    worst_db: float
    worst_time_error_s: float
    damaged_count: int = 0

    @property
    def sentence(self) -> str:
        """In words."""
        which = tr("undamaged ones only") if self.damaged_count else tr("the first and the last among them")
        found = (
            tr("all samples identical")
            if self.is_lossless
            else tr("PSNR {worst_db:.1f} dB or better", worst_db=self.worst_db)
        )
        what = tr(
            "{frames} compared, {which}: {found}",
            frames=counted(len(self.compared), "frame", "frames"),
            which=which,
            found=found,
        )
        if not self.compared:
            what = tr("none compared: all are damaged or may depend on damage")
        return tr("{frames} counted; {what}.", frames=counted(self.frame_count, "frame", "frames"), what=what)


def places_to_compare(count: int, *, everything: bool = False) -> list[int]:
    """Places in a clip worth comparing: both ends, and some spread between."""
    if everything or count <= 2 * _AT_ENDS + _BETWEEN:
        return list(range(count))
    between = np.linspace(_AT_ENDS, count - 1 - _AT_ENDS, _BETWEEN).astype(int).tolist()
    return sorted({*range(_AT_ENDS), *between, *range(count - _AT_ENDS, count)})


def prove_clip(  # noqa: PLR0913 - progress and cancel come on top
    part: Path,
    source: Video,
    expected: Expectation,
    *,
    everything: bool = False,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> Proof:
    """Read the clip again and compare.

    Args:
        part: The finished file.
        source: The video it was made from; used by this thread.
        expected: What the clip is to hold.
        everything: Whether every frame is compared; otherwise both ends and some between.
        progress: Called after each frame.
        cancel: Cancels the work.

    Raises:
        VerificationError: It holds other frames, other times, or other samples.
        Cancelled: The work was cancelled.
    """
    count = len(expected.frames)
    with open_video(part, use_index_cache=False, cancel=cancel) as clip:
        before = len(clip) - count
        if not 0 <= before <= expected.most_before:
            raise VerificationError(
                tr(
                    "The clip shows {frames} instead of {count}.",
                    frames=counted(len(clip), "frame", "frames"),
                    count=count,
                ),
                hint=tr("Encode the frames exactly instead."),
            )
        error_s = _time_error(clip, expected, before)
        sound = _sound_places(source, expected)
        places = [sound[place] for place in places_to_compare(len(sound), everything=everything)]
        pairs = zip(
            clip.frames([before + place for place in places]),
            source.frames([expected.frames[place] for place in places]),
            strict=True,
        )
        worst = _IDENTICAL_DB
        for done, (frame, original) in enumerate(pairs):
            cancel.raise_if_cancelled()
            progress(Progress(done, len(places), tr("Comparing with the source")))
            worst = min(worst, psnr_of_planes(frame, original))
            if expected.keeps_samples and worst < _IDENTICAL_DB:
                raise VerificationError(
                    tr(
                        "Frame {frame_number} differs after reading back.", frame_number=original.frame_number
                    ),
                    hint=tr("Encode the frames exactly instead."),
                )
    compared = tuple(expected.frames[place] for place in places)
    is_lossless = bool(compared) and worst == _IDENTICAL_DB
    return Proof(before + count, compared, is_lossless, worst, error_s, count - len(sound))


def _sound_places(source: Video, expected: Expectation) -> list[int]:
    """Without the source's damaged frames: what a decoder makes of those depends on what came before."""
    damaged = set(source.damaged_frames.tolist())
    return [place for place, number in enumerate(expected.frames) if number not in damaged]


def _time_error(clip: Video, expected: Expectation, before: int) -> float:
    times = clip.index.times_s[before:]
    wanted = expected.times.seconds
    error_s = float(np.abs((times - times[0]) - wanted).max())
    if np.isnan(error_s) or error_s > expected.tick_s + _TIME_SLACK_S:
        raise VerificationError(
            tr("A frame of the clip is {error_s:.1f} ms off its expected time.", error_s=error_s * 1000),
            hint=tr("Try another container."),
        )
    return error_s


def psnr_of_planes(first: Frame, second: Frame) -> float:
    """The lowest PSNR of two frames' planes in dB: infinity where equal, 0 where they cannot be compared."""
    formats = {frame.picture.pixel_format.replace("yuvj", "yuv") for frame in (first, second)}
    if len(formats) > 1:
        # Other planes for the same colours, such as RGB in one plane or in three.
        return _worst([first.to_bgr(rotate=False)], [second.to_bgr(rotate=False)])
    return _worst(first.planes(), second.planes())


def _worst(first: Sequence[NDArray[np.generic]], second: Sequence[NDArray[np.generic]]) -> float:
    if [plane.shape for plane in first] != [plane.shape for plane in second]:
        return 0.0
    return min(_psnr(one, other) for one, other in zip(first, second, strict=True))


def _psnr(first: NDArray[np.generic], second: NDArray[np.generic]) -> float:
    if first.dtype == second.dtype and np.array_equal(first, second):
        return _IDENTICAL_DB
    peak = float(max(int(first.max()), int(second.max()), 1))
    # The peak that the samples reach says how many bits they have, whatever the words they are kept in.
    full = 2.0 ** int(np.ceil(np.log2(peak + 1))) - 1
    error = np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2)
    return float(10 * np.log10(full**2 / error)) if error else _IDENTICAL_DB
