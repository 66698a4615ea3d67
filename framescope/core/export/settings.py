"""How frames are to be saved: format, quality, folder, names. A frozen record that checks itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import NamePattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    _Choice = TypeVar("_Choice", bound=StrEnum)

DEFAULT_PATTERN = "{stem}_{frame:06d}"


class ImageFormat(StrEnum):
    """What a picture file is written as."""

    JPEG = "jpeg"
    PNG = "png"

    @property
    def extension(self) -> str:
        """The end of file names, with its dot."""
        return ".jpg" if self is ImageFormat.JPEG else ".png"

    @property
    def label(self) -> str:
        """The name people know it by."""
        return self.value.upper()

    @property
    def is_lossless(self) -> bool:
        """Whether every pixel comes back as it was."""
        return self is ImageFormat.PNG


class OnExisting(StrEnum):
    """What to do when a file of the planned name is there already."""

    ASK = "ask"
    SKIP = "skip"
    OVERWRITE = "overwrite"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """How frames are to be saved.

    Attributes:
        folder: Where to; made when it is missing.
        image_format: JPEG or PNG.
        quality: JPEG quality, 0 to 100.
        compression: PNG effort, 0 (stored) to 9 (smallest); the pixels are the same at each.
        name_pattern: File names without extension; see `NamePattern`.
        on_existing: What to do when a file is there already.
        rotate: Whether the video's rotation is applied.

    Raises:
        SettingsError: A value cannot be used.
    """

    folder: Path
    image_format: ImageFormat = ImageFormat.JPEG
    quality: int = 95
    compression: int = 2
    name_pattern: str = DEFAULT_PATTERN
    on_existing: OnExisting = OnExisting.ASK
    rotate: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        if not 0 <= self.quality <= 100:
            raise SettingsError(f"JPEG quality {self.quality} does not exist.", hint="It goes from 0 to 100.")
        if not 0 <= self.compression <= 9:
            raise SettingsError(
                f"PNG compression {self.compression} does not exist.", hint="It goes from 0 to 9."
            )
        NamePattern(self.name_pattern)

    def as_table(self) -> dict[str, str | int | bool]:
        """Plain values by name, to be kept and read back by `settings_from_table`."""
        return {
            "folder": str(self.folder),
            "image_format": self.image_format.value,
            "quality": self.quality,
            "compression": self.compression,
            "name_pattern": self.name_pattern,
            "on_existing": self.on_existing.value,
            "rotate": self.rotate,
        }


def settings_from_table(table: Mapping[str, object], *, folder: Path) -> ExportSettings:
    """Settings out of kept values; what is missing or cannot be used takes its default.

    Args:
        table: As `ExportSettings.as_table` gave it, perhaps by another version.
        folder: Taken where the table names none.
    """
    settings = ExportSettings(folder)
    for field in fields(ExportSettings):
        if field.name in table:
            settings = _with_value(settings, field.name, table[field.name])
    return settings


def _with_value(settings: ExportSettings, name: str, value: object) -> ExportSettings:
    kinds = {"folder": Path, "image_format": ImageFormat, "on_existing": OnExisting}
    plain = settings.as_table()[name]
    # bool is an int to Python, but True is no quality.
    if type(value) is not type(plain):
        return settings
    changed = {field.name: getattr(settings, field.name) for field in fields(settings)}
    try:
        changed[name] = kinds[name](value) if name in kinds else value
        return ExportSettings(**changed)
    except (SettingsError, ValueError):
        return settings
