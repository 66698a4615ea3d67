"""Reads which pictures refer to which from the headers of a GOP and of what it needs before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from framescope.core.bitstream.packet_table import check_has_packets
from framescope.core.bitstream.packets import PacketReader, frames_of_packet
from framescope.core.bitstream.references.elements import Elements
from framescope.core.bitstream.references.h264 import H264References
from framescope.core.bitstream.references.hevc import HevcReferences
from framescope.core.bitstream.references.mpeg import Mpeg4References, MpegReferences
from framescope.core.bitstream.references.pictures import ReferenceGraph, start_packet
from framescope.core.bitstream.references.slots import Av1References, Vp8References, Vp9References
from framescope.core.bitstream.syntax import Piece, has_syntax, passed_on, short_obu, trace_units
from framescope.core.bitstream.units import Framing, UnitSplitter
from framescope.core.errors import UnsupportedMediaError
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from framescope.core.bitstream.references.pictures import CodedPicture
    from framescope.core.bitstream.units import Unit
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

MOST_PACKETS = 1500
"""Packets that are read at once: GOPs of a minute. What comes after them is left out."""
_HEAD_BYTES = 1 << 11
"""How much of a slice or frame is passed on: its header is shorter, except for entry points at its end."""
_MOST_SLICES = 64
"""Slices of a picture that are looked at; those of one picture nearly always list the same pictures."""
_MOST_BYTES = 1 << 25
_VOP = 0xB6
_REFUSED = re.compile(r"\bout of range: ")
"""FFmpeg says this of a value that the standard does not allow. It can be any number."""
_PLACEHOLDER_BYTES = 19
"""Packed bitstreams have packets up to this size in place of frames that came with the previous packet."""


class _Codec(Protocol):
    """Follows the reference pictures of a codec, packet by packet."""

    @property
    def wanted(self) -> AbstractSet[int]:
        """Types of the units that it reads."""

    @property
    def wanted_at_entries(self) -> AbstractSet[int]:
        """The same, only in packets where decoding can start."""

    def take_set(self, unit: Elements) -> None: ...
    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]: ...


_CODECS: dict[str, type[_Codec]] = {
    "h264": H264References,
    "hevc": HevcReferences,
    "av1": Av1References,
    "vp9": Vp9References,
    "vp8": Vp8References,
    "mpeg1video": MpegReferences,
    "mpeg2video": MpegReferences,
    "mpeg4": Mpeg4References,
}


def has_references(codec: str) -> bool:
    """Whether references can be read for a codec (FFmpeg's name)."""
    return codec in _CODECS


def gop_packets(index: FrameIndex, frame_number: int) -> range:
    """The packets of a frame's GOP and those that its leading pictures are decoded from."""
    entries = index.entries
    row = entries.at_or_before(int(index.packet_numbers[frame_number]))
    first = int(entries.packet_numbers[row]) if row >= 0 else 0
    stop = int(entries.packet_numbers[row + 1]) if row + 1 < len(entries) else len(index.packet_sizes)
    numbers = index.numbers_of_packets[first:stop]
    # The lowest number is the one that is decoded from furthest back.
    lowest = int(numbers[numbers >= 0].min())
    start = min(start_packet(index, lowest), start_packet(index, frame_number))
    return range(start, stop)


def read_references(
    info: VideoInfo,
    index: FrameIndex,
    frame_number: int,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> ReferenceGraph:
    """The pictures of a frame's GOP, and of the GOP before if leading pictures need it.

    ``frame_number`` itself is not in the graph if more than `MOST_PACKETS` come before it, or if its headers
    cannot be read.

    Raises:
        UnsupportedMediaError: The source has no packets, or references cannot be read for its codec.
        OpenError: The file cannot be opened, or has changed.
        Cancelled: The work was cancelled.
    """
    check_has_packets(info)
    if info.codec not in _CODECS:
        raise UnsupportedMediaError(
            tr("References between {codec} pictures are not read.", codec=info.codec_meaning),
            hint=tr("They are read for H.264, HEVC, AV1, VP8, VP9 and MPEG-1, 2 and 4."),
        )
    cancel = cancel or CancelToken()
    packets = gop_packets(index, frame_number)[:MOST_PACKETS]
    codec = _CODECS[info.codec]()
    work = _Reading(info, index, codec)
    with PacketReader(info, index) as reader:
        work.add_header(reader.extradata)
        for number, packet in reader.from_entry(packets.start, progress=progress, cancel=cancel):
            if number >= packets.stop:
                break
            if number in packets and not work.add(number, bytes(packet)):
                break
    pictures, stop = work.pictures(cancel)
    packets = range(packets.start, min(packets.stop, stop))
    _number(pictures, index, packets)
    return ReferenceGraph(index, pictures, packets)


class _Reading:
    """Collects the units that a codec reads, has them read all at once, and passes them to it."""

    def __init__(self, info: VideoInfo, index: FrameIndex, codec: _Codec) -> None:
        self._codec_name = info.codec
        self._codec = codec
        self._entries = frozenset(index.entries.packet_numbers.tolist())
        self._splitter: UnitSplitter
        self._pieces: list[Piece] = []
        self._sets: list[Unit] = []
        self._units: list[tuple[int, list[Unit]]] = []
        self._left = _MOST_BYTES

    def add_header(self, extradata: bytes) -> None:
        """Take the stream's header."""
        self._splitter = splitter = UnitSplitter(self._codec_name, extradata)
        if not has_syntax(self._codec_name):
            return
        for unit in splitter.header_split.units:
            self._pieces.append(Piece(passed_on(splitter, extradata, unit), is_wanted=True))
            self._sets.append(unit)

    def add(self, packet_number: int, data: bytes) -> bool:
        """Take a packet; False if that is too much."""
        wanted = self._codec.wanted
        if packet_number in self._entries:
            wanted |= self._codec.wanted_at_entries
        splitter = self._splitter
        units: list[Unit] = []
        others = 0
        for unit in splitter.split(data).units:
            if unit.code not in wanted and splitter.framing is not Framing.OBU:
                continue
            if not splitter.is_parameter_set(unit):
                others += 1
                if others > _MOST_SLICES:
                    break
            is_wanted = unit.code in wanted
            piece = self._piece(data, unit)
            self._left -= len(piece)
            self._pieces.append(Piece(piece, is_wanted))
            if is_wanted:
                units.append(unit)
        self._units.append((packet_number, units))
        return self._left >= 0

    def _piece(self, data: bytes, unit: Unit) -> bytes:
        splitter = self._splitter
        if splitter.framing is Framing.OBU:
            return short_obu(data, unit, _HEAD_BYTES)
        if splitter.framing is Framing.FRAMES:
            return data[unit.offset : unit.offset + min(unit.size, _HEAD_BYTES)]
        if splitter.is_parameter_set(unit):
            return passed_on(splitter, data, unit)
        return passed_on(splitter, data, unit, _HEAD_BYTES)

    def pictures(self, cancel: CancelToken) -> tuple[list[CodedPicture], int]:
        """The pictures of the packets that were taken, up to one whose headers cannot be read.

        Returns:
            The pictures, and the packet after the last one.
        """
        answers = self._answers(cancel)
        for unit in self._sets:
            elements = self._elements(unit, *next(answers))
            if elements:
                self._codec.take_set(elements)
        pictures: list[CodedPicture] = []
        stop = 0
        for number, units in self._units:
            read = [self._elements(unit, *next(answers)) for unit in units]
            stop = number + 1
            if any(not elements for elements in read):
                # What it does to the pictures after it is not known.
                return pictures, number
            pictures += self._codec.take(number, read, len(pictures))
        return pictures, stop

    def _elements(self, unit: Unit, rows: Sequence[Sequence[object]], problem: str) -> Elements:
        """What was read of a unit; nothing where FFmpeg refused a value, which is listed all the same."""
        if _REFUSED.search(problem):
            # Of a message, what comes before it still holds.
            rows = [] if unit.code in self._codec.wanted else rows[:-1]
        return Elements(unit.code, unit.name, rows)

    def _answers(self, cancel: CancelToken) -> Iterator[tuple[Sequence[Sequence[object]], str]]:
        """For each wanted unit the rows that ``trace_worker`` sends, and why it could not be read whole."""
        if has_syntax(self._codec_name):
            for answer in trace_units(self._codec_name, self._pieces, cancel):
                yield answer["fields"], answer["problem"]
            return
        # FFmpeg lists no syntax of MPEG-4 part 2. The type is in the first two bits.
        for piece in self._pieces:
            content = piece.data
            rows = [("", "vop_coding_type", 0, 2, str(content[4] >> 6), "")] if len(content) > 4 else []
            rows.append(("", "is_placeholder", 0, 0, str(int(len(content) <= _PLACEHOLDER_BYTES)), ""))
            yield rows, ""


def _number(pictures: Sequence[CodedPicture], index: FrameIndex, packets: range) -> None:
    """Find the frames that show each picture."""
    shown: dict[int, list[CodedPicture]] = {number: [] for number in packets}
    for picture in pictures:
        for packet in (*(picture.packets if picture.is_shown else ()), *picture.shown_in):
            shown.setdefault(packet, []).append(picture)
    for packet, there in shown.items():
        # Of the layers of a scalable stream, the last one is shown.
        frames = frames_of_packet(index, packet)
        for picture, number in zip(there[-len(frames) :] if frames else (), frames, strict=False):
            picture.frame_numbers = tuple(sorted({*picture.frame_numbers, number}))
