"""The line above the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QToolButton, QWidget

from framescope.ui.export.preview.compare_view import PreviewMode
from framescope.ui.export.preview.preview import PreviewBar
from framescope.ui.picture.view_transform import ViewTransform
from framescope.ui.widgets.elided_label import ElidedLabel
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> PreviewBar:
    widget = PreviewBar()
    return on_screen(qtbot, widget, 800, 40)


def shown(bar: PreviewBar, name: str) -> bool:
    return part(bar, QWidget, name).isVisibleTo(bar)


@pytest.mark.parametrize("mode", PreviewMode)
def test_a_click_chooses_a_mode(qtbot: QtBot, bar: PreviewBar, mode: PreviewMode) -> None:
    with qtbot.waitSignal(bar.mode_chosen) as chosen:
        QTest.mouseClick(part(bar, QToolButton, f"exportMode.{mode.value}"), LEFT)
    assert chosen.args == [mode]
    bar.show_mode(mode, cropping=False)
    assert part(bar, QToolButton, f"exportMode.{mode.value}").isChecked()
    assert shown(bar, "exportGain") is (mode is PreviewMode.DIFFERENCE)


def test_the_strength_is_automatic_or_named(qtbot: QtBot, bar: PreviewBar) -> None:
    gain = part(bar, QComboBox, "exportGain")
    bar.show_gain(32)
    assert gain.itemText(0) == "Auto 32×"
    with qtbot.waitSignal(bar.gain_chosen) as chosen:
        gain.setCurrentIndex(gain.findText("8×"))
    assert chosen.args == [8]
    with qtbot.waitSignal(bar.gain_chosen) as chosen:
        gain.setCurrentIndex(0)
    assert chosen.args == [None]


def test_the_zoom_is_said_and_changed(qtbot: QtBot, bar: PreviewBar) -> None:
    label = part(bar, QLabel, "exportZoom")
    transform = ViewTransform(QSizeF(200, 100), QSizeF(100, 100))
    bar.show_zoom(transform)
    assert label.text() == "50 %"
    bar.show_zoom(transform.scaled_to(0.0312))
    assert label.text() == "3.1 %"
    for name, signal in (
        ("exportZoomIn", bar.larger_wanted), ("exportZoomOut", bar.smaller_wanted),
        ("exportZoomFit", bar.fit_wanted), ("exportZoomActual", bar.actual_wanted),
    ):  # fmt: skip
        with qtbot.waitSignal(signal):
            QTest.mouseClick(part(bar, QToolButton, name), LEFT)


def test_while_a_crop_is_drawn_there_is_only_its_end(qtbot: QtBot, bar: PreviewBar) -> None:
    bar.show_mode(PreviewMode.DIFFERENCE, cropping=True)
    names = ("exportMode.side", "exportGain", "exportZoom", "exportZoomFit")
    assert not any(shown(bar, name) for name in names)
    with qtbot.waitSignal(bar.crop_done):
        QTest.mouseClick(part(bar, QPushButton, "exportCropDone"), LEFT)


def test_the_heading_says_what_is_shown(bar: PreviewBar) -> None:
    bar.show_heading("Frame 7")
    assert part(bar, ElidedLabel, "exportPreviewHeading").whole_text == "Frame 7"
