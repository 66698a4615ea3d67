"""The contact sheet dialog on a real session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox

from framescope.core.contact_sheet.layout import SheetFormat
from framescope.core.contact_sheet.sheet import sheet_layout
from framescope.core.synth.number_blocks import read_number
from framescope.session.settings import Settings
from framescope.ui.sheet.dialog import SheetDialog
from tests.ui.clip.session import PATIENCE_MS
from tests.ui.parts import part

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def dialog(qtbot: QtBot, live: Controller, theme: ThemeSource, in_folder: Settings) -> SheetDialog:
    widget = SheetDialog(live, theme, in_folder)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def wait_for_drawing(qtbot: QtBot, dialog: SheetDialog, facts: str) -> None:
    label = part(dialog, QLabel, "sheetFacts")
    qtbot.waitUntil(lambda: dialog.is_idle and label.text().startswith(facts), timeout=PATIENCE_MS)


def save(qtbot: QtBot, dialog: SheetDialog) -> str:
    part(dialog, QPushButton, "sheetSave").click()
    qtbot.waitUntil(lambda: dialog.is_idle, timeout=PATIENCE_MS)
    return part(dialog, QLabel, "sheetNote").text()


def test_what_is_seen_is_what_is_saved(
    qtbot: QtBot,
    dialog: SheetDialog,
    live: Controller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part(dialog, QSpinBox, "sheetCount").setValue(6)
    part(dialog, QSpinBox, "sheetColumns").setValue(3)
    wait_for_drawing(qtbot, dialog, "6 frames")
    assert not part(dialog, QLabel, "sheetPreview").pixmap().isNull()
    assert live.choice.frame_numbers.tolist() == [0, 9, 19, 28, 38, 47]
    assert save(qtbot, dialog) == "h264_sheet.png: 6 frames on 1 page"
    page = np.asarray(Image.open(tmp_path / "h264_sheet.png"))
    assert live.info is not None
    layout = sheet_layout(live.info, 6, dialog.options.settings(rotate=True), SheetFormat.PNG)
    width, height = layout.cell
    corners = [layout.corner(place) for place in range(6)]
    seen = [read_number(page[top : top + height, left : left + width]) for left, top in corners]
    assert seen == [0, 9, 19, 28, 38, 47]
    opened: list[Path] = []
    monkeypatch.setattr("framescope.ui.sheet.dialog.open_outside", opened.append)
    part(dialog, QPushButton, "sheetOpen").click()
    assert opened == [tmp_path / "h264_sheet.png"]


def test_it_follows_the_marks(qtbot: QtBot, dialog: SheetDialog, live: Controller) -> None:
    kinds = part(dialog, QComboBox, "sheetKind")
    kinds.setCurrentIndex(kinds.findData("marked"))
    note = part(dialog, QLabel, "sheetNote")
    qtbot.waitUntil(lambda: "No frames were chosen" in note.text(), timeout=PATIENCE_MS)
    assert not part(dialog, QPushButton, "sheetSave").isEnabled()
    live.toggle_mark(7)
    wait_for_drawing(qtbot, dialog, "1 frame")
    assert part(dialog, QPushButton, "sheetSave").isEnabled()


def test_a_file_that_is_there_is_asked_about(qtbot: QtBot, dialog: SheetDialog, tmp_path: Path) -> None:
    wait_for_drawing(qtbot, dialog, "20 frames")
    path = tmp_path / "h264_sheet.png"
    path.write_bytes(b"mine")
    dialog.asks_to_replace = lambda _path: False
    save(qtbot, dialog)
    assert path.read_bytes() == b"mine"
    dialog.asks_to_replace = lambda asked: asked == path
    assert save(qtbot, dialog).startswith("h264_sheet.png: 20 frames")


def test_a_name_that_is_no_sheet_is_said(qtbot: QtBot, dialog: SheetDialog, tmp_path: Path) -> None:
    field = part(dialog, QLineEdit, "sheetPath")
    field.setText(str(tmp_path / "a.gif"))
    field.textEdited.emit(field.text())
    wait_for_drawing(qtbot, dialog, "20 frames")
    assert ".png or .pdf" in save(qtbot, dialog)


def test_without_a_video_it_asks_for_one(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> None:
    widget = SheetDialog(controller, theme, Settings())
    qtbot.addWidget(widget)
    widget.show()
    assert widget.draft is None
    assert part(widget, QLabel, "sheetNote").text() == "Open a video."
