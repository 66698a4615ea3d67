"""Settings of an export: format, quality, folder, names. A frozen record that validates itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import (
    BitDepth,
    ChromaSampling,
    ImageFormat,
    PngStrategy,
    TiffCompression,
)
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.name_pattern import NamePattern
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["DEFAULT_PATTERN", "ExportSettings", "ImageFormat", "OnExisting", "settings_from_table"]

DEFAULT_PATTERN = "{stem}_{frame:06d}"


class OnExisting(StrEnum):
    """What to do if the file exists already."""

    ASK = "ask"
    SKIP = "skip"
    OVERWRITE = "overwrite"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Export settings. Options that do not apply to the format have no effect.

    Attributes:
        folder: Output folder; created if missing.
        image_format: The file format.
        quality: Quality of JPEG, WebP and AVIF, 0 to 100.
        compression: Compression level of PNG, TIFF, NPZ and planes, 0 (stored) to 9 (smallest); all give the
            same pixels.
        name_pattern: File names without extension; see `NamePattern`.
        on_existing: What to do if a file already exists.
        rotate: Whether to apply the video's rotation.
        chroma: Chroma subsampling of JPEG and AVIF.
        progressive: Whether a JPEG is progressive.
        optimized: Whether a JPEG has optimised Huffman tables: smaller, slower, the same pixels.
        png_strategy: The deflate strategy of PNG.
        tiff_compression: The compression of TIFF.
        lossless: Whether WebP and AVIF are lossless.
        bit_depth: The bits saved per component.
        tone_map: Whether to tone map HDR (PQ, HLG) to SDR BT.709; no effect on other videos.
        crop: The rectangle to save, in the rotated picture; None for all of it.
        resize: The size to scale to; None to keep the size.
        metadata: Whether source, frame number, pts, time and colour profile are written into the file.

    Raises:
        SettingsError: A value is invalid.
    """

    folder: Path
    image_format: ImageFormat = ImageFormat.JPEG
    quality: int = 95
    compression: int = 2
    name_pattern: str = DEFAULT_PATTERN
    on_existing: OnExisting = OnExisting.ASK
    rotate: bool = True
    chroma: ChromaSampling = ChromaSampling.QUARTER
    progressive: bool = False
    optimized: bool = False
    png_strategy: PngStrategy = PngStrategy.AUTO
    tiff_compression: TiffCompression = TiffCompression.DEFLATE
    lossless: bool = False
    bit_depth: BitDepth = BitDepth.SOURCE
    tone_map: bool = False
    crop: Crop | None = None
    resize: Resize | None = None
    metadata: bool = True

    def __post_init__(self) -> None:
        """Validate the settings."""
        if not 0 <= self.quality <= 100:
            raise SettingsError(
                tr("Quality {quality} is not valid.", quality=self.quality), hint=tr("It goes from 0 to 100.")
            )
        if not 0 <= self.compression <= 9:
            raise SettingsError(
                tr("Compression {compression} is not valid.", compression=self.compression),
                hint=tr("It goes from 0 to 9."),
            )
        NamePattern(self.name_pattern)

    @property
    def is_lossless(self) -> bool:
        """Whether the format is lossless with these settings."""
        return self.image_format.is_lossless or (self.image_format.has_lossless_option and self.lossless)

    def as_table(self) -> dict[str, str | int | bool]:
        """Plain values by name, for storage and `settings_from_table`; "" for None."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def settings_from_table(table: Mapping[str, object], *, folder: Path) -> ExportSettings:
    """Settings from stored values; missing or invalid ones take their defaults.

    Args:
        table: As returned by `ExportSettings.as_table`, perhaps by another version.
        folder: Used if the table names none.
    """
    settings = ExportSettings(folder)
    for field in fields(ExportSettings):
        if field.name in table:
            settings = _with_value(settings, field.name, table[field.name])
    return settings


_READERS: dict[str, Callable[[str], object]] = {
    "folder": Path,
    "image_format": ImageFormat,
    "on_existing": OnExisting,
    "chroma": ChromaSampling,
    "png_strategy": PngStrategy,
    "tiff_compression": TiffCompression,
    "bit_depth": BitDepth,
    "crop": lambda text: Crop.parse(text) if text else None,
    "resize": lambda text: Resize.parse(text) if text else None,
}


def _plain(value: object) -> str | int | bool:
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    return value if isinstance(value, (str, int)) else str(value)


def _with_value(settings: ExportSettings, name: str, value: object) -> ExportSettings:
    # bool is an int to Python, but True is not a quality.
    if type(value) is not type(settings.as_table()[name]):
        return settings
    changed = {field.name: getattr(settings, field.name) for field in fields(settings)}
    try:
        changed[name] = _READERS[name](str(value)) if name in _READERS else value
        return ExportSettings(**changed)
    except (SettingsError, ValueError):
        return settings
