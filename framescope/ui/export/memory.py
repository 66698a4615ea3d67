"""The last used values of the export dialog, as plain values for the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths

from framescope.core.export.name_pattern import source_stem
from framescope.core.export.settings import ExportSettings, settings_from_table
from framescope.core.media.container import local_path
from framescope.core.sampling.sampling import Sampling, sampling_from_table
from framescope.ui.export.survey import FilesChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    kept = {name: value for name, value in choices.format.as_table().items() if name not in _NOT_KEPT}
    return {
        **kept,
        "sampling": choices.sampling.as_table(),
        "folder": choices.files.folder,
        "name_pattern": choices.files.name_pattern,
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


def folder_beside(source: str) -> str:
    """The suggested folder for a video: next to it, or in the user's pictures folder for a URL."""
    path = local_path(source)
    if path is None:
        parent = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
    else:
        parent = path.parent
    return str(parent / f"{source_stem(source)}_frames")
