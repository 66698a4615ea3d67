"""Everything that is known about a clip before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.clips.containers import ContainerKind, check_container
from framescope.core.clips.copy_plan import CopyPlan, check_span, plan_copy
from framescope.core.clips.encode_clip import lost_facts, pixel_format_for
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.clips.sound import OtherStream, other_streams
from framescope.core.clips.times import ClipTimes, clip_times
from framescope.core.errors import ClipError
from framescope.core.text import counted, damage_words

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_ROUNDS_FROM_S = 0.0005
_FEW_DURATIONS = 2
"""Constant rates that are no whole number of units come out as two durations in turn."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipPlan:
    """A clip that is about to be made.

    Attributes:
        path: The file to write.
        settings: The clip settings.
        wanted: The requested frames.
        frames: The source's frames that the clip will show.
        kind: The kind of file.
        times: The times of its frames.
        streams: The source's other streams, and which are kept.
        copy: The packets of a stream copy; None for the other ways.
        notes: Sentences on what will be otherwise than in the source.
        damaged_count: How many of its frames are known to be damaged or to depend on damage.
    """

    path: Path
    settings: ClipSettings
    wanted: range
    frames: range
    kind: ContainerKind
    times: ClipTimes
    streams: tuple[OtherStream, ...]
    copy: CopyPlan | None
    notes: tuple[str, ...]
    damaged_count: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the clip will contain, for display."""
        return (*_content(self), *self.notes)


def plan_clip(
    info: VideoInfo, index: FrameIndex, wanted: range, path: Path, settings: ClipSettings
) -> ClipPlan:
    """Work out what a clip will contain. Only the source's header is read.

    Args:
        info: The stream's declared facts.
        index: Its complete index.
        wanted: The requested frames; of no matter where the whole video is encoded.
        path: The file to write; its end says which kind.
        settings: The clip settings.

    Raises:
        ClipError: There are no such frames, or they cannot be copied or encoded this way.
        SettingsError: Files of this kind cannot hold the clip.
        OpenError: The source cannot be opened.
    """
    if not index.complete:
        raise ClipError("The frames are still being indexed.", hint="Wait until that is done.")
    kind = check_container(path, info, settings)
    copy: CopyPlan | None = None
    remark = ""
    if settings.way is ClipWay.COPY:
        copy = plan_copy(info, index, wanted)
        frames = copy.frames
    else:
        frames = range(len(index)) if settings.way is ClipWay.ALL_INTRA else wanted
        check_span(index, frames)
        _, remark = pixel_format_for(info, settings)
    times = clip_times(info, index, frames, even=settings.even_times)
    # Sound would run away from pictures that are shown at other times than their own.
    with_audio = settings.with_audio and not settings.even_times
    streams = other_streams(info.source, info.stream_index, kind, with_audio=with_audio)
    return ClipPlan(
        path=path,
        settings=settings,
        wanted=frames if settings.way is ClipWay.ALL_INTRA else wanted,
        frames=frames,
        kind=kind,
        times=times,
        streams=streams,
        copy=copy,
        notes=tuple(filter(None, (remark, *_notes(info, settings, kind, times, streams)))),
        damaged_count=sum(number in frames for number in index.damaged_frames.tolist()),
    )


def _notes(
    info: VideoInfo,
    settings: ClipSettings,
    kind: ContainerKind,
    times: ClipTimes,
    streams: tuple[OtherStream, ...],
) -> list[str]:
    notes = [times.note]
    if settings.way is ClipWay.ALL_INTRA and len(np.unique(times.durations[:-1])) > _FEW_DURATIONS:
        notes.append(
            "The frames are not evenly spaced: OpenCV seeks correctly by number only in constant frame rate"
            " files."
        )
    if kind.tick_s > _ROUNDS_FROM_S and not times.is_even and info.time_base.denominator != 1000:
        notes.append(f"{kind.label} rounds times to {kind.tick_s * 1000:g} ms.")
    if settings.way is ClipWay.COPY:
        if info.rotation and not kind.keeps_rotation:
            notes.append(f"{kind.label} cannot store a rotation of {info.rotation}°.")
    else:
        notes.extend(lost_facts(info, settings, kind))
    for stream in streams:
        if stream.is_kept:
            continue
        why = ""
        if stream.kind == "audio" and settings.even_times:
            why = ", which would not follow the even times"
        elif stream.kind == "audio" and settings.with_audio:
            why = f": {kind.label} cannot hold it"
        notes.append(f"Left out: {stream.words} (stream {stream.stream_index}){why}.")
    return notes


def _content(plan: ClipPlan) -> list[str]:
    frames, copy = plan.frames, plan.copy
    lines = [
        f"Frames {frames.start} to {frames.stop - 1} ({counted(len(frames), 'frame')},"
        f" {plan.times.duration_s:.3f} s), times from 0."
    ]
    if copy is not None:
        lines.extend(_copy_lines(copy))
    elif plan.settings.way is ClipWay.ALL_INTRA:
        lines.append("Every frame is a keyframe.")
    else:
        lines.append("Exactly the requested frames.")
    if plan.damaged_count:
        lines.append(f"{damage_words(plan.damaged_count, len(frames))}.")
    kept = [stream.words for stream in plan.streams if stream.is_kept]
    if kept:
        lines.append(f"Also copied: {', '.join(kept)}.")
    return lines


def _copy_lines(copy: CopyPlan) -> list[str]:
    if copy.is_exact:
        lines = ["Exactly the requested frames."]
    else:
        extras = [
            f"{copy.extra_before} before" if copy.extra_before else "",
            f"{copy.extra_after} after" if copy.extra_after else "",
        ]
        lines = []
        if any(extras):
            extra = copy.extra_before + copy.extra_after
            lines = [f"{counted(extra, 'frame')} more than requested: {' and '.join(filter(None, extras))}."]
    cut = ", the last one in part" if copy.is_last_gop_cut else ""
    lines.append(f"Packets of {counted(copy.gop_count, 'GOP')}{cut}; no edit list.")
    if copy.left_out:
        lines.append(
            f"{counted(len(copy.left_out), 'leading picture')} of the first GOP left out: they cannot be"
            f" decoded without the previous GOP."
        )
    if copy.revealed:
        lines.append(
            f"Up to {counted(copy.revealed, 'picture')} that the source's edit list hides will come first."
        )
    return [*lines, *copy.doubts]
