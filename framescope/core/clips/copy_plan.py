"""Predicts from the index what a stream copy between two frames would contain. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import ClipError
from framescope.core.media.decoding.seek_plan import BEGINNING, choose_entry
from framescope.core.media.frame_order import GRADUAL_REFRESH
from framescope.core.media.gops import gop_table
from framescope.core.model.frame import PictureType
from framescope.core.text import counted
from framescope.core.translation import tr, tr_stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_HIDING_CODECS = frozenset({"vp8", "vp9"})
"""Codecs with separate packets for pictures that are never shown."""


@dataclass(frozen=True, slots=True, eq=False)
class CopyPlan:
    """The packets of a stream copy, and the frames that they will show.

    Attributes:
        wanted: The requested frames.
        frames: The frames that the copy will show; ``wanted`` lies within.
        entry: The keyframe of the index that the copy begins at; ``BEGINNING`` for the file's first packet.
        start_packet: The first packet.
        stop_packet: The packet after the last one.
        left_out: Leading pictures of the first GOP: they refer to the previous GOP and are not copied.
        left_out_packets: Their packets, ascending.
        keyframes: Keyframes among the frames.
        gop_count: GOPs that are copied in whole or in part.
        is_last_gop_cut: Whether the last GOP continues after the copy.
        revealed: Pictures at the start that an edit list of the source hides and the copy will show, at most.
        size_bytes: Compressed bytes of the packets, without sound and container.
        doubts: Sentences about what may still turn out otherwise.
    """

    wanted: range
    frames: range
    entry: int
    start_packet: int
    stop_packet: int
    left_out: tuple[int, ...]
    left_out_packets: tuple[int, ...]
    keyframes: tuple[int, ...]
    gop_count: int
    is_last_gop_cut: bool
    revealed: int
    size_bytes: int
    doubts: tuple[str, ...] = ()

    @property
    def frame_count(self) -> int:
        """Frames that the copy will show."""
        return len(self.frames) + self.revealed

    @property
    def extra_before(self) -> int:
        """Frames before the requested ones."""
        return self.wanted.start - self.frames.start

    @property
    def extra_after(self) -> int:
        """Frames after the requested ones."""
        return self.frames.stop - self.wanted.stop

    @property
    def is_exact(self) -> bool:
        """Whether the copy shows the requested frames and no others."""
        return self.frames == self.wanted and not self.revealed


def plan_copy(info: VideoInfo, index: FrameIndex, wanted: range) -> CopyPlan:
    """What a copy of the packets would contain.

    It begins at the last keyframe from which the first requested frame decodes correctly, and ends at the
    first packet behind which the frames shown have no gap: a reference picture may be decoded long before the
    B-frames that are shown before it.

    Args:
        info: The stream's declared facts.
        index: Its complete index.
        wanted: Frame numbers, ascending by one.

    Raises:
        ClipError: There are no such frames, or the packets cannot be copied one by one.
    """
    check_span(index, wanted)
    if not info.has_packets:
        raise ClipError(
            tr(
                "The frames of {container} are not packets of one stream that could be copied.",
                container=info.container_meaning,
            ),
            hint=tr("Encode the frames exactly instead."),
        )
    if index.shared_packets:
        raise ClipError(
            tr("Some packets of this video hold two frames each, which cannot be separated."),
            hint=tr("Encode the frames exactly instead."),
        )
    entry = _entry_for(index, wanted.start)
    start = 0 if entry == BEGINNING else int(index.entries.packet_numbers[entry])
    first = 0 if entry == BEGINNING else int(index.entries.first_numbers[entry])
    order = np.argsort(index.packet_numbers, kind="stable")
    order = order[index.packet_numbers[order] >= start]
    shown = order[order >= first]
    last_place = _closed_place(shown, first, wanted)
    frames = range(first, first + last_place + 1)
    stop = _with_followers(info, index, int(index.packet_numbers[shown[last_place]]) + 1)
    leading = np.sort(order[(order < first) & (index.packet_numbers[order] < stop)])
    left_out_packets = np.sort(index.packet_numbers[leading])
    frameless = start + np.flatnonzero(index.numbers_of_packets[start:stop] < 0)
    hides = info.container.startswith("mov") and info.codec not in _HIDING_CODECS and not index.damage
    if hides and len(frameless) and frameless[-1] > _second_keyframe(index, entry):
        raise ClipError(
            tr("An edit list of this video hides pictures in the middle, which a copy would show."),
            hint=tr("Encode the frames exactly instead."),
        )
    keyframes = index.keyframes[(index.keyframes >= first) & (index.keyframes < frames.stop)]
    gops, is_cut = _gops(index, frames)
    return CopyPlan(
        wanted=wanted,
        frames=frames,
        entry=entry,
        start_packet=start,
        stop_packet=stop,
        left_out=tuple(leading.tolist()),
        left_out_packets=tuple(left_out_packets.tolist()),
        keyframes=tuple(keyframes.tolist()),
        gop_count=gops,
        is_last_gop_cut=is_cut,
        revealed=len(frameless) if hides else 0,
        size_bytes=_size(index, start, stop, left_out_packets),
        doubts=_doubts(index, frames),
    )


def check_span(index: FrameIndex, wanted: range) -> None:
    """Refuse frames that do not exist.

    Raises:
        ClipError: The span is empty or leaves the video.
    """
    if not len(wanted) or wanted.step != 1:
        raise ClipError(
            tr("A clip needs at least one frame."),
            hint=tr("The out point must not be earlier than the in point."),
        )
    if wanted.start < 0 or wanted.stop > len(index):
        raise ClipError(
            tr("There are no frames {start} to {stop}.", start=wanted.start, stop=wanted.stop - 1),
            hint=tr("The video has {frames}, counted from 0.", frames=counted(len(index), "frame", "frames")),
        )


def _entry_for(index: FrameIndex, frame_number: int) -> int:
    """The last keyframe that a decoder that knows nothing else can start at."""
    entry = choose_entry(index, frame_number)
    codes, frames = index.picture_type_codes, index.numbers_of_packets
    while entry > BEGINNING:
        number = int(frames[index.entries.packet_numbers[entry]])
        # A recovery point of a gradual refresh is not an intra picture: what follows is whole much later.
        if number < 0 or codes[number] in (PictureType.I, PictureType.UNKNOWN):
            break
        entry -= 1
    return entry


def _closed_place(shown: NDArray[np.int64], first: int, wanted: range) -> int:
    """The place in decode order behind which the frames from ``first`` on are complete."""
    last_wanted = int(np.flatnonzero((shown >= wanted.start) & (shown < wanted.stop)).max())
    counts = np.arange(1, len(shown) + 1)
    is_closed = np.maximum.accumulate(shown) - first + 1 == counts
    places = np.flatnonzero(is_closed[last_wanted:])
    if not len(places):
        raise ClipError(
            tr("The frames of this video do not correspond to its packets, so packets cannot be copied."),
            hint=tr("Encode the frames exactly instead."),
        )
    return last_wanted + int(places[0])


def _second_keyframe(index: FrameIndex, entry: int) -> int:
    packets = index.entries.packet_numbers
    place = max(entry, 0) + 1
    return int(packets[place]) if place < len(packets) else len(index.packet_sizes)


def _with_followers(info: VideoInfo, index: FrameIndex, stop: int) -> int:
    """The second fields of an interlaced picture are packets of their own, which show nothing more."""
    if info.codec in _HIDING_CODECS:
        return stop
    numbers = index.numbers_of_packets
    while stop < len(numbers) and numbers[stop] < 0:
        stop += 1
    return stop


def _size(index: FrameIndex, start: int, stop: int, left_out: NDArray[np.int32]) -> int:
    sizes = index.packet_sizes
    return int(sizes[start:stop].sum(dtype=np.int64) - sizes[left_out].sum(dtype=np.int64))


def _gops(index: FrameIndex, frames: range) -> tuple[int, bool]:
    table = gop_table(index)
    rows = {table.gop_of(frames.start), *(table.gop_of(int(key)) for key in _keys_within(index, frames))}
    last = table.gop_of(frames.stop - 1)
    rows.add(last)
    return len(rows), bool((table.frames_of(last) >= frames.stop).any())


def _keys_within(index: FrameIndex, frames: range) -> NDArray[np.int64]:
    keys = index.keyframes
    return keys[(keys >= frames.start) & (keys < frames.stop)]


def _doubts(index: FrameIndex, frames: range) -> tuple[str, ...]:
    doubts = [tr_stored(doubt) for doubt in index.doubts if doubt == GRADUAL_REFRESH]
    if any(frames.start < note.before_frame_number <= frames.stop for note in index.damage):
        doubts.append(tr("Some packets in it are damaged and show nothing."))
    return tuple(doubts)
