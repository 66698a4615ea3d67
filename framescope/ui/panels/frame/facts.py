"""The facts of one frame, as rows. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.media.gops import frames_to_decode
from framescope.core.media.index import NO_PTS, IndexBasis
from framescope.core.model.frame import PictureType
from framescope.core.text import clock, counted, grouped, size_words
from framescope.ui.panels.codec.fact_groups import Fact

if TYPE_CHECKING:
    from framescope.core.media.gops import GopTable
    from framescope.core.media.index import FrameIndex
    from framescope.session.state import ShownFrame

_MEANINGS = {
    PictureType.I: "intra: needs no other picture",
    PictureType.P: "predicted from earlier pictures",
    PictureType.B: "predicted from both sides",
    PictureType.UNKNOWN: "the packets do not tell",
}


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What kind of picture a frame is, and how that is known."""

    picture_type: PictureType
    is_decoded: bool
    is_keyframe: bool


def type_facts(index: FrameIndex | None, shown: ShownFrame | None, frame_number: int) -> TypeFacts:
    """The decoder's word where the exact frame is there, else the index's."""
    frame = shown.frame if shown is not None else None
    if frame is not None and frame.frame_number == frame_number:
        return TypeFacts(frame.picture_type, is_decoded=True, is_keyframe=frame.is_keyframe)
    if index is None or frame_number >= len(index):
        return TypeFacts(PictureType.UNKNOWN, is_decoded=False, is_keyframe=False)
    code = min(int(index.picture_type_codes[frame_number]), 3)
    return TypeFacts(
        PictureType(code), index.picture_types_decoded and code > 0, bool(index.is_keyframe[frame_number])
    )


def frame_facts(
    index: FrameIndex, table: GopTable | None, shown: ShownFrame | None, frame_number: int
) -> tuple[Fact, ...]:
    """All rows of one frame of the index."""
    kind = type_facts(index, shown, frame_number)
    facts = [
        Fact("Time", _time(index, frame_number), "since the first frame"),
        _pts(index, frame_number),
        _type_fact(kind),
        _size(index, frame_number),
        _cost(index, table, frame_number),
    ]
    if table is not None and frame_number < table.frame_total:
        facts.append(_gop(table, frame_number))
    frame = shown.frame if shown is not None else None
    if frame is not None and frame.frame_number == frame_number:
        picture = frame.picture
        detail = "damaged, or dependent on damage" if frame.is_damaged else picture.pixel_format
        facts.append(Fact("Picture", f"{picture.width}×{picture.height}", detail))
    return tuple(facts)


def _time(index: FrameIndex, frame_number: int) -> str:
    time_s = index.time_of(frame_number)
    return "not known" if math.isnan(time_s) else f"{clock(time_s, decimals=6)}"


def _pts(index: FrameIndex, frame_number: int) -> Fact:
    pts, dts = index.pts_of(frame_number), int(index.dts[frame_number])
    detail = f"× {index.time_base} s" if dts == NO_PTS else f"dts {grouped(dts)}, × {index.time_base} s"
    return Fact("pts", "none" if pts is None else grouped(pts), detail)


def _type_fact(kind: TypeFacts) -> Fact:
    how = "as decoded" if kind.is_decoded else "inferred from the packets"
    if kind.picture_type is PictureType.UNKNOWN:
        return Fact("Type", "not known yet", _MEANINGS[PictureType.UNKNOWN])
    words = f"{kind.picture_type.letter}, {how}"
    return Fact("Type", f"{words}; keyframe" if kind.is_keyframe else words, _MEANINGS[kind.picture_type])


def _size(index: FrameIndex, frame_number: int) -> Fact:
    packet = int(index.packet_numbers[frame_number])
    size = int(index.sizes_bytes[frame_number])
    exact = f"{counted(size, 'byte')}, " if size >= 1000 else ""
    return Fact("Size", size_words(size), f"{exact}packet {grouped(packet)}")


def _cost(index: FrameIndex, table: GopTable | None, frame_number: int) -> Fact:
    if table is not None and frame_number < table.frame_total:
        cost = int(table.decode_costs[frame_number])
    else:
        cost = frames_to_decode(index, frame_number)
    if cost == 1:
        return Fact("To decode", "this frame alone")
    words = "from the nearest keyframe that serves"
    if index.basis is IndexBasis.CONTAINER:
        words += "; as far as the file’s tables tell"
    return Fact("To decode", counted(cost, "frame"), words)


def _gop(table: GopTable, frame_number: int) -> Fact:
    gop = table.gop_of(frame_number)
    keyframe, length = int(table.keyframes[gop]), int(table.frame_counts[gop])
    kind = "open" if table.is_open[gop] else "closed"
    if not table.has_keyframe[gop]:
        kind = "without a keyframe"
    value = f"{grouped(gop + 1)} of {grouped(len(table))}, {kind}"
    size = size_words(int(table.sizes_bytes[gop]))
    detail = f"keyframe {grouped(keyframe)}; {counted(length, 'frame')}, {size}"
    return Fact("GOP", value, detail)
