"""The pages of the export dialog during and after an export: progress, then result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from framescope.core.export.manifest.reading import MANIFEST_NAME
from framescope.core.sampling.frame_list import format_frame_list
from framescope.core.text import counted, duration_words, grouped, progress_words, size_words
from framescope.core.translation import tr
from framescope.ui.export.destination import FilesSent
from framescope.ui.widgets.progress_page import ProgressPage
from framescope.ui.widgets.roles import plain_label
from framescope.ui.widgets.saved_pictures import SavedPictures
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.export.result import ExportResult, FrameOutcome
    from framescope.core.model.progress import Progress
    from framescope.session.controller import Controller
    from framescope.ui.widgets.icons import IconSource

    AnyIndex = QModelIndex | QPersistentModelIndex


class ExportProgressPage(ProgressPage):
    """Shows a running export, with its rate and the current file. Threads: GUI."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("export", parent)
        self._started: float | None = None
        self._is_sending = False
        self._bar.setAccessibleName(tr("Progress of the export"))
        self._file = plain_label("exportCurrentFile", "faint", self)
        self._file.setWordWrap(False)
        self._column.insertWidget(self._column.count() - 1, self._file)

    def begin(self, title: str, path: str) -> None:
        """Show that work has begun, before any progress is known."""
        super().begin(title, path)
        self._started = None
        self._words.setText(tr("Checking the folder…"))
        self._file.setText("")

    def show_stopping(self) -> None:
        """Show that started files are being finished."""
        self._words.setText(tr("Stopping: finishing the current files…"))

    def show_progress(self, progress: Progress) -> None:
        """Show progress; nothing until the number of frames is known."""
        if progress.total is None:
            return
        super().show_progress(progress)
        # The first report precedes the first frame, so that the rate excludes preparation.
        # Where files are verified before frames are saved, counting and clock restart.
        is_sending = isinstance(progress, FilesSent)
        if self._started is None or progress.done == 0 or is_sending is not self._is_sending:
            self._started, self._is_sending = time.monotonic(), is_sending
        elapsed_s = time.monotonic() - self._started
        words = progress_words(progress.done, progress.total, elapsed_s, counts_frames=not is_sending)
        self._words.setText(words)
        room = max(self._file.width(), 100)
        metrics = self._file.fontMetrics()
        self._file.setText(metrics.elidedText(progress.text, Qt.TextElideMode.ElideMiddle, room))


_HEADS = (tr("Frame"), "", tr("File"), tr("Reason"))
_MARKS = {"success": "ph.check-circle", "warning": "ph.warning", "error": "ph.x-circle"}
_MARK_SIDE = 22


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the table.

    Attributes:
        frames: A frame number, or ranges.
        fate: The result.
        file: The file's name; empty for ranges.
        reason: The reason.
        frame_number: The first of the frames.
    """

    frames: str
    fate: str
    file: str
    reason: str
    frame_number: int

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The texts of the columns."""
        return self.frames, self.fate, self.file, self.reason


def result_rows(result: ExportResult) -> list[ResultRow]:
    """All rows, the most important first: failed, not reached, skipped, remarks."""
    rows = [_row(outcome, "failed") for outcome in result.failed]
    if result.not_reached:
        # Clips may share frames; list each frame once.
        left = np.unique(np.array(result.not_reached, np.int64))
        reason = "cancelled" if result.cancelled else tr("the export had stopped")
        spans = format_frame_list(left).split(",")
        starts = (int(span.partition(":")[0]) for span in spans)
        rows += [
            ResultRow(span, tr("not reached"), "", reason, start)
            for span, start in zip(spans, starts, strict=True)
        ]
    rows += [_row(outcome, "skipped") for outcome in result.skipped]
    rows += [_row(outcome, "saved") for outcome in result.remarks]
    return rows


def headline(result: ExportResult) -> tuple[str, str]:
    """The summary line and its style role."""
    saved = tr("{frames} saved", frames=counted(len(result.written), "frame", "frames"))
    if result.kept:
        saved += tr(", {count} kept from before", count=grouped(len(result.kept)))
    if result.damaged_count:
        saved += tr(", {damaged_count} damaged", damaged_count=grouped(result.damaged_count))
    if result.is_complete:
        needed = result.written or result.kept
        return (saved if needed else tr("Nothing to save")), "warning" if result.damaged_count else "success"
    if result.cancelled:
        return tr("Cancelled; {saved}", saved=saved), "warning"
    if result.fault is not None:
        return tr("Stopped; {saved}", saved=saved), "error"
    return tr(
        "{saved}, {count} failed", saved=saved, count=grouped(len(result.failed))
    ), "error" if not result.written else "warning"


def details(result: ExportResult, place: str = "") -> str:
    """Size, time and rate of what was saved, the folder or the address, and how to verify it."""
    where = [place or str(result.folder), *result.notes]
    if result.has_manifest and (result.written or result.kept):
        where.append(result.proof_words)
        where.append(tr("SHA-256 of each: {manifest_name}", manifest_name=MANIFEST_NAME))
    if not result.written:
        return "\n".join(where)
    rate = len(result.written) / max(result.elapsed_s, 0.001)
    parts = [size_words(result.bytes_written), duration_words(result.elapsed_s)]
    if len(result.written) > 1:
        parts.append(
            tr("{rate:.0f} frames/s", rate=rate) if rate >= 10 else tr("{rate:.1f} frames/s", rate=rate)
        )
    return "\n".join([" · ".join(parts), *where])


class ResultPage(QWidget):
    """Shows the result of an export. Threads: GUI."""

    frame_wanted = Signal(int)
    """A row was double-clicked: show this frame."""

    def __init__(self, controller: Controller, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportResultPage")
        self._icons = icons
        self._pictures = SavedPictures(controller, self)
        self._mark = QLabel(self)
        self._title = QLabel(self)
        self._title.setObjectName("exportHeadline")
        self._details = plain_label("exportDetails", "muted", self)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fault = plain_label("exportFault", "error", self)
        self._model = _RowModel(self)
        self._table = QTableView(self)
        self._table.setObjectName("exportOutcomes")
        self._table.setAccessibleName(tr("Frames that were not saved, and why"))
        self._table.setModel(self._model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(26)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self._table.doubleClicked.connect(self._on_double_clicked)
        # Spacers above and below the text when there is no table, to keep it where the progress was.
        self._above, self._below = QWidget(self), QWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._above, 2)
        column.setSpacing(SPACE)
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._mark)
        line.addWidget(self._title, 1)
        column.addLayout(line)
        for part in (self._details, self._fault):
            column.addWidget(part)
        column.addSpacing(SPACE)
        column.addWidget(self._pictures)
        column.addWidget(self._table, 3)
        column.addWidget(self._below, 3)

    @property
    def has_rows(self) -> bool:
        """Whether there are rows to list."""
        return bool(self._model.rows)

    @property
    def text(self) -> str:
        """Everything on the page as plain text, for copying."""
        lines = [self._title.text(), self._details.text(), self._fault.text()]
        lines += ["\t".join(row.cells) for row in self._model.rows]
        return "\n".join(filter(None, lines))

    def show_result(self, result: ExportResult, place: str = "") -> None:
        """Show the result.

        Args:
            result: What the export did.
            place: The address that it was sent to; empty for its folder.
        """
        words, role = headline(result)
        self._title.setText(words)
        set_role(self._title, "title")
        self._mark.setPixmap(self._icons.make(_MARKS[role], color=role).pixmap(_MARK_SIDE, _MARK_SIDE))
        fault = result.fault
        self._fault.setText("" if fault is None else fault.in_full)
        self._fault.setVisible(fault is not None)
        self._details.setText(details(result, place))
        self._pictures.show_files([outcome.path for outcome in (*result.kept, *result.written)])
        rows = result_rows(result)
        self._model.show_rows(rows)
        self._table.setVisible(bool(rows))
        self._above.setVisible(not rows)
        self._below.setVisible(not rows)
        for column in range(3):
            self._table.resizeColumnToContents(column)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.frame_wanted.emit(self._model.rows[index.row()].frame_number)


class _RowModel(QAbstractTableModel):
    """The rows as a Qt model: an export of a million frames may have a million."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ResultRow] = []

    def show_rows(self, rows: list[ResultRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self.rows[index.row()].cells[index.column()]
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _HEADS[section]
        return None


def _row(outcome: FrameOutcome, fate: str) -> ResultRow:
    number = outcome.frame_number
    return ResultRow(str(number), fate, outcome.path.name, outcome.reason, number)
