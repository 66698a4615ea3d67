"""The middle of the window: which page stands when, and what its buttons ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from framescope.core.errors import NoVideoStreamError
from framescope.ui.picture.stage import Stage
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController

_ERROR = NoVideoStreamError("The file contains audio but no video.", hint="Open it in an audio player.")


@pytest.fixture
def stage(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[Stage]:
    widget = Stage(session.as_controller(), theme)
    on_screen(qtbot, widget, 900, 600)
    yield widget
    widget.frame_view.close_reader()


def click(stage: Stage, name: str) -> None:
    button = stage.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def label_text(stage: Stage, name: str) -> str:
    label = stage.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_starts_with_a_welcome_that_offers_ways_to_open(qtbot: QtBot, stage: Stage) -> None:
    assert stage.currentWidget() is stage.welcome
    for name, signal in (
        ("welcomeOpen", stage.welcome.open_wanted),
        ("welcomeUrl", stage.welcome.url_wanted),
        ("welcomeDemo", stage.welcome.demo_wanted),
    ):
        with qtbot.waitSignal(signal):
            click(stage, name)


def test_recent_videos_can_be_opened_from_the_welcome(qtbot: QtBot, stage: Stage) -> None:
    stage.welcome.set_recent(["/videos/clip.mp4", "rtsp://camera/1"])
    button = stage.findChild(QPushButton, "recentSource")
    assert isinstance(button, QPushButton)
    # A layout shows what was added to it when the loop comes round.
    qtbot.waitUntil(button.isVisible)
    with qtbot.waitSignal(stage.welcome.recent_wanted) as wanted:
        click(stage, "recentSource")
    assert wanted.args == ["/videos/clip.mp4"]
    stage.welcome.set_recent([])
    qtbot.waitUntil(lambda: not stage.welcome.findChildren(QPushButton, "recentSource"))


def test_error_is_shown_in_place_with_its_hint_and_retry(
    qtbot: QtBot, stage: Stage, session: StandInController
) -> None:
    stage.expect("/music/song.mp4")
    session.source_failed.emit(_ERROR)
    assert stage.currentWidget() is stage.error
    assert label_text(stage, "errorMessage") == "The file contains audio but no video."
    assert label_text(stage, "errorHint") == "Open it in an audio player."
    with qtbot.waitSignal(stage.reopen_wanted) as wanted:
        click(stage, "errorRetry")
    assert wanted.args == ["/music/song.mp4"]


def test_start_page_follows_an_error(stage: Stage, session: StandInController) -> None:
    stage.expect("/music/song.mp4")
    session.source_failed.emit(_ERROR)
    click(stage, "errorBack")
    assert stage.currentWidget() is stage.welcome


def test_video_that_is_still_open_stays_in_view_below_what_failed(
    qtbot: QtBot, stage: Stage, session: StandInController
) -> None:
    session.open()
    stage.expect("/music/song.mp4")
    session.source_failed.emit(_ERROR)
    assert stage.currentWidget() is stage.frame_view
    assert stage.failed_banner.text.startswith("song.mp4 could not be opened. ")
    assert _ERROR.message in stage.failed_banner.text
    with qtbot.waitSignal(stage.reopen_wanted) as wanted:
        stage.failed_banner.answered.emit()
    assert wanted.args == ["/music/song.mp4"]


def test_slow_opening_can_be_cancelled(qtbot: QtBot, stage: Stage, session: StandInController) -> None:
    stage.expect("/videos/many")
    qtbot.waitUntil(lambda: stage.currentWidget() is stage.opening)
    cancel = stage.opening.findChild(QPushButton, "openingCancel")
    assert cancel is not None
    cancel.click()
    assert session.called("stop_opening")
    assert stage.currentWidget() is stage.welcome
    session.open()
    stage.expect("/videos/more")
    qtbot.waitUntil(lambda: stage.currentWidget() is stage.opening)
    cancel.click()
    assert stage.currentWidget() is stage.frame_view
    pair = QWidget()
    stage.show_instead(pair)
    stage.expect("/videos/third")
    qtbot.waitUntil(lambda: stage.currentWidget() is stage.opening)
    cancel.click()
    assert stage.currentWidget() is pair


def test_slow_opening_says_so(qtbot: QtBot, stage: Stage, session: StandInController) -> None:
    stage.expect("/videos/clip.mp4")
    qtbot.waitUntil(lambda: stage.currentWidget() is stage.opening)
    session.open()
    assert stage.currentWidget() is stage.frame_view


def test_closing_brings_the_welcome_back(qtbot: QtBot, stage: Stage, session: StandInController) -> None:
    session.open()
    session.info = session.source = None
    session.source_closed.emit()
    qtbot.waitUntil(lambda: stage.currentWidget() is stage.welcome)


def test_the_next_video_is_opened_without_the_welcome_in_between(
    qtbot: QtBot, stage: Stage, session: StandInController
) -> None:
    session.open()
    pages: list[object] = []
    stage.currentChanged.connect(lambda _place: pages.append(stage.currentWidget()))
    session.info = session.source = None
    session.source_closed.emit()
    session.open()
    qtbot.wait(50)
    assert pages == []


def test_a_window_that_opens_on_a_video_makes_no_page(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    stage = Stage(session.as_controller(), theme)
    stage.expect("/videos/clip.mp4")
    on_screen(qtbot, stage, 900, 600)
    session.open()
    assert [stage.widget(place) for place in range(stage.count())] == [stage.frame_view]
    stage.frame_view.close_reader()
