"""Saves a table of the video: asks for a name, then writes CSV or JSON in the background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.export.name_pattern import source_stem
from framescope.core.tables.table import TableFormat, write_table
from framescope.core.tables.video_tables import TableKind, make_table
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.lanes.desk import LaneDesk
from framescope.ui.widgets.save_target import Target, ask_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.tables.table import Table
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
    target = _ask(controller, settings, kind.value, _TITLES[kind], parent)
    return None if target is None else save_table(controller, kind, target)


def ask_and_save_lanes(controller: Controller, settings: Settings, parent: QWidget) -> Job | None:
    """The same with a row per frame and a column per lane of the timeline that has values."""
    columns = LaneDesk.of(controller).columns
    if not columns:
        controller.notice_posted.emit(tr("No lane of the timeline has values yet."), "info")
        return None
    target = _ask(controller, settings, "lanes", tr("Save the lanes of the timeline"), parent)
    return None if target is None else save_lanes(controller, columns, target)


def _ask(controller: Controller, settings: Settings, kind: str, title: str, parent: QWidget) -> Target | None:
    info, index = controller.info, controller.index
    if info is None or index is None:
        return None
    if not index.complete:
        controller.notice_posted.emit(
            tr("The frames are still being indexed; save the table afterwards."), "info"
        )
        return None
    name = f"{source_stem(info.source)}_{kind}.csv"
    start = str(Path(settings.last_folder) / name) if settings.last_folder else name
    return ask_target(
        parent,
        title,
        start,
        tuple(_FILTERS),
        lambda path, chosen: with_table_suffix(path, _FILTERS.get(chosen)),
    )


def with_table_suffix(path: Path, fallback: TableFormat | None) -> Path:
    """The path with a suffix that sets the format; without one, the chosen file filter decides."""
    if path.suffix.lower().lstrip(".") in tuple(TableFormat):
        return path
    return path.with_name(f"{path.name}.{(fallback or TableFormat.CSV).value}")


def save_table(controller: Controller, kind: TableKind, target: Target) -> Job | None:
    """Write one table, as a job."""
    return _save(controller, target, partial(make_table, kind))


def save_lanes(
    controller: Controller, columns: Mapping[str, NDArray[np.float32]], target: Target
) -> Job | None:
    """Write the values of lanes, as a job."""

    def make(_info: VideoInfo, index: FrameIndex) -> Table:
        # Imported here: it loads OpenCV.
        from framescope.core.statistics.measure import measure_rows  # noqa: PLC0415

        return measure_rows(columns, index, range(len(index)))

    return _save(controller, target, make)


def _save(
    controller: Controller, target: Target, make: Callable[[VideoInfo, FrameIndex], Table]
) -> Job | None:
    path = target.path
    info, index = controller.info, controller.index
    if info is None or index is None:
        return None

    def work(progress: ProgressCallback, cancel: CancelToken) -> SavedTable:
        table = make(info, index)
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
