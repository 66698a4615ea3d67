"""A table of which FourCC can be written into which container on this machine, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from framescope.core.synth.codecs import CODECS, CONTAINERS
from framescope.core.synth.make_settings import Writer
from framescope.core.synth.writable import WritableTable, writable_table
from framescope.core.translation import tr
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.tasks import BackgroundTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_BOTH, _NEITHER = "both", "–"


class WritableDialog(QDialog):
    """One row per FourCC, one column per container; a cell's tooltip gives the reason. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("writableDialog")
        self.setAccessibleName(tr("Supported formats"))
        self.setWindowTitle(tr("Supported formats"))
        self._task = BackgroundTask(controller, self)
        self._task.finished.connect(self._on_tried)
        self._task.changed.connect(self._on_task_changed)
        self._theme = theme
        words = QLabel(
            tr(
                "Each combination was written and read back here, by PyAV and by OpenCV’s VideoWriter."
                " In brackets: written, but the file holds a different FourCC, or none. Hover over a cell"
                " to see"
                " why."
            ),
            self,
        )
        words.setWordWrap(True)
        set_role(words, "muted")
        self.table = QTableWidget(0, 2 + len(CONTAINERS), self)
        self.table.setObjectName("writableTable")
        self.table.setAccessibleName(tr("FourCC by container"))
        self.table.setHorizontalHeaderLabels([tr("FourCC"), tr("Codec"), *CONTAINERS.values()])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._note = QLabel(self)
        self._note.setObjectName("writableNote")
        set_role(self._note, "muted")
        self._again = push_button(self, "writableAgain", tr("Try again"))
        self._again.clicked.connect(self._on_again_clicked)
        close = QPushButton(tr("Close"), self)
        close.setObjectName("writableClose")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._note, 1)
        row.addWidget(self._again)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(words)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        self.resize(760, 640)
        self._ask(afresh=False)

    def cell(self, fourcc: str, container: str) -> tuple[str, str]:
        """The text and tooltip of a cell."""
        column = 2 + list(CONTAINERS).index(container)
        for row in range(self.table.rowCount()):
            name, item = self.table.item(row, 0), self.table.item(row, column)
            if name is not None and item is not None and name.text() == fourcc:
                return item.text(), item.toolTip()
        raise KeyError(fourcc)

    def _ask(self, *, afresh: bool) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> WritableTable:
            return writable_table(afresh=afresh, progress=progress, cancel=cancel)

        self._note.setText(tr("Testing…"))
        self._task.start(tr("Testing what can be written"), work, announce=afresh)

    def _fill(self, found: WritableTable) -> None:
        rows = [(codec, fourcc) for codec in CODECS for fourcc in codec.fourccs]
        self.table.setRowCount(len(rows))
        faint = self._theme.tokens.text_faint
        for row, (codec, fourcc) in enumerate(rows):
            words = f"{codec.title}: {codec.compatibility}; {codec.size}; {codec.random_access}."
            for column, text in enumerate((fourcc, codec.title)):
                item = QTableWidgetItem(text)
                item.setToolTip(words)
                self.table.setItem(row, column, item)
            for column, container in enumerate(CONTAINERS, start=2):
                text, tip = _cell(found, codec.codec_id, fourcc, container)
                item = QTableWidgetItem(text)
                item.setToolTip(tip)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                if text == _NEITHER:
                    item.setForeground(faint)
                self.table.setItem(row, column, item)

    @Slot(object)
    def _on_tried(self, found: WritableTable) -> None:
        self._fill(found)
        works = sum(cell.works for cell in found.cells)
        self._note.setText(tr("{works} of {count} combinations work.", works=works, count=len(found.cells)))

    @Slot()
    def _on_task_changed(self) -> None:
        self._again.setEnabled(not self._task.is_running)
        if not self._task.is_running and not self.table.rowCount():
            self._note.setText(tr("Stopped."))

    @Slot()
    def _on_again_clicked(self) -> None:
        self._ask(afresh=True)


def _cell(found: WritableTable, codec: str, fourcc: str, container: str) -> tuple[str, str]:
    working: list[str] = []
    lines: list[str] = []
    for writer in Writer:
        name = writer.library
        cell = found.cell(writer, codec, fourcc, container)
        if cell is None:
            lines.append(tr("{name}: the container does not support this codec.", name=name))
        elif cell.keeps_fourcc:
            working.append(name)
            lines.append(tr("{name}: written and read back.", name=name))
        elif cell.works:
            working.append(f"({name})")
            holds = tr("holds {stored}", stored=cell.stored) if cell.stored else tr("keeps no FourCC")
            lines.append(tr("{name}: written and read back, but the file {holds}.", name=name, holds=holds))
        else:
            lines.append(f"{name}: {cell.reason}")
    names = [writer.library for writer in Writer]
    short = {tuple(names): _BOTH, tuple(f"({name})" for name in names): f"({_BOTH})"}
    text = short.get(tuple(working), " ".join(working)) or _NEITHER
    return text, "\n".join(lines)
