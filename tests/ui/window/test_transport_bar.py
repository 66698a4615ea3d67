"""The bar under the picture: number, time, pts, type and zoom of the frame requested."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from framescope.session.playback import Repeat
from framescope.ui.actions.action_set import ActionSet
from framescope.ui.picture.frame_view import FrameView
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.type_chip import TypeChip
from framescope.ui.window.transport_bar import TransportBar
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


class StandInIndex:
    """Ten frames: I P B P B P B P B P, one pts every 512."""

    unpacked = None

    complete = True
    is_live = False
    picture_types_decoded = False
    time_base = Fraction(1, 12800)
    picture_type_codes = np.array([1, 2, 3, 2, 3, 2, 3, 2, 3, 2], np.uint8)
    is_keyframe = np.arange(10) == 0

    def __len__(self) -> int:
        return 10

    def pts_of(self, frame_number: int) -> int:
        return 512 * frame_number

    def time_of(self, frame_number: int) -> float:
        return frame_number / 25


@pytest.fixture
def bar(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[TransportBar]:
    window = StandInWindow(session)
    qtbot.addWidget(window)
    icons = IconSource(theme, window)
    view = FrameView(session.as_controller(), theme, window)
    actions = ActionSet(window, window.as_commands(), icons)
    widget = TransportBar(session.as_controller(), theme, actions, icons, view)
    window.resize(1200, 100)
    window.setCentralWidget(widget)
    with qtbot.waitExposed(window):
        window.show()
    yield widget
    view.close_reader()
    window.close()


def text(bar: TransportBar, name: str) -> str:
    label = bar.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def chip(bar: TransportBar) -> TypeChip:
    found = bar.findChild(TypeChip)
    assert isinstance(found, TypeChip)
    return found


def test_is_empty_without_a_video(bar: TransportBar) -> None:
    assert text(bar, "timeLabel") == text(bar, "frameTotal") == ""


def test_follows_the_frame_asked_for_before_its_picture_comes(
    bar: TransportBar, session: StandInController
) -> None:
    session.index = StandInIndex()
    session.open(frame_total=10)
    session.position = 2
    session.position_changed.emit(2)
    assert text(bar, "timeLabel") == "0:00.080"
    assert text(bar, "ptsLabel").endswith("1\u202f024")
    assert text(bar, "frameTotal") == "/ 10"
    assert chip(bar).toolTip() == "Picture type B, inferred from packets"
    assert text(bar, "keyframeLabel") == ""


def test_exact_frame_brings_the_decoded_type(bar: TransportBar, session: StandInController) -> None:
    session.index = StandInIndex()
    session.open(frame_total=10)
    session.show(2)
    assert chip(bar).toolTip() == "Picture type I, as decoded"
    assert text(bar, "keyframeLabel") == "key"


def test_estimate_is_marked_while_frames_are_listed(bar: TransportBar, session: StandInController) -> None:
    session.open(frame_total=1234)
    assert text(bar, "frameTotal") == "/ ≈ 1\u202f234"


def test_zoom_label_switches_between_fit_and_actual(bar: TransportBar, session: StandInController) -> None:
    session.open()
    session.show()
    button = bar.findChild(QToolButton, "zoomLabel")
    assert isinstance(button, QToolButton)
    assert button.text().startswith("Fit")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "100 %"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text().startswith("Fit")


def test_speed_button_says_how_it_plays(bar: TransportBar, session: StandInController) -> None:
    button = bar.findChild(QToolButton, "speedButton")
    assert isinstance(button, QToolButton)
    assert button.text() == "1×"
    session.speed = -4.0
    session.speed_changed.emit(-4.0)
    assert button.text() == "−4×"
    session.speed, session.chosen_speed, session.repeat = 0.0, 0.125, Repeat.LOOP
    session.choices_changed.emit()
    assert button.text() == "0.125× ↻"


def test_time_of_a_long_video_is_not_cut_off_in_a_narrow_window(
    bar: TransportBar, session: StandInController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StandInIndex, "pts_of", lambda _self, number: number * 12800 * 36_000)
    session.index = StandInIndex()
    session.open(frame_total=10)
    bar.window().resize(bar.minimumSizeHint().width(), 100)
    session.show(1)
    label = bar.findChild(QLabel, "timeLabel")
    assert label is not None
    assert label.text().startswith("10:00:00")
    assert label.minimumWidth() >= label.fontMetrics().horizontalAdvance(label.text())


def test_speed_button_opens_speeds_and_loops(bar: TransportBar, session: StandInController) -> None:
    session.open()
    button = bar.findChild(QToolButton, "speedButton")
    assert isinstance(button, QToolButton)
    button.menu().aboutToShow.emit()
    texts = [action.text() for action in button.menu().actions()]
    assert {"Half speed", "Loop", "Back and forth", "Only between in and out points"} <= set(texts)
    button.menu().aboutToShow.emit()
    assert len(button.menu().actions()) == len(texts)


@pytest.mark.parametrize("width", range(400, 1300, 25))
def test_values_are_shown_whole_or_not_at_all(
    bar: TransportBar, session: StandInController, width: int
) -> None:
    session.index = StandInIndex()
    session.open(frame_total=1_234_567)
    session.show(2)
    bar.window().resize(max(width, bar.minimumSizeHint().width()), 100)
    QTest.qWait(1)
    for widget in (*bar.findChildren(QLabel), *bar.findChildren(QToolButton)):
        if widget.isVisible():
            assert widget.width() >= widget.minimumSizeHint().width(), widget.objectName()
            assert widget.geometry().right() <= bar.width()
