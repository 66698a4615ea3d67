"""Estimates size and duration of making a clip: counted for a copy, measured on a few frames otherwise."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.clips.containers import KINDS
from framescope.core.clips.encode_clip import GOP_FRAMES, ClipEncoder
from framescope.core.clips.settings import ClipCodec, ClipWay
from framescope.core.clips.writing import writing
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.pyav import open_input
from framescope.core.source.opening import known_video

if TYPE_CHECKING:
    from framescope.core.clips.clip_plan import ClipPlan
    from framescope.core.clips.times import ClipTimes
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo

_WINDOW, _WINDOWS = 16, 2
_USUAL_RATE = 128_000
"""Bits per second of sound where the file does not say."""
_CACHE_BYTES = 32 << 20
_TRIAL_KIND = KINDS[".mkv"]


@dataclass(frozen=True, slots=True)
class ClipEstimate:
    """What a clip will cost.

    Attributes:
        size_bytes: Its size, sound included, the container's own bytes not.
        encoding_s: Seconds of decoding and encoding; 0 for a copy, which takes as long as the disk does.
        is_counted: Whether the size of the pictures is counted rather than tried on some of them.
    """

    size_bytes: int
    encoding_s: float
    is_counted: bool


def estimate_clip(
    info: VideoInfo, index: FrameIndex, plan: ClipPlan, *, cancel: CancelToken | None = None
) -> ClipEstimate:
    """Work out what a clip will cost; re-encoding is tried in memory on a few frames.

    Raises:
        ClipError: The encoder refuses the pictures.
        FrameUnavailableError: A frame that was to be tried cannot be decoded.
        Cancelled: The work was cancelled.
    """
    rates = sum(stream.bit_rate or _USUAL_RATE for stream in plan.streams if stream.is_kept)
    sound_bytes = int(rates / 8 * plan.times.duration_s)
    if plan.copy is not None:
        return ClipEstimate(plan.copy.size_bytes + sound_bytes, 0.0, is_counted=True)
    frames, elapsed_s, first_bytes, later_bytes, later = 0, 0.0, 0, 0, 0
    windows = _windows(len(plan.frames))
    with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
        for window in windows:
            sizes, took_s = _try(video, plan, window, cancel or CancelToken())
            frames += len(window)
            elapsed_s += took_s
            first_bytes += sizes[0] if sizes else 0
            later_bytes += sum(sizes[1:])
            later += len(sizes) - 1
    total = len(plan.frames)
    is_intra = plan.settings.way is ClipWay.ALL_INTRA or plan.settings.codec is ClipCodec.FFV1
    if is_intra or not later:
        size = (first_bytes + later_bytes) * total / frames
    else:
        keyframes = -(-total // GOP_FRAMES)
        size = first_bytes / len(windows) * keyframes + later_bytes / later * (total - keyframes)
    is_all = frames == total
    return ClipEstimate(int(size) + sound_bytes, elapsed_s * total / frames, is_counted=is_all)


def _windows(total: int) -> list[range]:
    """Places to try: all of a short clip, else some at a quarter and at three quarters."""
    if total <= _WINDOW * _WINDOWS:
        return [range(total)]
    return [range(start, start + _WINDOW) for start in (total // 4, min(3 * total // 4, total - _WINDOW))]


def _try(video: Video, plan: ClipPlan, window: range, cancel: CancelToken) -> tuple[list[int], float]:
    """Sizes of the packets of a few frames in order of decoding, and the seconds it took."""
    out = io.BytesIO()
    encoder = ClipEncoder(video.info, plan.settings, _part(plan.times, window), _TRIAL_KIND)
    first = plan.frames.start
    began = time.monotonic()
    with writing(plan.path):
        frames = video.frames(range(first + window.start, first + window.stop))
        encoder.write(out, frames, None, progress=ignore_progress, cancel=cancel)
    took_s = time.monotonic() - began
    out.seek(0)
    with open_input(out) as container:
        return [packet.size for packet in container.demux(video=0) if packet.size], took_s


def _part(times: ClipTimes, window: range) -> ClipTimes:
    pts = times.pts[window.start : window.stop]
    return replace(times, pts=pts - pts[0], durations=times.durations[window.start : window.stop])
