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
from framescope.core.text import counted, damage_words, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_ROUNDS_FROM_S = 0.0005
_FEW_DURATIONS = 2
"""Constant rates that are not a whole number of units result in two alternating durations."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipPlan:
    """A clip to be made.

    Attributes:
        path: The file to write.
        settings: The clip settings.
        wanted: The requested frames.
        frames: The source's frames that the clip will show.
        kind: The kind of file.
        times: The times of its frames.
        streams: The source's other streams, and which are kept.
        copy: The packets of a stream copy; None for the other ways.
        notes: Sentences on differences from the source.
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
        wanted: The requested frames; ignored if the whole video is encoded.
        path: The file to write; its extension determines the kind.
        settings: The clip settings.

    Raises:
        ClipError: There are no such frames, or they cannot be copied or encoded this way.
        SettingsError: Files of this kind cannot hold the clip.
        OpenError: The source cannot be opened.
    """
    if not index.complete:
        raise ClipError(tr("The frames are still being indexed."), hint=tr("Wait until that is done."))
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
    # Audio would drift from pictures that are shown at different times.
    with_audio = settings.with_audio and not settings.even_times
    streams = (
        other_streams(info.source, info.stream_index, kind, with_audio=with_audio) if info.has_packets else ()
    )
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
            tr(
                "The frames are not evenly spaced: OpenCV seeks correctly by number only in constant frame"
                " rate"
                " files."
            )
        )
    if kind.tick_s > _ROUNDS_FROM_S and not times.is_even and info.time_base.denominator != 1000:
        notes.append(
            tr("{label} rounds times to {tick_s:g} ms.", label=kind.label, tick_s=kind.tick_s * 1000)
        )
    if settings.way is ClipWay.COPY:
        if info.rotation and not kind.keeps_rotation:
            notes.append(
                tr(
                    "{label} cannot store a rotation of {rotation}°.",
                    label=kind.label,
                    rotation=info.rotation,
                )
            )
    else:
        notes.extend(lost_facts(info, settings, kind))
    for stream in streams:
        if stream.is_kept:
            continue
        why = ""
        if stream.kind == "audio" and settings.even_times:
            why = tr(", which would not follow the even times")
        elif stream.kind == "audio" and settings.with_audio:
            why = tr(": {label} cannot hold it", label=kind.label)
        notes.append(
            tr(
                "Left out: {words} (stream {stream_index}){why}.",
                words=stream.words,
                stream_index=stream.stream_index,
                why=why,
            )
        )
    return notes


def _content(plan: ClipPlan) -> list[str]:
    frames, copy = plan.frames, plan.copy
    lines = [
        tr(
            "Frames {start} to {stop} ({frames}, {duration_s:.3f} s), times from 0.",
            start=frames.start,
            stop=frames.stop - 1,
            frames=counted(len(frames), "frame", "frames"),
            duration_s=plan.times.duration_s,
        )
    ]
    if copy is not None:
        lines.extend(_copy_lines(copy))
    elif plan.settings.way is ClipWay.ALL_INTRA:
        lines.append(tr("Every frame is a keyframe."))
    else:
        lines.append(tr("Exactly the requested frames."))
    if plan.damaged_count:
        lines.append(f"{damage_words(plan.damaged_count, len(frames))}.")
    kept = [stream.words for stream in plan.streams if stream.is_kept]
    if kept:
        lines.append(tr("Also copied: {kept}.", kept=", ".join(kept)))
    return lines


def _copy_lines(copy: CopyPlan) -> list[str]:
    if copy.is_exact:
        lines = [tr("Exactly the requested frames.")]
    else:
        extras = [
            tr("{extra_before} before", extra_before=copy.extra_before) if copy.extra_before else "",
            tr("{extra_after} after", extra_after=copy.extra_after) if copy.extra_after else "",
        ]
        lines = []
        if any(extras):
            extra = copy.extra_before + copy.extra_after
            lines = [
                tr(
                    "{frames} more than requested: {extras}.",
                    frames=counted(extra, "frame", "frames"),
                    extras=listed(list(filter(None, extras))),
                )
            ]
    cut = tr(", the last one in part") if copy.is_last_gop_cut else ""
    lines.append(
        tr("Packets of {gops}{cut}; no edit list.", gops=counted(copy.gop_count, "GOP", "GOPs"), cut=cut)
    )
    if copy.left_out:
        lines.append(
            tr(
                "{count} of the first GOP left out: they cannot be decoded without the previous GOP.",
                count=counted(len(copy.left_out), "leading picture", "leading pictures"),
            )
        )
    if copy.revealed:
        lines.append(
            tr(
                "Up to {pictures} that the source's edit list hides will come first.",
                pictures=counted(copy.revealed, "picture", "pictures"),
            )
        )
    return [*lines, *copy.doubts]
