"""What nobody caught, in any thread, ends in one dialog with a report."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from framescope.core.log import logging_to
from framescope.ui.dialogs.crash_dialog import CrashDialog, CrashReporter, crash_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def reporter(window: QWidget) -> Iterator[CrashReporter]:
    catcher = CrashReporter(lambda: window, window)
    catcher.install()
    yield catcher
    catcher.remove()


def shown_dialog(window: QWidget) -> CrashDialog | None:
    dialogs = [dialog for dialog in window.findChildren(CrashDialog) if dialog.isVisible()]
    return dialogs[0] if dialogs else None


def fail(words: str) -> None:
    raise ZeroDivisionError(words)


def test_bug_is_reported_with_traceback_and_versions(
    qtbot: QtBot, window: QWidget, reporter: CrashReporter
) -> None:
    del reporter
    with pytest.raises(ZeroDivisionError) as caught:
        fail("in the window")
    sys.excepthook(caught.type, caught.value, caught.tb)
    qtbot.waitUntil(lambda: shown_dialog(window) is not None)
    dialog = shown_dialog(window)
    assert dialog is not None
    report = dialog.findChild(QPlainTextEdit, "crashReport")
    assert isinstance(report, QPlainTextEdit)
    assert "ZeroDivisionError: in the window" in report.toPlainText()
    assert "FrameScope" in report.toPlainText()
    button = dialog.findChild(QPushButton, "crashCopy")
    assert isinstance(button, QPushButton)
    button.click()
    assert QGuiApplication.clipboard().text() == report.toPlainText()
    dialog.accept()


def test_bug_in_a_thread_is_reported_too(qtbot: QtBot, window: QWidget, reporter: CrashReporter) -> None:
    del reporter
    thread = threading.Thread(target=fail, args=("in a thread",))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: shown_dialog(window) is not None)
    dialog = shown_dialog(window)
    assert dialog is not None
    dialog.accept()


def test_hooks_are_given_back(window: QWidget) -> None:
    before = (sys.excepthook, threading.excepthook)
    catcher = CrashReporter(lambda: window, window)
    catcher.install()
    assert sys.excepthook != before[0]
    catcher.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_the_report_ends_with_the_log(tmp_path: Path) -> None:
    bug = ValueError("made up")
    with logging_to(tmp_path / "x.log", "info"):
        logging.getLogger("framescope.tests").info("what came before")
        report = crash_report(ValueError, bug, None)
    assert report.index("made up") < report.index("The end of the log:") < report.index("what came before")
    assert "The end of the log" not in crash_report(ValueError, bug, None)
