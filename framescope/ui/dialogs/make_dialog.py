"""The dialog that makes a video out of a pattern, pictures, or frames of the open video."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from framescope.core.errors import FrameScopeError, SettingsError
from framescope.core.synth.making import MadeVideo, check_target, make_video
from framescope.core.synth.pictures import constant_rate
from framescope.core.synth.source_draft import SourceKind
from framescope.core.synth.writable import WritableTable, writable_table
from framescope.ui.dialogs.clip_pages import ClipProgressPage
from framescope.ui.dialogs.export_look import set_role
from framescope.ui.dialogs.make_codec_form import CodecForm
from framescope.ui.dialogs.make_result_page import MakeResultPage
from framescope.ui.dialogs.make_source_form import SourceForm
from framescope.ui.dialogs.writable_dialog import WritableDialog
from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.synth.make_settings import MakeSettings
    from framescope.core.synth.source_draft import SourceDraft
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.theme import ThemeSource

_STEM = "made"


class MakeDialog(QDialog):
    """Asks, makes, and shows what came of it. It does not block the window. Threads: GUI."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("makeDialog")
        self.setAccessibleName("Make a video")
        self.setWindowTitle("Make a video")
        self.setModal(False)
        self._controller = controller
        self._theme = theme
        self._settings = settings
        self._job: Job | None = None
        self._making: tuple[MakeSettings, SourceDraft] | None = None
        self._made: MadeVideo | None = None
        self._failure = ""
        self._is_named_by_hand = False
        self.asks_to_replace: Callable[[Path], bool] = self._ask_to_replace
        self.source = SourceForm(controller, self)
        self.codec = CodecForm(self)
        self._path = QLineEdit(self)
        self._path.setObjectName("makeTarget")
        self._path.setAccessibleName("File to write")
        self._form = self._make_form_page()
        self.progress_page = ClipProgressPage(self)
        self.result_page = MakeResultPage(controller, theme, self)
        self._pages = QStackedWidget(self)
        for page in (self._form, self.progress_page, self.result_page):
            self._pages.addWidget(page)
        self._note = QLabel(self)
        self._note.setObjectName("makeNote")
        self._note.setWordWrap(True)
        self._stop = self._button("Stop", "makeStop", self._on_stop_clicked)
        self._again = self._button("Back", "makeBack", self._on_back_clicked)
        self._open = self._button("Open in FrameScope", "makeOpen", self._on_open_clicked)
        self._close = self._button("Close", "makeClose", self.reject)
        self._start = self._button("Make video", "makeStart", self._on_start_clicked)
        self._lay_out()
        self.source.changed.connect(self._on_changed)
        self.codec.changed.connect(self._on_changed)
        self._path.textEdited.connect(self._on_path_edited)
        self._show_page(self._form)
        self.resize(880, 640)
        job = controller.run_job("Trying what can be written", _try_writers, announce=False)
        job.finished.connect(self._on_tried)

    @property
    def is_working(self) -> bool:
        """Whether a video is being written."""
        return self._job is not None

    @property
    def problem(self) -> str:
        """Why it cannot start; empty when it can."""
        if self.source.problem:
            return self.source.problem
        if not self._path.text().strip():
            return "Name the file to write."
        try:
            check_target(self.codec.settings(), self._target)
        except SettingsError as error:
            return " ".join(filter(None, (error.message, error.hint)))
        return ""

    @property
    def _target(self) -> Path:
        return Path(self._path.text().strip()).expanduser()

    # --- building

    def _make_form_page(self) -> QWidget:
        page = QWidget(self)
        browse = QPushButton("Browse…", page)
        browse.setObjectName("makeTargetBrowse")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse_clicked)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for title, part in (("Pictures", self.source), ("Video", self.codec)):
            column.addWidget(self._heading(title, page))
            column.addWidget(part)
            column.addSpacing(SPACE)
        table = QPushButton("What this machine can write…", page)
        table.setObjectName("makeWritable")
        table.setAutoDefault(False)
        table.clicked.connect(self._on_writable_clicked)
        column.addWidget(table, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._heading("File", page))
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _heading(self, words: str, parent: QWidget) -> QLabel:
        label = QLabel(words, parent)
        set_role(label, "heading")
        return label

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._note, 1)
        for button in (self._stop, self._again, self._open, self._close, self._start):
            row.addWidget(button)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._pages, 1)
        column.addWidget(line)
        column.addLayout(row)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        is_form, is_progress, is_result = (
            page is one for one in (self._form, self.progress_page, self.result_page)
        )
        for button, is_shown in (
            (self._start, is_form),
            (self._close, not is_progress),
            (self._stop, is_progress),
            (self._again, is_result),
            (self._open, is_result),
        ):
            button.setVisible(is_shown)
            button.setDefault(False)
        if not is_progress:
            (self._start if is_form else self._open).setDefault(True)
        self._stop.setEnabled(True)
        self._on_changed()

    def _ask_to_replace(self, path: Path) -> bool:
        answer = QMessageBox.question(self, "Replace the file?", f"{path.name} is there already. Replace it?")
        return answer == QMessageBox.StandardButton.Yes

    def _suggest_path(self) -> None:
        if self._is_named_by_hand:
            return
        folder = Path(self._settings.last_folder or Path.home())
        self._path.setText(str(folder / f"{_STEM}.{self.codec.settings().container}"))

    # --- slots

    @Slot(object)
    def _on_tried(self, table: WritableTable) -> None:
        self.codec.show_writable(table)

    @Slot()
    def _on_changed(self) -> None:
        self.source.rate = float(self.codec.rate)
        self.codec.show_times(has_times=self.source.kind is SourceKind.VIDEO)
        if self._pages.currentWidget() is not self._form:
            self._note.setText("")
            return
        problem = ""
        try:
            self._suggest_path()
            problem = self.problem
        except SettingsError as error:
            problem = " ".join(filter(None, (error.message, error.hint)))
        self._start.setEnabled(not problem)
        self._note.setText(problem or self._failure)
        set_role(self._note, "warning" if problem else "error")

    @Slot()
    def _on_path_edited(self) -> None:
        self._is_named_by_hand = bool(self._path.text().strip())
        self._on_changed()

    @Slot()
    def _on_writable_clicked(self) -> None:
        dialog = WritableDialog(self._controller, self._theme, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Video to write", self._path.text())
        if chosen:
            self._path.setText(chosen)
            self._on_path_edited()

    @Slot()
    def _on_start_clicked(self) -> None:
        draft, target = self.source.draft, self._target
        if draft is None or self.problem:
            return
        if os.path.lexists(target) and not self.asks_to_replace(target):
            return
        keeps_times = self.codec.keeps_times and draft.kind is SourceKind.VIDEO
        settings = self.codec.settings(*_times_of(draft, keeps_times=keeps_times))

        def work(progress: ProgressCallback, cancel: CancelToken) -> MadeVideo:
            with draft.opened() as source:
                return make_video(source, settings, target, progress=progress, cancel=cancel)

        self._failure, self._making = "", (settings, draft)
        self.progress_page.begin("Making a video", str(target))
        job = self._controller.run_job("Making a video", work)
        self._job = job
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self._show_page(self.progress_page)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.progress_page.show_progress(progress)

    @Slot(object)
    def _on_finished(self, made: MadeVideo) -> None:
        self._job, self._made = None, made
        self._settings.last_folder = str(made.path.parent)
        if self._making is not None:
            self.result_page.show_made(made, *self._making)
        self._show_page(self.result_page)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._job = None
        self._failure = " ".join(filter(None, (error.message, error.hint)))
        self._show_page(self._form)
        self.show()

    @Slot()
    def _on_cancelled(self) -> None:
        self._job = None
        self._show_page(self._form)

    @Slot()
    def _on_stop_clicked(self) -> None:
        if self._job is not None:
            self._stop.setEnabled(False)
            self._job.cancel()

    @Slot()
    def _on_back_clicked(self) -> None:
        self._show_page(self._form)

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._made is not None:
            self._controller.open_source(str(self._made.path))
            self.reject()


def _times_of(draft: SourceDraft, *, keeps_times: bool) -> tuple[tuple[float, ...], Fraction | None]:
    """Timestamps, or the rate that stands for them, of a video's frames."""
    if not keeps_times or draft.index is None:
        return (), None
    times = [draft.index.time_of(number) for number in draft.numbers]
    rate = constant_rate(times)
    return ((), rate) if rate is not None else (tuple(times), None)


def _try_writers(progress: ProgressCallback, cancel: CancelToken) -> WritableTable:
    return writable_table(progress=progress, cancel=cancel)
