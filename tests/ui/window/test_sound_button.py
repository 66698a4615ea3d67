"""The speaker in the transport bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMenu, QSlider

from framescope.core.sound.streams import SoundStream
from framescope.ui.actions.action_set import ActionSet
from framescope.ui.widgets.icons import IconSource
from framescope.ui.window.sound_button import SoundButton, show_audio_streams
from tests.ui.stand_ins import StandInWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController

STREAMS = tuple(
    SoundStream(number, "aac", 48000, 2, "stereo", language, "", is_default=number == 1)
    for number, language in ((1, "eng"), (3, "fra"))
)


@pytest.fixture
def window(qtbot: QtBot, session: StandInController) -> QMainWindow:
    window = StandInWindow(session)
    qtbot.addWidget(window)
    window.resize(300, 100)
    window.show()
    return window


@pytest.fixture
def button(window: StandInWindow, session: StandInController, theme: ThemeSource) -> SoundButton:
    icons = IconSource(theme, window)
    actions = ActionSet(window, window.as_commands(), icons)
    button = SoundButton(session.as_controller(), actions, icons, window)
    button.show()
    return button


def give_sound(session: StandInController, count: int = 2) -> None:
    session.sound.streams, session.sound.stream = STREAMS[:count], STREAMS[0]
    session.sound.stream_changed.emit()


def test_it_is_there_only_with_sound(button: SoundButton, session: StandInController) -> None:
    assert button.isHidden()
    give_sound(session)
    button.show()
    assert not button.isHidden()


def test_a_click_mutes(button: SoundButton, session: StandInController) -> None:
    give_sound(session)
    button.show()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
    assert session.sound_player.is_muted
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
    assert not session.sound_player.is_muted


def test_the_slider_sets_the_volume_and_follows_it(button: SoundButton, session: StandInController) -> None:
    give_sound(session)
    button.menu().aboutToShow.emit()
    slider = button.menu().findChild(QSlider, "volume")
    assert slider is not None
    slider.setValue(30)
    assert session.sound_player.volume == 30
    session.sound_player.turn_up()
    assert slider.value() == 35


def test_its_menu_lists_the_audio_streams(button: SoundButton, session: StandInController) -> None:
    give_sound(session)
    menu = button.menu()
    menu.aboutToShow.emit()
    labels = [action.text() for action in menu.actions()]
    assert STREAMS[1].label in labels
    next(action for action in menu.actions() if action.text() == STREAMS[1].label).trigger()
    assert session.sound.stream is STREAMS[1]
    give_sound(session, count=1)
    menu.aboutToShow.emit()
    assert STREAMS[0].label not in [action.text() for action in menu.actions()]


def test_the_chosen_stream_is_checked(session: StandInController, window: QMainWindow) -> None:
    give_sound(session)
    menu = QMenu(window)
    show_audio_streams(menu, session.as_controller())
    assert [action.isChecked() for action in menu.actions()] == [True, False]
