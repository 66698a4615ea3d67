"""Mode and size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QSlider

from framescope.ui.filmstrip.controls import LARGEST_HEIGHT_PX, LEAST_HEIGHT_PX, FilmstripControls
from framescope.ui.timeline.lanes import GUTTER_PX

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def controls(qtbot: QtBot, theme: ThemeSource) -> FilmstripControls:
    widget = FilmstripControls(theme)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def button(controls: FilmstripControls, name: str) -> QAbstractButton:
    found = controls.findChild(QAbstractButton, name)
    assert found is not None
    return found


def test_they_fit_the_gutter_and_have_names(controls: FilmstripControls) -> None:
    assert controls.width() == GUTTER_PX
    for name in ("evenSegment", "keyframesSegment"):
        assert button(controls, name).accessibleName()
        assert button(controls, name).toolTip()
    slider = controls.findChild(QSlider, "thumbnailSize")
    assert slider is not None
    assert slider.accessibleName() == "Thumbnail size"


def test_a_click_changes_the_mode(controls: FilmstripControls, qtbot: QtBot) -> None:
    modes = [controls.is_keyframes_only]
    with qtbot.waitSignal(controls.keyframes_only_changed, check_params_cb=lambda is_on: is_on):
        QTest.mouseClick(button(controls, "keyframesSegment"), Qt.MouseButton.LeftButton)
    modes.append(controls.is_keyframes_only)
    with qtbot.waitSignal(controls.keyframes_only_changed, check_params_cb=lambda is_on: not is_on):
        QTest.mouseClick(button(controls, "evenSegment"), Qt.MouseButton.LeftButton)
    controls.set_keyframes_only(keyframes_only=True)
    assert [*modes, controls.is_keyframes_only] == [False, True, True]


def test_a_click_on_the_chosen_mode_changes_nothing(controls: FilmstripControls, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(controls.keyframes_only_changed):
        QTest.mouseClick(button(controls, "evenSegment"), Qt.MouseButton.LeftButton)


def test_the_size_keeps_within_limits(controls: FilmstripControls, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controls.thumbnail_height_changed):
        controls.set_thumbnail_height(100)
    assert controls.thumbnail_height == 100
    controls.set_thumbnail_height(5000)
    assert controls.thumbnail_height == LARGEST_HEIGHT_PX
    controls.set_thumbnail_height(1)
    assert controls.thumbnail_height == LEAST_HEIGHT_PX


def test_focus_can_be_seen(controls: FilmstripControls, qtbot: QtBot) -> None:
    segment = button(controls, "evenSegment")
    segment.clearFocus()
    before = segment.grab().toImage()
    controls.activateWindow()
    segment.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(segment.hasFocus)
    assert segment.grab().toImage() != before
