"""The line that says the open file changed on disk."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from framescope.core.errors import FrameScopeError
from framescope.core.fragments import store as stores
from framescope.core.fragments.store import JOURNAL_NAME
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.ui.picture.banner import (
    ChangedFileBanner,
    EarlierMarksBanner,
    FailedOpenBanner,
    UnfinishedBanner,
)
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def test_reload_is_offered_when_the_file_was_replaced(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = ChangedFileBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    assert banner.text == ""
    session.changed_on_disk.emit("replaced")
    assert "was replaced" in banner.text
    button = banner.findChild(QPushButton, "changedFileAnswer")
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.called("reopen_source") == [()]
    assert banner.text == ""


def test_deleted_file_cannot_be_reloaded(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = ChangedFileBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    session.changed_on_disk.emit("deleted")
    button = banner.findChild(QPushButton, "changedFileAnswer")
    assert isinstance(button, QPushButton)
    assert not button.isVisible()
    session.open()
    assert banner.text == ""


@pytest.mark.parametrize(
    ("marked", "what"),
    [
        (MarkedFrames((1, 2)), "its 2 marks were"),
        (MarkedFrames((1,)), "its mark was"),
        (MarkedFrames(in_point=1), "its in–out range was"),
    ],
)
def test_marks_of_the_file_that_lay_here_before_are_offered(
    marked: MarkedFrames, what: str, qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = EarlierMarksBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    session.open()
    session.earlier_marks = marked
    session.earlier_marks_found.emit()
    assert banner.text == f"The file has changed: {what} not restored."
    button = banner.findChild(QPushButton, "earlierMarksAnswer")
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.called("take_earlier_marks") == [()]
    assert banner.text == ""
    session.earlier_marks_found.emit()
    session.open()
    assert banner.text == ""


def test_failed_opening_names_the_file_and_goes_when_a_video_opens(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = FailedOpenBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    banner.show_error(FrameScopeError("It is broken.", hint="Repair it."), "/videos/x.mp4")
    assert banner.text == "x.mp4 could not be opened. It is broken. Repair it."
    session.open()
    assert banner.text == ""


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.end()


def left_over(session: RunningController, kind: str, **details: object) -> None:
    settings = session.unfinished._settings  # noqa: SLF001 - as a program that was killed left it
    noted = len(settings.unfinished_work)
    settings.put_unfinished(kind, {"kind": kind, "details": details, "pid": 0, "began": 0.0, "noted": noted})


def test_work_left_unfinished_is_offered_once(
    qtbot: QtBot, running: RunningController, theme: ThemeSource, tmp_path: Path
) -> None:
    left_over(running, "export", source="/gone/a.mp4", folder=str(tmp_path))
    left_over(running, "queue", sources=["a.mp4", "b.mp4"], folder="/out", recipe="")
    banner = UnfinishedBanner(running.as_controller(), theme)
    qtbot.addWidget(banner)
    banner.look()
    assert banner.text == ""
    qtbot.waitUntil(lambda: banner.text == "The export from 2 videos was interrupted.")
    with qtbot.waitSignal(banner.resume_wanted) as wanted:
        banner.findChild(QPushButton, "unfinishedAnswer").click()  # type: ignore[union-attr]
    assert wanted.args is not None
    assert wanted.args[0].kind == "queue"
    # It stays on the list until it has begun again.
    assert [work.kind for work in running.unfinished.left_over()] == ["queue", "export"]
    running.unfinished.end("queue")
    # There is no manifest in that folder: nothing of the export can be resumed.
    banner.look()
    qtbot.waitUntil(lambda: running.unfinished.left_over() == ())
    assert banner.text == ""


def test_dismissed_work_is_not_offered_again(
    qtbot: QtBot, running: RunningController, theme: ThemeSource, tmp_path: Path
) -> None:
    store = tmp_path / "a.store"
    store.mkdir()
    (store / JOURNAL_NAME).touch()
    left_over(running, "split", source="/videos/a.mp4", store=str(store))
    banner = UnfinishedBanner(running.as_controller(), theme)
    qtbot.addWidget(banner)
    banner.look()
    qtbot.waitUntil(lambda: banner.text.startswith("Splitting a.mp4 into a.store was interrupted."))
    banner.findChild(QPushButton, "unfinishedDismiss").click()  # type: ignore[union-attr]
    assert running.unfinished.left_over() == ()


def test_the_window_goes_on_while_the_files_of_unfinished_work_are_slow(
    qtbot: QtBot, running: RunningController, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer, turns = threading.Event(), []

    def waits(_path: Path) -> bool:
        may_answer.wait()
        return True

    monkeypatch.setattr(stores, "is_unfinished", waits)
    left_over(running, "split", source="/slow/a.mp4", store="/slow/a.store")
    banner = UnfinishedBanner(running.as_controller(), theme)
    qtbot.addWidget(banner)
    banner.look()
    QTimer.singleShot(0, lambda: turns.append(1))
    qtbot.waitUntil(lambda: bool(turns))
    assert banner.text == ""
    may_answer.set()
    qtbot.waitUntil(lambda: banner.text != "")
