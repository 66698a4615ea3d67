"""The address dialog: takes one from the clipboard, and nothing empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit

from framescope.ui.dialogs.open_url_dialog import OpenUrlDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    ("copied", "offered"),
    [("https://example.org/a.mp4", "https://example.org/a.mp4"), ("words", ""), ("http://a\nhttp://b", "")],
)
def test_address_on_the_clipboard_is_offered(qtbot: QtBot, copied: str, offered: str) -> None:
    QGuiApplication.clipboard().setText(copied)
    dialog = OpenUrlDialog()
    qtbot.addWidget(dialog)
    assert dialog.url == offered


def test_nothing_cannot_be_opened(qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    dialog = OpenUrlDialog()
    qtbot.addWidget(dialog)
    box = dialog.findChild(QDialogButtonBox)
    line = dialog.findChild(QLineEdit)
    assert isinstance(box, QDialogButtonBox)
    assert isinstance(line, QLineEdit)
    button = box.button(QDialogButtonBox.StandardButton.Open)
    assert not button.isEnabled()
    line.setText("  rtsp://camera/1 ")
    assert button.isEnabled()
    assert dialog.url == "rtsp://camera/1"
