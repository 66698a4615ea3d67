"""Stream properties that PyAV does not expose: level, pulldown, clean aperture, packed bitstreams."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from framescope.core.media.keyframe_check import NotPlainError
from framescope.core.media.tables.mp4_boxes import (
    find_movie,
    only_box,
    optional_box,
    read_boxes,
    read_track_id,
)
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PULLDOWN_PICTURES = 24
"""Number of MPEG-2 pictures examined for repeated fields: several cycles of 2:3 pulldown."""

_MPEG2_LEVELS = {4: "High", 6: tr("High 1440"), 8: "Main", 10: "Low"}
# H.262, table 8-4: escaped profiles have their own numbers.
_MPEG2_ESCAPED_LEVELS = {2: "High", 5: "Main", 10: "Low", 11: "Main", 13: tr("High 1440"), 14: "High"}
_MPEG2_ESCAPED_PROFILES = ("4:2:2", "Multi-view")
_AV1_ANY_LEVEL = 31
_H264_LEVEL_1B = 9
_PACKED_MARK = re.compile(rb"\x00\x00\x01\xb2DivX\d+(?:b|Build)\d+p", re.IGNORECASE)
_PICTURE_CODING = re.compile(rb"\x00\x00\x01\xb5([\x80-\x8f][\x00-\xff]{4})", re.DOTALL)
_DOLBY_VISION = (b"dvcC", b"dvvC", b"dvwC")
_SAMPLE_ENTRY_BYTES = 78
"""The fixed part of a visual sample entry, before its boxes (ISO/IEC 14496-12, 12.1.3)."""


def level_name(codec: str, profile: str | None, level: int | None) -> str:
    """The level as the codec's standard calls it, such as ``3.1`` or ``High``; empty if there is none.

    Args:
        codec: FFmpeg's name of the codec.
        profile: FFmpeg's name of the profile.
        level: The number in the stream.
    """
    if level is None:
        return ""
    mpeg2 = _MPEG2_ESCAPED_LEVELS if profile in _MPEG2_ESCAPED_PROFILES else _MPEG2_LEVELS
    names = {
        "h264": "1b" if level == _H264_LEVEL_1B else f"{level / 10:.1f}",
        "hevc": f"{level / 30:.1f}",
        "vvc": f"{level // 16}.{level % 16 // 3}",
        # AV1, annex A.3: seq_level_idx.
        "av1": "any" if level == _AV1_ANY_LEVEL else f"{2 + (level >> 2)}.{level & 3}",
        "mpeg2video": mpeg2.get(level, str(level)),
    }
    return names.get(codec, str(level))


def is_packed_bitstream(codec: str, extradata: bytes | None) -> bool:
    """Whether an MPEG-4 part 2 stream declares that its packets may hold a P and a B picture together."""
    return codec == "mpeg4" and _PACKED_MARK.search(extradata or b"") is not None


def pulldown_words(packets: Sequence[bytes]) -> str:
    """The repeated fields signalled by MPEG-2 pictures, in words; empty if there are none.

    Args:
        packets: The stream's first packets, `PULLDOWN_PICTURES` at most.
    """
    repeats = [
        bool(head[3] & 2) and bool(head[4] & 0x80)
        for packet in packets
        for head in _PICTURE_CODING.findall(packet)
    ]
    if not any(repeats):
        return ""
    changes = sum(one != other for one, other in pairwise(repeats))
    if len(repeats) > 1 and changes == len(repeats) - 1:
        return tr("2:3 pulldown: every second picture is shown for three fields")
    return tr(
        "{sum} of the first {pictures} repeat a field",
        sum=sum(repeats),
        pictures=counted(len(repeats), "picture", "pictures"),
    )


@dataclass(frozen=True, slots=True)
class PictureShape:
    """The picture shape declared by a sample entry of an MP4 or MOV file; None where it is not declared.

    Attributes:
        clean_aperture: Width and height of the area without edge artefacts (``clap``). Matroska's
            ``PixelCrop…`` elements are not read.
        pixel_aspect: Pixel width over height (``pasp``).
        dolby_vision: Profile, level and layers (``dvcC``, ``dvvC``); empty if there are none.
    """

    clean_aperture: tuple[int, int] | None = None
    pixel_aspect: Fraction | None = None
    dolby_vision: str = ""


def picture_shape(path: Path, track_id: int) -> PictureShape:
    """The picture shape declared by the first sample entry of an MP4 or MOV track."""
    try:
        with path.open("rb") as file:
            movie = read_boxes(find_movie(file, file.seek(0, 2), allows_fragments=True))
        for payload in movie.get(b"trak", []):
            track = read_boxes(payload)
            if read_track_id(track) == track_id:
                return _shape(track[b"mdia"][0])
    except (OSError, NotPlainError, struct.error, LookupError, StopIteration, ZeroDivisionError):
        # A damaged header is reported elsewhere.
        return PictureShape()
    return PictureShape()


def _shape(media: memoryview) -> PictureShape:
    tables = read_boxes(only_box(read_boxes(only_box(read_boxes(media), b"minf")), b"stbl"))
    entries = read_boxes(only_box(tables, b"stsd")[8:])
    entry = next(iter(entries.values()))[0]
    boxes = read_boxes(entry[_SAMPLE_ENTRY_BYTES:])
    aperture, aspect = optional_box(boxes, b"clap"), optional_box(boxes, b"pasp")
    size = None
    if aperture is not None:
        width, width_unit, height, height_unit = struct.unpack_from(">IIII", aperture)
        size = round(width / width_unit), round(height / height_unit)
    dolby = next((box for name in _DOLBY_VISION if (box := optional_box(boxes, name)) is not None), None)
    return PictureShape(
        size,
        None if aspect is None else Fraction(*struct.unpack_from(">II", aspect)),
        "" if dolby is None else dolby_vision_words(bytes(dolby)),
    )


def dolby_vision_words(record: bytes) -> str:
    """A Dolby Vision decoder configuration record, such as ``8.4, level 2, BL+RPU``; empty if it is cut off.

    Source: Dolby Vision streams within the ISO base media file format, 3.2.
    """
    if len(record) < 5:
        return ""
    bits = int.from_bytes(record[2:5], "big")
    profile, level = bits >> 17, bits >> 11 & 0x3F
    has_metadata, has_enhancement, has_base = bits >> 10 & 1, bits >> 9 & 1, bits >> 8 & 1
    compatible = bits >> 4 & 0xF
    layers = [
        name
        for name, is_there in (("BL", has_base), ("EL", has_enhancement), ("RPU", has_metadata))
        if is_there
    ]
    # Only the profiles from 8 on are told apart by what their base layer is compatible with.
    name = f"{profile}.{compatible}" if profile >= 8 else str(profile)
    return tr(
        "profile {profile}, level {level}, {layers}", profile=name, level=level, layers="+".join(layers)
    )
