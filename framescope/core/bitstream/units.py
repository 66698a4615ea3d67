"""Splits packets into the units that they consist of: NAL units, OBUs, start-code units, VP9 frames.

FFmpeg splits packets too, but does not report where the parts are. Here only the framing is read, with
limits, as it comes from files; what is in a unit is read by FFmpeg (``syntax``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.bitstream.unit_names import (
    av1_name,
    h264_name,
    hevc_name,
    mpeg2_name,
    mpeg4_name,
    vvc_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_UNITS = 4096
"""Units of a packet that are listed. Pictures of 8K in slices of a macroblock row have 256."""

_START_CODE = re.compile(rb"\x00\x00\x01")
_MOST_PARAMETER_SETS = 256


class Framing(Enum):
    """How units follow each other in a packet."""

    NAL = "nal"
    """NAL units, after start codes or lengths."""
    OBU = "obu"
    START_CODES = "start codes"
    FRAMES = "frames"
    """Whole frames, several in a VP9 superframe."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a packet.

    Attributes:
        code: Its type in the standard's numbers; -1 where the codec has no types.
        name: The standard's term for this type.
        offset: Bytes from the start of the packet to its first byte, after any start code or length of a NAL
            unit; the start codes of MPEG-1, 2 and 4 are part of their units.
        size: Bytes.
    """

    code: int
    name: str
    offset: int
    size: int


class Split(NamedTuple):
    """The units of a packet.

    Attributes:
        units: In order, `MOST_UNITS` at most.
        is_whole: Whether these are all; otherwise there are more, or the framing is damaged.
    """

    units: tuple[Unit, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Codec:
    framing: Framing
    name: Callable[[bytes], tuple[int, str]]
    parameter_sets: frozenset[int] = frozenset()


def _h264(head: bytes) -> tuple[int, str]:
    code = head[0] & 0x1F
    return code, h264_name(code)


def _hevc(head: bytes) -> tuple[int, str]:
    code = head[0] >> 1 & 0x3F
    return code, hevc_name(code)


def _vvc(head: bytes) -> tuple[int, str]:
    code = head[1] >> 3 if len(head) > 1 else 31
    return code, vvc_name(code)


def _av1(head: bytes) -> tuple[int, str]:
    code = head[0] >> 3 & 0xF
    return code, av1_name(code)


def _mpeg2(head: bytes) -> tuple[int, str]:
    return head[3], mpeg2_name(head[3], head[4] if len(head) > 4 else 0)


def _mpeg4(head: bytes) -> tuple[int, str]:
    return head[3], mpeg4_name(head[3])


def _frame(_head: bytes) -> tuple[int, str]:
    return -1, "frame"


_CODECS = {
    "h264": _Codec(Framing.NAL, _h264, frozenset({7, 8, 13, 15})),
    "hevc": _Codec(Framing.NAL, _hevc, frozenset({32, 33, 34})),
    "vvc": _Codec(Framing.NAL, _vvc, frozenset({12, 13, 14, 15, 16, 17, 18})),
    "av1": _Codec(Framing.OBU, _av1),
    "vp8": _Codec(Framing.FRAMES, _frame),
    "vp9": _Codec(Framing.FRAMES, _frame),
    "mpeg1video": _Codec(Framing.START_CODES, _mpeg2, frozenset({0xB3, 0xB5})),
    "mpeg2video": _Codec(Framing.START_CODES, _mpeg2, frozenset({0xB3, 0xB5})),
    "mpeg4": _Codec(Framing.START_CODES, _mpeg4),
}


def has_units(codec: str) -> bool:
    """Whether packets of this codec (FFmpeg's name) can be split."""
    return codec in _CODECS


class UnitSplitter:
    """Splits the packets of one stream.

    Attributes:
        framing: How units follow each other.
        length_bytes: How many bytes before each NAL unit hold its length; 0 where start codes separate them.
        header_split: The units in the stream's header, such as the parameter sets in an MP4 file; offsets
            are from its start.
    """

    def __init__(self, codec: str, extradata: bytes) -> None:
        """Take a codec for which `has_units` holds, and the header of the stream (empty if there is none)."""
        self._codec = _CODECS[codec]
        self._is_vp9 = codec == "vp9"
        self.framing = self._codec.framing
        self.length_bytes = 0
        self.header_split = Split((), is_whole=True)
        if self.framing is Framing.NAL:
            self.length_bytes, spans = _nal_header(codec, extradata)
            if self.length_bytes:
                self.header_split = self._named(extradata, spans)
                return
        if self.framing is Framing.FRAMES:
            return
        # AV1 has its units after the four bytes of av1C.
        start = 4 if self.framing is Framing.OBU and extradata[:1] == b"\x81" else 0
        units, is_whole = self.split(extradata[start:])
        moved = (Unit(unit.code, unit.name, unit.offset + start, unit.size) for unit in units)
        self.header_split = Split(tuple(moved), is_whole)

    def is_parameter_set(self, unit: Unit) -> bool:
        """Whether later units of the stream cannot be read without this one, and it is small."""
        return unit.code in self._codec.parameter_sets

    def split(self, packet: bytes) -> Split:
        """The units of a packet, of any bytes."""
        if self.framing is Framing.OBU:
            return self._named(packet, _obus(packet))
        if self.framing is Framing.FRAMES:
            return self._named(packet, _vp9_frames(packet) if self._is_vp9 else iter([(0, len(packet))]))
        if self.length_bytes:
            return self._named(packet, _after_lengths(packet, self.length_bytes))
        if self.framing is Framing.NAL:
            return self._named(packet, _nal_units(packet))
        return self._named(packet, _start_code_units(packet))

    def _named(self, packet: bytes, spans: Iterator[tuple[int, int]]) -> Split:
        units: list[Unit] = []
        for offset, size in spans:
            if len(units) == MOST_UNITS or not 0 < size <= len(packet) - offset:
                return Split(tuple(units), is_whole=False)
            code, name = self._codec.name(packet[offset : offset + 8])
            units.append(Unit(code, name, offset, size))
        return Split(tuple(units), is_whole=True)


def _start_codes(data: bytes) -> Iterator[int]:
    """Offsets of start codes, and of the end."""
    yield from (match.start() for match in _START_CODE.finditer(data))
    yield len(data)


def _nal_units(data: bytes) -> Iterator[tuple[int, int]]:
    starts = _start_codes(data)
    start = next(starts)
    for following in starts:
        # Zeros between a unit and the next start code belong to neither (H.264, annex B).
        stop = start + 3 + len(data[start + 3 : following].rstrip(b"\x00"))
        if stop > start + 3:
            yield start + 3, stop - start - 3
        start = following


def _start_code_units(data: bytes) -> Iterator[tuple[int, int]]:
    starts = _start_codes(data)
    start = next(starts)
    for following in starts:
        if following - start > 3:
            yield start, following - start
        start = following


def _after_lengths(data: bytes, length_bytes: int) -> Iterator[tuple[int, int]]:
    offset = 0
    while offset < len(data):
        size = int.from_bytes(data[offset : offset + length_bytes], "big")
        offset += length_bytes
        # An empty unit is written by some muxers, and means nothing.
        if size or offset > len(data):
            yield offset, size
        offset += size


def _obus(data: bytes) -> Iterator[tuple[int, int]]:
    """Open bitstream units (AV1 specification, 5.3)."""
    offset = 0
    while offset < len(data):
        head = 2 if data[offset] & 0x04 else 1
        size, length = len(data) - offset - head, 0
        if data[offset] & 0x02:
            size, length = leb128(data, offset + head)
        whole = head + length + size
        yield offset, whole
        offset += whole


def leb128(data: bytes, offset: int) -> tuple[int, int]:
    """A number of AV1, and how many bytes it takes; what is cut off counts as zero."""
    value = 0
    for count in range(8):
        byte = data[offset + count] if offset + count < len(data) else 0
        value |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            return value, count + 1
    return value, 8


def _vp9_frames(data: bytes) -> Iterator[tuple[int, int]]:
    """The frames of a superframe (VP9 specification, annex B)."""
    marker = data[-1] if data else 0
    count, width = (marker & 7) + 1, (marker >> 3 & 3) + 1
    index = len(data) - 2 - count * width
    if marker & 0xE0 != 0xC0 or index < 0 or data[index] != marker:
        yield 0, len(data)
        return
    offset = 0
    for number in range(count):
        place = index + 1 + number * width
        size = int.from_bytes(data[place : place + width], "little")
        if size:
            yield offset, min(size, index - offset)
        offset += size


def _nal_header(codec: str, extradata: bytes) -> tuple[int, Iterator[tuple[int, int]]]:
    """How many bytes hold a length, and the parameter sets, by a decoder configuration record.

    Zero and none where the header is not one (ISO/IEC 14496-15).
    """
    nothing: Iterator[tuple[int, int]] = iter(())
    if codec == "h264" and len(extradata) > 6 and extradata[0] == 1:
        return (extradata[4] & 3) + 1, _avc_sets(extradata)
    if codec == "hevc" and len(extradata) > 22 and extradata[0] == 1:
        return (extradata[21] & 3) + 1, _set_arrays(extradata, 22, frozenset())
    if codec == "vvc" and len(extradata) > 1 and extradata[0] & 0xF8 == 0xF8:
        return (extradata[0] >> 1 & 3) + 1, _set_arrays(
            extradata, _vvc_arrays(extradata), frozenset({12, 13})
        )
    return 0, nothing


def _avc_sets(data: bytes) -> Iterator[tuple[int, int]]:
    offset = 5
    for mask in (0x1F, 0xFF):
        if offset >= len(data):
            return
        count = data[offset] & mask
        offset += 1
        for _ in range(count):
            size = int.from_bytes(data[offset : offset + 2], "big")
            yield offset + 2, size
            offset += 2 + size


def _set_arrays(data: bytes, offset: int, single: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Units in arrays by type; those of the types in ``single`` are stored without a count."""
    if offset >= len(data):
        return
    arrays = data[offset]
    offset += 1
    left = _MOST_PARAMETER_SETS
    for _ in range(arrays):
        if offset + 3 > len(data):
            return
        count = 1
        if data[offset] & 0x1F not in single:
            count = int.from_bytes(data[offset + 1 : offset + 3], "big")
            offset += 2
        offset += 1
        for _ in range(count):
            left -= 1
            if offset + 2 > len(data) or left < 0:
                return
            size = int.from_bytes(data[offset : offset + 2], "big")
            yield offset + 2, size
            offset += 2 + size


def _vvc_arrays(data: bytes) -> int:
    """Where the arrays of a VvcDecoderConfigurationRecord begin."""
    if not data[0] & 1:
        return 1
    # Of what comes before them, only the sublayers, constraints and sub-profiles vary in length.
    sublayers = data[2] >> 4 & 7 if len(data) > 2 else 0
    offset = 4
    constraint_bytes = data[offset] & 0x3F if offset < len(data) else 0
    offset += 3 + max(constraint_bytes, 1)
    if sublayers > 1 and offset < len(data):
        offset += 1 + (data[offset] >> (9 - sublayers)).bit_count()
    sub_profiles = data[offset] if offset < len(data) else 0
    return offset + 1 + 4 * sub_profiles + 6
