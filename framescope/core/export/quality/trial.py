"""Encodes one frame repeatedly with different settings, in memory, and measures each result."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.encode import decode_encoded, encode_frame, encode_pixels
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.tags import SourceFacts, tags_for
from framescope.core.export.quality.measure import psnr, ssim
from framescope.core.media.picture.geometry import rotated_size
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.export.quality.measure import Pixels
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame


class LevelKind(StrEnum):
    """A format's setting that trades size for something else."""

    QUALITY = "quality"
    """Size for similarity, 0 to 100."""
    COMPRESSION = "compression"
    """Size for time, 0 to 9; the pixels stay the same."""

    @property
    def label(self) -> str:
        """The setting's name."""
        return tr("Quality") if self is LevelKind.QUALITY else tr("Compression")

    @property
    def most(self) -> int:
        """The highest level; the lowest is 0."""
        return 100 if self is LevelKind.QUALITY else 9

    def level_of(self, settings: ExportSettings) -> int:
        """The settings' own level."""
        return settings.quality if self is LevelKind.QUALITY else settings.compression

    def applied(self, settings: ExportSettings, level: int) -> ExportSettings:
        """The same settings at another level."""
        if self is LevelKind.QUALITY:
            return replace(settings, quality=level)
        return replace(settings, compression=level)


def level_kind(settings: ExportSettings) -> LevelKind | None:
    """The kind of level of these settings; None if the format has none, or is lossless without one."""
    if settings.image_format.has_quality:
        return None if settings.is_lossless else LevelKind.QUALITY
    return LevelKind.COMPRESSION if settings.image_format.has_compression else None


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of encoding a picture once.

    Attributes:
        level: The quality or compression it was encoded with.
        size_bytes: Bytes of the file.
        psnr_db: See `quality.psnr`; infinite if no pixel changed.
        ssim: See `quality.ssim`; NaN if not requested, or if the picture is too small.
        encode_s: Seconds that encoding took.
    """

    level: int
    size_bytes: int
    psnr_db: float
    ssim: float
    encode_s: float


class FrameTrials:
    """Encodes one frame repeatedly. The pixels are prepared once. Threads: any.

    Attributes:
        settings: The settings that trials start from; format, geometry and depth are the same in all trials.
        original: (height, width, 3) in B, G, R order: the pixels to encode.
    """

    def __init__(self, frame: Frame, settings: ExportSettings, facts: SourceFacts | None = None) -> None:
        """Prepare the pixels.

        Raises:
            SettingsError: The crop reaches beyond the picture.
        """
        self.settings = settings
        self._frame = frame
        self._facts = facts or SourceFacts()
        self.original: Pixels = picture_pixels(frame, settings, self._facts.pixel_aspect)

    @property
    def frame_size(self) -> tuple[int, int]:
        """(width, height) before crop and resize, after any rotation."""
        picture = self._frame.picture
        rotation = picture.rotation if self.settings.rotate else 0
        return rotated_size(picture.width, picture.height, rotation)

    def encode(self, settings: ExportSettings) -> bytes:
        """The file as it would be written.

        Raises:
            EncodeError: The format cannot hold the picture.
        """
        if settings.image_format is ImageFormat.PLANES:
            return encode_frame(self._frame, settings, self._facts)
        tags = tags_for(self._frame, settings, self._facts) if settings.metadata else None
        return encode_pixels(self.original, settings, tags)

    def decode(self, data: bytes, settings: ExportSettings) -> Pixels:
        """The picture decoded from the file.

        Raises:
            VerificationError: The bytes hold no picture.
        """
        # Planes hold no picture: the frame itself is what is displayed.
        if settings.image_format is ImageFormat.PLANES:
            return self.original
        return decode_encoded(data, settings)

    def at_level(self, level: int, *, with_ssim: bool = False) -> Trial:
        """Encode at another quality or compression.

        Raises:
            SettingsError: These settings have no such level.
            EncodeError: The format cannot hold the picture.
            VerificationError: The encoder's output cannot be decoded.
        """
        kind = level_kind(self.settings)
        if kind is None:
            raise SettingsError(
                tr("{label} has no quality setting here.", label=self.settings.image_format.label)
            )
        return self.measure(kind.applied(self.settings, level), with_ssim=with_ssim)

    def measure(self, settings: ExportSettings, *, with_ssim: bool = False) -> Trial:
        """Encode, decode and compare.

        Raises:
            EncodeError: The format cannot hold the picture.
            VerificationError: The encoder's output cannot be decoded.
        """
        kind = level_kind(settings)
        began_s = time.perf_counter()
        data = self.encode(settings)
        encode_s = time.perf_counter() - began_s
        decoded = self.decode(data, settings)
        return Trial(
            level=0 if kind is None else kind.level_of(settings),
            size_bytes=len(data),
            psnr_db=psnr(self.original, decoded),
            ssim=ssim(self.original, decoded) if with_ssim else math.nan,
            encode_s=encode_s,
        )
