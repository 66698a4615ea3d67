"""The metadata of a saved picture: its video, frame and colour space."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.export.notes import is_deep
from framescope.core.media.container import file_name
from framescope.core.media.picture.geometry import rotated_pixel_aspect, rotated_size
from framescope.core.model.stream_facts import ColorFacts
from framescope.core.printable import printable
from framescope.core.version import VERSION

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo


SOFTWARE = f"FrameScope {VERSION}"
SQUARE = Fraction(1)
"""Square pixels."""
_SILENT = ColorFacts("unspecified", "bt709", "unspecified", "limited", "unspecified", "unspecified")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Facts common to all frames of a video.

    Attributes:
        name: The video's file name; without its folder, for privacy.
        time_base: Seconds per unit of pts; None if unknown.
        color: The colour properties signalled by the stream.
        bit_depth: Bits of the deepest component as decoded; 0 if unknown.
        pixel_aspect: Pixel width over height, as stored.
    """

    name: str = ""
    time_base: Fraction | None = None
    color: ColorFacts = _SILENT
    bit_depth: int = 0
    pixel_aspect: Fraction = SQUARE

    @classmethod
    def of(cls, info: VideoInfo) -> SourceFacts:
        """The facts declared by a probed video."""
        return cls(
            file_name(info.source),
            info.time_base,
            info.color,
            info.bit_depth,
            info.sample_aspect_ratio,
        )


@dataclass(frozen=True, slots=True)
class PictureTags:
    """The metadata written into one file.

    Attributes:
        source: The video's file name.
        frame_number: 0-based number in the video.
        pts: Timestamp in ``time_base``; None if there is none.
        time_base: Seconds per unit of pts; None if unknown.
        time_s: Seconds since the first frame.
        picture_type: ``I``, ``P``, ``B`` or ``?``.
        transfer: FFmpeg's name of the transfer characteristic of the pixels in the file.
        primaries: FFmpeg's name of the pixels' primaries.
        pixel_aspect: Pixel width over height for displaying the file.
        scale: The meaning of 16-bit values; empty for 8 bits.
        software: The software that wrote it.
    """

    source: str
    frame_number: int
    pts: int | None
    time_base: Fraction | None
    time_s: float
    picture_type: str
    transfer: str = "unspecified"
    primaries: str = "unspecified"
    pixel_aspect: Fraction = SQUARE
    scale: str = ""
    software: str = SOFTWARE


def tags_for(frame: Frame, settings: ExportSettings, facts: SourceFacts) -> PictureTags:
    """The metadata of this frame's file."""
    is_mapped = settings.tone_map and frame.picture.is_hdr and settings.image_format.is_picture
    deep = settings.image_format.is_picture and is_deep(facts.bit_depth, settings)
    return PictureTags(
        # No tag format allows bytes that are not UTF-8; XML also forbids control characters.
        source=printable(facts.name),
        frame_number=frame.frame_number,
        pts=frame.pts,
        time_base=facts.time_base,
        time_s=frame.time_s,
        picture_type=frame.picture_type.letter,
        transfer="iec61966-2-1" if is_mapped else facts.color.transfer,
        primaries="bt709" if is_mapped else facts.color.primaries,
        pixel_aspect=_pixel_aspect(frame, settings, facts),
        scale=f"0 is black, 65535 is white; from {facts.bit_depth or 8} bits" if deep else "",
    )


def _pixel_aspect(frame: Frame, settings: ExportSettings, facts: SourceFacts) -> Fraction:
    """The file's pixel aspect: the source's, rotated with the picture, and scaled by the resize."""
    if not settings.image_format.is_picture:
        return facts.pixel_aspect
    picture = frame.picture
    rotation = picture.rotation if settings.rotate else 0
    size = rotated_size(picture.width, picture.height, rotation)
    aspect = rotated_pixel_aspect(facts.pixel_aspect, rotation)
    if settings.crop is not None:
        size = settings.crop.width, settings.crop.height
    if settings.resize is None:
        return aspect
    if settings.resize.letterbox:
        return SQUARE
    width, height = settings.resize.size_of(*size, aspect)
    resized = aspect * Fraction(size[0] * height, width * size[1])
    # Rounding to whole pixels does not change the pixel aspect.
    return SQUARE if abs(resized - 1) * max(width, height) <= 1 else resized
