"""Saving and loading marks from the window, and what is asked before marks of another video are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from framescope.core.marks.formats import load_marks
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.session.settings import Settings
from framescope.ui.marks.files import (
    ask_and_load_marks,
    ask_and_save_marks,
    load_marks_from,
    save_marks_to,
)
from tests.ui.clip.session import mark_range

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


def wait_for(qtbot: QtBot, job: Job | None) -> None:
    assert job is not None
    if not job.is_over:
        with qtbot.waitSignal(job.settled):
            pass
    assert job.error is None


def answer_box(qtbot: QtBot, parent: QWidget, text: str) -> str:
    """Press a button of the message that comes; what it says."""
    qtbot.waitUntil(lambda: parent.findChild(QMessageBox) is not None)
    box = parent.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    said = f"{box.text()} {box.informativeText()}"
    next(button for button in box.buttons() if button.text().replace("&", "") == text).click()
    qtbot.waitUntil(lambda: parent.findChild(QMessageBox) is None)
    return said


@pytest.mark.parametrize(
    "names",
    [
        ("m", "", "m.csv"),
        ("m", "JSON, with video information (*.json)", "m.json"),
        ("m.json", "", "m.json"),
        ("m", "COCO data set (*.coco.json)", "m.coco.json"),
        # As dialogs that add an ending do.
        ("m.json", "COCO data set (*.coco.json)", "m.coco.json"),
        ("m", "EDL, a clip with locators (*.edl)", "m.edl"),
        ("m.edl", "EDL of markers, for DaVinci Resolve (*.markers.edl)", "m.markers.edl"),
        ("m.1", "OpenTimelineIO (*.otio)", "m.1.otio"),
    ],
)
def test_what_is_saved_can_be_loaded(
    names: tuple[str, str, str],
    qtbot: QtBot,
    live: Controller,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed, chosen_filter, name = names
    tmp_path, parent = path.parent, QWidget()
    qtbot.addWidget(parent)
    saved = (str(tmp_path / typed), chosen_filter)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments, **_options: saved)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments: (str(tmp_path / name), ""))
    mark_range(live, 3, 40)
    live.set_note(30, "Goal")
    state = live.keeper.state.marked
    wait_for(qtbot, ask_and_save_marks(live, Settings(), parent))
    info, index = live.info, live.index
    assert info is not None
    assert index is not None
    assert load_marks(tmp_path / name, info, index).marked == state
    live.clear_marks()
    live.clear_range()
    live.toggle_mark(9)
    wait_for(qtbot, ask_and_load_marks(live, Settings(), parent))
    assert live.selection.state == MarkedFrames((9, 30), {30: "Goal"}, 3, 40)
    live.undo()
    assert (live.marks, live.selection.state.in_point) == ((9,), None)


def test_nothing_is_done_without_a_name_or_a_video(
    qtbot: QtBot, live: Controller, parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments, **_options: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments: ("", ""))
    assert ask_and_save_marks(live, Settings(), parent) is None
    assert ask_and_load_marks(live, Settings(), parent) is None
    live.close_source()
    assert ask_and_save_marks(live, Settings(), parent) is None
    assert ask_and_load_marks(live, Settings(), parent) is None
    assert save_marks_to(live, tmp_path / "a.csv") is None


def test_rows_that_are_left_out_are_shown_line_by_line(
    qtbot: QtBot, live: Controller, parent: QWidget, path: Path
) -> None:
    path.write_text("frame_number\n" + "".join(f"{number}\n" for number in (5, *range(48, 68))))
    wait_for(qtbot, load_marks_from(live, path, parent))
    assert live.marks == (5,)
    said = answer_box(qtbot, parent, "Close")
    assert "1 mark loaded, 20 rows left out." in said
    assert "Line 3: frame 48 is beyond the last frame, 47." in said
    assert "and 8 more." in said


@pytest.mark.parametrize("button", ["Load", "Cancel"])
def test_marks_of_another_video_are_asked_about(
    button: str, qtbot: QtBot, live: Controller, parent: QWidget, path: Path
) -> None:
    path.write_text("frame_number,pts\n5,123456789\n")
    wait_for(qtbot, load_marks_from(live, path, parent))
    assert live.marks == ()
    assert answer_box(qtbot, parent, button) == (
        "Load 1 mark by its frame number? "
        "1 of 1 mark has a different timestamp in this video than when it was saved."
    )
    assert live.marks == ((5,) if button == "Load" else ())


def test_a_question_about_a_video_that_was_left_meanwhile_changes_nothing(
    qtbot: QtBot, live: Controller, parent: QWidget, path: Path
) -> None:
    path.write_text("frame_number,pts\n5,123456789\n")
    wait_for(qtbot, load_marks_from(live, path, parent))
    live.close_source()
    answer_box(qtbot, parent, "Load")
    assert live.marks == ()


def test_marks_that_come_after_the_video_was_left_are_not_used(
    qtbot: QtBot, live: Controller, parent: QWidget, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("frame_number\n5\n")
    loading = load_marks_from(live, path, parent)
    live.close_source()
    wait_for(qtbot, loading)
    assert live.marks == ()
