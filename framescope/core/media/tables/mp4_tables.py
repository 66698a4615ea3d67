"""Packet tables of plain MP4 and MOV files, from the header alone; other files are left to a scan.

The rules are those of FFmpeg's ``mov`` demuxer, because the table replaces a scan by it: timestamps
start after the empty edits, dts is moved back by the most negative composition offset, and the order
is the order of the samples. Anything that FFmpeg would repair, drop or guess is refused here, not imitated.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from framescope.core.media.container import open_bytes
from framescope.core.media.keyframe_check import (
    KeyframeRule,
    NotPlainError,
    flags_hold,
    h264_rule,
    left_to_a_scan,
    refuse,
)
from framescope.core.media.remote_file import expecting
from framescope.core.media.tables.mp4_boxes import (
    BoxTree,
    find_movie,
    only_box,
    optional_box,
    read_boxes,
    read_time_scale,
    read_track_id,
    table_rows,
    walk_boxes,
)
from framescope.core.media.tables.packet_table import PacketTable

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from framescope.core.media.keyframe_check import ReadBytes

_NORMAL_RATE = 0x10000
_EMPTY_EDIT = -1

_REORDERING = frozenset((b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"vvc1", b"vvi1"))
"""Sample entries of codecs whose dts FFmpeg keeps separate from pts whatever the decoder delay."""

_INTER_CODED = _REORDERING | {
    b"av01", b"mp4v", b"s263", b"h263", b"SVQ1", b"SVQ3", b"rle ", b"cvid",
    *(b"mx" + bytes((rate, kind)) for rate in b"345" for kind in b"np"),
    *(b"xd" + bytes((a, b)) for a in b"v5hf" for b in b"0123456789abcdefghijklmnopqrstuvwxyz"),
}  # fmt: skip
"""Sample entries whose frames need not all be keyframes. FFmpeg flags every packet of the others."""

_LEFT_TO_A_PARSER = frozenset((
    b"vc-1", b"ovc1", b"WVC1", b"WMV3", b"m1v1", b"m1v ", b"mpeg", b"mp1v", b"vp08", b"vp09", b"H264",
    b"h264", b"avc2", b"avc4", b"dva1", b"dvav", b"AVin", b"x264", b"X264", b"DAVC", b"VSSH", b"aivx",
))  # fmt: skip
"""Sample entries whose packets FFmpeg splits differently, or whose keyframe flags come from the stream."""

_MPEG4_VISUAL = 0x20


@left_to_a_scan
def read_mp4_tables(source: str | os.PathLike[str], track_id: int) -> PacketTable:
    """List the packets of one track from the file's header, or return None if a scan is needed.

    It returns None for fragments, several edits, edits that hide packets, several sample
    descriptions, encryption, a truncated file, counts that contradict each other, and anything damaged.

    Args:
        source: A local file, or an address of a store.
        track_id: The track's number in the file (PyAV's ``stream.id``).

    Returns:
        A complete table equal to a packet scan's (pts, dts, size, position, keyframe flag), or None.
    """
    with open_bytes(source) as file:
        return _read(file, track_id)


def _read(file: BinaryIO, track_id: int) -> PacketTable:
    file_size = file.seek(0, 2)
    movie = read_boxes(find_movie(file, file_size))
    refuse(b"mvex" in movie or b"cmov" in movie, "fragmented or compressed")
    tracks = [read_boxes(track) for track in movie.get(b"trak", [])]
    chosen = [track for track in tracks if read_track_id(track) == track_id]
    refuse(len(chosen) != 1, "not exactly one track of that number")
    # A track without samples makes FFmpeg interpret every later edit list differently.
    refuse(not all(_has_samples(track) for track in tracks), "a track without samples")
    samples = _read_samples(chosen[0], read_time_scale(only_box(movie, b"mvhd")), file_size)
    if samples.check is not None:
        holds = flags_hold(samples.check, _reader(file), samples.table, expect=expecting(file))
        refuse(not holds, "the stream has other keyframes")
    return samples.table


def _reader(file: BinaryIO) -> ReadBytes:
    # Not memory-mapped: a file that shrinks meanwhile must cause an error, not a crash.
    def read(position: int, size: int) -> bytes:
        file.seek(position)
        return file.read(size)

    return read


def _sample_boxes(track: BoxTree) -> BoxTree:
    media = read_boxes(only_box(track, b"mdia"))
    return read_boxes(only_box(read_boxes(only_box(media, b"minf")), b"stbl"))


def _has_samples(track: BoxTree) -> bool:
    times = optional_box(_sample_boxes(track), b"stts")
    return times is not None and len(times) >= 8 and struct.unpack_from(">I", times, 4)[0] > 0


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    table: PacketTable
    check: KeyframeRule | None


def _read_samples(track: BoxTree, movie_scale: int, file_size: int) -> _Samples:
    media = read_boxes(only_box(track, b"mdia"))
    media_scale = read_time_scale(only_box(media, b"mdhd"))
    information = read_boxes(only_box(media, b"minf"))
    boxes = read_boxes(only_box(information, b"stbl"))
    entry, check = _sample_entry(only_box(boxes, b"stsd"))
    refuse(not _is_self_contained(information), "the samples lie in another file")
    sizes = _sizes(boxes, file_size)
    count = len(sizes)
    positions = _positions(boxes, sizes)
    refuse(bool((positions + sizes > file_size).any()), "the file is truncated")
    keyframes = _keyframes(boxes, count)
    refuse(entry not in _INTER_CODED and not keyframes.all(), "an intra codec with a list of keyframes")
    starts = _starts(boxes, count)
    offsets, dts_shift = _composition_offsets(boxes, count)
    shift = _edit_shift(track, (movie_scale, media_scale), starts, offsets, keyframes)
    pts = starts + shift if offsets is None else starts + offsets + shift
    dts = starts - dts_shift + shift
    if offsets is None and dts_shift == 0:
        pts = dts.copy()
    refuse(entry not in _REORDERING and bool((pts < dts).any()), "FFmpeg would rewrite the dts")
    flags = np.zeros(count, np.bool_)
    table = PacketTable(
        pts=pts,
        dts=dts,
        sizes=sizes.astype(np.int32),
        positions=positions,
        is_keyframe=keyframes,
        is_discard=flags,
        is_corrupt=flags.copy(),
        picture_type_codes=np.zeros(count, np.uint8),
    )
    return _Samples(table, check)


def _sample_entry(box: memoryview) -> tuple[bytes, KeyframeRule | None]:
    """The codec's tag, and what must be checked in the stream to trust the list of keyframes."""
    refuse(struct.unpack_from(">I", box, 4)[0] != 1, "several sample descriptions")
    entries = list(walk_boxes(box[8:]))
    refuse(len(entries) != 1, "several sample descriptions")
    kind, entry = entries[0]
    refuse(kind.startswith(b"enc") or kind == b"drmi", "encrypted")
    refuse(kind in _LEFT_TO_A_PARSER or kind.startswith(b"ai"), "a parser decides")
    refuse(len(entry) < 78, "not a video track")
    if kind == b"mp4v":
        configuration = only_box(read_boxes(entry[78:]), b"esds")
        refuse(not _is_mpeg4_visual(configuration), "not MPEG-4 Visual")
    if kind in (b"avc1", b"avc3"):
        return kind, h264_rule(bytes(only_box(read_boxes(entry[78:]), b"avcC")))
    return kind, None


def _is_mpeg4_visual(box: memoryview) -> bool:
    """Whether the decoder configuration (tag 4) names MPEG-4 Visual as the object type."""
    descriptors = bytes(box[4:])
    place = 0
    for tag, fixed in ((3, 3), (4, 0)):
        if place >= len(descriptors) or descriptors[place] != tag:
            return False
        place += 1
        while place < len(descriptors) and descriptors[place] & 0x80:
            place += 1
        place += 1 + fixed
    return place < len(descriptors) and descriptors[place] == _MPEG4_VISUAL


def _is_self_contained(information: BoxTree) -> bool:
    """Whether the only data reference is this file."""
    data = optional_box(information, b"dinf")
    if data is None:
        return True
    references = list(walk_boxes(only_box(read_boxes(data), b"dref")[8:]))
    return len(references) == 1 and len(references[0][1]) >= 4 and bool(references[0][1][3] & 1)


def _sizes(boxes: BoxTree, file_size: int) -> NDArray[np.int64]:
    compact = optional_box(boxes, b"stz2")
    if compact is not None:
        refuse(b"stsz" in boxes or compact[7] not in (8, 16), "an odd table of sizes")
        count = struct.unpack_from(">I", compact, 8)[0]
        refuse(12 + count * (compact[7] // 8) > len(compact), "a table is cut off")
        sizes = np.frombuffer(compact, f">u{compact[7] // 8}", count, 12).astype(np.int64)
    else:
        box = only_box(boxes, b"stsz")
        constant, count = struct.unpack_from(">II", box, 4)
        if constant:
            refuse(count * constant > file_size, "the file is truncated")
            sizes = np.full(count, constant, np.int64)
        else:
            refuse(12 + count * 4 > len(box), "a table is cut off")
            sizes = np.frombuffer(box, ">u4", count, 12).astype(np.int64)
    refuse(len(sizes) == 0 or bool((sizes <= 0).any()) or int(sizes.max()) >= 1 << 30, "odd sizes")
    return sizes


def _positions(boxes: BoxTree, sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    short, long = optional_box(boxes, b"stco"), optional_box(boxes, b"co64")
    if short is not None and long is None:
        chunks = table_rows(short, 1)[:, 0]
    elif long is not None and short is None:
        chunks = table_rows(long, 1, kind=">i8")[:, 0]
        refuse(bool((chunks < 0).any()), "odd chunk offsets")
    else:
        raise NotPlainError("not exactly one table of chunks")
    runs = table_rows(only_box(boxes, b"stsc"), 3)
    first, per_chunk = runs[:, 0], runs[:, 1]
    refuse(len(runs) == 0 or len(chunks) == 0 or int(first[0]) != 1, "odd chunks")
    refuse(bool((runs[:, 2] != 1).any() or (per_chunk < 1).any()), "odd chunks")
    lengths = np.diff(np.append(first, len(chunks) + 1))
    refuse(bool((lengths < 1).any()), "odd chunks")
    refuse(int((lengths * per_chunk).sum()) != len(sizes), "chunks and sizes disagree")
    in_chunk = np.repeat(per_chunk, lengths)
    before = np.cumsum(sizes) - sizes
    first_sample = np.cumsum(in_chunk) - in_chunk
    positions: NDArray[np.int64] = np.repeat(chunks - before[first_sample], in_chunk) + before
    return positions


def _keyframes(boxes: BoxTree, count: int) -> NDArray[np.bool_]:
    listed = optional_box(boxes, b"stss")
    if listed is None:
        return np.ones(count, np.bool_)
    keyframes = np.zeros(count, np.bool_)
    keyframes[_ascending_samples(listed, count)] = True
    refuse(not keyframes.any(), "an empty list of keyframes")
    partial = optional_box(boxes, b"stps")
    if partial is not None:
        numbers = _ascending_samples(partial, count)
        refuse(bool(keyframes[numbers].any()), "a keyframe is listed twice")
        keyframes[numbers] = True
    for group in boxes.get(b"sbgp", []):
        refuse(bytes(group[4:8]) == b"rap ", "keyframes in a sample group")
    return keyframes


def _ascending_samples(box: memoryview, count: int) -> NDArray[np.int64]:
    numbers = table_rows(box, 1)[:, 0] - 1
    if len(numbers):
        in_range = int(numbers[0]) >= 0 and int(numbers[-1]) < count
        refuse(not in_range or bool((np.diff(numbers) <= 0).any()), "odd keyframes")
    return numbers


# --- times ---------------------------------------------------------------------------------------------


def _starts(boxes: BoxTree, count: int) -> NDArray[np.int64]:
    """Decoding time of each sample, from 0."""
    runs = table_rows(only_box(boxes, b"stts"), 2)
    refuse(int(runs[:, 0].sum()) != count, "times and sizes disagree")
    # FFmpeg interprets a longer duration as negative and repairs it.
    refuse(bool((runs[:, 1] > (1 << 31) - 1).any()), "odd durations")
    durations = np.repeat(runs[:, 1], runs[:, 0])
    starts: NDArray[np.int64] = np.cumsum(durations) - durations
    return starts


def _composition_offsets(boxes: BoxTree, count: int) -> tuple[NDArray[np.int64] | None, int]:
    """The composition offset of each sample, and the amount by which FFmpeg moves dts back."""
    box = optional_box(boxes, b"ctts")
    if box is None or struct.unpack_from(">I", box, 4)[0] == 0:
        return None, 0
    # Version 0 is unsigned, but some writers store negative values; FFmpeg reads both as signed.
    runs = table_rows(box, 2, kind=">i4")
    refuse(bool((runs[:, 0] <= 0).any()) or int(runs[:, 0].sum()) != count, "offsets and sizes disagree")
    refuse(bool((np.abs(runs[:, 1]) > 1 << 28).any()), "odd offsets")
    # FFmpeg leaves the last two entries out of the shift.
    considered = runs[:-2, 1]
    shift = max(0, -int(considered.min())) if len(considered) else 0
    return np.repeat(runs[:, 1], runs[:, 0]), shift


def _edit_shift(
    track: BoxTree,
    scales: tuple[int, int],
    starts: NDArray[np.int64],
    offsets: NDArray[np.int64] | None,
    keyframes: NDArray[np.bool_],
) -> int:
    """FFmpeg's shift of every timestamp due to the edit list; refused if it would drop a packet.

    A plain list is any number of empty edits, which delay the start, and one edit that shows everything:
    FFmpeg then makes the first frame start where the empty edits end.
    """
    edits = _edits(track)
    if not edits:
        return 0
    movie_scale, media_scale = scales
    *empty, (duration, media_start, rate) = edits
    refuse(any(start != _EMPTY_EDIT for _, start, _ in empty), "several edits")
    refuse(media_start < 0 or rate != _NORMAL_RATE, "an odd edit")
    shown = starts if offsets is None else starts + offsets
    stop = media_start + _rescale(duration, movie_scale, media_scale)
    refuse(int(shown.min()) < media_start or int(shown.max()) >= stop, "an edit hides packets")
    _refuse_early_stop(starts, shown, keyframes, stop, waits_for_two=offsets is not None)
    _refuse_late_start(starts, shown, keyframes, media_start, has_offsets=offsets is not None)
    delay = sum(_rescale(length, movie_scale, media_scale) for length, _, _ in empty)
    return delay - max(int(shown.min()), 0)


def _edits(track: BoxTree) -> list[tuple[int, int, int]]:
    """Duration (movie units), start in the media (media units) and rate of each edit."""
    edits_box = optional_box(track, b"edts")
    box = None if edits_box is None else optional_box(read_boxes(edits_box), b"elst")
    if box is None:
        return []
    row = struct.Struct(">QqI" if box[0] == 1 else ">IiI")
    count: int = struct.unpack_from(">I", box, 4)[0]
    refuse(8 + count * row.size > len(box), "a table is cut off")
    return [row.unpack_from(box, 8 + place * row.size) for place in range(count)]


def _rescale(value: int, from_scale: int, to_scale: int) -> int:
    """``value`` in other units, rounded half up."""
    return (2 * value * to_scale + from_scale) // (2 * from_scale)


def _refuse_early_stop(
    starts: NDArray[np.int64],
    shown: NDArray[np.int64],
    keyframes: NDArray[np.bool_],
    stop: int,
    *,
    waits_for_two: bool,
) -> None:
    """Refuse an edit that FFmpeg leaves early, at the first (reordered: second) keyframe reaching its end."""
    durations = np.diff(starts, append=starts[-1] + stop)
    last_keys = np.flatnonzero(keyframes & (shown + durations >= stop))
    needed = 2 if waits_for_two else 1
    early = len(last_keys) >= needed and int(last_keys[needed - 1]) < len(starts) - 1
    refuse(early, "an edit stops early")


def _refuse_late_start(
    starts: NDArray[np.int64],
    shown: NDArray[np.int64],
    keyframes: NDArray[np.bool_],
    media_start: int,
    *,
    has_offsets: bool,
) -> None:
    """Refuse an edit that FFmpeg starts at a later keyframe: it takes the last one at or before the start."""
    eligible = keyframes & (starts <= media_start)
    if has_offsets:
        eligible &= shown <= media_start
    refuse(bool(eligible[1:].any()), "an edit starts late")
