"""Finds the properties of a file that make seeking go wrong, from its index. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.engines.catalog import ENGINES_BY_NAME
from framescope.core.audit.records import Cause, CauseKind, VerdictKind
from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.gops import gop_table
from framescope.core.media.index import NO_PTS, IndexBasis
from framescope.core.text import counted, grouped, listed
from framescope.core.translation import tr, tr_plural, tr_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from framescope.core.audit.records import EngineTrial
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo

_WITHOUT_INDEX = {
    "mpegts": tr("MPEG-TS has no index: seeking estimates a byte position."),
    "mpeg": tr("MPEG-PS has no index: seeking estimates a byte position."),
    "flv": tr("FLV has no complete index: seeking is approximate."),
    "ogg": tr("Ogg has no index: seeking searches by byte position."),
    "asf": tr("The ASF index is coarse: a seek may miss the keyframe."),
}
_RAW = frozenset({"h264", "hevc", "vvc", "m4v", "mpegvideo", "obu", "mjpeg", "h263", "dv", "apng", "av1"})
_SHORT_S = 1e-6

_BY_VERDICT: dict[VerdictKind, tuple[CauseKind, ...]] = {
    VerdictKind.OFF_BY_CONSTANT: (
        CauseKind.EDIT_LIST,
        CauseKind.WRONG_COUNT,
        CauseKind.START_OFFSET,
        CauseKind.NEGATIVE_DTS,
        CauseKind.BROKEN_INDEX,
        CauseKind.OPEN_GOP,
        CauseKind.B_FRAMES,
    ),
    VerdictKind.LANDS_ON_KEYFRAMES: (CauseKind.FEW_KEYFRAMES,),
    VerdictKind.WRONG_NEAR_KEYFRAMES: (
        CauseKind.OPEN_GOP,
        CauseKind.BROKEN_INDEX,
        CauseKind.EDIT_LIST,
        CauseKind.DAMAGED,
        CauseKind.B_FRAMES,
    ),
    VerdictKind.WRONG_AFTER: (
        CauseKind.VARIABLE_RATE,
        CauseKind.DAMAGED,
        CauseKind.BROKEN_INDEX,
        CauseKind.EDIT_LIST,
        CauseKind.OPEN_GOP,
        CauseKind.WRONG_COUNT,
    ),
    VerdictKind.DRIFTS: (CauseKind.VARIABLE_RATE, CauseKind.WRONG_COUNT, CauseKind.BROKEN_INDEX),
}
_ANY_ORDER = tuple(kind for kind in CauseKind if kind not in (CauseKind.INTERLACED, CauseKind.FEW_KEYFRAMES))


def find_causes(info: VideoInfo, index: FrameIndex, opencv: OpenCVFacts) -> tuple[Cause, ...]:
    """Every property of the file that can make seeking go wrong, in the order of `CauseKind`."""
    finders: dict[CauseKind, Callable[[], str]] = {
        CauseKind.INTERLACED: lambda: _interlaced(info),
        CauseKind.DAMAGED: lambda: _damaged(index),
        CauseKind.NO_TIMESTAMPS: lambda: _no_timestamps(index),
        CauseKind.BROKEN_INDEX: lambda: _broken_index(info, index),
        CauseKind.WRONG_COUNT: lambda: _wrong_count(info, index, opencv),
        CauseKind.EDIT_LIST: lambda: _edit_list(info, index),
        CauseKind.OPEN_GOP: lambda: _open_gop(index),
        CauseKind.VARIABLE_RATE: lambda: _variable_rate(index),
        CauseKind.START_OFFSET: lambda: _start_offset(index),
        CauseKind.NEGATIVE_DTS: lambda: _negative_dts(index),
        CauseKind.B_FRAMES: lambda: _b_frames(index),
        CauseKind.FEW_KEYFRAMES: lambda: _few_keyframes(index),
    }
    found = ((kind, finders[kind]()) for kind in CauseKind)
    return tuple(Cause(kind, sentence) for kind, sentence in found if sentence)


def likely_cause(trial: EngineTrial, kind: VerdictKind, causes: Iterable[Cause]) -> Cause | None:
    """The property that most likely explains what the engine did; None if there is none."""
    by_kind = {cause.kind: cause for cause in causes}
    spec = ENGINES_BY_NAME.get(trial.engine)
    if spec is not None and spec.seeks_by_times:
        by_kind.pop(CauseKind.VARIABLE_RATE, None)
    says_interlaced = "interlaced" in trial.complaints
    if says_interlaced or (kind is VerdictKind.CANNOT_READ and CauseKind.INTERLACED in by_kind):
        text = tr(
            "The pictures are interlaced, and the library's colour conversion refuses interlaced pictures."
        )
        return Cause(CauseKind.INTERLACED, text)
    if kind is VerdictKind.WRONG_AFTER and trial.stops_loops and CauseKind.DAMAGED in by_kind:
        return by_kind[CauseKind.DAMAGED]
    for candidate in _BY_VERDICT.get(kind, _ANY_ORDER):
        if candidate in by_kind:
            return by_kind[candidate]
    return None


def _interlaced(info: VideoInfo) -> str:
    words = info.interlacing
    return (
        tr("The stream is declared {words}.", words=tr_stored(words))
        if "interlaced" in words or "field" in words
        else ""
    )


def _damaged(index: FrameIndex) -> str:
    lost = sum(note.packet_count for note in index.damage)
    faulty = len(index.damaged_frames)
    give = counted(lost, "packet gives", "packets give")
    are = counted(faulty, "is", "are")
    return (
        tr("The stream is damaged: {give} no frame, {are} faulty.", give=give, are=are)
        if lost or faulty
        else ""
    )


def _no_timestamps(index: FrameIndex) -> str:
    missing = int((index.pts == NO_PTS).sum())
    return (
        tr(
            "{missing} of {frames} have no timestamp.",
            missing=grouped(missing),
            frames=counted(len(index), "frame", "frames"),
        )
        if missing
        else ""
    )


def _broken_index(info: VideoInfo, index: FrameIndex) -> str:
    name = info.container.split(",")[0]
    if name in _RAW or name.endswith("_pipe"):
        return tr("A raw stream has no container: no index and no timestamps to seek by.")
    if name in _WITHOUT_INDEX:
        return _WITHOUT_INDEX[name]
    if index.basis is IndexBasis.PACKETS and name == "mov":
        return tr("The tables in the header do not list all frames (fragmented or unusual MP4).")
    return tr("No packet is flagged as a keyframe.") if len(index) and not len(index.keyframes) else ""


def _wrong_count(info: VideoInfo, index: FrameIndex, opencv: OpenCVFacts) -> str:
    claims = []
    if info.frame_count_declared and info.frame_count_declared != len(index):
        claims.append(
            tr(
                "the header says {frame_count_declared}",
                frame_count_declared=grouped(info.frame_count_declared),
            )
        )
    if opencv.opened and int(opencv.frame_count) != len(index):
        claims.append(
            tr("CAP_PROP_FRAME_COUNT says {frame_count}", frame_count=grouped(int(opencv.frame_count)))
        )
    return (
        tr(
            "There are {frames}, but {claims}.",
            frames=counted(len(index), "frame", "frames"),
            claims=listed(claims),
        )
        if claims
        else ""
    )


def _edit_list(info: VideoInfo, index: FrameIndex) -> str:
    unseen = int((index.numbers_of_packets < 0).sum()) - sum(note.packet_count for note in index.damage)
    if unseen > 0 and info.container.startswith("mov"):
        return tr_plural(
            "An edit list (or the header) hides {count} packet: it is decoded but not shown.",
            "An edit list (or the header) hides {count} packets: they are decoded but not shown.",
            unseen,
            count=grouped(unseen),
        )
    return ""


def _open_gop(index: FrameIndex) -> str:
    gops = gop_table(index)
    count = int(gops.is_open.sum())
    if not count:
        return ""
    return tr_plural(
        "{count} of {gops} is open: pictures shown before the keyframe refer to the previous GOP.",
        "{count} of {gops} are open: pictures shown before the keyframe refer to the previous GOP.",
        count,
        count=grouped(count),
        gops=counted(len(gops), "GOP", "GOPs"),
    )


def _variable_rate(index: FrameIndex) -> str:
    intervals = measure_intervals(index)
    if intervals.is_constant or not intervals.exceptions:
        return ""
    known = intervals.intervals_s[intervals.is_known]
    rising = known[known > 0] * 1000
    late = len(intervals.duplicates) + len(intervals.backward)
    facts = []
    if len(rising) and rising.max() - rising.min() > intervals.tick_s * 1000:
        facts.append(
            tr(
                "the frame rate varies ({least:.4g} to {most:.4g} ms a frame)",
                least=rising.min(),
                most=rising.max(),
            )
        )
    if late:
        stamped = counted(late, "frame is", "frames are")
        facts.append(tr("{stamped} not later than the previous frame", stamped=stamped))
    words = listed(facts) or tr("frames are not equally far apart")
    return tr("{first}{rest}, so n / fps is not the frame's time.", first=words[:1].upper(), rest=words[1:])


def _start_offset(index: FrameIndex) -> str:
    if not index.has_timestamps:
        return ""
    first_s = int(index.pts[0]) * float(index.time_base)
    return (
        tr("The first frame has the timestamp {first_s:.6g} s, not 0.", first_s=first_s)
        if abs(first_s) > _SHORT_S
        else ""
    )


def _negative_dts(index: FrameIndex) -> str:
    known = index.dts[index.dts != NO_PTS]
    lowest = int(known.min()) if len(known) else 0
    return tr("Decoding starts at a negative dts ({lowest}).", lowest=lowest) if lowest < 0 else ""


def _b_frames(index: FrameIndex) -> str:
    moved = int((index.decode_positions != np.arange(len(index))).sum())
    frames = counted(moved, "frame is", "frames are")
    return (
        tr("{frames} decoded in a different order from presentation (B-frames).", frames=frames)
        if moved
        else ""
    )


def _few_keyframes(index: FrameIndex) -> str:
    keys = len(index.keyframes)
    if keys >= len(index):
        return ""
    return tr_plural(
        "A seek by time ends at a keyframe, and {keys} of {frames} is a keyframe.",
        "A seek by time ends at a keyframe, and {keys} of {frames} are keyframes.",
        keys,
        keys=grouped(keys),
        frames=counted(len(index), "frame", "frames"),
    )
