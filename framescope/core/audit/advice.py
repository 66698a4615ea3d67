"""Recommends what to do if an engine is not exact, with the cost on this file. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.records import Advice, AdviceKind, CauseKind, TrialState, VerdictKind
from framescope.core.media.gops import gop_table
from framescope.core.model.frame import PictureType
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framescope.core.audit.records import Cause, EngineTrial
    from framescope.core.media.index import FrameIndex

_REMUX_BYTES_A_SECOND = 150e6
"""The assumed speed of copying packets: that of a modest disk."""
_ENCODE_SHARE = 0.4
"""All-intra encoding at the same size runs at about this fraction of the decoding speed."""


@dataclass(frozen=True, slots=True)
class FileCosts:
    """The file's size and seek costs.

    Attributes:
        frame_count: Frames.
        mean_frames_to_decode: Frames that must be decoded to reach one, on average.
        longest_gop: Frames of the longest GOP.
        size_bytes: Bytes of the packets.
        intra_bytes: Estimated bytes of an all-intra file, from the file's own keyframes.
        causes: The properties that make seeking go wrong.
        remux_fixes: Whether remuxing was tried and gave the same frames with a sound index.
    """

    frame_count: int
    mean_frames_to_decode: float
    longest_gop: int
    size_bytes: int
    intra_bytes: int
    causes: frozenset[CauseKind] = frozenset()
    remux_fixes: bool | None = None


def measure_costs(index: FrameIndex, causes: Iterable[Cause] = ()) -> FileCosts:
    """The figures needed for advice."""
    gops = gop_table(index)
    intra = index.sizes_bytes[(index.picture_type_codes == PictureType.I) | index.is_keyframe]
    mean_intra = float(intra.mean()) if len(intra) else 0.0
    return FileCosts(
        frame_count=len(index),
        mean_frames_to_decode=float(gops.decode_costs.mean()) if len(index) else 0.0,
        longest_gop=gops.summary.longest,
        size_bytes=int(index.packet_sizes.astype(np.int64).sum()),
        intra_bytes=int(mean_intra * len(index)),
        causes=frozenset(cause.kind for cause in causes),
    )


def advise(trial: EngineTrial, kind: VerdictKind, costs: FileCosts) -> tuple[Advice, ...]:
    """What to do with this engine on this file, best first."""
    if trial.state is TrialState.NOT_INSTALLED or kind is VerdictKind.NOT_TRIED:
        return ()
    first, *others = _ways(trial, kind, costs)
    return (first, *_read_past(trial), *others)


def _read_past(trial: EngineTrial) -> list[Advice]:
    if not trial.stops_loops:
        return []
    most = max(one.times for one in trial.sequence.interruptions)
    often = tr("once") if most == 1 else tr("{most} times in a row", most=most)
    text = tr(
        "In a loop, continue where {words}, and stop only after many"
        " failures in a row: here it fails {often} before it continues.",
        words=trial.sequence.interruptions[0].words,
        often=often,
    )
    return [Advice(AdviceKind.READ_PAST, text, 0.0, tr("nothing"))]


def _ways(trial: EngineTrial, kind: VerdictKind, costs: FileCosts) -> tuple[Advice, ...]:
    if kind is VerdictKind.TRUSTWORTHY:
        cost = trial.latency_median_ms / 1000
        text = tr(
            "Use {call} as it is{condition}.",
            call=trial.call,
            condition=tr(", once a full test has confirmed it") * trial.is_partial,
        )
        return (Advice(AdviceKind.SEEK_FREELY, text, cost, tr("{ms} per frame", ms=_ms(cost))),)
    other = Advice(
        AdviceKind.OTHER_ENGINE, tr("Read this file with FrameScope or another engine that was exact.")
    )
    if kind is VerdictKind.CANNOT_READ or not _reads(trial):
        return (other, _reencode(costs, math.nan))
    fps = trial.sequence.fps
    advice = [*_correction(trial, kind), _earlier(trial, kind, costs, fps), _read_on(costs, fps)]
    if costs.remux_fixes:
        advice.append(_remux(costs))
    return (*(one for one in advice if one is not None), _reencode(costs, fps), other)


def _reads(trial: EngineTrial) -> bool:
    sequence = trial.sequence
    return (
        len(sequence) > 0
        and not sequence.rerun_differing
        and trial.state is TrialState.DONE
        and bool(trial.requests)
        and sequence.distinct > 1
    )


def _correction(trial: EngineTrial, kind: VerdictKind) -> list[Advice]:
    if kind is not VerdictKind.OFF_BY_CONSTANT:
        return []
    offset = next(iter(trial.offsets), 0)
    sign = "−" if offset > 0 else "+"
    text = tr(
        "Ask for n {sign} {offset} instead of n, on this file and with this version only.",
        sign=sign,
        offset=abs(offset),
    )
    return [Advice(AdviceKind.CORRECT_OFFSET, text, 0.0, tr("nothing"))]


def _earlier(trial: EngineTrial, kind: VerdictKind, costs: FileCosts, fps: float) -> Advice | None:
    if kind is VerdictKind.CANNOT_SEEK:
        return None
    margin = max(0, *trial.offsets, 0) + costs.longest_gop
    cost = (costs.mean_frames_to_decode + margin) / fps if fps > 0 else None
    return Advice(
        AdviceKind.SEEK_EARLIER,
        tr(
            "Seek {margin} frames earlier, decode forward, and identify the frame by its pts or picture,"
            " not by"
            " counting.",
            margin=margin,
        ),
        cost,
        tr("about {ms} per frame", ms=_ms(cost)),
    )


def _read_on(costs: FileCosts, fps: float) -> Advice:
    cost = costs.frame_count / 2 / fps if fps > 0 else None
    return Advice(
        AdviceKind.READ_ON,
        tr("Read from the start and count the frames: sequential decoding is correct."),
        cost,
        tr(
            "{ms} per frame on average, {total_ms} for all of them in one pass",
            ms=_ms(cost),
            total_ms=_ms(cost and 2 * cost),
        ),
    )


def _remux(costs: FileCosts) -> Advice:
    cost = 2 * costs.size_bytes / _REMUX_BYTES_A_SECOND
    return Advice(
        AdviceKind.REMUX,
        tr(
            "Remux without re-encoding (ffmpeg -i in -c copy out.mp4): tested here, it gives the same"
            " {frame_count} frames with a valid index. Then audit the new file.",
            frame_count=costs.frame_count,
        ),
        cost,
        tr("about {ms} once, the same size", ms=_ms(cost)),
    )


def _reencode(costs: FileCosts, fps: float) -> Advice:
    cost = costs.frame_count / (fps * _ENCODE_SHARE) if fps > 0 else None
    times = costs.intra_bytes / costs.size_bytes if costs.size_bytes and costs.intra_bytes else math.nan
    facts = [] if cost is None or math.isnan(cost) else [tr("about {ms} once", ms=_ms(cost))]
    if not math.isnan(times):
        facts.append(tr("about {times:.1f} times the size", times=max(times, 1)))
    return Advice(
        AdviceKind.REENCODE,
        tr(
            "Re-encode all-intra at a constant rate (ffmpeg -i in -fps_mode cfr -g 1 out.mp4): every frame is"
            " then a keyframe."
        ),
        cost,
        ", ".join(facts),
    )


def _ms(seconds: float | None) -> str:
    if seconds is None or math.isnan(seconds):
        return tr("an unknown time")
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
