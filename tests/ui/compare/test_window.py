"""The comparison in the window: opening, dropping, the panel and lane, workspaces, closing at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, QRect, Qt, QThread, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from framescope.session.compare_look import CompareMode
from framescope.session.settings import TimeFormat
from framescope.ui.widgets.elided_label import ElidedLabel
from tests.compared_clips import DOUBLED, DROPPED
from tests.ui.compare.conftest import wait_for_pair, wait_until_compared
from tests.ui.parts import part

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.window.main_window import MainWindow
    from tests.compared_clips import ComparedClips


def drop(window: MainWindow, path: Path, modifier: Qt.KeyboardModifier) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(100, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, modifier)
    # Qt hands drops out through the platform's drag, which a test cannot start.
    window.dropEvent(event)


def panel_dock(window: MainWindow) -> QDockWidget:
    return part(window, QDockWidget, "dock.comparePanel")


def texts_in(group: QTreeWidgetItem) -> list[str]:
    rows = (group.child(place) for place in range(group.childCount()))
    return [row.text(0) for row in rows if row is not None]


def test_a_file_dropped_with_shift_is_compared(
    qtbot: QtBot, window: MainWindow, compared_clips: ComparedClips
) -> None:
    assert panel_dock(window).isHidden()
    window.docks.show_panel("stream")
    before = part(window, QWidget, "streamPanel")
    qtbot.waitUntil(before.isVisible)
    drop(window, compared_clips.copy, Qt.KeyboardModifier.ShiftModifier)
    wait_for_pair(qtbot, window)
    assert window.controller.source == str(compared_clips.source)
    assert window.compare.pane is not None
    assert window.compare.pane.isVisible()
    assert not panel_dock(window).isHidden()
    window.actions_by_id["compare.close"].trigger()
    assert window.stage.currentWidget() is window.stage.frame_view
    assert panel_dock(window).isHidden()
    # What was in front before is in front again.
    before = part(window, QWidget, "streamPanel")
    qtbot.waitUntil(before.isVisible)


def test_the_panel_lists_what_was_done_and_goes_there(qtbot: QtBot, pair: MainWindow) -> None:
    wait_until_compared(qtbot, pair)
    assert part(pair, QLabel, "compareVerdict").text() == (
        "B differs from A: 3 frames dropped and 2 frames doubled."
    )
    rows = part(pair, QTreeWidget, "compareList")
    group = rows.topLevelItem(0)
    assert group is not None
    assert group.childCount() == len(DROPPED) + len(DOUBLED)
    texts = texts_in(group)
    assert [text.split(":")[0] for text in texts] == ["Dropped", "Doubled", "Dropped", "Doubled", "Dropped"]
    rows.itemClicked.emit(group.child(2), 0)
    assert pair.controller.position == DROPPED[1]
    rows.itemClicked.emit(group.child(1), 0)
    assert pair.controller.comparing.is_held
    assert pair.controller.position == DOUBLED[0]


def test_pins_are_listed_and_removed(qtbot: QtBot, pair: MainWindow) -> None:
    wait_until_compared(qtbot, pair)
    pair.controller.show_frame(60)
    wait_for_pair(qtbot, pair)
    pair.actions_by_id["compare.pin"].trigger()
    wait_until_compared(qtbot, pair)
    rows = part(pair, QTreeWidget, "compareList")
    group = rows.topLevelItem(0)
    assert group is not None
    assert texts_in(group) == ["Frame 60 of A is frame 60 of B"]


@pytest.mark.parametrize("size", [(900, 600), (1280, 800)])
@pytest.mark.parametrize("mode", list(CompareMode))
def test_everything_fits_in_small_windows(
    qtbot: QtBot, pair: MainWindow, mode: CompareMode, size: tuple[int, int]
) -> None:
    pair.actions_by_id[f"compare.{mode.value}"].trigger()
    pair.resize(*size)
    pair.actions_by_id["workspace.compare"].trigger()
    qtbot.waitUntil(lambda: pair.width() == size[0])
    QApplication.processEvents()
    assert (pair.width(), pair.height()) == size
    assert pair.compare.pane is not None
    assert pair.compare.pane.view.height() > size[1] / 4
    inside = QRect(pair.rect())
    for name in ("compareAlign", "compareMetric"):
        combo = part(pair, QComboBox, name)
        if combo.isVisible():
            assert inside.contains(QRect(combo.mapTo(pair, combo.rect().topLeft()), combo.size()))


def test_the_compare_workspace_shows_the_panel_and_the_timeline_only(pair: MainWindow) -> None:
    pair.actions_by_id["workspace.compare"].trigger()
    assert not panel_dock(pair).isHidden()
    for name in ("codecPanel", "filmstrip", "labelsPanel"):
        assert part(pair, QDockWidget, f"dock.{name}").isHidden()
    pair.actions_by_id["workspace.label"].trigger()
    assert panel_dock(pair).isHidden()
    assert not part(pair, QDockWidget, "dock.labelsPanel").isHidden()


def test_a_second_video_needs_a_first(qtbot: QtBot, window: MainWindow) -> None:
    # The actions follow the picture in a turn of their own.
    qtbot.waitUntil(window.actions_by_id["compare.open"].isEnabled)
    assert not window.actions_by_id["compare.wipe"].isEnabled()
    window.controller.close_source()
    qtbot.waitUntil(lambda: not window.actions_by_id["compare.open"].isEnabled())


def test_keys_act_again_after_a_frame_number_was_typed(pair: MainWindow) -> None:
    pair.focus_goto()
    field = pair.transport.goto_field
    QTest.keyClicks(field, "3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pair.controller.position == 3
    assert QApplication.focusWidget() is pair.compare.view
    pair.focus_goto()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is pair.compare.view
    pair.controller.comparing.close()
    pair.focus_goto()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is pair.stage.frame_view


def test_closing_the_window_during_the_comparison_leaves_no_thread(
    window: MainWindow, compared_clips: ComparedClips
) -> None:
    window.compare.open(str(compared_clips.copy))
    window.close()
    assert not [one for one in window.findChildren(QThread) if one.isRunning()]


def test_closing_either_video_midway(qtbot: QtBot, window: MainWindow, compared_clips: ComparedClips) -> None:
    window.compare.open(str(compared_clips.copy))
    window.controller.comparing.close()
    window.compare.open(str(compared_clips.copy))
    wait_for_pair(qtbot, window)
    window.controller.close_source()
    assert window.compare.pane is None
    assert not window.controller.comparing.is_active


def test_scaling_is_named_as_soon_as_both_pictures_are_there(
    qtbot: QtBot, window: MainWindow, plain_clip: Path
) -> None:
    window.compare.open(str(plain_clip))
    wait_for_pair(qtbot, window)
    line = part(window, ElidedLabel, "compareState")
    qtbot.waitUntil(lambda: "scaled from 160 × 120" in line.whole_text)
    # As while the picture of A was not exact, which comes later than that of B after the window was resized.
    line.set_whole_text("")
    window.controller.frame_shown.emit()
    assert "scaled from 160 × 120" in line.whole_text


def test_times_are_written_as_chosen(qtbot: QtBot, pair: MainWindow) -> None:
    wait_until_compared(qtbot, pair)
    group = part(pair, QTreeWidget, "compareList").topLevelItem(0)
    assert group is not None
    assert "(0:00.833)" in texts_in(group)[0]
    pair.controller.settings.time_format = TimeFormat.SECONDS
    group = part(pair, QTreeWidget, "compareList").topLevelItem(0)
    assert group is not None
    assert "(0.833 s)" in texts_in(group)[0]


def test_a_file_of_b_that_changes_can_be_loaded_again(
    qtbot: QtBot, window: MainWindow, compared_clips: ComparedClips, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(compared_clips.copy.read_bytes())
    window.compare.open(str(copy))
    wait_for_pair(qtbot, window)
    banner = part(window, QWidget, "changedComparedBanner")
    assert not banner.isVisible()
    copy.write_bytes(compared_clips.source.read_bytes())
    window.controller.comparing.check_file()
    qtbot.waitUntil(banner.isVisible)
    assert banner.accessibleName().startswith("B: ")
    part(banner, QPushButton, "changedComparedAnswer").click()
    wait_for_pair(qtbot, window)
    assert not banner.isVisible()

    def is_listed() -> bool:
        a, b = window.controller.index, window.controller.comparing.index
        return a is not None and b is not None and len(a) == len(b)

    qtbot.waitUntil(is_listed)
