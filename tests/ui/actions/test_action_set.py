"""The actions in a window: keys that work, greyed out where they make no sense, keys in tooltips."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QActionEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton

from framescope.session.state import FrameRange
from framescope.ui.actions.action_set import ActionSet
from framescope.ui.actions.bars import CONTEXT_MENU
from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.key_map import KeyMap
from framescope.ui.actions.presets import Preset
from framescope.ui.actions.spec import Menu
from framescope.ui.widgets.icons import IconSource
from tests.ui.stand_ins import StandInController, StandInWindow, make_info

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def window(qtbot: QtBot, session: StandInController) -> StandInWindow:
    stand_in = StandInWindow(session)
    qtbot.addWidget(stand_in)
    return stand_in


@pytest.fixture
def actions(window: StandInWindow, theme: ThemeSource) -> ActionSet:
    return ActionSet(window, window.as_commands(), IconSource(theme, window))


def test_without_a_video_only_what_needs_none_is_enabled(actions: ActionSet) -> None:
    assert actions["file.open"].isEnabled()
    assert not actions["go.next_frame"].isEnabled()
    assert not actions["edit.copy_picture"].isEnabled()


def test_enabled_state_follows_the_session(actions: ActionSet, session: StandInController) -> None:
    session.open()
    session.show(3, provisional=True, frame=None)
    actions.refresh()
    assert actions["go.next_frame"].isEnabled()
    assert not actions["file.save_frame"].isEnabled()
    session.show(3)
    session.marks, session.marked_range, session.can_undo = (3,), FrameRange(1, 2), True
    actions.refresh()
    for name in ("file.save_frame", "mark.clear", "mark.clear_range", "edit.undo"):
        assert actions[name].isEnabled(), name
    assert not actions["edit.redo"].isEnabled()


class ActionEvents(QObject):
    """Counts what a window is told of its actions."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.kinds: Counter[QEvent.Type] = Counter()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QActionEvent):
            self.kinds[event.type()] += 1
        return super().eventFilter(watched, event)


def test_the_window_is_told_of_actions_when_they_are_complete(
    window: StandInWindow, theme: ThemeSource
) -> None:
    events = ActionEvents(window)
    ActionSet(window, window.as_commands(), IconSource(theme, window))
    assert events.kinds == {QEvent.Type.ActionAdded: len(ACTIONS)}


def test_signals_that_come_together_are_followed_once(
    qtbot: QtBot, window: StandInWindow, actions: ActionSet, session: StandInController
) -> None:
    session.open()
    events = ActionEvents(window)
    for _ in range(3):
        session.tracks.changed.emit()
        session.sound.stream_changed.emit()
        session.info = None if session.info else make_info()
    assert not events.kinds
    session.info = make_info()
    qtbot.waitUntil(actions["go.next_frame"].isEnabled)
    assert events.kinds[QEvent.Type.ActionChanged] < len(ACTIONS)


def test_keys_reach_the_session(
    qtbot: QtBot, window: StandInWindow, actions: ActionSet, session: StandInController
) -> None:
    session.open()
    session.show()
    actions.refresh()
    with qtbot.waitActive(window):
        window.show()
    for key, modifiers, command in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "show_next"),
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.NoModifier, "show_previous"),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier, "show_next_keyframe"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, "show_previous_10"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "toggle"),
        (Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier, "toggle_mark"),
    ):
        QTest.keyClick(window, key, modifiers)
        assert session.calls[-1][0] == command
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.calls == ["zoom_actual"]


def test_keys_typed_into_a_dialog_stay_there(
    qtbot: QtBot, window: StandInWindow, actions: ActionSet, session: StandInController
) -> None:
    session.open()
    session.show()
    actions.refresh()
    with qtbot.waitActive(window):
        window.show()
    dialog = QDialog(window)
    button = QPushButton(dialog)
    dialog.show()
    dialog.activateWindow()
    button.setFocus()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    for key in (Qt.Key.Key_1, Qt.Key.Key_9, Qt.Key.Key_M):
        QTest.keyClick(button, key)
    assert not session.called("toggle_label")
    assert not session.called("toggle_mark")
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    QTest.keyClick(window, Qt.Key.Key_1)
    assert session.called("toggle_label")


def test_preset_changes_keys_and_tooltips(qtbot: QtBot, actions: ActionSet) -> None:
    with qtbot.waitSignal(actions.keys_changed):
        actions.apply_keys(KeyMap(Preset.AVIDEMUX))
    assert actions["go.to"].shortcut().toString() == "Ctrl+T"
    assert actions["go.to"].toolTip() == "Go to frame, time or pts  (Ctrl+T)"


def test_menus_take_their_actions_in_order(actions: ActionSet) -> None:
    menu = QMenu()
    actions.fill_menu(menu, Menu.PLAY)
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[0] == "Play or pause"
    assert texts[4:6] == ["Play backwards, faster each time", "Speed"]
    speed = menu.actions()[[action.text() for action in menu.actions()].index("Speed")].menu()
    assert isinstance(speed, QMenu)
    assert "Half speed" in [action.text() for action in speed.actions()]
    assert actions.menu_of("play.halve_speed") is speed
    context = QMenu()
    actions.fill(context, CONTEXT_MENU)
    assert sum(action.isSeparator() for action in context.actions()) == CONTEXT_MENU.count("")


@pytest.mark.parametrize("which", Menu)
def test_every_menu_fits_a_screen_of_768_rows(actions: ActionSet, which: Menu) -> None:
    menu = QMenu()
    actions.fill_menu(menu, which)
    # Qt opens a higher menu in two columns, over the whole window. A row has 28 pixels in its style.
    assert 28 * sum(not action.isSeparator() for action in menu.actions()) < 768


def test_switch_shows_its_state(actions: ActionSet, session: StandInController) -> None:
    session.is_rotated = False
    actions.refresh()
    assert not actions["view.rotation"].isChecked()
    session.is_rotated = True
    actions.refresh()
    assert actions["view.rotation"].isChecked()


def test_a_lane_that_a_video_cannot_have_says_why(actions: ActionSet, session: StandInController) -> None:
    action = actions["lane.mean_quantiser"]
    spec = next(one for one in ACTIONS if one.action_id == "lane.mean_quantiser")
    assert actions.why_not(spec) == "no video is open"
    session.open(make_info(codec="hevc"))
    actions.refresh()
    why = actions.why_not(spec)
    assert not action.isEnabled()
    assert "hevc" in why
    assert action.toolTip() == why
    # What is shown can be hidden for any video.
    session.settings.toggle_lane("mean_quantiser")
    actions.refresh()
    assert action.isEnabled()
    assert action.isChecked()
    assert action.toolTip() == "Mean quantiser (QP)"
    action.trigger()
    assert session.settings.lanes == ()
    assert not actions["lane.save"].isEnabled()
