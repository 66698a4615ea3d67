"""Saves a table of the video: asks for a name, then writes CSV or JSON in the background."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.export.name_pattern import source_stem
from framescope.core.tables.table import TableFormat, write_table
from framescope.core.tables.video_tables import TableKind, make_table
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.widgets.save_target import Target, ask_target

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings

_TITLES = {
    TableKind.FRAMES: tr("Save the table of frames"),
    TableKind.GOPS: tr("Save the table of GOPs"),
    TableKind.TIMING: tr("Save the table of times"),
}
_FILTERS = {"CSV, for spreadsheets (*.csv)": TableFormat.CSV, "JSON (*.json)": TableFormat.JSON}


@dataclass(frozen=True, slots=True)
class SavedTable:
    """The job bar's text about a saved table."""

    path: Path
    row_count: int

    @property
    def summary(self) -> str:
        """One line for display."""
        rows = counted(self.row_count, "row", "rows")
        return tr("{path}: {rows} saved", path=self.path.name, rows=rows)


def ask_and_save_table(
    controller: Controller, settings: Settings, kind: TableKind, parent: QWidget
) -> Job | None:
    """Ask where to save the table, and save it; None if cancelled or while frames are still being indexed."""
    info, index = controller.info, controller.index
    if info is None or index is None:
        return None
    if not index.complete:
        controller.notice_posted.emit(
            tr("The frames are still being indexed; save the table afterwards."), "info"
        )
        return None
    name = f"{source_stem(info.source)}_{kind.value}.csv"
    start = str(Path(settings.last_folder) / name) if settings.last_folder else name
    target = ask_target(
        parent,
        _TITLES[kind],
        start,
        tuple(_FILTERS),
        lambda path, chosen: with_table_suffix(path, _FILTERS.get(chosen)),
    )
    return None if target is None else save_table(controller, kind, target)


def with_table_suffix(path: Path, fallback: TableFormat | None) -> Path:
    """The path with a suffix that sets the format; without one, the chosen file filter decides."""
    if path.suffix.lower().lstrip(".") in tuple(TableFormat):
        return path
    return path.with_name(f"{path.name}.{(fallback or TableFormat.CSV).value}")


def save_table(controller: Controller, kind: TableKind, target: Target) -> Job | None:
    """Write one table, as a job."""
    path = target.path
    info, index = controller.info, controller.index
    if info is None or index is None:
        return None

    def work(progress: ProgressCallback, cancel: CancelToken) -> SavedTable:
        table = make_table(kind, info, index)
        write_table(
            path,
            table,
            replaces=target.replaces,
            sources=[info.source],
            progress=progress,
            cancel=cancel,
        )
        return SavedTable(path, table.row_count)

    return controller.run_job(tr("Saving {path}", path=path.name), work)
