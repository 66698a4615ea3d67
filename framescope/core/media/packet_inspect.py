"""Reads a packet's picture type from its first bytes, without decoding it.

Sources: ITU-T H.264 (7.3.1, 7.4.1, table 7-6), ITU-T H.265 (7.3.1.2, 7.3.6.1, table 7-1), ISO/IEC 13818-2
(6.2.3), ISO/IEC 14496-2 (6.2.5), RFC 6386 (9.1) and the VP9 bitstream specification (6.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from framescope.core.model.frame import PictureType


@dataclass(frozen=True, slots=True)
class PacketLook:
    """What the first bytes of a packet reveal.

    Attributes:
        picture_type: I, P, B, or UNKNOWN if the first bytes do not show it.
        is_reference: Whether other pictures may need this one; True when in doubt.
        is_shown: Whether a decoder outputs a picture for it.
    """

    picture_type: PictureType = PictureType.UNKNOWN
    is_reference: bool = True
    is_shown: bool = True


Inspector = Callable[[memoryview], PacketLook]

_UNKNOWN = PacketLook()
_LOOKS = {
    (kind, reference): PacketLook(kind, reference) for kind in PictureType for reference in (True, False)
}
_HIDDEN = PacketLook(PictureType.P, is_shown=False)
_SLICE_TYPES_H264 = (PictureType.P, PictureType.B, PictureType.I, PictureType.P, PictureType.I)
_START_CODE_SEARCH = 4096
"""How many bytes of parameter sets and SEI messages are skipped in search of the first slice."""


def inspector_for(codec: str, extradata: bytes | None) -> Inspector | None:
    """The function that inspects packets of this codec, or None if there is none.

    Args:
        codec: FFmpeg's codec name, such as ``h264``.
        extradata: The codec's out-of-band header; its first byte distinguishes length-prefixed NAL units (1)
            from start codes.
    """
    length_size = nal_length_size(codec, extradata)
    if codec == "h264":
        return lambda data: _first_slice_h264(data, length_size)
    if codec == "hevc":
        layers = extradata[21] >> 3 & 7 if extradata and length_size else 0
        return lambda data: _first_slice_hevc(data, length_size, layers)
    return {
        "vp8": _look_vp8,
        "vp9": _look_vp9,
        "mpeg1video": _look_mpeg2,
        "mpeg2video": _look_mpeg2,
        "mpeg4": _look_mpeg4,
    }.get(codec)


def nal_length_size(codec: str, extradata: bytes | None) -> int:
    """Bytes of each NAL unit's length field, or 0 if they are separated by start codes."""
    if not extradata or extradata[0] != 1:
        return 0
    place = 4 if codec == "h264" else 21
    return (extradata[place] & 3) + 1 if len(extradata) > place else 0


def nal_starts(data: memoryview, length_size: int) -> list[int]:
    """Offsets of the first NAL units' headers, up to the limit for finding a slice."""
    starts: list[int] = []
    limit = len(data)
    if length_size:
        place = 0
        while place + length_size < limit and len(starts) < 32:
            size = int.from_bytes(data[place : place + length_size], "big")
            starts.append(place + length_size)
            place += length_size + size
        return starts
    head = bytes(data[:_START_CODE_SEARCH])
    place = head.find(b"\0\0\1")
    while place >= 0 and len(starts) < 32:
        starts.append(place + 3)
        place = head.find(b"\0\0\1", place + 3)
    return starts


def _exp_golombs(data: bytes, count: int) -> list[int]:
    """The first ``count`` unsigned Exp-Golomb numbers of ``data`` (H.264, 9.1)."""
    bits = int.from_bytes(data, "big")
    left = len(data) * 8
    numbers: list[int] = []
    for _ in range(count):
        zeros = left - (bits & ((1 << left) - 1)).bit_length()
        left -= 2 * zeros + 1
        if left < 0:
            break
        numbers.append(((bits >> left) & ((1 << (zeros + 1)) - 1)) - 1)
    return numbers


def _first_slice_h264(data: memoryview, length_size: int) -> PacketLook:
    for start in nal_starts(data, length_size):
        if start >= len(data):
            break
        kind = data[start] & 31
        if kind in (1, 2, 5):
            numbers = _exp_golombs(bytes(data[start + 1 : start + 12]), 2)
            if len(numbers) < 2 or numbers[1] > 9:
                return _UNKNOWN
            return _LOOKS[_SLICE_TYPES_H264[numbers[1] % 5], bool(data[start] & 0x60)]
    return _UNKNOWN


def _first_slice_hevc(data: memoryview, length_size: int, layers: int) -> PacketLook:
    for start in nal_starts(data, length_size):
        if start + 3 >= len(data):
            break
        kind = (data[start] >> 1) & 63
        if kind > 31:
            continue
        # Types 0, 2, 4 … 14 are not referenced within their own temporal layer; only in the highest layer
        # does that mean not at all. hvcC states the number of layers; without it nothing is skipped.
        is_highest = (data[start + 1] & 7) == layers
        is_reference = kind > 15 or bool(kind & 1) or not is_highest
        return _LOOKS[PictureType.I if 16 <= kind <= 23 else PictureType.UNKNOWN, is_reference]
    return _UNKNOWN


def _look_vp8(data: memoryview) -> PacketLook:
    if not len(data):
        return _UNKNOWN
    if not data[0] & 0x10:
        return _HIDDEN
    return _LOOKS[PictureType.P if data[0] & 1 else PictureType.I, True]


def is_vp9_key(data: memoryview) -> bool:
    """Whether a VP9 packet begins with a keyframe; packets received by RTP are not flagged."""
    if not len(data) or data[0] >> 6 != 2:
        return False
    shift = 3 if data[0] & 0x30 != 0x30 else 2
    # show_existing_frame and frame_type.
    return data[0] >> (shift - 1) & 3 == 0


def _look_vp9(data: memoryview) -> PacketLook:
    if not len(data) or data[0] >> 6 != 2:
        return _UNKNOWN
    if (data[-1] & 0xE0) == 0xC0:
        # A superframe: hidden pictures and the one that is shown, in one packet.
        return _LOOKS[PictureType.UNKNOWN, True]
    # frame_marker (2 bits), profile low, profile high, [reserved when both], show_existing, type, show.
    shift = 3 if data[0] & 0x30 != 0x30 else 2
    if data[0] >> shift & 1:
        return _LOOKS[PictureType.P, True]
    is_inter, is_shown = data[0] >> (shift - 1) & 1, data[0] >> (shift - 2) & 1
    if not is_shown:
        return _HIDDEN
    return _LOOKS[PictureType.P if is_inter else PictureType.I, True]


def _look_mpeg2(data: memoryview) -> PacketLook:
    head = bytes(data[:_START_CODE_SEARCH])
    place = head.find(b"\0\0\1\0")
    if place < 0 or place + 5 >= len(head):
        return _UNKNOWN
    kind = head[place + 5] >> 3 & 7
    if kind > 3:
        return _UNKNOWN
    return _LOOKS[PictureType(kind), kind != 3]


def _look_mpeg4(data: memoryview) -> PacketLook:
    head = bytes(data[:_START_CODE_SEARCH])
    place = head.find(b"\0\0\1\xb6")
    if place < 0 or place + 4 >= len(head):
        return _UNKNOWN
    kind = head[place + 4] >> 6
    if kind == 3:
        return _LOOKS[PictureType.P, True]
    return _LOOKS[PictureType(kind + 1), kind != 2]
