"""Dialogs with a note and buttons at the bottom, and one that works in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.widgets.open_outside import open_outside
from framescope.ui.widgets.progress_page import ProgressPage
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.save_target import ask_to_replace
from framescope.ui.widgets.screen_room import RoomyScroll
from framescope.ui.widgets.tasks import BackgroundTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import Progress
    from framescope.engine.jobs import Work
    from framescope.session.controller import Controller


class FooterDialog(QDialog):
    """A modeless dialog with a note and buttons below a separator. Threads: GUI."""

    def __init__(self, prefix: str, title: str, parent: QWidget | None) -> None:
        """Make the note.

        Args:
            prefix: Prefix of the objectNames, such as ``clip``.
            title: The window title.
            parent: The parent window.
        """
        super().__init__(parent)
        self.setObjectName(f"{prefix}Dialog")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setModal(False)
        self._note = QLabel(self)
        self._note.setObjectName(f"{prefix}Note")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = push_button(self, name, text)
        button.clicked.connect(slot)
        return button

    def _say(self, text: str, role: str = "muted") -> None:
        self._note.setText(text)
        set_role(self._note, role)

    def _column(self, spacing: int) -> QVBoxLayout:
        """The dialog's layout; `_add_footer` completes it."""
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(spacing)
        return column

    def _add_footer(self, column: QVBoxLayout, *widgets: QWidget) -> QHBoxLayout:
        """Add a separator and these widgets below it; the note, one of them, takes the remaining width."""
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFixedHeight(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for widget in widgets:
            row.addWidget(widget, int(widget is self._note))
        column.addWidget(line)
        column.addLayout(row)
        return row


class WorkDialog(FooterDialog):
    """A dialog with form, progress and result pages. Closing it does not stop the work. Threads: GUI.

    Subclasses add the pages with `set_pages`, start work with `run_work`, and override `result_path` for the
    file written, `problem` for what prevents starting, and `show_result` to show the result.
    """

    def __init__(  # noqa: PLR0913 - each is named or obvious at the call
        self,
        controller: Controller,
        prefix: str,
        title: str,
        start: str,
        parent: QWidget | None,
        *,
        progress_page: ProgressPage | None = None,
    ) -> None:
        """Make the buttons.

        Args:
            controller: The session.
            prefix: Prefix of the objectNames, such as ``clip``.
            title: The window title.
            start: The text of the start button.
            parent: The parent window.
            progress_page: The progress page; a `ProgressPage` by default.
        """
        super().__init__(prefix, title, parent)
        self.controller = controller
        self.asks_to_replace: Callable[[Path], bool] = partial(ask_to_replace, self)
        self.progress_page = progress_page or ProgressPage(prefix)
        self.pages = QStackedWidget(self)
        self.task = BackgroundTask(controller, self)
        self.task.progressed.connect(self._on_progressed)
        self.task.finished.connect(self._on_finished)
        self.task.failed.connect(self._on_failed)
        self.task.cancelled.connect(self._on_cancelled)
        self._failure = ""
        self._form: QWidget = self
        self._result: QWidget = self
        self._stop = self._button(tr("Stop"), f"{prefix}Stop", self._on_stop_clicked)
        self._hide = self._button(tr("Continue in background"), f"{prefix}Hide", self.reject)
        self._again = self._button(tr("Back"), f"{prefix}Back", self._on_back_clicked)
        self._folder = self._button(tr("Open folder"), f"{prefix}OpenFolder", self._on_folder_clicked)
        self._open = self._button(tr("Open in FrameScope"), f"{prefix}Open", self._on_open_clicked)
        self._close = self._button(tr("Close"), f"{prefix}Close", self.reject)
        self._start = self._button(start, f"{prefix}Start", self._on_start_clicked)
        column = self._column(2 * SPACE)
        column.addWidget(self.pages, 1)
        self._footer = self._add_footer(
            column,
            self._note, self._stop, self._hide, self._again, self._folder, self._open, self._close,
            self._start,
        )  # fmt: skip
        self.resize(880, 640)

    # --- for subclasses

    @property
    def is_working(self) -> bool:
        """Whether work is in progress."""
        return self.task.is_running

    @property
    def is_on_form(self) -> bool:
        """Whether the form is the current page."""
        return self.pages.currentWidget() is self._form

    @property
    def problem(self) -> str:
        """Why work cannot start; empty if it can."""
        raise NotImplementedError

    @property
    def can_start(self) -> bool:
        """Whether work can start."""
        return not self.problem

    @property
    def result_path(self) -> Path | None:
        """The file written; None if there is none yet, or the result is not a single file."""
        raise NotImplementedError

    @property
    def result_folder(self) -> Path | None:
        """The folder of the result; None before there is one."""
        return None if self.result_path is None else self.result_path.parent

    def start_work(self) -> None:
        """Ask the user where necessary, and call `run_work`."""
        raise NotImplementedError

    def show_result(self, result: object) -> None:
        """Fill the result page."""
        raise NotImplementedError

    def set_pages(self, form: QWidget, result: QWidget, *, scrolls: bool = True) -> None:
        """Set the pages, and show the form; they scroll unless their own widgets do."""
        self._form, self._result = form, result
        if scrolls:
            self._form, self._result = RoomyScroll(form, self), RoomyScroll(result, self)
        for page in (self._form, self.progress_page, self._result):
            self.pages.addWidget(page)
        self._show_page(self._form)

    def run_work(self, title: str, path: Path | str, work: Work, *, writes: bool = True) -> None:
        """Do the work in the background, and show its progress.

        Args:
            title: Title of the job.
            path: The path it writes to.
            work: Called in a worker thread.
            writes: Whether it writes from the start, so that closing the window must not lose it.
        """
        self.progress_page.begin(title, str(path))
        self._failure = ""
        self.task.start(title, work, announce=writes, origin=self.objectName() if writes else "")
        self._show_page(self.progress_page)

    @Slot()
    def refresh(self) -> None:
        """Show what prevents starting, or the last error."""
        problem = self.problem if self.is_on_form else ""
        self._start.setEnabled(self.can_start)
        self._say((problem or self._failure) if self.is_on_form else "", "error")

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        is_form, is_result = page is self._form, page is self._result
        is_progress = page is self.progress_page
        shown = {
            self._start: is_form,
            self._close: not is_progress,
            self._stop: is_progress,
            self._hide: is_progress,
            self._again: is_result,
            self._folder: is_result,
            self._open: is_result and self.result_path is not None,
        }
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
            button.setDefault(False)
        if not is_progress:
            (self._start if is_form else self._close).setDefault(True)
        self._stop.setEnabled(True)
        self.refresh()

    # --- slots

    @Slot()
    def _on_start_clicked(self) -> None:
        if self.can_start:
            self.start_work()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        # Keep showing that it is stopping until it has stopped.
        if self._stop.isEnabled():
            self.progress_page.show_progress(progress)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self.show_result(result)
        self._show_page(self._result)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._failure = error.in_full
        self._show_page(self._form)
        # A user who sent the work to the background must be notified.
        self.show()

    @Slot()
    def _on_cancelled(self) -> None:
        self._show_page(self._form)

    @Slot()
    def _on_stop_clicked(self) -> None:
        self._stop.setEnabled(False)
        self.progress_page.show_stopping()
        self.task.cancel()

    @Slot()
    def _on_back_clicked(self) -> None:
        self._show_page(self._form)

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self.result_folder is not None:
            open_outside(self.result_folder)

    @Slot()
    def _on_open_clicked(self) -> None:
        if self.result_path is not None:
            self.controller.open_source(str(self.result_path))
            self.reject()
