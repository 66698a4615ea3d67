"""Packet tables of plain Matroska and WebM files, from a walk over their clusters without a demuxer.

The walk reads each block's header and skips its payload. Anything that FFmpeg would repair, split or guess is
left to a scan by FFmpeg. Sources: RFC 8794 (EBML), RFC 9559 (Matroska).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from framescope.core.media.container import open_bytes
from framescope.core.media.index import NO_PTS
from framescope.core.media.keyframe_check import (
    KeyframeRule,
    NotPlainError,
    av1_rule,
    flags_hold,
    h264_rule,
    hevc_rule,
    left_to_a_scan,
    refuse,
)
from framescope.core.media.tables.ebml import (
    HEADER_MARGIN,
    NUMBER_LENGTHS,
    NUMBER_MASKS,
    EbmlFile,
    elements,
    unsigned,
)
from framescope.core.media.tables.packet_table import PacketTable, PartialClock, PartialTable
from framescope.core.model.frame import PictureType
from framescope.core.model.progress import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

LastByte = Callable[[int], int]
"""Reads the last byte of the packet with that number."""


@dataclass(frozen=True, slots=True, eq=False)
class VpxFlags:
    """Facts by packet.

    Attributes:
        is_keyframe: bool.
        is_hidden: bool, the packet holds only a picture that is never shown.
        picture_type_codes: uint8, values of ``PictureType``.
    """

    is_keyframe: NDArray[np.bool_]
    is_hidden: NDArray[np.bool_]
    picture_type_codes: NDArray[np.uint8]


def vp8_flags(first_bytes: NDArray[np.uint8]) -> VpxFlags:
    """The flags of VP8 packets."""
    is_keyframe = (first_bytes & 1) == 0
    is_hidden = (first_bytes & 0x10) == 0
    is_intra = is_keyframe & ~is_hidden
    codes = np.where(is_intra, np.uint8(PictureType.I), np.uint8(PictureType.P))
    return VpxFlags(is_keyframe, is_hidden, codes)


def vp9_flags(first_bytes: NDArray[np.uint8], last_byte: LastByte) -> VpxFlags:
    """The flags of VP9 packets; the last byte is read only for those that may be hidden.

    Raises:
        NotPlainError: Some packet has a reserved profile.
    """
    # Two marker bits, profile low, profile high, [one reserved if both], show_existing, type, show.
    is_profile_3 = (first_bytes & 0x30) == 0x30
    refuse(bool((is_profile_3 & ((first_bytes & 8) != 0)).any()), "a reserved VP9 profile")
    bits = np.where(is_profile_3, first_bytes << 1, first_bytes)
    shows_existing, is_inter, is_shown = (bits & 8) != 0, (bits & 4) != 0, (bits & 2) != 0
    is_hidden = ~shows_existing & ~is_shown & (first_bytes >> 6 == 2)
    for number in np.flatnonzero(is_hidden).tolist():
        # A superframe ends in an index that begins with 110: it holds the shown picture as well.
        is_hidden[number] = last_byte(number) & 0xE0 != 0xC0
    is_keyframe = ~shows_existing & ~is_inter
    known = is_shown | shows_existing | is_hidden
    codes = np.where(known, np.uint8(PictureType.P), np.uint8(PictureType.UNKNOWN))
    codes[is_keyframe & is_shown] = PictureType.I
    return VpxFlags(is_keyframe, is_hidden, codes)


_ENTRY, _NUMBER, _TYPE, _CODEC, _PRIVATE = 0xAE, 0xD7, 0x83, 0x86, 0x63A2
_ENCODINGS, _DELAY, _SCALE, _OPERATION = 0x6D80, 0x56AA, 0x23314F, 0xE2
_VIDEO = 1
_STREAM_TYPES = frozenset((1, 2, 17, 33))
"""Video, audio, subtitles, metadata: the tracks that FFmpeg exposes as streams."""

_CODECS = {
    b"V_MPEG4/ISO/AVC": "h264",
    b"V_MPEGH/ISO/HEVC": "hevc",
    b"V_AV1": "av1",
    b"V_VP8": "vp8",
    b"V_VP9": "vp9",
    b"V_FFV1": "ffv1",
    b"V_MJPEG": "mjpeg",
    b"V_UNCOMPRESSED": "rawvideo",
}
"""Codecs whose packets FFmpeg returns as stored."""


@dataclass(frozen=True, slots=True)
class PlainTrack:
    """A video track whose packets are its blocks.

    Attributes:
        number: Its number in blocks; below 127, so that it takes one byte.
        codec: FFmpeg's codec name.
        reorders: Whether FFmpeg guesses a dts that differs from the pts.
        rule: How the stream itself marks keyframes, or None if the container's flag is used.
    """

    number: int
    codec: str
    reorders: bool
    rule: KeyframeRule | None


def find_track(tracks: bytes, stream_index: int) -> PlainTrack:
    """The track that is FFmpeg's stream ``stream_index``.

    Args:
        tracks: The payload of the Tracks element.
        stream_index: Index over all streams.

    Raises:
        NotPlainError: It is not video, is compressed, delayed, or of a codec whose packets FFmpeg changes.
    """
    entries = [dict(elements(payload)) for kind, payload in elements(tracks) if kind == _ENTRY]
    streams = [entry for entry in entries if _is_stream(entry)]
    refuse(not 0 <= stream_index < len(streams), "no such track")
    entry = streams[stream_index]
    number = _number(entry, _NUMBER)
    refuse(_number(entry, _TYPE) != _VIDEO, "no video track")
    refuse(not 0 < number < 127, "an odd track number")
    refuse(sum(_number(other, _NUMBER) == number for other in entries) != 1, "two tracks of one number")
    refuse(any(kind in entry for kind in (_ENCODINGS, _SCALE, _OPERATION)), "packets are stored changed")
    refuse(_number(entry, _DELAY) != 0, "a delayed track")
    codec = _CODECS.get(entry[_CODEC].rstrip(b"\0"))
    if codec is None:
        raise NotPlainError("FFmpeg may change the packets of this codec")
    return PlainTrack(number, codec, codec in ("h264", "hevc"), _rule(codec, entry.get(_PRIVATE, b"")))


def _is_stream(entry: dict[int, bytes]) -> bool:
    return _number(entry, _TYPE) in _STREAM_TYPES and _CODEC in entry


def _number(entry: dict[int, bytes], kind: int) -> int:
    return unsigned(entry.get(kind, b""))


def _rule(codec: str, configuration: bytes) -> KeyframeRule | None:
    if codec == "h264":
        return h264_rule(configuration)
    if codec == "hevc":
        return hevc_rule(configuration)
    return av1_rule if codec == "av1" else None


_EBML, _SEGMENT, _TRACKS, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0x1F43B675
_OTHER_TOP_LEVEL = frozenset((0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1043A770, 0x1254C367, 0x1941A469))
"""SeekHead, Info, Cues, Chapters, Tags, Attachments."""

_INFO, _WRITING_APP = 0x1549A966, 0x5741
_TIMESTAMP, _SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK, _REFERENCE = 0xE7, 0xA3, 0xA0, 0xA1, 0xFB
_CODEC_STATE, _DOCUMENT_TYPE = 0xA4, 0x4282
_HARMLESS = frozenset((0xA7, 0xAB, 0xEC, 0xBF))
"""Position, PrevSize, Void, CRC-32."""

_KEYFRAME, _LACED_OR_INVISIBLE = 0x80, 0x0E
_ELEMENTS_A_STEP = 8192
_BLOCK_HEADER, _HEAD_BYTES = 4, 8
"""Sizes of the track number, time and flags, without and with the first bytes of the packet."""

_LARGEST_HEADER, _LARGEST_TRACKS = 1 << 12, 1 << 24


@left_to_a_scan
def read_matroska_tables(
    source: str | os.PathLike[str],
    stream_index: int,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_partial: PartialTable | None = None,
) -> PacketTable:
    """List the packets of one track by walking the clusters, or return None if a scan is needed.

    It returns None for lacing, compression, encryption, codecs whose packets FFmpeg changes, keyframe
    flags that contradict the stream, a truncated file, and anything damaged.

    The table equals a packet scan's in pts, size, position and keyframe flag. Matroska stores no dts:
    it is pts where the codec does not reorder, and ``NO_PTS`` for H.264 and HEVC, where FFmpeg guesses.

    Args:
        source: A local file, or an address of a store.
        stream_index: FFmpeg's index of the stream over all streams of the file.
        progress: Receives the number of bytes processed.
        cancel: Stops the walk.
        on_partial: Receives the partial table at intervals.

    Raises:
        Cancelled: The work was cancelled.
    """
    with open_bytes(source) as file:
        listing = _Listing(EbmlFile(file), stream_index)
        return listing.carry_out(progress, cancel or CancelToken(), on_partial)


class _Listing:
    """One walk through a file, with its checks."""

    def __init__(self, file: EbmlFile, stream_index: int) -> None:
        self._file = file
        start, self._stop = _segment(file)
        self._track, self._position = _find_tracks(file, start, self._stop, stream_index)
        self._walk = _Walk(file, self._track.number)

    def carry_out(
        self, progress: ProgressCallback, cancel: CancelToken, on_partial: PartialTable | None
    ) -> PacketTable:
        """Walk to the end."""
        clock = PartialClock()
        while self._position < self._stop:
            cancel.raise_if_cancelled()
            progress(Progress(self._position, self._file.size, "Reading packets"))
            self._position = self._walk.step(self._position, self._stop)
            if on_partial is not None and self._walk.positions and clock.is_due(len(self._walk.positions)):
                on_partial(self._table(complete=False))
        refuse(self._position != self._stop, "the file is truncated")
        return self._table(complete=True)

    def _table(self, *, complete: bool) -> PacketTable:
        track, file = self._track, self._file
        table = _table(self._walk, track, file, complete=complete)
        holds = track.rule is None or flags_hold(track.rule, file.read, table, offset=_BLOCK_HEADER)
        refuse(not holds, "the stream has other keyframes")
        return table


def _segment(file: EbmlFile) -> tuple[int, int]:
    """Start and end of the only segment's contents."""
    position, stop = _segment_start(file)
    refuse(stop != file.size, "the file is truncated or continues")
    return position, stop


def _segment_start(file: EbmlFile) -> tuple[int, int]:
    """Where the contents of the first segment start, and where they end by its header."""
    kind, size, position = file.header(0)
    if kind != _EBML or size is None or size > _LARGEST_HEADER:
        raise NotPlainError("no EBML header")
    header = dict(elements(file.read(position, size)))
    refuse(header.get(_DOCUMENT_TYPE, b"").rstrip(b"\0") not in (b"matroska", b"webm"), "no Matroska")
    kind, length, position = file.header(position + size)
    refuse(kind != _SEGMENT, "no segment")
    return position, file.size if length is None else position + length


def _find_tracks(file: EbmlFile, start: int, stop: int, stream_index: int) -> tuple[PlainTrack, int]:
    """The chosen track, and the position of the first cluster."""
    found, position = _read_header(file, start, stop, frozenset((_TRACKS,)))
    if _TRACKS not in found:
        raise NotPlainError("no tracks before the clusters")
    return find_track(found[_TRACKS], stream_index), position


def _read_header(
    file: EbmlFile, start: int, stop: int, kinds: frozenset[int]
) -> tuple[dict[int, bytes], int]:
    """The payloads of elements of the segment, each there once, and the position of the first cluster."""
    found: dict[int, bytes] = {}
    position = start
    while position < stop:
        kind, size, payload = file.header(position)
        if kind == _CLUSTER:
            break
        if size is None or (kind not in _OTHER_TOP_LEVEL | _HARMLESS and kind != _TRACKS):
            raise NotPlainError("an unknown element")
        if kind in kinds:
            refuse(kind in found or size > _LARGEST_TRACKS, "odd tracks")
            found[kind] = file.read(payload, size)
        position = payload + size
    return found, position


class MatroskaHeader(NamedTuple):
    """What comes before the clusters.

    Attributes:
        entries: The payloads of the TrackEntry elements that FFmpeg exposes as streams, in their order.
        writing_app: The program that wrote the file; empty if it is not named.
    """

    entries: list[bytes]
    writing_app: str


def read_matroska_header(source: str | os.PathLike[str]) -> MatroskaHeader:
    """The header of a Matroska file.

    Raises:
        OSError: The file cannot be read.
        NotPlainError: The header is damaged.
        IndexError: The header is cut off.
    """
    with open_bytes(source) as file:
        whole = EbmlFile(file)
        start, _ = _segment_start(whole)
        found, _ = _read_header(whole, start, whole.size, frozenset((_TRACKS, _INFO)))
    entries = (payload for kind, payload in elements(found.get(_TRACKS, b"")) if kind == _ENTRY)
    writer = dict(elements(found.get(_INFO, b""))).get(_WRITING_APP, b"")
    return MatroskaHeader(
        [entry for entry in entries if _is_stream(dict(elements(entry)))],
        writer.partition(b"\0")[0].decode("utf-8", "replace"),
    )


class _Walk:
    """Walks the clusters and records the blocks of one track.

    Clusters are only entered, never left: whatever follows the last block of one begins the next, or is an
    element of the segment. So clusters of unknown size are walked like the others.
    """

    def __init__(self, file: EbmlFile, track_number: int) -> None:
        self._file = file
        self._track_byte = 0x80 | track_number
        self._cluster_stop: int | None = None
        self._cluster_time: int | None = None
        self.positions: list[int] = []
        self.sizes: list[int] = []
        self.cluster_times: list[int] = []
        self.heads: list[bytes] = []
        self.is_reference_free: dict[int, bool] = {}

    def step(self, position: int, stop: int) -> int:
        """Walk over a few thousand elements from ``position``; returns where to continue."""
        base, ready, window = 0, -1, b""
        for _ in range(_ELEMENTS_A_STEP):
            if position > ready:
                if position >= stop:
                    break
                window, base = self._file.look(position)
                ready = base + len(window) - HEADER_MARGIN
            place = position - base
            if window[place] != _SIMPLE_BLOCK:
                position = self._other(position)
                continue
            # The size is decoded here and not in a function: this runs for every block of the file.
            length = NUMBER_LENGTHS[window[place + 1]]
            body = place + 1 + length
            size = int.from_bytes(window[place + 1 : body], "big") & NUMBER_MASKS[length]
            if size == NUMBER_MASKS[length]:
                raise NotPlainError("a block of unknown size")
            if window[body] == self._track_byte:
                self._add(base + body, size, window[body : body + _HEAD_BYTES])
            position = base + body + size
        return position

    def _add(self, position: int, size: int, head: bytes) -> None:
        if self._cluster_time is None:
            raise NotPlainError("a cluster without a time")
        self.positions.append(position)
        self.sizes.append(size)
        self.cluster_times.append(self._cluster_time)
        self.heads.append(head)

    def _other(self, position: int) -> int:
        """Handle the element at ``position``, which is not a SimpleBlock; returns where to continue."""
        kind, size, payload = self._file.header(position)
        if kind == _CLUSTER:
            self._leave_cluster(position)
            self._cluster_stop = None if size is None else payload + size
            return payload
        if size is None:
            raise NotPlainError("an element of unknown size")
        if kind in _OTHER_TOP_LEVEL:
            self._leave_cluster(position)
        elif kind == _TIMESTAMP:
            refuse(not 0 < size <= 8, "an odd time")
            self._cluster_time = int.from_bytes(self._file.read(payload, size), "big")
            # Some writers store negative times, which the format does not allow; FFmpeg drops them.
            refuse(self._cluster_time >> 62 > 0, "an odd time")
        elif kind == _BLOCK_GROUP:
            self._group(payload, payload + size)
        else:
            refuse(kind not in _HARMLESS, "an unknown element")
        return payload + size

    def _leave_cluster(self, position: int) -> None:
        refuse(self._cluster_stop not in (None, position), "a cluster ends elsewhere")
        self._cluster_stop = self._cluster_time = None

    def _group(self, position: int, stop: int) -> None:
        """Record the block of a group; it is a keyframe if it references no other."""
        is_reference_free, block = True, None
        while position < stop:
            kind, size, payload = self._file.header(position)
            if size is None:
                raise NotPlainError("an element of unknown size")
            if kind == _BLOCK:
                refuse(block is not None, "two blocks in a group")
                block = payload, size
            is_reference_free &= kind != _REFERENCE
            refuse(kind == _CODEC_STATE, "the codec changes")
            position = payload + size
        refuse(position != stop or block is None, "an odd group of blocks")
        if block is not None:
            window, base = self._file.look(block[0])
            head = window[block[0] - base :][:_HEAD_BYTES]
            if head[0] == self._track_byte:
                self.is_reference_free[len(self.positions)] = is_reference_free
                self._add(*block, head)


def _table(walk: _Walk, track: PlainTrack, file: EbmlFile, *, complete: bool) -> PacketTable:
    count = len(walk.positions)
    joined = b"".join(head.ljust(_HEAD_BYTES, b"\0") for head in walk.heads)
    heads = np.frombuffer(joined, np.uint8).reshape(count, _HEAD_BYTES)
    flags, payloads = heads[:, 3], heads[:, _BLOCK_HEADER:]
    refuse(bool((flags & _LACED_OR_INVISIBLE).any()), "laced or invisible blocks")
    sizes = np.array(walk.sizes, np.int64) - _BLOCK_HEADER
    positions = np.array(walk.positions, np.int64)
    refuse(count == 0 or int(sizes.min()) <= 0 or int(sizes.max()) >= 1 << 31, "odd sizes")
    pts = np.array(walk.cluster_times, np.int64) + np.ascontiguousarray(heads[:, 1:3]).view(">i2")[:, 0]
    refuse(bool((pts < 0).any()), "times before zero, which FFmpeg takes for none")
    keyframes = (flags & _KEYFRAME) != 0
    for number, is_reference_free in walk.is_reference_free.items():
        keyframes[number] = is_reference_free
    vpx: VpxFlags | None = None
    if track.codec == "vp8":
        vpx = vp8_flags(payloads[:, 0])
    elif track.codec == "vp9":
        lasts = positions + sizes + _BLOCK_HEADER - 1
        vpx = vp9_flags(payloads[:, 0], lambda number: file.read(int(lasts[number]), 1)[0])
    return PacketTable(
        pts=pts,
        dts=np.full(count, NO_PTS) if track.reorders else pts.copy(),
        sizes=sizes.astype(np.int32),
        positions=positions,
        is_keyframe=keyframes if vpx is None else vpx.is_keyframe,
        is_discard=np.zeros(count, np.bool_) if vpx is None else vpx.is_hidden,
        is_corrupt=np.zeros(count, np.bool_),
        picture_type_codes=np.zeros(count, np.uint8) if vpx is None else vpx.picture_type_codes,
        complete=complete,
    )
