"""The dialog for unexpected errors: a report to copy, without losing work."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from framescope.core.log import log_tail
from framescope.core.translation import tr
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from PySide6.QtWidgets import QWidget

_LOG = logging.getLogger(__name__)
_LOG_BYTES = 16 << 10


def crash_report(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> str:
    """The report for developers: versions, system, traceback, and the end of the log."""
    # Imported here: the reporter is installed at every start, and rarely needed.
    from framescope.ui.dialogs.about_dialog import environment  # noqa: PLC0415

    trouble = "".join(traceback.format_exception(kind, bug, trace))
    log = log_tail(_LOG_BYTES)
    return f"{environment()}\n\n{trouble}" + (tr("\nThe end of the log:\n{log}", log=log) if log else "")


class CrashDialog(QDialog):
    """Shows one report. The window behind it stays as it was."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setObjectName("crashDialog")
        self.setWindowTitle(tr("FrameScope has a bug"))
        self.resize(680, 460)
        title = QLabel(tr("Something went wrong"))
        title.setProperty("role", "title")
        words = QLabel(
            tr(
                "FrameScope has hit a bug. You can usually continue, but what you were just doing may not"
                " have"
                " finished. The report below helps us fix it."
            )
        )
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        text = QPlainTextEdit(report, self)
        text.setObjectName("crashReport")
        text.setAccessibleName(tr("Report"))
        text.setReadOnly(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        copy = QPushButton(tr("Copy report"))
        copy.setObjectName("crashCopy")
        copy.clicked.connect(self._on_copy_clicked)
        go_on = QPushButton(tr("Continue"))
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(copy)
        row.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        for part in (title, words):
            column.addWidget(part)
        column.addWidget(text, 1)
        column.addLayout(row)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report)


class CrashReporter(QObject):
    """Catches uncaught exceptions of all threads, and shows one at a time. Threads: GUI."""

    _caught = Signal(str)

    def __init__(self, window: Callable[[], QWidget | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._dialog: CrashDialog | None = None
        self._hooks = (sys.excepthook, threading.excepthook)
        # Queued for exceptions in other threads and in paint events, where no dialog may open.
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Install the exception hooks."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def remove(self) -> None:
        """Restore the previous hooks."""
        sys.excepthook, threading.excepthook = self._hooks

    def _on_exception(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, bug, trace)
            return
        report = crash_report(kind, bug, trace)
        _LOG.critical("%s", report)
        self._caught.emit(report)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot(str)
    def _on_caught(self, report: str) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            return
        self._dialog = CrashDialog(report, self._window())
        # Not exec: an exception in the dialog's own event loop must not nest dialogs endlessly.
        self._dialog.open()
