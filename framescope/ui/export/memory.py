"""The last used values of the export dialog, as plain values for the settings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths

from framescope.core.export.name_pattern import source_stem
from framescope.core.export.settings import ExportSettings, settings_from_table
from framescope.core.folders import expanded
from framescope.core.media.container import local_path
from framescope.core.sampling.sampling import Sampling, sampling_from_table
from framescope.session.settings import ExportStart
from framescope.ui.export.survey import FilesChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framescope.session.settings import Settings

_NOT_KEPT = frozenset({"folder", "name_pattern", "on_existing", "rotate", "crop"})
"""Settings that are not saved with the format: they belong to the files, the view or one video."""


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """All settings of the dialog except rotation and crop, which follow the view and the video.

    Attributes:
        sampling: The frame selection.
        format: Format and options.
        files: Output folder and names; an empty folder means one next to the video.
    """

    sampling: Sampling = field(default_factory=Sampling)
    format: ExportSettings = field(default_factory=lambda: ExportSettings(Path()))
    files: FilesChoice = field(default_factory=FilesChoice)


def choices_to_table(choices: ExportChoices) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        **defaults_to_table(choices.format, choices.files.name_pattern),
        "sampling": choices.sampling.as_table(),
        "folder": choices.files.folder,
        "on_existing": choices.files.on_existing.value,
    }


def choices_from_table(table: Mapping[str, Any]) -> ExportChoices:
    """Choices from saved values; unusable ones get their default."""
    kept = {name: value for name, value in table.items() if name not in _NOT_KEPT}
    settings = settings_from_table(table, folder=Path())
    folder = table.get("folder")
    return ExportChoices(
        sampling=sampling_from_table(table.get("sampling")),
        format=settings_from_table(kept, folder=Path()),
        files=FilesChoice(
            folder if isinstance(folder, str) else "", settings.name_pattern, settings.on_existing
        ),
    )


def defaults_to_table(pictures: ExportSettings, name_pattern: str) -> dict[str, Any]:
    """The part of the choices that can be a default for every video, as plain JSON values."""
    kept = {name: value for name, value in pictures.as_table().items() if name not in _NOT_KEPT}
    return {**kept, "name_pattern": name_pattern}


def first_choices(settings: Settings) -> ExportChoices:
    """What the dialog starts with for a video: the last choices, with the user's defaults if so wanted."""
    last = choices_from_table(settings.export_choices)
    if settings.export_start is ExportStart.LAST:
        return last
    usual = choices_from_table(settings.export_defaults)
    files = replace(usual.files, on_existing=last.files.on_existing)
    return replace(last, format=usual.format, files=files)


def offered_for(source: str, folder: str) -> str:
    """The suggested folder for a video.

    Args:
        source: Path or URL of the video.
        folder: Where the user wants these folders; empty for next to the video, or in the user's pictures
            folder for a URL.
    """
    path = local_path(source)
    if folder:
        parent = expanded(folder)
    elif path is None:
        parent = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
    else:
        parent = path.parent
    return str(parent / f"{source_stem(source)}_frames")
