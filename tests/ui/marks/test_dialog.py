"""The list of marks and the note on a frame, with real keys and clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QLineEdit, QPushButton

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.ui.actions.action_set import ActionSet
from framescope.ui.marks.dialog import FRAME, LABEL, NOTE, TIME, MarksDialog, ask_note
from framescope.ui.widgets.icons import IconSource
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def window(qtbot: QtBot, session: StandInController) -> StandInWindow:
    main = StandInWindow(session)
    qtbot.addWidget(main)
    return main


@pytest.fixture
def dialog(
    qtbot: QtBot, live: Controller, window: StandInWindow, session: StandInController, theme: ThemeSource
) -> MarksDialog:
    session.marks = (1,)
    session.open()
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    live.set_note(5, "Goal")
    live.toggle_mark(12)
    live.toggle_mark(24)
    live.show_frame(12)
    made = MarksDialog(live, actions, window)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(dialog: MarksDialog) -> list[tuple[object, ...]]:
    model = dialog.model
    places = [[model.index(row, column) for column in (FRAME, TIME, NOTE)] for row in range(model.rowCount())]
    return [tuple(model.data(index) for index in row) for row in places]


def selected(dialog: MarksDialog) -> list[int]:
    return sorted(index.row() for index in dialog.table.selectionModel().selectedRows())


def frames_selected(dialog: MarksDialog) -> list[int]:
    found = dialog.table.selectionModel().selectedRows(FRAME)
    return sorted(int(str(index.data())) for index in found)


def click(dialog: MarksDialog, row: int, *, with_ctrl: bool = False) -> None:
    spot = dialog.table.visualRect(dialog.table.model().index(row, FRAME)).center()
    modifier = Qt.KeyboardModifier.ControlModifier if with_ctrl else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, modifier, spot)


def test_it_lists_frames_times_and_notes_and_lights_the_present_one(dialog: MarksDialog) -> None:
    assert rows(dialog) == [("5", "0:00.208", "Goal"), ("12", "0:00.500", ""), ("24", "0:01.000", "")]
    assert selected(dialog) == [1]


def test_opening_it_beside_an_unmarked_frame_stays_there(
    qtbot: QtBot, dialog: MarksDialog, live: Controller, window: StandInWindow, theme: ThemeSource
) -> None:
    live.show_frame(30)
    other = MarksDialog(live, ActionSet(window, window.as_commands(), IconSource(theme, window)), window)
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    qtbot.waitUntil(other.table.hasFocus)
    assert (live.position, selected(other)) == (30, [])
    QTest.keyClick(other.table, Qt.Key.Key_Down)
    assert live.position == dialog.model.marks[selected(other)[0]]


def test_a_click_shows_the_frame_and_the_present_frame_lights_its_row(
    dialog: MarksDialog, live: Controller
) -> None:
    click(dialog, 2)
    assert live.position == 24
    live.show_previous_mark()
    live.show_previous_mark()
    assert selected(dialog) == [0]
    live.show_frame(30)
    assert live.position == 30


def test_typing_writes_a_note_that_can_be_undone(qtbot: QtBot, dialog: MarksDialog, live: Controller) -> None:
    click(dialog, 1)
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_F2)
    editor = dialog.table.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Cut")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: live.notes == {5: "Goal", 12: "Cut"})
    assert rows(dialog)[1] == ("12", "0:00.500", "Cut")
    live.undo()
    assert rows(dialog)[1] == ("12", "0:00.500", "")


def test_labels_are_listed_typed_sorted_and_found(dialog: MarksDialog, live: Controller) -> None:
    live.show_frame(24)
    live.toggle_label(1)
    live.set_label(5, "zebra")
    shown = dialog.table.model()

    def listed() -> list[tuple[str, str]]:
        places = [(shown.index(row, FRAME), shown.index(row, LABEL)) for row in range(shown.rowCount())]
        return [(str(frame.data()), str(label.data())) for frame, label in places]

    # A label without a name of its own is called by its key.
    assert listed() == [("5", "zebra"), ("12", ""), ("24", "Label 1")]
    dialog.table.sortByColumn(LABEL, Qt.SortOrder.AscendingOrder)
    assert listed() == [("24", "Label 1"), ("5", "zebra"), ("12", "")]
    click(dialog, 0)
    assert live.position == 24
    search = dialog.findChild(QLineEdit, "marksSearch")
    assert isinstance(search, QLineEdit)
    search.setText("ZEB")
    assert listed() == [("5", "zebra")]
    dialog.table.selectRow(0)
    button = dialog.findChild(QPushButton, "marksRemove")
    assert isinstance(button, QPushButton)
    button.click()
    assert live.marks == (12, 24)
    search.clear()
    assert listed() == [("24", "Label 1"), ("12", "")]
    # The key again takes the label away, and leaves the mark that was there before.
    live.show_frame(24)
    live.toggle_label(1)
    assert listed() == [("12", ""), ("24", "")]


def test_a_picture_that_never_comes_does_not_hold_up_the_others(
    qtbot: QtBot, dialog: MarksDialog, live: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested: list[int] = []
    monkeypatch.setattr(live.video, "thumbnail", lambda *_arguments: None)
    monkeypatch.setattr(live.video, "request_thumbnails", lambda numbers, _height: requested.extend(numbers))
    live.toggle_mark(30)
    # A frame's number is not a time to wait.
    live.video.thumbnail_ready.emit(60_000, QImage())
    qtbot.waitUntil(lambda: {5, 12, 24, 30} <= set(requested))
    assert len(dialog.model.marks) == 4


def test_enter_writes_the_note_of_the_row(dialog: MarksDialog) -> None:
    click(dialog, 1)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_the_keys_of_the_window_work_here_too(
    qtbot: QtBot, dialog: MarksDialog, window: StandInWindow, session: StandInController
) -> None:
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    click(dialog, 1)
    handle = dialog.windowHandle()
    for key in (Qt.Key.Key_M, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_Space, Qt.Key.Key_N):
        QTest.keyClick(handle, key)
    called = [name for name, _ in session.calls if name in {"toggle_mark", "show_next", "show_previous"}]
    assert called == ["toggle_mark", "show_next", "show_previous"]
    assert session.called("toggle")
    assert "edit_note" in window.calls


def test_the_keys_of_a_list_stay_with_the_list(qtbot: QtBot, dialog: MarksDialog, live: Controller) -> None:
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    click(dialog, 1)
    handle = dialog.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Down)
    assert live.position == 24
    QTest.keyClick(handle, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert selected(dialog) == [1, 2]
    QTest.keyClick(handle, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert selected(dialog) == [0, 1, 2]
    QTest.keyClick(handle, Qt.Key.Key_Delete)
    assert live.marks == ()


def test_several_marks_are_removed_at_once(dialog: MarksDialog, live: Controller) -> None:
    click(dialog, 0)
    click(dialog, 2, with_ctrl=True)
    assert selected(dialog) == [0, 2]
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert live.marks == (12,)
    live.undo()
    assert live.keeper.state.marked == MarkedFrames((5, 12, 24), {5: "Goal"})


def test_what_is_selected_stays_selected_when_marks_come_and_go(
    dialog: MarksDialog, live: Controller
) -> None:
    click(dialog, 1)
    click(dialog, 2, with_ctrl=True)
    assert frames_selected(dialog) == [12, 24]
    live.selection.add_marks([2, 18])
    assert frames_selected(dialog) == [12, 24]
    live.selection.remove_marks([12])
    assert frames_selected(dialog) == [24]
    dialog.hide()
    live.selection.remove_marks([2])
    dialog.show()
    assert frames_selected(dialog) == [24]
    # As in every list.
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert frames_selected(dialog) == [5, 18, 24]
    live.toggle_mark(30)
    assert frames_selected(dialog) == [5, 18, 24]
    remove = dialog.findChild(QPushButton, "marksRemove")
    assert isinstance(remove, QPushButton)
    remove.click()
    assert live.marks == (30,)


def test_frames_are_counted_by_label(dialog: MarksDialog, live: Controller) -> None:
    counts = dialog.findChild(QLabel, "marksCounts")
    assert isinstance(counts, QLabel)
    assert not counts.isVisible()
    live.set_label(5, "cat")
    live.set_label(12, "cat")
    assert counts.text() == "cat (2)  ·  without a label (1)"
    live.set_label(24, "<b>dog</b>")
    assert counts.text() == "<b>dog</b> (1)  ·  cat (2)"
    assert counts.isVisible()
    live.clear_marks()
    assert not counts.isVisible()


def test_a_label_key_says_how_many_frames_have_the_label(live: Controller) -> None:
    said: list[str] = []
    live.notice_posted.connect(lambda words, _kind: said.append(words))
    name, title = live.settings.labels[0].name, "Label 1"
    for _ in range(2):
        live.toggle_label(1)
    live.set_label(7, name)
    live.toggle_label(1)
    number = live.position
    assert said == [f"{number}: {title} (1 in all)", f"{number}: no label", f"{number}: {title} (2 in all)"]


def test_without_marks_it_says_how_to_make_some(dialog: MarksDialog, live: Controller) -> None:
    live.clear_marks()
    hint = next(label for label in dialog.findChildren(QLabel) if "marked" in label.text())
    assert hint.isVisible()
    assert not dialog.table.isVisible()
    live.toggle_mark(3)
    assert dialog.table.isVisible()
    live.close_source()
    assert hint.isVisible()


def test_files_are_saved_and_loaded_from_here(dialog: MarksDialog, window: StandInWindow) -> None:
    for button in dialog.findChildren(QPushButton):
        if button.text() in {"Save…", "Load…"}:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert sorted(window.calls) == ["load_marks", "save_marks"]


def answer_note(window: StandInWindow, live: Controller, typed: str, key: Qt.Key) -> str:
    """Ask for the current frame's note, type one, press a key; what stood there before."""
    found: list[str] = []

    def type_it() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QInputDialog)
        assert box.labelText() == f"Note on frame {live.position}:"
        found.append(box.textValue())
        box.setTextValue(typed)
        QTest.keyClick(box, key)

    QTimer.singleShot(0, type_it)
    ask_note(live, window)
    return found[0]


def test_a_note_is_typed_changed_and_taken_away(live: Controller, window: StandInWindow) -> None:
    live.show_frame(7)
    for typed, key in (("Goal", Qt.Key.Key_Escape), ("  ", Qt.Key.Key_Return)):
        assert answer_note(window, live, typed, key) == ""
        assert live.marks == ()
    assert answer_note(window, live, "Goal", Qt.Key.Key_Return) == ""
    assert live.keeper.state.marked == MarkedFrames((7,), {7: "Goal"})
    assert answer_note(window, live, "Own goal", Qt.Key.Key_Return) == "Goal"
    assert answer_note(window, live, "", Qt.Key.Key_Escape) == "Own goal"
    assert live.notes == {7: "Own goal"}
    answer_note(window, live, "", Qt.Key.Key_Return)
    assert live.keeper.state.marked == MarkedFrames((7,))
