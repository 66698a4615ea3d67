"""What the first frame's side data says of the stream: HDR, encoder and settings, timecode, active format."""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING, NamedTuple

from av.sidedata.sidedata import SideData

from framescope.core.media.facts.format_names import hdr_formats
from framescope.core.model.stream_facts import HdrFacts, MasteringDisplay
from framescope.core.printable import printable
from framescope.core.translation import tr, tr_later

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import VideoFrame

    from framescope.core.model.stream_facts import ColorFacts, DolbyVision

_MASTERING = struct.Struct("=22i")
"""FFmpeg's AVMasteringDisplayMetadata: ten fractions, then whether it has primaries and luminance."""
_LIGHT = struct.Struct("=2I")
"""FFmpeg's AVContentLightMetadata."""
_UUID_BYTES = 16
_ENCODERS = (b"x264", b"x265")
_OPTIONS = " - options: "
_MOST_LETTERS = 8000


_ACTIVE_FORMATS = {
    2: tr_later("16:9 at the top (box)"),
    3: tr_later("14:9 at the top (box)"),
    4: tr_later("wider than 16:9, centred (box)"),
    8: tr_later("the whole coded frame"),
    9: tr_later("4:3, centred"),
    10: tr_later("16:9, centred"),
    11: tr_later("14:9, centred"),
    13: tr_later("4:3, with an alternative 14:9 centre"),
    14: tr_later("16:9, with an alternative 14:9 centre"),
    15: tr_later("16:9, with an alternative 4:3 centre"),
}
"""Active format descriptions (SMPTE ST 2016-1, ETSI TS 101 154, annex B); the others are reserved."""
_STEREO = {
    1: tr_later("side by side"),
    2: tr_later("top and bottom"),
    3: tr_later("frame by frame"),
    4: tr_later("checkerboard"),
    5: tr_later("side by side, quincunx"),
    6: tr_later("line by line"),
    7: tr_later("column by column"),
}
"""FFmpeg's AVStereo3DType; 0 is a plain picture."""
_PROJECTIONS = {
    0: tr_later("equirectangular"),
    1: tr_later("cube map"),
    2: tr_later("equirectangular, a part of the sphere"),
    3: tr_later("equirectangular, half a sphere"),
    5: tr_later("fisheye"),
}
"""FFmpeg's AVSphericalProjection; 4 is a plain picture."""


class FrameExtras(NamedTuple):
    """What a frame says of the picture; texts are empty where it says nothing.

    Attributes:
        active_format: Which part of the frame holds the picture (AFD).
        stereo_3d: How two views are packed into the frame.
        projection: How a spherical picture is projected.
        has_closed_captions: Whether it carries closed captions (CEA-608 or CEA-708).
    """

    active_format: str = ""
    stereo_3d: str = ""
    projection: str = ""
    has_closed_captions: bool = False


class EncoderNote(NamedTuple):
    """What an encoder wrote about itself.

    Attributes:
        name: Its name and version.
        settings: Its options.
    """

    name: str = ""
    settings: str = ""


def hdr_of(
    frame: VideoFrame | None, color: ColorFacts, *, bit_depth: int, dolby_vision: DolbyVision | None = None
) -> HdrFacts | None:
    """The HDR metadata of a frame, with what the container says of Dolby Vision; None if there is none."""
    display = light = None
    kinds = set()
    for kind, data in _side_data(frame):
        kinds.add(kind)
        if kind == "MASTERING_DISPLAY_METADATA" and len(data) >= _MASTERING.size:
            display = _mastering_display(_MASTERING.unpack_from(data))
        elif kind == "CONTENT_LIGHT_LEVEL" and len(data) >= _LIGHT.size:
            light = _LIGHT.unpack_from(data)
    has_static_metadata = display is not None or light is not None
    formats = hdr_formats(
        color,
        bit_depth=bit_depth,
        has_static_metadata=has_static_metadata,
        dolby_vision=dolby_vision,
        side_data=kinds,
    )
    if not has_static_metadata and not formats:
        return None
    # Zero stands for unknown (CTA-861.3, annex P).
    most, mean = light or (0, 0)
    return HdrFacts(display, most or None, mean or None, dolby_vision, formats)


def extras_of(frame: VideoFrame | None) -> FrameExtras:
    """What else a frame carries."""
    found = dict(_side_data(frame))
    active, stereo, sphere = (found.get(kind, b"") for kind in ("AFD", "STEREO3D", "SPHERICAL"))
    return FrameExtras(
        active_format=_ACTIVE_FORMATS.get(active[0] & 15, "") if active else "",
        stereo_3d=_STEREO.get(_first_number(stereo), "") if stereo else "",
        projection=_PROJECTIONS.get(_first_number(sphere), "") if sphere else "",
        has_closed_captions="A53_CC" in found,
    )


def _first_number(data: bytes) -> int:
    return int.from_bytes(data[:4], sys.byteorder)


def encoder_of(frame: VideoFrame | None) -> EncoderNote:
    """What x264 or x265 wrote into the stream about itself; empty if neither did."""
    for kind, data in _side_data(frame):
        text = data[_UUID_BYTES:].rstrip(b"\x00")
        if kind == "SEI_UNREGISTERED" and text.startswith(_ENCODERS):
            note = printable(text.decode("utf-8", "replace")[:_MOST_LETTERS])
            head, _, settings = note.partition(_OPTIONS)
            return EncoderNote(" ".join(head.partition(" - H.26")[0].split(" - ")), settings)
    return EncoderNote()


def timecode_of(frame: VideoFrame | None) -> str:
    """The timecode that the stream itself gives a frame, and where; empty if it gives none."""
    for kind, data in _side_data(frame):
        if kind == "GOP_TIMECODE" and len(data) >= 8:
            code = gop_timecode(int.from_bytes(data[:8], sys.byteorder))
            return tr("{timecode} (GOP header)", timecode=code)
        if kind == "S12M_TIMECODE" and len(data) >= 8 and int.from_bytes(data[:4], sys.byteorder):
            code = smpte_timecode(int.from_bytes(data[4:8], sys.byteorder))
            return tr("{timecode} (SMPTE ST 12-1)", timecode=code)
    return ""


def gop_timecode(value: int) -> str:
    """The 25 bits of an MPEG GOP header as text (ISO/IEC 13818-2, 6.3.8)."""
    hours, minutes, seconds, pictures = value >> 19 & 31, value >> 13 & 63, value >> 6 & 63, value & 63
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if value >> 24 & 1 else ':'}{pictures:02}"


def smpte_timecode(value: int) -> str:
    """FFmpeg's ``AV_FRAME_DATA_S12M_TIMECODE`` as text: 32 bits, digits in BCD, hours in the low bits."""
    parts = (value & 0x3F, value >> 8 & 0x7F, value >> 16 & 0x7F, value >> 24 & 0x3F)
    hours, minutes, seconds, frames = (10 * (part >> 4) + (part & 15) for part in parts)
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if value >> 30 & 1 else ':'}{frames:02}"


def _side_data(frame: VideoFrame | None) -> Iterator[tuple[str, bytes]]:
    if frame is None:
        return
    try:
        entries = list(frame.side_data)
    except ValueError:
        # PyAV 18 rejects all side data if one type is unknown to it.
        return
    for entry in entries:
        if isinstance(entry, SideData):
            yield entry.type.name, bytes(entry)


def _mastering_display(numbers: tuple[int, ...]) -> MasteringDisplay | None:
    *fractions, has_primaries, has_luminance = numbers
    pairs = zip(fractions[::2], fractions[1::2], strict=True)
    values = [numerator / denominator if denominator else 0.0 for numerator, denominator in pairs]
    if not has_primaries and not has_luminance:
        return None
    points = tuple(zip(values[:8:2], values[1:8:2], strict=True)) if has_primaries else ()
    return MasteringDisplay(
        primaries=points[:3],
        white_point=points[3] if points else None,
        luminance=(values[8], values[9]) if has_luminance else None,
    )
