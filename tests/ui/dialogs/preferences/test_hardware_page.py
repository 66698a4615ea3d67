"""The page for hardware decoding: the choice, what was found, and the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from framescope.core.hardware.examining import FoundDevice
from framescope.ui.dialogs.preferences.dialog import PreferencesDialog
from framescope.ui.dialogs.preferences.hardware_page import HardwarePage
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController

FOUND = (FoundDevice("cuda", ("h264", "hevc")), FoundDevice("vaapi", (), "no such file"))


@pytest.fixture
def page(qtbot: QtBot, session: StandInController, monkeypatch: pytest.MonkeyPatch) -> HardwarePage:
    monkeypatch.setattr(session.hardware, "look", lambda: None)
    session.open()
    widget = HardwarePage(session.settings, session.as_controller().video)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def place_of_button(page: HardwarePage) -> QPoint:
    for layout in (page.layout(), page.form, page.layout(), page.form):
        assert layout is not None
        layout.activate()
    return part(page, QPushButton, "hardwareTest").mapTo(page, QPoint())


def items(page: HardwarePage) -> list[str]:
    combo = part(page, QComboBox, "hardware")
    return [combo.itemText(row) for row in range(combo.count())]


def test_devices_join_the_choice_when_they_are_found(page: HardwarePage, session: StandInController) -> None:
    assert items(page) == ["Software", "Automatic"]
    assert part(page, QLabel, "hardwareDevices").text() == "Looking for devices…"
    page.resize(640, 480)
    place = place_of_button(page)
    session.hardware.devices = FOUND
    session.hardware.devices_found.emit()
    assert items(page) == ["Software", "Automatic", "NVIDIA (NVDEC)"]
    # Who is about to press the button presses it.
    assert place_of_button(page) == place
    words = part(page, QLabel, "hardwareDevices").text()
    assert words == "NVIDIA (NVDEC): h264, hevc\nVA-API: not found (no such file)"


def test_a_choice_is_stored_and_followed(page: HardwarePage, session: StandInController) -> None:
    session.hardware.devices = FOUND
    session.hardware.devices_found.emit()
    combo = part(page, QComboBox, "hardware")
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert session.settings.hardware == "cuda"
    page.reset()
    assert combo.currentText() == "Software"


def test_a_device_that_is_gone_stays_chosen(page: HardwarePage, session: StandInController) -> None:
    session.settings.hardware = "cuda:1"
    assert items(page)[-1] == "cuda:1"
    session.hardware.devices = ()
    session.hardware.devices_found.emit()
    assert items(page)[-1] == "cuda:1 (not found)"
    assert "no device" in part(page, QLabel, "hardwareDevices").text()


def test_the_button_tests_and_stops(
    page: HardwarePage, session: StandInController, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(session.hardware, "test", lambda _info: calls.append("test"))
    monkeypatch.setattr(session.hardware, "stop_testing", lambda: calls.append("stop"))
    button, result = part(page, QPushButton, "hardwareTest"), part(page, QLabel, "hardwareResult")
    assert result.text() == "The open video is decoded by software: hardware decoding is off."
    button.click()
    monkeypatch.setattr(type(session.hardware), "is_testing", True)
    session.hardware.changed.emit()
    assert (button.text(), result.text()) == ("Stop the test", "Comparing pictures…")
    button.click()
    assert calls == ["test", "stop"]
    monkeypatch.setattr(type(session.hardware), "is_testing", False)
    session.hardware.tested.emit("NVIDIA (NVDEC): trusted.")
    session.hardware.changed.emit()
    assert (button.text(), result.text()) == ("Test on the open video", "NVIDIA (NVDEC): trusted.")


def test_without_a_video_there_is_nothing_to_test_on(qtbot: QtBot, session: StandInController) -> None:
    page = HardwarePage(session.settings, session.as_controller().video)
    qtbot.addWidget(page)
    assert not part(page, QPushButton, "hardwareTest").isEnabled()
    assert part(page, QLabel, "hardwareResult").text() == "Open a video to test on."


def test_the_dialog_has_the_page_and_takes_it_back(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    dialog = PreferencesDialog(session.settings, theme, video=session.as_controller().video)
    qtbot.addWidget(dialog)
    assert "Hardware decoding" in dialog.titles
    session.settings.hardware = "auto"
    dialog.reject()
    assert session.settings.hardware == "off"
