"""Versions and licences of what the program is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from framescope.core.version import VERSION
from framescope.ui.dialogs.about_dialog import AboutDialog, version_lines

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_every_part_has_a_version_and_a_licence() -> None:
    for name, version, licence in version_lines():
        assert name
        assert version[0].isdigit(), name
        assert licence


def test_dialog_says_whose_encoders_are_inside(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert VERSION in words
    assert "GPL" in words


def test_versions_can_be_copied(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Copy versions")
    button.click()
    assert f"FrameScope {VERSION}" in QGuiApplication.clipboard().text()
    assert "PyAV" in QGuiApplication.clipboard().text()
