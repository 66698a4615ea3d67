"""What the first frame's side data says of the stream: HDR metadata, and the encoder with its settings."""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING, NamedTuple

from av.sidedata.sidedata import SideData

from framescope.core.model.stream_facts import HdrFacts, MasteringDisplay
from framescope.core.printable import printable
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import VideoFrame

_MASTERING = struct.Struct("=22i")
"""FFmpeg's AVMasteringDisplayMetadata: ten fractions, then whether it has primaries and luminance."""
_LIGHT = struct.Struct("=2I")
"""FFmpeg's AVContentLightMetadata."""
_UUID_BYTES = 16
_ENCODERS = (b"x264", b"x265")
_OPTIONS = " - options: "
_MOST_LETTERS = 8000


class EncoderNote(NamedTuple):
    """What an encoder wrote about itself.

    Attributes:
        name: Its name and version.
        settings: Its options.
    """

    name: str = ""
    settings: str = ""


def hdr_of(frame: VideoFrame | None, *, dolby_vision: str = "") -> HdrFacts | None:
    """The HDR metadata of a frame, with what the container says of Dolby Vision; None if there is none."""
    display = light = None
    for kind, data in _side_data(frame):
        if kind == "MASTERING_DISPLAY_METADATA" and len(data) >= _MASTERING.size:
            display = _mastering_display(_MASTERING.unpack_from(data))
        elif kind == "CONTENT_LIGHT_LEVEL" and len(data) >= _LIGHT.size:
            light = _LIGHT.unpack_from(data)
    if display is None and light is None and not dolby_vision:
        return None
    # Zero stands for unknown (CTA-861.3, annex P).
    most, mean = light or (0, 0)
    return HdrFacts(display, most or None, mean or None, dolby_vision)


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
